"""What shipping shows on the pages of others: the customer's page above all."""

from datetime import timedelta

import pytest
from django.test import Client

from orders.models import Order
from orders.services import cancel_order, issue_tracking_link
from orders.sockets import CANCEL_EFFECTS
from shipping.panels import find_shipments, next_step
from shipping.selectors.public import PLAIN, public_parcels
from shipping.selectors.work import waiting_work
from shipping.services import (
    Report,
    buy_labels,
    dispatch_shipment,
    record_tracking,
    start_picking,
)
from shipping.states import EventSource, TrackingStatus
from tests.cast import NOON
from tests.shipping.factories import (
    SOON,
    close,
    dispatched,
    fill,
    labelled,
    make_picker,
    paid_order,
    picked,
    work_of,
)

pytestmark = pytest.mark.django_db


def test_every_status_has_plain_words():
    assert set(PLAIN) == set(TrackingStatus)


def test_the_customer_sees_parcels_apart_with_their_contents_and_latest_events(stocked, picker):
    order = paid_order(stocked, (stocked.mug, 2), (stocked.lamp, 1))
    work = picked(order, picker)
    fill(work, {"MUG": 2})
    first = close(work, is_partial=True)
    buy_labels(shipment_id=first.pk, now=NOON)
    dispatch_shipment(shipment_id=first.pk, now=SOON)
    fill(work)
    buy_labels(shipment_id=close(work).pk, now=NOON)
    second = work.shipments.exclude(pk=first.pk).get()
    dispatch_shipment(shipment_id=second.pk, now=SOON)
    reports = [
        Report(TrackingStatus.IN_TRANSIT, SOON + timedelta(hours=hour), f"Hub {hour}", "Leipzig")
        for hour in range(1, 5)
    ]
    record_tracking(
        parcel_id=first.parcels.get().pk,
        reports=reports,
        source=EventSource.STAFF,
        now=SOON + timedelta(days=1),
    )
    shown = public_parcels(order)
    assert [one.title for one in shown] == ["Parcel 1 of 2", "Parcel 2 of 2"]
    assert [one.contents for one in shown] == [[("Mug", 2)], [("Lamp", 1)]]
    assert [event.text for event in shown[0].latest] == ["Hub 4", "Hub 3", "Hub 2"]
    assert len(shown[0].earlier) == 2


def test_the_customers_page_names_nobody_who_works_here_and_needs_no_script(stocked, picker):
    order = paid_order(stocked, (stocked.mug, 1))
    start_picking(fulfilment_id=work_of(order).pk, picker=picker, now=NOON)
    fill(picked(order))
    shipment = buy_labels(shipment_id=close(work_of(order)).pk, now=NOON)
    dispatch_shipment(shipment_id=shipment.pk, now=SOON)
    order.refresh_from_db()
    page = Client().get(issue_tracking_link(order=order, now=NOON), follow=True)
    text = page.content.decode()
    number = shipment.parcels.get().tracking_number
    assert PLAIN[TrackingStatus.DISPATCHED] in text
    assert number in text
    for secret in (picker.name, shipment.number, "Torstraße", "3.90"):
        assert secret not in text


def test_what_an_order_waits_for_is_the_step_that_is_furthest(stocked):
    order = paid_order(stocked, (stocked.mug, 1))
    assert "to be picked" in next_step(order).sentence
    labelled(order)
    assert "to leave" in next_step(Order.objects.get(pk=order.pk)).sentence
    other = paid_order(stocked, (stocked.mug, 1))
    dispatched(other)
    assert next_step(other) is None


def test_cancelling_says_that_goods_are_in_hand(stocked):
    order = paid_order(stocked, (stocked.mug, 2))
    picked(order)
    assert "2 units are picked or packed" in " ".join(CANCEL_EFFECTS.ask(order, None))
    cancel_order(order_id=order.pk, reason="no", now=NOON)


def test_the_search_finds_a_tracking_number_and_only_ones_own_work(stocked, picker):
    shipment = dispatched(paid_order(stocked, (stocked.mug, 1)))
    number = shipment.parcels.get().tracking_number
    assert [hit.label for hit in find_shipments(picker, number.lower(), 5)] == [shipment.number]
    work = shipment.fulfilment.number
    assert [hit.label for hit in find_shipments(picker, work, 5)] == [work]
    stranger = make_picker(stocked.store, "Sam Stranger")
    assert find_shipments(stranger, number, 5) == []


def test_the_badge_counts_what_waits_at_my_locations(stocked, picker):
    paid_order(stocked, (stocked.mug, 1))
    picked(paid_order(stocked, (stocked.lamp, 1)))
    assert waiting_work(picker).count() == 1
    assert waiting_work(make_picker(stocked.store, "Sam Stranger")).count() == 0
