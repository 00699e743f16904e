"""Real baskets as orders of the database: how long counting takes there, and one question of a page."""

import time
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import combinations
from statistics import median, quantiles
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.models import Channel
from inventory.models import Category, ChannelLocation, Location, Product, StockLevel, Variant
from oms.bench.baskets import Baskets
from oms.bench.goods import fill
from orders.models import BoughtTogether, Order, OrderLine, Price
from orders.selectors.recommending import recommendation_rules, recommendations_for
from orders.services import refresh_pairs
from orders.states import OrderState

LAST_WEEK = 42
LEAST = 50
ORDERS = 20_000
ASKED = 200
PRICE = Decimal("3.00")


def count_in_database(baskets: Baskets) -> dict[str, Any]:
    """Make orders of the latest baskets learned from, count them by the schedule's verb and by hand,
    and ask for suggestions as a page does.
    """
    fill()
    channel = Channel.objects.select_related("legal_entity").get(code="bench")
    _, known = baskets.counted(until=LAST_WEEK, least=LEAST)
    bought = [
        goods for goods in baskets.of_goods(set(known), after=LAST_WEEK - 12) if len(goods) > 1
    ][:ORDERS]
    variants = _variants(sorted(known), baskets, channel)
    now = timezone.now()
    _orders(bought, variants, channel, now)
    counted = refresh_pairs(now=now)
    asked = [[variants[one] for one in goods] for goods in bought[:ASKED]]
    took, queries = _asked(asked, channel, now)
    return {
        "orders": counted.orders,
        "lines": sum(map(len, bought)),
        "goods": counted.goods,
        "pairs": counted.pairs,
        "counting_ms": counted.took_ms,
        "equals_counting_by_hand": _stored() == _by_hand(bought, variants),
        "asking_p50_ms": round(median(took), 1),
        "asking_p99_ms": round(quantiles(took, n=100)[98], 1),
        "queries_of_asking": sorted(queries),
    }


def _variants(goods: Sequence[int], baskets: Baskets, channel: Channel) -> dict[int, Variant]:
    names = sorted({baskets.categories[one] for one in goods})
    categories = {
        row.name: row
        for row in Category.objects.bulk_create(Category(name=name or "–") for name in names)
    }
    products = Product.objects.bulk_create(
        Product(name=f"Goods {one}", category=categories[baskets.categories[one] or "–"])
        for one in goods
    )
    variants = Variant.objects.bulk_create(
        Variant(product=product, sku=f"G-{one}")
        for one, product in zip(goods, products, strict=True)
    )
    Price.objects.bulk_create(
        Price(variant=one, currency=channel.currency, amount=PRICE) for one in variants
    )
    place = Location.objects.get(
        pk__in=ChannelLocation.objects.filter(channel=channel, priority=0).values("location")
    )
    StockLevel.objects.bulk_create(
        StockLevel(variant=one, location=place, sellable=100, average_cost=Decimal(1))
        for one in variants
    )
    return dict(zip(goods, variants, strict=True))


def _orders(
    bought: Sequence[Sequence[int]], variants: dict[int, Variant], channel: Channel, now: datetime
) -> None:
    orders = Order.objects.bulk_create(
        [
            Order(
                number=f"B-{position}",
                channel=channel,
                currency=channel.currency,
                placed_at=now - timedelta(minutes=position),
                state=OrderState.COMPLETED,
            )
            for position in range(len(bought))
        ],
        batch_size=2_000,
    )
    OrderLine.objects.bulk_create(
        [
            OrderLine(
                order=order,
                position=position,
                variant=variants[one],
                sku=variants[one].sku,
                name=variants[one].sku,
                quantity=1,
                unit_price=PRICE,
                amount=PRICE,
                total=PRICE,
            )
            for order, goods in zip(orders, bought, strict=True)
            for position, one in enumerate(goods)
        ],
        batch_size=5_000,
    )


def _stored() -> dict[tuple[int, int], int]:
    rows = BoughtTogether.objects.values_list("anchor_id", "other_id", "orders")
    return {(anchor, other): count for anchor, other, count in rows if anchor < other}


def _by_hand(
    bought: Sequence[Sequence[int]], variants: dict[int, Variant]
) -> dict[tuple[int, int], int]:
    found = Counter(
        pair
        for goods in bought
        for pair in combinations(sorted(variants[one].pk for one in goods), 2)
    )
    least = recommendation_rules().least_together
    return {pair: count for pair, count in found.items() if count >= least}


def _asked(
    asked: Sequence[list[Variant]], channel: Channel, now: datetime
) -> tuple[list[float], set[int]]:
    took, queries = [], set()
    for basket in asked:
        began = time.perf_counter()
        recommendations_for(basket, channel=channel, now=now)
        took.append(1000 * (time.perf_counter() - began))
    for basket in asked[:20]:
        with CaptureQueriesContext(connection) as captured:
            recommendations_for(basket, channel=channel, now=now)
        queries.add(len(captured))
    return took, queries
