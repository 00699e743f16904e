"""Lots: what expires first goes first, and what expired or is recalled does not go at all."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from inventory.errors import BadLot, NotEnoughStock
from inventory.models import Lot, LotBalance, Movement
from inventory.services import StockChange, adjust_stock, lot_for, move_stock
from inventory.states import Condition, MovementReason, Tracking
from orders.drafts import WhenShort
from orders.errors import OutOfStock
from orders.services import cancel_order
from tests.cast import NOON, make_variant

pytestmark = pytest.mark.django_db

TODAY = NOON.date()


@pytest.fixture
def milk(shop):
    return make_variant("MILK", "Milk", tracking=Tracking.LOT)


def lot(milk, code, days=None):
    expires = TODAY + timedelta(days=days) if days is not None else None
    return Lot.objects.create(variant=milk, code=code, expires_on=expires)


def bring(shop, milk, units, lot=None, **more):
    move_stock(
        [
            StockChange(
                milk.pk,
                shop.warehouse.pk,
                units,
                MovementReason.RECEIPT,
                lot_id=lot.pk if lot else None,
                **more,
            )
        ],
        now=NOON,
    )


def balances(**filters):
    return dict(LotBalance.objects.filter(**filters).values_list("lot__code", "sellable")), dict(
        LotBalance.objects.filter(**filters).values_list("lot__code", "allocated")
    )


def test_the_lot_that_expires_first_is_set_aside_first(shop, milk):
    bring(shop, milk, 5, lot(milk, "late", 30))
    bring(shop, milk, 5, lot(milk, "soon", 3))
    bring(shop, milk, 5, lot(milk, "never"))
    shop.order((milk, 7))
    assert balances()[1] == {"late": 2, "soon": 5, "never": 0}


def test_expired_and_recalled_lots_are_on_hand_and_not_for_sale(shop, milk):
    bring(shop, milk, 5, lot(milk, "old", -1))
    recalled = lot(milk, "bad", 30)
    bring(shop, milk, 5, recalled)
    Lot.objects.filter(pk=recalled.pk).update(recalled_at=NOON)
    bring(shop, milk, 1, lot(milk, "good", 30))
    with pytest.raises(OutOfStock, match="MILK: 1 of 2"):
        shop.order((milk, 2))
    assert shop.level(milk).sellable == 11


def test_a_lot_may_be_sold_on_its_last_day(shop, milk):
    bring(shop, milk, 1, lot(milk, "today", 0))
    assert shop.order((milk, 1)).units_allocated == 1


def test_goods_must_be_usable_for_as_long_as_is_asked(shop, milk):
    bring(shop, milk, 5, lot(milk, "short", 10))
    bring(shop, milk, 5, lot(milk, "long", 40))
    shop.order((milk, 5), shelf_life_days=30)
    assert balances()[1] == {"short": 0, "long": 5}
    with pytest.raises(OutOfStock):
        shop.order((milk, 1), shelf_life_days=30)


def test_a_backorder_is_served_only_from_lots_that_last_long_enough(shop, milk):
    order = shop.order((milk, 2), shelf_life_days=30, when_short=WhenShort.BACKORDER)
    bring(shop, milk, 5, lot(milk, "short", 10))
    demand = order.lines.get().demand
    demand.refresh_from_db()
    assert demand.allocated == 0
    bring(shop, milk, 5, lot(milk, "long", 31))
    demand.refresh_from_db()
    assert demand.allocated == 2
    assert balances()[1] == {"short": 0, "long": 2}


def test_two_orders_in_one_batch_do_not_share_a_lot(shop, milk):
    from orders.services import place_orders

    bring(shop, milk, 6, lot(milk, "old", -1))
    bring(shop, milk, 4, lot(milk, "good", 9))
    with pytest.raises(OutOfStock):
        place_orders([shop.draft((milk, 3)), shop.draft((milk, 3))], now=NOON)
    place_orders([shop.draft((milk, 3)), shop.draft((milk, 1))], now=NOON)
    assert balances()[1] == {"old": 0, "good": 4}


def test_cancelling_gives_back_to_the_lot(shop, milk):
    bring(shop, milk, 5, lot(milk, "a", 9))
    order = shop.order((milk, 3))
    cancel_order(order_id=order.pk, reason="changed mind", now=NOON)
    assert balances()[1] == {"a": 0}


def test_units_that_come_without_a_lot_are_kept_as_unknown_and_people_are_told(shop, milk):
    bring(shop, milk, 5)
    assert balances()[0] == {"unknown": 5}


def test_a_count_takes_from_what_is_not_set_aside_first(shop, milk):
    bring(shop, milk, 3, lot(milk, "a", 5))
    bring(shop, milk, 3, lot(milk, "b", 9))
    shop.order((milk, 3))  # all of a
    adjust_stock(
        variant=milk, location=shop.warehouse, counted=4, reason=MovementReason.COUNT, now=NOON
    )
    assert balances()[0] == {"a": 3, "b": 1}
    adjust_stock(
        variant=milk, location=shop.warehouse, counted=2, reason=MovementReason.COUNT, now=NOON
    )
    assert balances() == ({"a": 2, "b": 0}, {"a": 2, "b": 0})


def test_the_ledger_names_the_lot_and_the_cost(shop, milk):
    a = lot(milk, "a", 5)
    bring(shop, milk, 2, a, unit_cost=Decimal("1.50"))
    bring(shop, milk, 1, a, unit_cost=Decimal("3"))
    bring(shop, milk, -1, a)
    rows = Movement.objects.order_by("id").values_list("lot__code", "quantity", "unit_cost")
    assert list(rows) == [("a", 2, Decimal("1.5")), ("a", 1, Decimal(3)), ("a", -1, Decimal(2))]
    assert shop.level(milk).average_cost == Decimal(2)


def test_more_than_a_lot_holds_cannot_leave_it(shop, milk):
    a, b = lot(milk, "a", 5), lot(milk, "b", 9)
    bring(shop, milk, 2, a)
    bring(shop, milk, 2, b)
    with pytest.raises(NotEnoughStock, match="Only 2 units are sellable here; 3 cannot go"):
        bring(shop, milk, -3, a)


def test_units_in_quality_control_belong_to_their_lot(shop, milk):
    a = lot(milk, "a", 5)
    bring(shop, milk, 2, a, condition=Condition.QUALITY_CONTROL)
    balance = LotBalance.objects.get()
    assert (balance.sellable, balance.quality_control) == (0, 2)


def test_a_lot_number_is_looked_up_or_made(shop, milk):
    made = lot_for(variant=milk, code=" A  1 ", expires_on=date(2027, 1, 1), today=TODAY)
    assert lot_for(variant=milk, code="A 1", today=TODAY) == made


@pytest.mark.parametrize(
    ("code", "expires_on", "words"),
    [
        ("", None, "give the lot number"),
        ("x" * 61, None, "at most 60"),
        ("A", date(2027, 5, 5), "another date"),
        ("new", date(2020, 1, 1), "expired on 1 January 2020"),
    ],
)
def test_bad_lots_are_refused(shop, milk, code, expires_on, words):
    Lot.objects.create(variant=milk, code="A", expires_on=date(2027, 1, 1))
    with pytest.raises(BadLot, match=words):
        lot_for(variant=milk, code=code, expires_on=expires_on, today=TODAY)


def test_a_variant_without_lots_takes_no_lot(shop):
    with pytest.raises(BadLot, match="not kept by lot"):
        lot_for(variant=shop.mug, code="A", today=TODAY)
