"""What is heard of parcels: kept once, reduced alike, told to the order and to people."""

import json
from datetime import timedelta
from io import StringIO
from itertools import permutations

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, transaction

from core.models import AttentionItem, ImportRun, Message
from core.outbox import drain
from orders.models import Fulfilment
from orders.services import hold_order
from orders.states import FulfilmentState, FulfilmentStatus, HoldKind
from shipping.errors import BadTracking
from shipping.models import LateNotice, TrackingEvent
from shipping.services import (
    Report,
    add_parcel,
    buy_labels,
    dispatch_shipment,
    flag_late,
    flag_stalled,
    forget_late,
    open_again,
    put_back,
    record_tracking,
    retell_late,
    start_picking,
)
from shipping.states import EventSource, TrackingStatus
from tests.cast import NOON
from tests.shipping.factories import (
    SOON,
    close,
    dispatched,
    fill,
    packed,
    paid_order,
    picked,
    work_of,
)

pytestmark = pytest.mark.django_db
LATER = SOON + timedelta(days=3)


def hours(count: int):
    return SOON + timedelta(hours=count)


def hear(parcel, *reports: Report, source=EventSource.CARRIER) -> int:
    return record_tracking(parcel_id=parcel.pk, reports=reports, source=source, now=LATER)


ROAD = (
    Report(TrackingStatus.IN_TRANSIT, hours(5), "Sorted", "Leipzig"),
    Report(TrackingStatus.OUT_FOR_DELIVERY, hours(20)),
    Report(TrackingStatus.DELIVERED, hours(25), event_id="e-9"),
)


def test_a_parcel_that_arrives_delivers_its_order(stocked):
    order = paid_order(stocked, (stocked.mug, 2))
    shipment = dispatched(order)
    hear(shipment.parcels.get(), *ROAD)
    order.refresh_from_db()
    shipment.refresh_from_db()
    assert order.fulfilment_status == FulfilmentStatus.DELIVERED
    assert work_of(order).state == FulfilmentState.DELIVERED
    assert shipment.delivered_at == LATER


@pytest.mark.parametrize("way", list(permutations(range(3))))
def test_events_in_any_order_and_twice_end_alike(stocked, way):
    order = paid_order(stocked, (stocked.mug, 2))
    parcel = dispatched(order).parcels.get()
    for place in (*way, *way):
        hear(parcel, ROAD[place])
    parcel.refresh_from_db()
    order.refresh_from_db()
    assert (parcel.tracking_status, parcel.delivered_at) == ("delivered", hours(25))
    assert (order.units_delivered, parcel.events.count()) == (2, 4)


def test_a_scan_after_delivery_changes_nothing_and_a_return_is_put_before_people(stocked):
    parcel = dispatched(paid_order(stocked, (stocked.mug, 1))).parcels.get()
    hear(parcel, *ROAD)
    hear(parcel, Report(TrackingStatus.IN_TRANSIT, hours(30)))
    parcel.refresh_from_db()
    assert parcel.tracking_status == TrackingStatus.DELIVERED
    hear(parcel, Report(TrackingStatus.RETURNING, hours(40)))
    parcel.refresh_from_db()
    assert parcel.tracking_status == TrackingStatus.RETURNING
    assert AttentionItem.objects.get(kind="tracking_problem").resolved_at is None


def test_two_parcels_deliver_the_order_when_both_are_there(stocked):
    order = paid_order(stocked, (stocked.mug, 3))
    work = picked(order)
    fill(work, {"MUG": 1})
    second = add_parcel(fulfilment_id=work.pk, now=NOON)
    fill(work, {"MUG": 2}, parcel_id=second.pk)
    shipment = close(work)
    buy_labels(shipment_id=shipment.pk, now=NOON)
    dispatch_shipment(shipment_id=shipment.pk, now=SOON)
    first, second = shipment.parcels.all()
    hear(first, ROAD[2])
    order.refresh_from_db()
    assert (order.units_delivered, work_of(order).state) == (1, FulfilmentState.SHIPPED)
    hear(second, ROAD[2])
    order.refresh_from_db()
    assert (order.units_delivered, work_of(order).state) == (3, FulfilmentState.DELIVERED)


def test_nothing_can_happen_on_the_road_before_a_parcel_leaves_or_in_the_future(stocked):
    shipment = packed(paid_order(stocked, (stocked.mug, 1)))
    with pytest.raises(BadTracking, match="has not left yet"):
        hear(shipment.parcels.get(), ROAD[0])
    buy_labels(shipment_id=shipment.pk, now=NOON)
    dispatch_shipment(shipment_id=shipment.pk, now=SOON)
    with pytest.raises(BadTracking, match="in the future"):
        hear(shipment.parcels.get(), Report(TrackingStatus.DELIVERED, LATER + timedelta(days=1)))


