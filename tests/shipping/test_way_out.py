"""From the shelf to the door: picking, packing, labels, dispatch, and every way back before it."""

import pytest

from core.models import AttentionItem, StoredFact
from core.outbox import drain
from inventory.models import Movement
from inventory.states import MovementReason
from orders.models import NoteKind
from orders.services import add_note, cancel_order, hold_order
from orders.states import FulfilmentState, FulfilmentStatus, HoldKind
from shipping.errors import (
    BadParcel,
    CannotDispatch,
    CannotLabel,
    CannotPack,
    CannotPick,
    OrderBlocked,
)
from shipping.models import Label, PickScan, Shipment
from shipping.selectors.work import left_over
from shipping.services import (
    Box,
    acknowledge_notes,
    add_parcel,
    buy_labels,
    dispatch_shipment,
    empty_parcel,
    finish_packing,
    open_again,
    pick_all,
    put_back,
    report_short,
    scan_pack,
    scan_pick,
    set_picked,
    start_picking,
    undo_last_pick,
    unpack,
    void_labels,
)
from shipping.states import (
    LabelState,
    PickState,
    ScanOutcome,
    ShipmentState,
    ShortReason,
    TrackingStatus,
)
from tests.cast import NOON
from tests.shipping.factories import (
    SOON,
    close,
    dispatched,
    fill,
    labelled,
    packed,
    paid_order,
    picked,
    put_in_bin,
    work_of,
)

pytestmark = pytest.mark.django_db


def begin(order):
    work = work_of(order)
    start_picking(fulfilment_id=work.pk, picker=None, now=NOON)
    return work


def line_of(work, sku):
    return work.picks.live().get().lines.get(fulfilment_line__order_line__sku=sku)


def scan(work, code):
    return scan_pick(fulfilment_id=work.pk, code=code, now=NOON).outcome


def test_an_order_goes_out_of_the_door(stocked):
    order = paid_order(stocked, (stocked.mug, 2), (stocked.lamp, 1))
    shipment = dispatched(order)
    order.refresh_from_db()
    assert shipment.state == ShipmentState.DISPATCHED
    assert order.fulfilment_status == FulfilmentStatus.SHIPPED
    assert stocked.level(stocked.mug).sellable == 8
    assert work_of(order).state == FulfilmentState.SHIPPED
    parcel = shipment.parcels.get()
    assert parcel.tracking_number.startswith("OWN")
    assert parcel.tracking_status == TrackingStatus.DISPATCHED
    fact = StoredFact.objects.get(name="shipping.ShipmentDispatched")
    assert (fact.payload["units"], fact.payload["is_last"]) == (3, True)


def test_the_right_item_counts_one_and_the_last_one_finishes(stocked):
    work = begin(paid_order(stocked, (stocked.mug, 2)))
    assert scan(work, "4006381333931") == ScanOutcome.ITEM
    assert line_of(work, "MUG").picked == 1
    assert scan(work, "mug") == ScanOutcome.ITEM
    assert work.picks.get().state == PickState.DONE


def test_a_gtin_reads_the_same_in_every_length_and_inside_a_gs1_code(stocked):
    work = begin(paid_order(stocked, (stocked.mug, 3)))
    for code in ("04006381333931", "]C10104006381333931", "010400638133393110LOT7"):
        assert scan(work, code) == ScanOutcome.ITEM
    assert line_of(work, "MUG").picked == 3


@pytest.mark.parametrize(
    ("code", "outcome"),
    [
        ("LAMP", ScanOutcome.WRONG),
        ("no such thing", ScanOutcome.UNKNOWN),
        ("Z-99", ScanOutcome.WRONG_BIN),
    ],
)
def test_a_wrong_scan_is_kept_and_counts_nothing(stocked, code, outcome):
    put_in_bin(stocked, stocked.lamp, "Z-99")
    work = begin(paid_order(stocked, (stocked.mug, 2)))
    assert scan(work, code) == outcome
    assert line_of(work, "MUG").picked == 0
    assert PickScan.objects.get().is_refused


def test_one_too_many_is_refused(stocked):
    work = begin(paid_order(stocked, (stocked.mug, 1)))
    assert [scan(work, "MUG"), scan(work, "MUG")] == [ScanOutcome.ITEM, ScanOutcome.TOO_MANY]
    assert line_of(work, "MUG").picked == 1


def test_a_bin_of_the_list_is_confirmed(stocked):
    put_in_bin(stocked, stocked.mug, "A-02")
    work = begin(paid_order(stocked, (stocked.mug, 1)))
    assert scan(work, "a-02") == ScanOutcome.BIN


