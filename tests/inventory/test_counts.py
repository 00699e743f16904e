"""Counts: blind, while work goes on, booked once, approved where they differ much."""

from datetime import timedelta

import pytest
from django_fsm import can_proceed

from core.models import AttentionItem
from inventory.errors import BadQuantity, CannotCount
from inventory.models import Category, CountSession, Movement, Product, StockLevel
from inventory.selectors.counting import CountChoice, abc_classes, levels_to_count
from inventory.services import StockChange, move_stock
from inventory.services.cycle_counting import (
    approve_count,
    ask_recount,
    cancel_count,
    open_count,
    record_count,
    scan_count,
    submit_count,
)
from inventory.states import CountMethod, CountState, MovementReason
from tests.cast import NOON

pytestmark = pytest.mark.django_db

EVERYTHING = CountChoice(CountMethod.ALL)
MOVES = {
    "submit": {CountState.OPEN},
    "recount": {CountState.SUBMITTED},
    "approve": {CountState.SUBMITTED},
    "cancel": {CountState.OPEN, CountState.SUBMITTED},
}


@pytest.mark.parametrize("state", CountState.values)
@pytest.mark.parametrize("move", MOVES)
def test_every_move_is_allowed_in_its_states_alone(state, move):
    assert can_proceed(getattr(CountSession(state=state), move)) is (state in MOVES[move])


def opened(shop, choice=EVERYTHING, **more):
    return open_count(location=shop.warehouse, choice=choice, now=NOON, **more)


def count(session, variant, units):
    line = session.lines.get(variant=variant)
    return record_count(session_id=session.pk, line_id=line.pk, counted=units, now=NOON)


def test_small_differences_are_booked_at_once(shop):
    shop.stock(shop.mug, 10)
    session = opened(shop)
    count(session, shop.mug, 9)
    session = submit_count(session_id=session.pk, now=NOON)
    level = shop.level(shop.mug)
    assert (session.state, level.sellable, level.counted_at) == ("approved", 9, NOON)
    booked = Movement.objects.get(reason=MovementReason.COUNT)
    assert (booked.quantity, booked.reference) == (-1, session.number)


def test_large_differences_wait_for_approval_and_are_booked_once(shop):
    shop.stock(shop.mug, 100)
    session = opened(shop)
    count(session, shop.mug, 80)
    submit_count(session_id=session.pk, now=NOON)
    item = AttentionItem.objects.get(kind="count_to_approve")
    assert (shop.level(shop.mug).sellable, item.resolved_at) == (100, None)
    approve_count(session_id=session.pk, now=NOON)
    item.refresh_from_db()
    assert (shop.level(shop.mug).sellable, item.resolved_at is None) == (80, False)
    with pytest.raises(CannotCount, match="cannot be booked now"):
        approve_count(session_id=session.pk, now=NOON)
    assert Movement.objects.filter(reason=MovementReason.COUNT).count() == 1


def test_what_moves_after_the_count_is_kept(shop):
    """C05: final = counted + movements after the count."""
    shop.stock(shop.mug, 100)
    session = opened(shop)
    count(session, shop.mug, 80)
    shop.stock(shop.mug, 7)
    submit_count(session_id=session.pk, now=NOON)
    approve_count(session_id=session.pk, now=NOON)
    assert shop.level(shop.mug).sellable == 87


def test_a_recount_keeps_the_first_count_beside_and_replaces_it(shop):
    shop.stock(shop.mug, 100)
    session = opened(shop)
    count(session, shop.mug, 80)
    submit_count(session_id=session.pk, now=NOON)
    line = session.lines.get()
    ask_recount(session_id=session.pk, line_ids=[line.pk])
    with pytest.raises(CannotCount, match="Nothing is counted yet"):
        submit_count(session_id=session.pk, now=NOON)
    count(session, shop.mug, 99)
    assert submit_count(session_id=session.pk, now=NOON).state == "approved"
    line.refresh_from_db()
    assert ([one["counted"] for one in line.earlier], line.booked) == ([80], -1)


