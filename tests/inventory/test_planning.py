"""The plan of the night: what was wanted, what is foretold, what is suggested and why."""

from datetime import timedelta

import numpy as np
import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from core.models import AttentionItem
from inventory.models import (
    Demand,
    Forecast,
    Location,
    Movement,
    PurchaseOrder,
    StockLevel,
    Suggestion,
    Transfer,
)
from inventory.selectors.demand_history import wanted_by_day
from inventory.selectors.reasoning import reasoning
from inventory.selectors.supply import standings
from inventory.services import (
    StockChange,
    move_stock,
    order_suggestions,
    plan_replenishment,
)
from inventory.services.purchasing import PurchaseWish, create_purchase
from inventory.services.transferring import WantedUnits, create_transfer
from inventory.states import MovementReason
from tests.cast import NOON, make_variant
from tests.inventory.planning import make_supplier, rule, sold, supplied

pytestmark = pytest.mark.django_db
TODAY = NOON.date()


def history(variant, days=30):
    return wanted_by_day([variant.pk], until=TODAY, days=days)


def plan():
    return plan_replenishment(now=NOON)


def open_suggestions():
    rows = Suggestion.objects.open().select_related("variant", "source").order_by("pk")
    return [(row.kind, row.variant.sku, row.quantity) for row in rows]


# --- what was wanted --------------------------------------------------------------------------


def test_what_nobody_could_give_was_wanted_too_and_what_was_cancelled_was_not(shop):
    shop.stock(shop.mug, 3)
    shop.order((shop.mug, 2))
    Demand.objects.update(since=NOON - timedelta(days=2))
    sold(shop, shop.mug, [2], 5, consumed=0)  # waits
    sold(shop, shop.mug, [4], 7, consumed=0, cancelled=3)
    days = history(shop.mug)[shop.mug.pk, shop.warehouse.pk]
    assert (days[-2], days[-4], days.sum()) == (7, 4, 11)


def test_demand_counts_where_it_was_set_aside(shop):
    shop.stock(shop.mug, 3, shop.store)
    shop.order((shop.mug, 2))
    Demand.objects.update(since=NOON - timedelta(days=1))
    assert {pair: row.sum() for pair, row in history(shop.mug).items()} == {
        (shop.mug.pk, shop.store.pk): 2
    }


def test_a_day_is_the_location_s_own(shop):
    Location.objects.filter(pk=shop.warehouse.pk).update(time_zone="Pacific/Auckland")
    late = NOON.replace(hour=23) - timedelta(days=3)  # the next day over there
    sold(shop, shop.mug, [0], before=late)
    days = history(shop.mug)[shop.mug.pk, shop.warehouse.pk]
    assert np.flatnonzero(days[::-1]).tolist() == [1]


def test_parts_used_up_by_assembly_were_wanted(shop):
    shop.stock(shop.mug, 9)
    with transaction.atomic():
        move_stock(
            [StockChange(shop.mug.pk, shop.warehouse.pk, -4, MovementReason.USED)],
            now=NOON - timedelta(days=1),
        )
    assert Movement.objects.filter(reason="used").count() == 1
    assert history(shop.mug)[shop.mug.pk, shop.warehouse.pk][-1] == 4


def test_the_history_of_many_variants_is_one_query(shop):
    for number in range(30):
        sold(shop, make_variant(f"SKU-{number}", "Thing"), [1, 5, 9])
    with CaptureQueriesContext(connection) as captured:
        found = wanted_by_day(range(10_000), until=TODAY, days=30)
    assert (len(captured), len(found)) == (1, 30)


# --- how it stands ----------------------------------------------------------------------------


def test_the_position_counts_all_that_comes_and_is_claimed(shop):
    shop.stock(shop.mug, 10)
    shop.stock(shop.mug, 30, shop.store)
    shop.order((shop.mug, 3))
    StockLevel.objects.filter(location=shop.warehouse).update(safety=2)
    sold(shop, shop.mug, [1], 6, consumed=0)
    supplier = make_supplier()
    create_purchase(
        supplier=supplier,
        location=shop.warehouse,
        wishes=[PurchaseWish(shop.mug.pk, 12)],
        now=NOON,
    )
    create_transfer(
        source=shop.store,
        target=shop.warehouse,
        wanted=[WantedUnits(shop.mug.pk, 5)],
        now=NOON,
    )
    found = standings([shop.mug.pk])
    here = found[shop.mug.pk, shop.warehouse.pk]
    assert (here.free, here.on_the_way, here.waiting, here.position) == (5, 17, 6, 16)
    there = found[shop.mug.pk, shop.store.pk]
    assert (there.free, there.leaving, there.position) == (30, 5, 25)
    assert here.coming_by(TODAY) == 5  # the purchase comes in two weeks; the transfer names no day
    assert here.coming_by(TODAY + timedelta(days=14)) == 17


# --- what is suggested ------------------------------------------------------------------------


def test_nothing_is_planned_without_a_rule(shop):
    sold(shop, shop.mug, range(1, 60))
    assert plan().pairs == 0
    assert not Forecast.objects.exists()