def test_undo_takes_back_the_last_units_step_by_step(stocked):
    work = begin(paid_order(stocked, (stocked.mug, 3)))
    scan(work, "MUG")
    set_picked(fulfilment_id=work.pk, line_id=line_of(work, "MUG").pk, quantity=3, now=NOON)
    undo_last_pick(fulfilment_id=work.pk, now=NOON)
    assert line_of(work, "MUG").picked == 1
    undo_last_pick(fulfilment_id=work.pk, now=NOON)
    assert line_of(work, "MUG").picked == 0
    with pytest.raises(CannotPick):
        undo_last_pick(fulfilment_id=work.pk, now=NOON)


@pytest.mark.parametrize("quantity", [-1, 3])
def test_a_typed_quantity_stays_within_what_is_wanted(stocked, quantity):
    work = begin(paid_order(stocked, (stocked.mug, 2)))
    with pytest.raises(CannotPick):
        set_picked(
            fulfilment_id=work.pk, line_id=line_of(work, "MUG").pk, quantity=quantity, now=NOON
        )


def test_a_short_pick_frees_the_units_books_them_lost_and_calls_people(stocked):
    order = paid_order(stocked, (stocked.mug, 10))
    work = begin(order)
    report_short(
        fulfilment_id=work.pk,
        line_id=line_of(work, "MUG").pk,
        quantity=4,
        reason=ShortReason.MISSING,
        now=NOON,
    )
    drain()
    level = stocked.level(stocked.mug)
    assert (level.sellable, level.allocated) == (6, 6)
    assert Movement.objects.get(reason=MovementReason.LOST).quantity == -4
    assert work.lines.get().short == 4
    order.refresh_from_db()
    assert order.units_backordered == 4
    assert AttentionItem.objects.get(kind="short_pick").resolved_at is None


def test_a_damaged_unit_is_no_longer_sellable_and_still_here(stocked):
    work = begin(paid_order(stocked, (stocked.mug, 2)))
    report_short(
        fulfilment_id=work.pk,
        line_id=line_of(work, "MUG").pk,
        quantity=1,
        reason=ShortReason.DAMAGED,
        now=NOON,
    )
    level = stocked.level(stocked.mug)
    assert (level.sellable, level.damaged) == (9, 1)


def test_units_that_were_short_go_out_once_stock_is_here_again(stocked):
    order = paid_order(stocked, (stocked.mug, 10))
    work = begin(order)
    report_short(
        fulfilment_id=work.pk,
        line_id=line_of(work, "MUG").pk,
        quantity=10,
        reason=ShortReason.MISSING,
        now=NOON,
    )
    drain()
    work.refresh_from_db()
    assert work.state == FulfilmentState.CANCELLED
    stocked.stock(stocked.mug, 10)
    drain()
    assert AttentionItem.objects.get(kind="short_pick").resolved_at is not None
    again = order.fulfilments.exclude(pk=work.pk).get()
    assert again.lines.get().quantity == 10


def test_work_that_is_put_back_waits_again_and_can_be_begun_anew(stocked):
    order = paid_order(stocked, (stocked.mug, 2))
    work = begin(order)
    scan(work, "MUG")
    put_back(fulfilment_id=work.pk, now=NOON)
    assert work_of(order).state == FulfilmentState.READY
    begin(order)
    assert line_of(work, "MUG").picked == 0


def test_a_held_order_blocks_every_step_and_says_what_to_do(stocked):
    order = paid_order(stocked, (stocked.mug, 2))
    shipment = labelled(order)
    hold_order(order_id=order.pk, kind=HoldKind.FRAUD, reason="check", now=NOON)
    for step in (
        lambda: scan_pick(fulfilment_id=shipment.fulfilment_id, code="MUG", now=NOON),
        lambda: dispatch_shipment(shipment_id=shipment.pk, now=NOON),
    ):
        with pytest.raises(OrderBlocked, match="on hold"):
            step()


def test_packing_needs_every_unit_or_says_what_is_missing(stocked):
    order = paid_order(stocked, (stocked.mug, 2), (stocked.lamp, 1))
    work = picked(order)
    fill(work, {"MUG": 2})
    with pytest.raises(CannotPack, match="1 × LAMP"):
        close(work)


def test_more_than_is_in_hand_does_not_fit_into_a_parcel(stocked):
    work = begin(paid_order(stocked, (stocked.mug, 2)))
    scan(work, "MUG")
    with pytest.raises(CannotPack, match="do not fit"):
        fill(work, {"MUG": 2})


