"""What was bought together, counted by one statement, against counting it by hand; what is recorded."""

import random
from collections import Counter
from datetime import timedelta
from itertools import permutations

import pytest
from django.db import DatabaseError, transaction

from inventory.services.composing import PartWish, set_parts
from inventory.states import VariantKind
from orders.models import (
    Bought,
    BoughtTogether,
    PairCount,
    RecommendationRules,
    RecommendationShown,
    RecommendationTaken,
)
from orders.recommending import Suggestion
from orders.selectors.recommending import recommendations_for
from orders.services import (
    cancel_order,
    place_order,
    place_orders,
    record_shown,
    record_taken,
    refresh_pairs,
    split_order,
)
from orders.states import RecommendationPlace
from tests.cast import NOON, make_variant

pytestmark = pytest.mark.django_db


def stored() -> tuple[dict[int, int], dict[tuple[int, int], int]]:
    pairs = BoughtTogether.objects.values_list("anchor_id", "other_id", "orders")
    return (
        dict(Bought.objects.values_list("variant_id", "orders")),
        {(one, other): count for one, other, count in pairs},
    )


@pytest.mark.parametrize("seed", [3, 8])
def test_one_statement_counts_what_counting_by_hand_counts(shop, seed):
    chance = random.Random(seed)
    variants = [make_variant(f"V-{n}", f"Goods {n}") for n in range(7)]
    baskets = [chance.choices(variants, k=chance.randint(1, 5)) for _ in range(40)]
    days = [chance.randint(0, 300) for _ in baskets]
    orders = [
        place_order(
            shop.draft(*((one, 1) for one in basket), takes_stock=False),
            now=NOON - timedelta(days=back),
        )
        for basket, back in zip(baskets, days, strict=True)
    ]
    cancelled = set(chance.sample(range(len(orders)), 6))
    for position in cancelled:
        cancel_order(order_id=orders[position].pk, reason="Not wanted", now=NOON)
    RecommendationRules.objects.create(window_days=180, least_together=2)
    counted = refresh_pairs(now=NOON)

    kept = [
        {one.pk for one in basket}
        for position, basket in enumerate(baskets)
        if position not in cancelled and days[position] <= 180
    ]
    alone = Counter(one for goods in kept for one in goods)
    both = Counter(pair for goods in kept for pair in permutations(goods, 2))
    expected = {pair: count for pair, count in both.items() if count >= 2}
    assert stored() == (dict(alone), expected)
    assert (counted.orders, counted.goods, counted.pairs) == (len(kept), len(alone), len(expected))


def test_counting_again_replaces_what_was_counted(together):
    first = stored()
    refresh_pairs(now=NOON)
    assert stored() == first
    refresh_pairs(now=NOON + timedelta(days=200))
    assert stored() == ({}, {})
    assert PairCount.objects.count() == 3


def test_a_kit_counts_as_itself_and_what_is_split_off_counts_once(shop):
    kit = make_variant("SET", "Set", kind=VariantKind.KIT)
    set_parts(kit, [PartWish(shop.mug, 1), PartWish(shop.shirt, 1)])
    orders = place_orders([shop.draft((kit, 1), (shop.lamp, 2), takes_stock=False)] * 5, now=NOON)
    lamp = orders[0].lines.get(sku="LAMP")
    split_order(order_id=orders[0].pk, units={lamp.pk: 1}, now=NOON)
    refresh_pairs(now=NOON)
    assert stored() == (
        {kit.pk: 5, shop.lamp.pk: 5},
        {(kit.pk, shop.lamp.pk): 5, (shop.lamp.pk, kit.pk): 5},
    )


def test_what_goes_with_a_mug_says_why_and_what_it_costs(together):
    found = recommendations_for([together.mug], channel=together.web, now=NOON)
    assert [(one.variant.sku, one.price, one.free, one.why) for one in found.items] == [
        ("SHIRT-M", 10, 84, "8 of 12 orders with Mug had it, too."),
        ("LAMP", 10, 90, "A best seller of its category: in 10 orders."),
    ]
    assert found.counted_at == NOON


def test_what_is_short_earns_nothing_or_has_no_price_is_not_suggested(together):
    def skus():
        found = recommendations_for([together.mug], channel=together.web, now=NOON)
        return [one.variant.sku for one in found.items]

    together.shirt.cost = 10  # nothing is left of its price
    together.shirt.save()
    assert skus() == ["LAMP"]
    together.shirt.cost = 9
    together.shirt.save()
    assert skus() == ["SHIRT-M", "LAMP"]
    RecommendationRules.objects.create(least_margin=11)
    assert skus() == ["LAMP"]
    place_order(together.draft((together.lamp, 90)), now=NOON)
    assert skus() == []


def test_what_was_shown_is_kept_once_for_a_basket_and_never_changed(together):
    suggested = [Suggestion(together.shirt.pk, together.mug.pk, 8, 12)]
    for place in (RecommendationPlace.QUOTE, RecommendationPlace.QUOTE_LINK):
        record_shown(suggested, basket_key="Q-1", place=place, channel=together.web, now=NOON)
    shown = RecommendationShown.objects.get()
    assert (shown.place, shown.variant, shown.anchor, shown.orders, shown.of) == (
        RecommendationPlace.QUOTE,
        together.shirt,
        together.mug,
        8,
        12,
    )
    with pytest.raises(DatabaseError), transaction.atomic():
        RecommendationShown.objects.update(orders=9)
    with pytest.raises(DatabaseError), transaction.atomic():
        RecommendationShown.objects.all().delete()


def test_an_order_takes_what_was_shown_for_its_basket_once(together):
    suggested = [
        Suggestion(together.shirt.pk, together.mug.pk, 8, 12),
        Suggestion(together.lamp.pk, None, 10, 22),
    ]
    record_shown(
        suggested,
        basket_key="b",
        place=RecommendationPlace.ENTRY,
        channel=together.web,
        now=NOON,
    )
    order = place_order(
        together.draft((together.mug, 1), (together.shirt, 2, "9.00"), (together.shirt, 1, "8.00")),
        now=NOON,
    )
    assert record_taken(basket_key="b", order_id=order.pk, now=NOON) == 1
    assert record_taken(basket_key="b", order_id=order.pk, now=NOON) == 0
    assert record_taken(basket_key="another", order_id=order.pk, now=NOON) == 0
    taken = RecommendationTaken.objects.get()
    assert (taken.shown.variant, taken.units, taken.amount, taken.currency) == (
        together.shirt,
        3,
        26,
        "EUR",
    )
    with pytest.raises(DatabaseError), transaction.atomic():
        RecommendationTaken.objects.update(units=4)