def test_events_are_kept_for_good(stocked):
    parcel = dispatched(paid_order(stocked, (stocked.mug, 1))).parcels.get()
    for change in (
        lambda: TrackingEvent.objects.filter(parcel=parcel).update(text="other"),
        lambda: TrackingEvent.objects.filter(parcel=parcel).delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_customers_hear_once_of_each_milestone(stocked):
    order = paid_order(stocked, (stocked.mug, 3))
    work = picked(order)
    for units, is_partial in (({"MUG": 1}, True), ({"MUG": 1}, True), ({"MUG": 1}, False)):
        fill(work, units)
        shipment = close(work, is_partial=is_partial)
        buy_labels(shipment_id=shipment.pk, now=NOON)
        dispatch_shipment(shipment_id=shipment.pk, now=SOON)
        drain()
    for shipment in order.shipments.all():
        hear(shipment.parcels.get(), *ROAD)
        drain()
    kept = list(Message.objects.exclude(kind="order_placed").order_by("pk"))
    assert [one.dedupe for one in kept if one.kind.startswith("order_")] == [
        f"order_shipped:{order.pk}:part",
        f"order_shipped:{order.pk}:all",
        f"order_delivered:{order.pk}",
    ]
    assert "/track/" in kept[0].variables["track_url"]


def test_late_work_is_found_once_told_once_and_forgotten_when_it_left(stocked):
    order = paid_order(stocked, (stocked.mug, 1))
    late = work_of(order).ship_by + timedelta(minutes=1)
    assert [flag_late(now=late), flag_late(now=late)] == [1, 0]
    drain()
    assert LateNotice.objects.count() == 1
    assert Message.objects.filter(kind="order_delayed").count() == 1
    item = AttentionItem.objects.get(kind="fulfilment_late")
    assert item.resolved_at is None
    assert item.raised_at == late - timedelta(minutes=1)  # late since it was due, whoever found out
    dispatched(order)
    item.refresh_from_db()
    assert item.resolved_at is not None


def test_what_is_said_of_late_work_follows_its_steps(stocked):
    order = paid_order(stocked, (stocked.mug, 1))
    work = work_of(order)
    flag_late(now=work.ship_by + timedelta(minutes=1))

    def step() -> str:
        return AttentionItem.objects.get(kind="fulfilment_late").detail.partition(" and ")[2]

    assert step() == "is ready to pick."
    start_picking(fulfilment_id=work.pk, picker=None, now=SOON)
    assert step() == "is picking."
    put_back(fulfilment_id=work.pk, now=SOON)
    assert step() == "is ready to pick."
    shipment = packed(order)
    assert step() == "is packed."
    open_again(shipment_id=shipment.pk, now=SOON)
    assert step() == "is picking."
    hold_order(order_id=order.pk, kind=HoldKind.OPERATOR, reason="Look twice", now=SOON)
    assert [retell_late(), retell_late()] == [1, 0]
    assert step() == "is picking; its order is on hold."


def test_late_work_that_was_cancelled_is_forgotten(stocked):
    order = paid_order(stocked, (stocked.mug, 1))
    flag_late(now=work_of(order).ship_by + timedelta(minutes=1))
    work = Fulfilment.objects.get()
    work.cancel()
    work.save()
    assert forget_late() == 1


def test_a_silent_parcel_is_put_before_people_until_something_is_heard(stocked):
    parcel = dispatched(paid_order(stocked, (stocked.mug, 1))).parcels.get()
    assert flag_stalled(now=SOON + timedelta(days=1)) == 0
    assert flag_stalled(now=LATER) == 1
    item = AttentionItem.objects.get(kind="tracking_stalled")
    hear(parcel, ROAD[0])
    item.refresh_from_db()
    assert item.resolved_at is not None


def run(*args, **options) -> tuple[str, str]:
    out, err = StringIO(), StringIO()
    call_command("record_tracking", *args, stdout=out, stderr=err, **options)
    return out.getvalue(), err.getvalue()


@pytest.fixture
def number(stocked):
    return dispatched(paid_order(stocked, (stocked.mug, 1))).parcels.get().tracking_number


@pytest.mark.django_db(transaction=True)
def test_the_command_records_one_event(number):
    run("--parcel", number, "--status", "In transit", "--when", "2026-11-19T08:00")
    assert TrackingEvent.objects.get(source="command").status == TrackingStatus.IN_TRANSIT


@pytest.mark.django_db(transaction=True)
def test_the_command_reads_a_file_and_a_second_run_changes_nothing(number, tmp_path):
    file = tmp_path / "events.csv"
    file.write_text(
        "tracking_number,status,occurred_at,place\n"
        f"{number},in_transit,2026-11-19T08:00,Leipzig\n"
        f"{number},delivered,2026-11-20T09:30+01:00,Berlin\n"
    )
    first = json.loads(run(str(file), "--json")[0])
    second = json.loads(run(str(file), "--json")[0])
    assert [(one["created"], one["unchanged"]) for one in (first, second)] == [(2, 0), (0, 2)]
    assert ImportRun.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_rejected_rows_go_to_the_errors_file_and_the_rest_goes_in(number, tmp_path):
    file, errors = tmp_path / "events.csv", tmp_path / "errors.csv"
    file.write_text(
        "tracking_number,status,occurred_at\n"
        f"{number},flown,2026-11-19T08:00\n"
        f"{number},in_transit,yesterday\n"
        "NOBODY,in_transit,2026-11-19T08:00\n"
        f"{number},in_transit,2026-11-19T08:00\n"
    )
    with pytest.raises(CommandError) as refused:
        run(str(file), "--errors-file", str(errors))
    assert refused.value.returncode == 3
    text = errors.read_text(encoding="utf-8-sig")
    assert [column in text for column in ("status", "occurred_at", "tracking_number")] == [True] * 3
    assert len(text.strip().splitlines()) == 4
    assert TrackingEvent.objects.filter(source="command").count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_dry_run_keeps_nothing(number):
    words = ("--parcel", number, "--status", "delivered", "--when", "2026-11-19T08:00")
    out, _ = run(*words, "--dry-run")
    assert "DRY RUN" in out
    assert not TrackingEvent.objects.filter(source="command").exists()


@pytest.mark.parametrize("args", [("--status", "delivered"), ("f.csv", "--parcel", "X"), ()])
def test_half_a_command_is_a_usage_error(args):
    with pytest.raises(CommandError) as refused:
        run(*args)
    assert refused.value.returncode == 2
