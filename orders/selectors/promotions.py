"""The promotions that may hold for an order, and what coupons ask for."""

import json
from collections.abc import Sequence
from datetime import date

from django.db.models import Count, Q, QuerySet

from core.models import Channel
from orders.models import Coupon, Promotion
from orders.pricing import Rule, Told
from orders.selectors.policies import Buyer
from orders.states import PromotionKind

# those that a coupon asks for, and those that hold for everybody on the day, in the channel; written by
# hand since every order that is priced runs it
MAY_HOLD = """
    SELECT promotion.*, named.channel_ids,
           ARRAY(SELECT customergroup_id FROM orders_promotion_groups
                 WHERE promotion_id = promotion.id) AS group_ids,
           ARRAY(SELECT category_id FROM orders_promotion_categories
                 WHERE promotion_id = promotion.id) AS category_ids
    FROM orders_promotion promotion CROSS JOIN LATERAL (SELECT ARRAY(
        SELECT channel_id FROM orders_promotion_channels WHERE promotion_id = promotion.id
    ) AS channel_ids) named
    WHERE promotion.is_active AND (
        promotion.id IN (SELECT told::bigint FROM json_array_elements_text(%(asked)s) AS told)
        OR NOT promotion.needs_coupon
           AND (promotion.valid_from IS NULL OR promotion.valid_from <= %(today)s)
           AND (promotion.valid_until IS NULL OR promotion.valid_until >= %(today)s)
           AND (named.channel_ids = '{}' OR %(channel)s = ANY(named.channel_ids)))
    ORDER BY promotion.name, promotion.id
"""


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
    told = {"asked": json.dumps(list(asked)), "channel": channel.pk, "today": today}
    rows = Promotion.objects.raw(MAY_HOLD, told)
    return [rule_of(row, asked.get(row.pk, "")) for row in rows], refused


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
