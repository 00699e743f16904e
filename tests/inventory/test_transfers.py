"""Transfers: units are conserved on their way, carry lot and cost, and are refused in sentences."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import transaction
from django_fsm import can_proceed

from core.invariants import audit
from inventory.errors import BadQuantity, CannotTransfer, NotEnoughStock
from inventory.models import Location, LotBalance, Movement, StockLevel, Transfer, TransferLine
from inventory.selectors.supply import standings
from inventory.selectors.transfers import open_transfer_lines
from inventory.services import StockChange, lot_for, move_stock
from inventory.services.transfer_receiving import (
    give_up_units,
    receive_scanned,
    receive_transfer,
    scan_transfer,
)
from inventory.services.transferring import (
    WantedUnits,
    cancel_transfer,
    change_transfer,
    create_transfer,
    ship_transfer,
)
from inventory.states import LossReason, MovementReason, Tracking, TransferState
from tests.cast import NOON, make_variant

pytestmark = pytest.mark.django_db

MOVES = {
    "ship": {TransferState.DRAFT},
    "receive_some": {TransferState.SHIPPED, TransferState.PARTLY_RECEIVED},
    "finish": {TransferState.SHIPPED, TransferState.PARTLY_RECEIVED},
    "cancel": {TransferState.DRAFT},
}


@pytest.mark.parametrize("state", TransferState.values)
@pytest.mark.parametrize("move", MOVES)
def test_every_move_is_allowed_in_its_states_alone(state, move):
    assert can_proceed(getattr(Transfer(state=state), move)) is (state in MOVES[move])


def planned(shop, units=10, **more):
    wanted = [WantedUnits(shop.mug.pk, units)]
    return create_transfer(
        source=shop.warehouse, target=shop.store, wanted=wanted, now=NOON, **more
    )


def shipped(shop, units=10):
    shop.stock(shop.mug, units)
    return ship_transfer(transfer_id=planned(shop, units).pk, now=NOON)


def test_units_on_the_way_lie_nowhere_and_are_not_lost(shop):
    """C09: the goods left; nobody at the target has booked anything."""
    transfer = shipped(shop)
    assert (transfer.state, shop.level(shop.mug).on_hand) == ("shipped", 0)
    assert not StockLevel.objects.filter(location=shop.store).exists()
    assert [line.in_transit for line in open_transfer_lines()] == [10]
    assert [(one.invariant.code, one.offences) for one in audit()] == []


def test_what_came_what_was_broken_and_what_was_lost_add_up(shop):
    transfer = shipped(shop)
    line = transfer.lines.get()
    receive_transfer(transfer_id=transfer.pk, received={line.pk: 6}, damaged={line.pk: 1}, now=NOON)
    transfer = Transfer.objects.get()
    assert (transfer.state, open_transfer_lines().get().in_transit) == ("partly_received", 3)
    give_up_units(transfer_id=transfer.pk, line_id=line.pk, units=3, why=LossReason.LOST, now=NOON)
    line.refresh_from_db()
    level = shop.level(shop.mug, shop.store)
    assert (level.sellable, level.damaged) == (6, 1)
    assert (line.shipped, line.received, line.lost) == (10, 7, 3)
    assert (Transfer.objects.get().state, open_transfer_lines().count()) == ("received", 0)


@pytest.mark.breaks_invariants
def test_a_unit_that_left_without_its_line_knowing_is_noticed(shop):
    shipped(shop)
    TransferLine.objects.update(quantity=11, shipped=11)
    assert "S5" in {one.invariant.code for one in audit()}


def test_cost_travels_at_the_sources_average_and_the_rate_of_the_day(shop):
    Location.objects.filter(pk=shop.store.pk).update(currency="CHF")
    shop.store.refresh_from_db()
    with transaction.atomic():
        for units, cost in ((5, "4.00"), (5, "6.00")):
            change = StockChange(
                shop.mug.pk,
                shop.warehouse.pk,
                units,
                MovementReason.RECEIPT,
                unit_cost=Decimal(cost),
            )
            move_stock([change], now=NOON)
    transfer = planned(shop, 4, exchange_rate=Decimal("0.95"))
    ship_transfer(transfer_id=transfer.pk, now=NOON)
    line = transfer.lines.get()
    receive_transfer(transfer_id=transfer.pk, received={line.pk: 4}, now=NOON)
    assert (line.unit_cost, shop.level(shop.mug, shop.store).average_cost) == (
        Decimal("5.000000"),
        Decimal("4.750000"),
    )


def test_two_currencies_without_a_rate_are_refused(shop):
    Location.objects.filter(pk=shop.store.pk).update(currency="CHF")
    shop.store.refresh_from_db()
    with pytest.raises(CannotTransfer, match="how much CHF one EUR is worth") as refused:
        planned(shop)
    assert refused.value.field == "exchange_rate"


def test_lots_travel_first_expired_first_and_arrive_as_they_were(shop):
    honey = make_variant("HONEY", "Honey", tracking=Tracking.LOT)
    with transaction.atomic():
        for code, day in (("B", date(2027, 6, 1)), ("A", date(2027, 1, 1))):
            lot = lot_for(variant=honey, code=code, expires_on=day, today=NOON.date())
            change = StockChange(
                honey.pk, shop.warehouse.pk, 4, MovementReason.RECEIPT, lot_id=lot.pk
            )
            move_stock([change], now=NOON)
    transfer = create_transfer(
        source=shop.warehouse, target=shop.store, wanted=[WantedUnits(honey.pk, 6)], now=NOON
    )
    ship_transfer(transfer_id=transfer.pk, now=NOON)
    lines = list(transfer.lines.select_related("lot").order_by("lot__code"))
    assert [(line.lot.code, line.shipped) for line in lines] == [("A", 4), ("B", 2)]
    receive_transfer(
        transfer_id=transfer.pk, received={line.pk: line.shipped for line in lines}, now=NOON
    )
    there = LotBalance.objects.filter(level__location=shop.store).order_by("lot__code")
    assert [(one.lot.code, one.sellable) for one in there] == [("A", 4), ("B", 2)]


def test_what_is_set_aside_for_orders_stays(shop):
    shop.stock(shop.mug, 10)
    transfer = planned(shop, 7)
    shop.order((shop.mug, 4))
    with pytest.raises(NotEnoughStock, match="MUG: 6 free, 7 wanted"):
        ship_transfer(transfer_id=transfer.pk, now=NOON)
    assert Transfer.objects.get().state == "draft"
    line = transfer.lines.get()
    ship_transfer(transfer_id=transfer.pk, quantities={line.pk: 6}, now=NOON)
    assert shop.level(shop.mug).sellable == 4


@pytest.mark.parametrize("units", [0, -2, 1_000_001])
def test_impossible_quantities_are_refused(shop, units):
    with pytest.raises(BadQuantity):
        planned(shop, units)
    assert not Transfer.objects.exists()


def test_no_more_is_planned_than_is_free_and_the_sentence_says_how_much_that_is(shop):
    shop.stock(shop.mug, 80)
    with pytest.raises(NotEnoughStock, match="MUG: 80 free, 99,920 wanted") as refused:
        planned(shop, 99_920)
    assert refused.value.field == "lines"
    assert not Transfer.objects.exists()
    transfer = planned(shop, 80)
    with pytest.raises(NotEnoughStock, match="MUG: 80 free, 81 wanted"):
        change_transfer(transfer_id=transfer.pk, wanted=[WantedUnits(shop.mug.pk, 81)])
    assert transfer.lines.get().quantity == 80


def test_drafts_claim_no_more_than_is_free_and_bring_no_more_to_their_target(shop):
    shop.stock(shop.mug, 10)
    planned(shop, 8)
    planned(shop, 6)
    found = standings([shop.mug.pk])
    source = found[shop.mug.pk, shop.warehouse.pk]
    assert (source.leaving, source.position) == (10, 0)
    assert found[shop.mug.pk, shop.store.pk].on_the_way == 10


def test_what_cannot_be_is_refused_and_writes_nothing(shop):
    with pytest.raises(CannotTransfer, match="choose a different target"):
        create_transfer(
            source=shop.store, target=shop.store, wanted=[WantedUnits(shop.mug.pk, 1)], now=NOON
        )
    with pytest.raises(CannotTransfer, match="Say what is to be sent"):
        create_transfer(source=shop.warehouse, target=shop.store, wanted=[], now=NOON)
    transfer = shipped(shop)
    line = transfer.lines.get()
    with pytest.raises(CannotTransfer, match="Book what is more as found stock"):
        receive_transfer(transfer_id=transfer.pk, received={line.pk: 11}, now=NOON)
    with pytest.raises(CannotTransfer, match="goods that left are received"):
        cancel_transfer(transfer_id=transfer.pk)
    with pytest.raises(CannotTransfer, match="it was sent or called off already"):
        ship_transfer(transfer_id=transfer.pk, now=NOON)
    assert Movement.objects.filter(reference=transfer.number).count() == 1


def test_scans_count_from_zero_and_refuse_what_does_not_belong(shop):
    transfer = shipped(shop, 2)
    said = [
        scan_transfer(transfer_id=transfer.pk, code=code)
        for code in (shop.mug.barcode, "mug", "MUG", "SHIRT-M", "no such thing")
    ]
    assert [(one.is_ok, one.text[:20]) for one in said] == [
        (True, "MUG: 1 of 2"),
        (True, "MUG: 2 of 2"),
        (False, "MUG: only 0 more are"),
        (False, "SHIRT-M is not part "),
        (False, "Nothing is known by "),
    ]
    assert not StockLevel.objects.filter(location=shop.store).exists()
    receive_scanned(transfer_id=transfer.pk, now=NOON)
    assert shop.level(shop.mug, shop.store).sellable == 2
    with pytest.raises(CannotTransfer, match="nothing of it is on the way"):
        receive_scanned(transfer_id=transfer.pk, now=NOON)


def test_what_arrives_goes_to_who_waits(shop):
    shop.stock(shop.mug, 3)
    transfer = planned(shop, 3)
    ship_transfer(transfer_id=transfer.pk, now=NOON)
    order = shop.order((shop.mug, 2), when_short="backorder")
    line = transfer.lines.get()
    receive_transfer(transfer_id=transfer.pk, received={line.pk: 3}, now=NOON)
    assert shop.level(shop.mug, shop.store).allocated == 2
    assert order.lines.get().demand.allocated == 2
