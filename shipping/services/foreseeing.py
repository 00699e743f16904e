"""Orders that will miss the day they were promised for, put before people while something can be done."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from django.db import transaction

from core import attention
from core.models import AttentionItem
from orders.models import Fulfilment, Order
from orders.promising.wording import day_words
from orders.selectors.expecting import day_if_missed, promised_orders
from orders.services import promise_from_payment, refresh_expected
from orders.states import FulfilmentState
from shipping.gateways.registry import carrier_name
from shipping.models import Parcel
from shipping.states import ShipmentState, TrackingStatus

WILL_BE_LATE = "will_be_late"
SOON = timedelta(hours=2)
BATCH = 500
MOST = 10_000
NOON = time(12)
NEARLY_THERE = frozenset(
    {
        TrackingStatus.OUT_FOR_DELIVERY,
        TrackingStatus.PICKUP_READY,
        TrackingStatus.ATTEMPTED,
        TrackingStatus.DELIVERED,
    }
)


@dataclass(frozen=True, slots=True)
class Danger:
    """Why an order will not arrive by its day, and the page on which that is mended."""

    why: str
    url: str
    is_over: bool = False


def foresee_late(*, now: datetime) -> int:
    """Look at every order whose promise is still to be kept: what is expected is brought up to date, who
    will be late is put before people, and who no longer will is taken away. Returns how many will.
    """
    promise_from_payment(now=now)
    ids = list(promised_orders(now=now).values_list("pk", flat=True)[:MOST])
    dangers: dict[int, Danger] = {}
    for start in range(0, len(ids), BATCH):
        some = ids[start : start + BATCH]
        refresh_expected(order_ids=some, now=now)
        dangers |= _put_before_people(some, now=now)
    _forget(set(dangers))
    return len(dangers)


@transaction.atomic
def _put_before_people(order_ids: Sequence[int], *, now: datetime) -> dict[int, Danger]:
    orders = {order.pk: order for order in promised_orders(now=now).filter(pk__in=order_ids)}
    found = dangers_of(orders, now=now)
    for order_id, danger in found.items():
        number = orders[order_id].number
        attention.raise_item(
            kind=WILL_BE_LATE,
            subject_type="order",
            subject_id=order_id,
            title=f"{number} is late" if danger.is_over else f"{number} will be late",
            detail=danger.why,
            url=danger.url,
            since=now,
        )
    return found


@transaction.atomic
def _forget(order_ids: set[int]) -> None:
    gone = AttentionItem.objects.filter(
        kind=WILL_BE_LATE, subject_type="order", resolved_at=None
    ).exclude(subject_id__in=order_ids)
    attention.resolve(
        kind=WILL_BE_LATE,
        subject_type="order",
        subject_ids=list(gone.values_list("subject_id", flat=True)),
    )


def dangers_of(orders: dict[int, Order], *, now: datetime) -> dict[int, Danger]:
    """What endangers each order's promise, by its id; the first that is found. Two statements."""
    found: dict[int, Danger] = {}
    for order_id, danger in (
        *_over(orders, now=now),
        *_not_packed(orders, now=now),
        *_not_scanned(orders, now=now),
        *_expected_later(orders),
    ):
        found.setdefault(order_id, danger)
    return found


def _promised(order: Order) -> date:
    assert order.promised_on is not None  # noqa: S101  (only promised orders are asked for)
    return order.promised_on


def _page(order_id: int) -> str:
    return f"/orders/{order_id}/"


def _over(orders: dict[int, Order], *, now: datetime) -> Iterator[tuple[int, Danger]]:
    for order in orders.values():
        day = _promised(order)
        if day < now.astimezone(order.channel.zone).date():
            words = f"It was promised for {day_words(day)} and has not arrived."
            yield order.pk, Danger(words, _page(order.pk), is_over=True)


def _not_packed(orders: dict[int, Order], *, now: datetime) -> Iterator[tuple[int, Danger]]:
    """What is to leave within two hours, is not packed, and comes too late if it leaves next time."""
    for work in (
        Fulfilment.objects.filter(
            order_id__in=orders,
            state__in=[FulfilmentState.READY, FulfilmentState.PICKING],
            ship_by__lt=now + SOON,
            ship_by__gte=now,
        )
        .select_related("location")
        .order_by("ship_by", "pk")
    ):
        order = orders[work.order_id]
        assert work.ship_by is not None  # noqa: S101  (it was looked for by it)
        missed = day_if_missed(order, work.location_id, ship_by=work.ship_by)
        if missed is None or missed <= _promised(order):
            continue
        until = work.ship_by.astimezone(work.location.zone)
        words = (
            f"{work.number} is not packed and has to leave {work.location.name} by {until:%H:%M};"
            f" after that it arrives on {day_words(missed)}, promised was"
            f" {day_words(_promised(order))}."
        )
        yield order.pk, Danger(words, f"/shipping/work/{work.pk}/")


def _not_scanned(orders: dict[int, Order], *, now: datetime) -> Iterator[tuple[int, Danger]]:
    """Parcels that nobody scanned by half of their way, and those that are not out on their day."""
    parcels = Parcel.objects.filter(
        shipment__order_id__in=orders,
        shipment__state=ShipmentState.DISPATCHED,
        delivered_at=None,
        lines__isnull=False,
    ).select_related("shipment")
    for parcel in parcels.distinct().order_by("pk"):
        order, left = orders[parcel.shipment.order_id], parcel.shipment.dispatched_at
        if left is None:
            continue
        zone = order.channel.zone
        end = datetime.combine(_promised(order), time(20), tzinfo=zone).astimezone(UTC)
        here = now.astimezone(zone)
        url = f"/shipping/shipments/{parcel.shipment_id}/"
        name = f"{carrier_name(parcel.carrier)} {parcel.tracking_number}".strip()
        status = TrackingStatus(parcel.tracking_status)
        if status in {TrackingStatus.EXPECTED, TrackingStatus.DISPATCHED} and now >= (
            left + (end - left) / 2
        ):
            words = (
                f"{name} left {day_words(left.astimezone(zone).date())} and was not scanned since;"
            )
            words += f" it is promised for {day_words(_promised(order))}."
            yield order.pk, Danger(words, url)
        elif here.date() == _promised(order) and here.time() >= NOON and status not in NEARLY_THERE:
            words = (
                f"{name} is promised for today and not out for delivery: {status.label.lower()}."
            )
            yield order.pk, Danger(words, url)


def _expected_later(orders: dict[int, Order]) -> Iterator[tuple[int, Danger]]:
    for order in orders.values():
        day = _promised(order)
        if order.expected_on is None:
            words = f"Nobody knows when its goods come; promised is {day_words(day)}."
            yield order.pk, Danger(words, _page(order.pk))
        elif order.expected_on > day:
            words = (
                f"By all that is known it arrives on {day_words(order.expected_on)}, promised is"
                f" {day_words(day)}."
            )
            yield order.pk, Danger(words, _page(order.pk))