def test_packing_by_scan_verifies_each_item(stocked):
    order = paid_order(stocked, (stocked.mug, 2))
    work = picked(order)
    outcomes = [
        scan_pack(fulfilment_id=work.pk, code=code, now=NOON).outcome
        for code in ("MUG", "LAMP", "nothing", "MUG", "MUG")
    ]
    assert outcomes == [
        ScanOutcome.ITEM,
        ScanOutcome.WRONG,
        ScanOutcome.UNKNOWN,
        ScanOutcome.ITEM,
        ScanOutcome.TOO_MANY,
    ]
    assert close(work).state == ShipmentState.PACKED
    work.refresh_from_db()
    assert work.state == FulfilmentState.PACKED


def test_what_is_there_is_sent_and_the_rest_stays_open(stocked):
    order = paid_order(stocked, (stocked.mug, 3))
    work = picked(order)
    fill(work, {"MUG": 1})
    first = close(work, is_partial=True)
    buy_labels(shipment_id=first.pk, now=NOON)
    dispatch_shipment(shipment_id=first.pk, now=NOON)
    order.refresh_from_db()
    assert order.fulfilment_status == FulfilmentStatus.PARTIALLY_SHIPPED
    fill(work)
    second = close(work)
    buy_labels(shipment_id=second.pk, now=NOON)
    dispatch_shipment(shipment_id=second.pk, now=NOON)
    order.refresh_from_db()
    assert order.fulfilment_status == FulfilmentStatus.SHIPPED
    assert [one.parcels.get().lines.get().quantity for one in (first, second)] == [1, 2]


def test_two_parcels_get_a_label_each(stocked):
    order = paid_order(stocked, (stocked.mug, 2))
    work = picked(order)
    fill(work, {"MUG": 1})
    parcel = add_parcel(fulfilment_id=work.pk, now=NOON)
    fill(work, {"MUG": 1}, parcel_id=parcel.pk)
    shipment = buy_labels(shipment_id=close(work).pk, now=NOON)
    numbers = {one.tracking_number for one in shipment.parcels.all()}
    assert len(numbers) == 2
    assert str(shipment.cost) == "7.8000"


def test_a_parcel_needs_a_possible_weight(stocked):
    work = picked(paid_order(stocked, (stocked.mug, 1)))
    fill(work)
    for grams in (0, -5, 10_000_000):
        with pytest.raises(BadParcel, match="needs a weight"):
            close(work, weight_g=grams)


def test_packing_instructions_must_be_acknowledged(stocked):
    order = paid_order(stocked, (stocked.mug, 1))
    note = add_note(order_id=order.pk, text="Wrap in tissue", kind=NoteKind.PACKING, now=NOON)
    work = picked(order)
    fill(work)
    with pytest.raises(CannotPack, match="Wrap in tissue"):
        close(work)
    acknowledge_notes(fulfilment_id=work.pk, note_ids=[note.pk], now=NOON)
    assert close(work).state == ShipmentState.PACKED


def test_everything_before_dispatch_can_be_undone(stocked):
    order = paid_order(stocked, (stocked.mug, 2))
    shipment = labelled(order)
    void_labels(shipment_id=shipment.pk)
    open_again(shipment_id=shipment.pk, now=NOON)
    unpack(shipment_id=shipment.pk, reason="wrong box", now=NOON)
    put_back(fulfilment_id=shipment.fulfilment_id, now=NOON)
    assert work_of(order).state == FulfilmentState.READY
    assert Label.objects.get().state == LabelState.VOIDED
    assert dispatched(order).state == ShipmentState.DISPATCHED


def test_a_dispatched_shipment_cannot_be_taken_back(stocked):
    shipment = dispatched(paid_order(stocked, (stocked.mug, 1)))
    with pytest.raises(CannotLabel, match="cannot be undone"):
        void_labels(shipment_id=shipment.pk)
    with pytest.raises(CannotPack, match="Start a return"):
        unpack(shipment_id=shipment.pk, reason="", now=NOON)
    with pytest.raises(CannotDispatch, match="left already"):
        dispatch_shipment(shipment_id=shipment.pk, now=NOON)


def test_units_cancelled_after_packing_have_to_come_out_first(stocked):
    order = paid_order(stocked, (stocked.mug, 3))
    work = picked(order)
    fill(work, {"MUG": 2})
    shipment = buy_labels(shipment_id=close(work, is_partial=True).pk, now=NOON)
    line = order.lines.get()
    cancel_order(order_id=order.pk, reason="less", units={line.pk: 2}, now=NOON)
    with pytest.raises(CannotDispatch, match="1 × MUG"):
        dispatch_shipment(shipment_id=shipment.pk, now=NOON)
    void_labels(shipment_id=shipment.pk)
    open_again(shipment_id=shipment.pk, now=NOON)
    with pytest.raises(CannotPack, match="cancelled after"):
        close(work)
    fill(work, {"MUG": 1})
    close(work)
    buy_labels(shipment_id=shipment.pk, now=NOON)
    assert dispatch_shipment(shipment_id=shipment.pk, now=NOON).state == ShipmentState.DISPATCHED


