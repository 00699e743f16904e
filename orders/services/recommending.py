"""What is bought together, counted anew; and what was suggested and bought, recorded."""

import time
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import connection, transaction

from core.models import Channel
from orders.models import (
    Bought,
    BoughtTogether,
    Order,
    PairCount,
    RecommendationShown,
    RecommendationTaken,
)
from orders.recommending import Suggestion
from orders.selectors.recommending import recommendation_rules
from orders.states import OrderState, RecommendationPlace

LOCK = 20_772  # one counting at a time
# Kits count as what was bought, not as their parts. What replaces units of another order, or was split
# off one, was not bought anew.
COUNT = """
    WITH sold AS MATERIALIZED (
        SELECT DISTINCT line.order_id, coalesce(kit.variant_id, line.variant_id) AS variant_id
        FROM orders_orderline line
        JOIN orders_order o ON o.id = line.order_id
        LEFT JOIN orders_orderkit kit ON kit.id = line.kit_id
        WHERE o.placed_at >= %(since)s AND o.placed_at <= %(now)s AND o.state = ANY(%(states)s)
              AND line.origin_id IS NULL AND line.quantity > line.cancelled
              AND coalesce(kit.variant_id, line.variant_id) IS NOT NULL
    ), counted AS (
        INSERT INTO orders_bought (variant_id, orders)
        SELECT variant_id, count(*) FROM sold GROUP BY variant_id RETURNING 1
    ), paired AS (
        INSERT INTO orders_boughttogether (anchor_id, other_id, orders)
        SELECT one.variant_id, other.variant_id, count(*)
        FROM sold one
        JOIN sold other ON other.order_id = one.order_id AND other.variant_id <> one.variant_id
        GROUP BY one.variant_id, other.variant_id HAVING count(*) >= %(least)s RETURNING 1
    )
    SELECT (SELECT count(DISTINCT order_id) FROM sold), (SELECT count(*) FROM counted),
           (SELECT count(*) FROM paired)
"""


@transaction.atomic
def refresh_pairs(*, now: datetime) -> PairCount:
    """Count anew what was bought together in the days that the rules look at: one statement, one join of
    the order lines with themselves. Cancelled and expired orders do not count.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    rules = recommendation_rules()
    since = now - timedelta(days=rules.window_days)
    BoughtTogether.objects.all().delete()
    Bought.objects.all().delete()
    began = time.perf_counter()
    with connection.cursor() as cursor:
        cursor.execute(
            COUNT,
            {
                "since": since,
                "now": now,
                "states": [OrderState.OPEN, OrderState.COMPLETED],
                "least": rules.least_together,
            },
        )
        orders, goods, pairs = cursor.fetchone()
    return PairCount.objects.create(
        counted_from=since,
        orders=orders,
        goods=goods,
        pairs=pairs,
        took_ms=round(1000 * (time.perf_counter() - began)),
        counted_at=now,
    )


def record_shown(
    suggestions: Sequence[Suggestion],
    *,
    basket_key: str,
    place: RecommendationPlace,
    channel: Channel,
    now: datetime,
) -> None:
    """Keep what was suggested for a basket: one statement, and each of the goods once for a basket,
    however often its page is shown.
    """
    RecommendationShown.objects.bulk_create(
        [
            RecommendationShown(
                basket_key=basket_key,
                place=place,
                channel=channel,
                variant_id=one.id,
                anchor_id=one.anchor,
                position=position,
                orders=one.count,
                of=one.of,
                shown_at=now,
            )
            for position, one in enumerate(suggestions, start=1)
        ],
        ignore_conflicts=True,
    )


@transaction.atomic
def record_taken(*, basket_key: str, order_id: int, now: datetime) -> int:
    """A basket became an order: keep which of what was suggested for it the order has; returns how many.
    Told twice it is kept once. What was suggested was not in the basket then, so it came after.
    """
    shown = dict(
        RecommendationShown.objects.filter(
            basket_key=basket_key, taken=None, shown_at__lte=now
        ).values_list("variant_id", "pk")
    )
    if not shown:
        return 0
    order = Order.objects.only("currency").get(pk=order_id)
    loose = order.lines.filter(kit=None, origin=None, variant_id__in=shown)
    kits = order.kits.filter(variant_id__in=shown)
    found: dict[int, RecommendationTaken] = {}
    for variant_id, units, total in [
        *loose.values_list("variant_id", "quantity", "total"),
        *kits.values_list("variant_id", "quantity", "total"),
    ]:
        assert variant_id is not None  # noqa: S101  (filtered above)
        taken = found.setdefault(
            variant_id,
            RecommendationTaken(
                shown_id=shown[variant_id],
                order=order,
                units=0,
                amount=0,
                currency=order.currency,
                taken_at=now,
            ),
        )
        taken.units += units
        taken.amount += total
    RecommendationTaken.objects.bulk_create(found.values(), ignore_conflicts=True)
    return len(found)
