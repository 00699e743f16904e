"""Orders that are promised for a day, and the pages of what promises are made from."""

from collections.abc import Iterator
from datetime import date, timedelta

from django.utils import timezone

from inventory.models import Location
from orders.models import CarrierDays, Order, OrderPromise, ShippingZone, TransitTime
from orders.services import change_promise, place_order
from orders.states import PromiseBasis
from tests.cast import Shop

WITHOUT_ARGUMENTS = (
    "orders:transit_time_list",
    "orders:transit_time_new",
    "orders:carrier_days_list",
    "orders:carrier_days_new",
    "orders:promise_calendar",
    "orders:promises_kept",
)


def promise(shop: Shop) -> None:
    """A zone with days of its own from a location, a carrier's weekdays, and an order promised twice."""
    zone = ShippingZone.objects.select_related("service").earliest("pk")
    TransitTime.objects.create(zone=zone, location=Location.objects.earliest("pk"), days=2)
    CarrierDays.objects.create(carrier=zone.service.carrier, working_days=[0, 1, 2, 3, 4, 5])
    now = timezone.now()
    shop.stock(shop.mug, 1)
    draft = shop.draft(
        (shop.mug, 1), shipping_service=zone.service, deliver_by=timezone.localdate(now)
    )
    order = place_order(draft, now=now)
    assert order.promised_on is not None
    work = order.promises.get()
    change_promise(
        order_id=order.pk,
        promised_on=_monday_after(work.promised_on),
        reason="The customer is away until then",
        now=now,
    )


def _monday_after(day: date) -> date:
    return day + timedelta(days=7 - day.weekday())


def come_due(order: Order) -> None:
    """Let an order's promised day have passed, kept."""
    day = timezone.localdate() - timedelta(days=2)
    OrderPromise.objects.create(
        order=order,
        promised_on=day,
        basis=PromiseBasis.PERSON,
        reason="Agreed by phone",
        made_at=timezone.now(),
        made_by="Ida Admin",
    )
    Order.objects.filter(pk=order.pk).update(promised_on=day, expected_on=day, arrived_on=day)


def pages(page) -> Iterator[tuple[str, str]]:
    order_id = OrderPromise.objects.latest("pk").order_id
    yield page("orders:order_detail", order_id)
    yield page("orders:order_sourcing", order_id)
    yield page("orders:promise_change", order_id)
    yield page("orders:promise_calendar", query="?month=2026-12")
    yield page("orders:transit_time_edit", TransitTime.objects.get().pk)
    yield page("orders:carrier_days_edit", CarrierDays.objects.get().pk)