def test_scans_count_and_find_what_nobody_expected(shop):
    shop.stock(shop.mug, 2)
    session = opened(shop)
    said = [
        scan_count(session_id=session.pk, code=code, now=NOON)
        for code in (shop.mug.barcode, "MUG", "LAMP", "???")
    ]
    assert [one.is_ok for one in said] == [True, True, True, False]
    submit_count(session_id=session.pk, now=NOON)
    assert (shop.level(shop.mug).sellable, shop.level(shop.lamp).sellable) == (2, 1)
    assert session.lines.get(variant=shop.lamp).is_unexpected


def test_stock_that_moves_between_two_scans_is_said(shop):
    shop.stock(shop.mug, 5)
    session = opened(shop)
    scan_count(session_id=session.pk, code="MUG", now=NOON)
    shop.stock(shop.mug, 3)
    heard = scan_count(session_id=session.pk, code="MUG", now=NOON)
    assert (heard.is_ok, "3 came while you counted" in heard.text) == (False, True)


def test_a_count_below_what_is_promised_sends_the_youngest_back(shop):
    shop.stock(shop.mug, 5)
    order = shop.order((shop.mug, 4))
    session = opened(shop, tolerance_units=5)
    count(session, shop.mug, 3)
    submit_count(session_id=session.pk, now=NOON)
    level = shop.level(shop.mug)
    assert (level.sellable, level.allocated, order.lines.get().demand.backordered) == (3, 3, 1)


def test_lines_nobody_counted_are_refused_or_left_out(shop):
    shop.stock(shop.mug, 5)
    shop.stock(shop.lamp, 5)
    session = opened(shop)
    count(session, shop.mug, 5)
    with pytest.raises(CannotCount, match="1 of 2 lines are not counted yet"):
        submit_count(session_id=session.pk, now=NOON)
    submit_count(session_id=session.pk, skip_uncounted=True, now=NOON)
    assert (shop.level(shop.lamp).sellable, shop.level(shop.lamp).counted_at) == (5, None)


def test_what_one_count_has_in_hand_another_leaves_out(shop):
    shop.stock(shop.mug, 5)
    first = opened(shop)
    with pytest.raises(CannotCount, match="another count has it in hand"):
        opened(shop)
    cancel_count(session_id=first.pk)
    assert opened(shop).lines.count() == 1


@pytest.mark.parametrize("units", [-1, 1_000_001])
def test_impossible_counts_are_refused(shop, units):
    shop.stock(shop.mug, 5)
    session = opened(shop)
    with pytest.raises(BadQuantity):
        count(session, shop.mug, units)


def test_bins_categories_lists_and_samples_choose(shop):
    for variant in (shop.mug, shop.shirt, shop.lamp):
        shop.stock(variant, 5)
    StockLevel.objects.filter(variant=shop.mug).update(bin="A-01")
    StockLevel.objects.filter(variant=shop.lamp).update(bin="A-02")
    category = Category.objects.create(name="Light")
    Product.objects.filter(variants=shop.lamp).update(category=category)

    def chosen(**choice):
        found = levels_to_count(shop.warehouse, CountChoice(**choice), now=NOON)
        return sorted(level.variant.sku for level in found)

    assert chosen(method=CountMethod.BIN, bins=["a-01"]) == ["MUG"]
    assert chosen(method=CountMethod.BIN, bins=["A-*"]) == ["LAMP", "MUG"]
    assert chosen(method=CountMethod.CATEGORY, category=category) == ["LAMP"]
    assert chosen(method=CountMethod.SKUS, variant_ids=[shop.shirt.pk]) == ["SHIRT-M"]
    assert len(chosen(method=CountMethod.SAMPLE, sample=2)) == 2


def test_classes_follow_what_left(shop):
    for variant, units in ((shop.mug, 80), (shop.shirt, 15), (shop.lamp, 5)):
        shop.stock(variant, 100)
        change = StockChange(variant.pk, shop.warehouse.pk, -units, MovementReason.SHIPMENT)
        move_stock([change], now=NOON)
    classes = abc_classes(shop.warehouse, now=NOON + timedelta(days=1))
    assert classes == {shop.mug.pk: "A", shop.shirt.pk: "B", shop.lamp.pk: "C"}
