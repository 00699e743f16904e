"""Orders that will miss their day are put before people in time, and go when they no longer will."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.models import AttentionItem
from orders.models import MeasuredTransit, Order
from orders.selectors import promise_tables
from orders.services import cancel_order, change_promise
from shipping.models import Parcel
from shipping.services import Report, foresee_late, record_tracking
from shipping.states import EventSource, TrackingStatus
from tests.cast import NOON, pay
from tests.shipping.factories import dispatched, packed

pytestmark = pytest.mark.django_db
PACKING_TIME = datetime(
    2026, 11, 18, 11, 30, tzinfo=UTC
)  # 12:30 in Berlin, its cut-off is at 14:00


def late() -> list[tuple[str, str, str]]:
    items = AttentionItem.objects.filter(kind="will_be_late", resolved_at=None).order_by("pk")
    return [(item.title, item.detail, item.url) for item in items]


@pytest.fixture
def paid(promising) -> Order:
    return pay(promising.order())


@pytest.fixture
def sent(promising, paid):
    return dispatched(paid, service_id=promising.standard.pk)


def report(shipment, status: TrackingStatus, at: datetime) -> None:
    parcel = Parcel.objects.get(shipment=shipment)
    record_tracking(
        parcel_id=parcel.pk,
        reports=[Report(status, at)],
        source=EventSource.STAFF,
        now=at,
    )


def test_what_is_not_packed_shortly_before_its_cut_off_will_be_late(paid):
    assert foresee_late(now=NOON - timedelta(hours=3)) == 0
    assert foresee_late(now=PACKING_TIME) == 1
    work = paid.fulfilments.get()
    assert late() == [
        (
            f"{paid.number} will be late",
            f"{work.number} is not packed and has to leave Berlin by 14:00; after that it arrives on"
            " Mon 23 Nov, promised was Sat 21 Nov.",
            f"/shipping/work/{work.pk}/",
        )
    ]


def test_packing_takes_it_away(paid):
    foresee_late(now=PACKING_TIME)
    packed(paid)
    assert (foresee_late(now=PACKING_TIME), late()) == (0, [])


def test_a_missed_cut_off_is_seen_in_what_is_expected(paid):
    foresee_late(now=NOON + timedelta(hours=5))
    assert late()[0][1] == (
        "By all that is known it arrives on Mon 23 Nov, promised is Sat 21 Nov."
    )
    assert Order.objects.get(pk=paid.pk).expected_on == date(2026, 11, 23)


def test_an_order_on_its_day_without_a_day_of_its_goods_is_told(promising):
    shop = promising.shop
    order = promising.order((shop.mug, 1))
    Order.objects.filter(pk=order.pk).update(expected_on=None)
    foresee_late(now=NOON)
    assert late() == []  # it is known again: the goods are there


def test_another_promise_takes_it_away(paid):
    foresee_late(now=NOON + timedelta(hours=5))
    change_promise(
        order_id=paid.pk, promised_on=date(2026, 11, 24), reason="Agreed by phone", now=NOON
    )
    assert (foresee_late(now=NOON + timedelta(hours=5)), late()) == (0, [])


def test_a_cancelled_order_is_not_late(paid):
    foresee_late(now=NOON + timedelta(hours=5))
    cancel_order(order_id=paid.pk, reason="Changed their mind", now=NOON)
    assert (foresee_late(now=NOON + timedelta(hours=5)), late()) == (0, [])


def test_a_parcel_that_nobody_scanned_by_half_of_its_way_is_told(sent):
    order = sent.order
    foresee_late(now=NOON + timedelta(days=1))
    assert late() == []
    foresee_late(now=NOON + timedelta(days=2))
    (title, why, url), *_ = late()
    assert (title, url) == (f"{order.number} will be late", f"/shipping/shipments/{sent.pk}/")
    assert "and was not scanned since; it is promised for Sat 21 Nov." in why
    report(sent, TrackingStatus.IN_TRANSIT, NOON + timedelta(days=2))
    foresee_late(now=NOON + timedelta(days=2))
    assert late() == []


def test_a_parcel_that_is_not_out_on_its_day_is_told(sent):
    report(sent, TrackingStatus.IN_TRANSIT, NOON + timedelta(days=1))
    day = NOON + timedelta(days=3)
    foresee_late(now=day)
    assert late()[0][1].endswith("is promised for today and not out for delivery: in transit.")
    report(sent, TrackingStatus.OUT_FOR_DELIVERY, day)
    foresee_late(now=day)
    assert late() == []


def test_after_its_day_an_order_is_late_until_it_arrives(sent):
    report(sent, TrackingStatus.IN_TRANSIT, NOON + timedelta(days=1))
    monday = NOON + timedelta(days=5)
    foresee_late(now=monday)
    assert late()[0][:2] == (
        f"{sent.order.number} is late",
        "It was promised for Sat 21 Nov and has not arrived.",
    )
    report(sent, TrackingStatus.DELIVERED, monday)
    foresee_late(now=monday)
    assert late() == []
    order = Order.objects.get(pk=sent.order_id)
    assert (order.arrived_on, order.expected_on) == (date(2026, 11, 23), date(2026, 11, 23))
    assert MeasuredTransit.objects.get().days == 4


def test_looking_ahead_asks_as_often_for_twenty_orders_as_for_two(promising):
    for _ in range(2):
        pay(promising.order())
    early = NOON - timedelta(hours=3)
    promise_tables.promise_tables(now=NOON)
    counts = []
    for more in (18, 0):
        with CaptureQueriesContext(connection) as captured:
            foresee_late(now=early)
        counts.append(len(captured))
        for _ in range(more):
            pay(promising.order())
    assert counts[0] == counts[1]