def test_stock_that_runs_low_is_bought_in_whole_cases(shop):
    sold(shop, shop.mug, range(1, 100), 2)
    shop.stock(shop.mug, 6)
    supplied(shop.mug, pack_size=12, minimum_quantity=20)
    rule(shop.warehouse, target_fill=95)
    plan()
    (row,) = Suggestion.objects.open()
    forecast = Forecast.objects.get(variant=shop.mug, location=shop.warehouse)
    assert forecast.rate == pytest.approx(2)
    assert row.quantity == 12 * -(-(forecast.order_up_to - 6) // 12)
    assert row.covered_days == pytest.approx(3)
    assert reasoning(row) == (
        f"Sells 2.0 a day, 14 days to come, 95 % target: order up to {forecast.order_up_to};"
        f" 6 here; {forecast.order_up_to - 6} missing, rounded up to {row.quantity // 12} cases of"
        " 12."
    )


def test_a_location_that_has_too_much_gives_first_and_the_rest_is_bought(shop):
    sold(shop, shop.mug, range(1, 100), 2)
    shop.stock(shop.mug, 20, shop.store)
    supplied(shop.mug)
    rule(shop.warehouse)
    rule(shop.store)
    plan()
    bought, sent = sorted(Suggestion.objects.open(), key=lambda row: row.kind)
    assert (sent.kind, sent.quantity, sent.source) == ("transfer", 20, shop.store)
    assert bought.quantity + 20 == bought.reasons["need"]
    assert "Munich store has 20 more than it needs" in reasoning(sent)
    assert "20 of it by transfer" in reasoning(bought)


def test_what_a_location_needs_itself_is_not_sent_away(shop):
    sold(shop, shop.mug, range(1, 100), 2)
    shop.stock(shop.mug, 3, shop.store)
    rule(shop.warehouse)
    rule(shop.store, shop.mug, minimum=3)
    supplied(shop.mug)
    plan()
    assert [kind for kind, _, _ in open_suggestions()] == ["purchase"]


def test_a_plan_made_again_changes_nothing_and_follows_what_changed(shop):
    sold(shop, shop.mug, range(1, 100), 2)
    supplied(shop.mug)
    rule(shop.warehouse)
    plan()
    (first,) = Suggestion.objects.all()
    plan()
    assert [(row.pk, row.quantity) for row in Suggestion.objects.all()] == [
        (first.pk, first.quantity)
    ]
    shop.stock(shop.mug, 200)
    plan()
    assert [row.state for row in Suggestion.objects.all()] == ["outdated"]


def test_what_was_ordered_is_coming_and_not_suggested_again(shop):
    sold(shop, shop.mug, range(1, 100), 2)
    supplied(shop.mug)
    rule(shop.warehouse)
    plan()
    order_suggestions(suggestion_ids=[Suggestion.objects.get().pk], now=NOON)
    assert plan().suggestions == 0
    assert [row.state for row in Suggestion.objects.all()] == ["ordered"]


def test_a_rule_of_its_own_wins_and_may_be_paused(shop):
    sold(shop, shop.mug, range(1, 100), 2)
    sold(shop, shop.lamp, range(1, 100), 2)
    rule(shop.warehouse)
    rule(shop.warehouse, shop.mug, is_active=False)
    rule(shop.warehouse, shop.lamp, target_fill=99)
    plan()
    assert [row.target_fill for row in Forecast.objects.all()] == [99]


def test_minimum_and_maximum_bound_the_level(shop):
    rule(shop.warehouse, shop.shirt, minimum=8)
    sold(shop, shop.mug, range(1, 100), 2)
    rule(shop.warehouse, shop.mug, maximum=15)
    supplied(shop.mug, pack_size=6)
    plan()
    assert sorted(open_suggestions()) == [("purchase", "MUG", 12), ("purchase", "SHIRT-M", 8)]


def test_where_an_order_costs_something_the_economic_quantity_is_bought(shop):
    sold(shop, shop.mug, range(1, 366), 1)
    supplied(shop.mug, price="4.00")
    rule(shop.warehouse, order_cost=20)
    plan()
    (row,) = Suggestion.objects.open()
    assert row.quantity == 121  # √(2 · 20 · 365 / (0.25 · 4))
    assert "121 is the economic quantity" in reasoning(row)


def test_a_variant_that_nobody_sells_is_suggested_with_that_said(shop):
    rule(shop.warehouse, shop.mug, minimum=5)
    plan()
    assert "add a supplier and a price" in reasoning(Suggestion.objects.get())


def test_low_stock_is_put_before_people_until_enough_comes(shop):
    sold(shop, shop.mug, range(1, 100), 2)
    shop.stock(shop.mug, 6)
    supplied(shop.mug)
    rule(shop.warehouse)
    plan()
    item = AttentionItem.objects.get(kind="low_stock")
    assert item.title == "MUG at Berlin runs out in 3 days"
    assert "6 free, nothing coming" in item.detail
    shop.stock(shop.mug, 100)
    plan()
    assert AttentionItem.objects.get(kind="low_stock").resolved_at is not None


def test_a_plan_asks_as_much_for_30_variants_as_for_three(shop):
    def spread(count, offset):
        for number in range(count):
            variant = make_variant(f"P-{offset + number}", "Thing")
            sold(shop, variant, range(1, 60, 3))
            supplied(variant, supplier=supplier)

    def asked():
        plan()  # alerts are raised once
        with CaptureQueriesContext(connection) as captured:
            plan()
        return len(captured)

    supplier = make_supplier()
    rule(shop.warehouse)
    spread(3, 0)
    few = asked()
    spread(27, 3)
    assert asked() == few
    assert Suggestion.objects.open().count() == 30


def test_the_command_plans_and_says_what_it_came_to(shop, capsys):
    sold(shop, shop.mug, range(1, 100), 2)
    supplied(shop.mug)
    rule(shop.warehouse)
    call_command("plan_replenishment", "--json")
    assert '"suggestions": 1' in capsys.readouterr().out
    assert not PurchaseOrder.objects.exists()
    assert not Transfer.objects.exists()
