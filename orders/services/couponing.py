"""Coupons as orders take them and give them back: counted under the lock of their rows."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Q

from core.bulk import insert_all, update_all
from orders.errors import CouponSpent
from orders.locks import lock_coupons
from orders.models import Coupon, CouponRedemption, Order


def redeem_coupons(uses: Sequence[tuple[Order, Sequence[str]]], *, now: datetime) -> None:
    """Take the coupons of saved orders for good. No query where none has any, otherwise four,
    however many there are. Raises CouponSpent.
    """
    codes = {code for _, asked in uses for code in asked}
    if not codes:
        return
    coupons = lock_coupons(codes)
    orders = [order for order, asked in uses if asked]
    earlier = list(
        CouponRedemption.objects.filter(
            Q(customer__in={one.customer_id for one in orders if one.customer_id})
            | Q(email__in={one.email.lower() for one in orders if one.email}),
            coupon__in=[one.pk for one in coupons.values() if one.customer_limit is not None],
            returned_at=None,
        )
    )
    redemptions: list[CouponRedemption] = []
    for order, asked in uses:
        for code in dict.fromkeys(asked):
            coupon = coupons.get(code)
            if coupon is None or not (coupon.is_active and coupon.promotion.is_active):
                raise CouponSpent(f"There is no coupon {code} any more.", field="coupon")
            redemption = CouponRedemption(
                coupon=coupon,
                order=order,
                customer_id=order.customer_id,
                email=order.email.lower(),
                redeemed_at=now,
            )
            _take(coupon, redemption, earlier)
            redemptions.append(redemption)
    update_all(coupons.values(), ["used"])
    insert_all(redemptions)


def _take(coupon: Coupon, redemption: CouponRedemption, earlier: list[CouponRedemption]) -> None:
    if coupon.total_limit is not None and coupon.used >= coupon.total_limit:
        raise CouponSpent(f"Coupon {coupon.code} is used up; leave it out.", field="coupon")
    uses = sum(1 for one in earlier if one.coupon_id == coupon.pk and is_same_user(one, redemption))
    if coupon.customer_limit is not None and uses >= coupon.customer_limit:
        raise CouponSpent(
            f"This customer has used coupon {coupon.code} as often as they may; leave it out.",
            field="coupon",
        )
    earlier.append(redemption)
    coupon.used += 1


def is_same_user(one: CouponRedemption, other: CouponRedemption) -> bool:
    """Whether two uses are one person's, as far as one can tell: the customer, or the address."""
    if one.customer_id and one.customer_id == other.customer_id:
        return True
    return bool(one.email) and one.email == other.email


def return_coupons(order: Order, *, now: datetime) -> None:
    """Give back what a wholly cancelled order used, so that it can be used again."""
    held = list(
        CouponRedemption.objects.filter(order=order, returned_at=None).select_related("coupon")
    )
    if not held:
        return
    coupons = lock_coupons({row.coupon.code for row in held})
    for row in held:
        row.returned_at = now
        coupons[row.coupon.code].used -= 1
    update_all(coupons.values(), ["used"])
    update_all(held, ["returned_at"])
