"""The promotions that may hold for an order, and what coupons ask for."""

from collections.abc import Sequence
from datetime import date

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Count, Q, QuerySet

from core.models import Channel
from orders.models import Coupon, Promotion
from orders.pricing import Rule, Told
from orders.selectors.list_prices import holds_on
from orders.selectors.policies import Buyer
from orders.states import PromotionKind


def rules_for(
    codes: Sequence[str], buyer: Buyer, channel: Channel, *, today: date
) -> tuple[list[Rule], list[Told]]:
    """The promotions to look at, and what is wrong with the codes that ask for none. One query, and
    one more where there are codes.
    """
    asked: dict[int, str] = {}
    refused: list[Told] = []
    coupons = {coupon.code: coupon for coupon in _coupons(codes, buyer)} if codes else {}
    for code in codes:
        why = _refusal(coupons.get(code))
        if why:
            refused.append(Told(code, why, is_applied=False))
        else:
            asked.setdefault(coupons[code].promotion_id, code)
    rows = _promotions().filter(
        Q(pk__in=asked)
        | (holds_on(today) & Q(needs_coupon=False))
        & (Q(channel_ids=[]) | Q(channel_ids__contains=[channel.pk])),
        is_active=True,
    )
    return [rule_of(row, asked.get(row.pk, "")) for row in rows], refused


def _promotions() -> QuerySet[Promotion]:
    return Promotion.objects.annotate(
        channel_ids=_ids("channels"), group_ids=_ids("groups"), category_ids=_ids("categories")
    )


def _ids(name: str) -> ArrayAgg:
    return ArrayAgg(name, distinct=True, filter=Q(**{f"{name}__isnull": False}), default=[])


def _coupons(codes: Sequence[str], buyer: Buyer) -> QuerySet[Coupon]:
    is_theirs = Q(redemptions__customer=buyer.customer_id or 0)
    if buyer.email:
        is_theirs |= Q(redemptions__email=buyer.email)
    return (
        Coupon.objects.filter(code__in=codes)
        .select_related("promotion")
        .annotate(
            uses=Count(
                "redemptions", filter=is_theirs & Q(redemptions__returned_at=None), distinct=True
            )
        )
    )


def _refusal(coupon: Coupon | None) -> str:
    """Why a code asks for nothing; placing asks again, under the coupon's lock."""
    if coupon is None or not (coupon.is_active and coupon.promotion.is_active):
        return "there is no such coupon"
    if coupon.total_limit is not None and coupon.used >= coupon.total_limit:
        return "used up"
    if coupon.customer_limit is not None and coupon.uses >= coupon.customer_limit:  # type: ignore[attr-defined]
        return "this customer has used it already"
    return ""


def rule_of(row: Promotion, code: str = "") -> Rule:
    """A promotion as the arithmetic sees it; the row carries the ids of what it is for."""
    return Rule(
        id=row.pk,
        name=row.name,
        kind=PromotionKind(row.kind),
        currency=row.currency,
        percent=row.percent,
        amount=row.amount,
        buy_quantity=row.buy_quantity,
        get_quantity=row.get_quantity,
        channels=frozenset(row.channel_ids),  # type: ignore[attr-defined]
        groups=frozenset(row.group_ids),  # type: ignore[attr-defined]
        skus=frozenset(sku.upper() for sku in row.skus),
        categories=frozenset(row.category_ids),  # type: ignore[attr-defined]
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        minimum=row.minimum,
        cap=row.cap,
        is_stackable=row.is_stackable,
        priority=row.priority,
        code=code,
    )