def test_a_parcel_that_no_rate_fits_waits_for_people(stocked):
    order = paid_order(stocked, (stocked.mug, 1))
    shipment = packed(order, weight_g=40_000)
    buy_labels(shipment_id=shipment.pk, now=NOON)
    shipment.refresh_from_db()
    assert shipment.state == ShipmentState.PACKED
    assert Label.objects.get().state == LabelState.FAILED
    assert AttentionItem.objects.get(kind="label_failed").resolved_at is None


def test_a_second_try_with_a_better_weight_resolves_the_failed_label(stocked):
    order = paid_order(stocked, (stocked.mug, 1))
    shipment = packed(order, weight_g=40_000)
    buy_labels(shipment_id=shipment.pk, now=NOON)
    open_again(shipment_id=shipment.pk, now=NOON)
    close(shipment.fulfilment)
    assert buy_labels(shipment_id=shipment.pk, now=NOON).state == ShipmentState.LABELLED
    assert AttentionItem.objects.get(kind="label_failed").resolved_at is not None


def test_asking_twice_buys_one_label(stocked):
    shipment = labelled(paid_order(stocked, (stocked.mug, 1)))
    buy_labels(shipment_id=shipment.pk, now=SOON)
    assert Label.objects.count() == 1


def test_an_emptied_parcel_goes_and_its_units_are_in_hand_again(stocked):
    work = picked(paid_order(stocked, (stocked.mug, 2)))
    shipment = fill(work)
    empty_parcel(parcel_id=shipment.parcels.get().pk)
    assert line_of(work, "MUG").packed == 0
    assert not Shipment.objects.get().parcels.exists()
    scan_pack(fulfilment_id=work.pk, code="MUG", now=NOON)
    assert line_of(work, "MUG").packed == 1


def test_the_one_service_there_is_needs_no_choice_and_two_do(stocked, service):
    work = picked(paid_order(stocked, (stocked.mug, 1)))
    fill(work)
    other = type(service).objects.create(code="express", name="Express")
    with pytest.raises(CannotPack, match="Choose the shipping service"):
        close(work)
    assert close(work, service_id=other.pk).service == other


def test_a_pick_passes_to_whoever_takes_it_over(stocked, picker):
    work = begin(paid_order(stocked, (stocked.mug, 1)))
    pick = start_picking(fulfilment_id=work.pk, picker=picker, now=NOON)
    assert (pick.picker, work.picks.count()) == (picker, 1)


def test_packing_needs_a_box_for_each_filled_parcel(stocked):
    work = picked(paid_order(stocked, (stocked.mug, 1)))
    fill(work)
    with pytest.raises(BadParcel):
        finish_packing(fulfilment_id=work.pk, boxes={0: Box(100)}, service_id=None, now=NOON)


def test_picking_all_twice_counts_once(stocked):
    work = picked(paid_order(stocked, (stocked.mug, 2)))
    pick_all(fulfilment_id=work.pk, now=NOON)
    assert line_of(work, "MUG").picked == 2


def test_a_pick_is_closed_when_everything_left_and_stays_while_something_is_in_hand(stocked):
    order = paid_order(stocked, (stocked.mug, 3))
    dispatched(order)
    assert work_of(order).picks.get().state == PickState.CLOSED
    again = paid_order(stocked, (stocked.lamp, 2))
    work = picked(again)
    cancel_order(order_id=again.pk, reason="no longer wanted", now=NOON)
    drain()
    assert work.picks.get().state == PickState.DONE
    assert left_over() == [work.pk]
    put_back(fulfilment_id=work.pk, now=NOON)
    assert left_over() == []


def test_goods_in_parcels_of_a_cancelled_order_are_unpacked_and_put_back(stocked):
    order = paid_order(stocked, (stocked.mug, 2))
    work = picked(order)
    fill(work, {"MUG": 1})
    shipment = buy_labels(shipment_id=close(work, is_partial=True).pk, now=NOON)
    cancel_order(order_id=order.pk, reason="no longer wanted", now=NOON)
    assert left_over() == [work.pk]
    with pytest.raises(CannotPick, match="unpack them first"):
        put_back(fulfilment_id=work.pk, now=NOON)
    void_labels(shipment_id=shipment.pk)
    unpack(shipment_id=shipment.pk, reason="cancelled", now=NOON)
    put_back(fulfilment_id=work.pk, now=NOON)
    assert left_over() == []


def test_a_pick_of_which_nothing_is_left_is_closed(stocked):
    order = paid_order(stocked, (stocked.mug, 1))
    work = begin(order)
    cancel_order(order_id=order.pk, reason="no longer wanted", now=NOON)
    drain()
    assert work.picks.get().state == PickState.CLOSED
