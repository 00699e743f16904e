"""Tracking: what is heard of parcels is kept as it came, and their status reduced from all of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from django.db import transaction

from core import actors, attention
from core.outbox import publish_all
from orders.models import Order
from orders.services import record_delivered, record_transit
from shipping.errors import BadTracking
from shipping.events import ParcelDelivered, ParcelTracked
from shipping.models import Parcel, ParcelLine, Shipment, TrackingEvent
from shipping.projections import Heard, Whereabouts, reduce_events
from shipping.selectors.lanes import patience
from shipping.services.guarding import lock_shipment
from shipping.services.watching import STALLED
from shipping.states import EventSource, ShipmentState, TrackingStatus

TROUBLED = "tracking_problem"
CLOCK_SKEW = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Report:
    """One thing heard of a parcel. `event_id` is the teller's own id of it, where it has one."""

    status: TrackingStatus
    occurred_at: datetime
    text: str = ""
    place: str = ""
    event_id: str = ""

    @property
    def dedupe(self) -> str:
        if self.event_id:
            return f"id:{self.event_id}"[:100]
        said = f"{self.status}|{self.occurred_at.isoformat()}|{self.text.strip()}|{self.place}"
        return sha256(said.encode()).hexdigest()


@transaction.atomic
def record_tracking(
    *, parcel_id: int, reports: Sequence[Report], source: EventSource, now: datetime
) -> int:
    """Keep what was heard of a parcel; returns how many events were new. In whatever order and
    however often they are told, the same events end alike. Raises BadTracking.
    """
    order, shipment, parcel = _lock_parcel(parcel_id)
    if shipment.state != ShipmentState.DISPATCHED:
        raise BadTracking(
            f"{shipment.number} has not left yet, so nothing can have happened to it on the road."
        )
    for report in reports:
        if report.occurred_at > now + CLOCK_SKEW:
            raise BadTracking(
                f"{report.occurred_at:%d %B %Y %H:%M} lies in the future; an event can only be"
                " recorded after it happened.",
                field="occurred_at",
            )
        if report.status not in TrackingStatus.reportable():
            raise BadTracking("Choose what happened to the parcel.", field="status")
    new = _keep(parcel, reports, source, now=now)
    if new:
        _apply(order, shipment, parcel, now=now)
    return new


def note_handed_over(shipment: Shipment, *, now: datetime) -> None:
    """The parcels of a shipment that leaves were given to the carrier; the first event of each."""
    location = shipment.fulfilment.location
    for parcel in shipment.parcels.all():
        report = Report(
            TrackingStatus.DISPATCHED,
            now,
            f"Left our {location.get_kind_display().lower()} in {location.city or location.name}",
            location.city or location.name,
            event_id="handed-over",
        )
        _keep(parcel, [report], EventSource.HOUSE, now=now)
        _reduce(shipment, parcel)


def _lock_parcel(parcel_id: int) -> tuple[Order, Shipment, Parcel]:
    shipment_id = Parcel.objects.filter(pk=parcel_id).values_list("shipment_id", flat=True).first()
    if shipment_id is None:
        raise BadTracking("This parcel does not exist; look it up by its tracking number.")
    order, shipment = lock_shipment(shipment_id)
    return order, shipment, Parcel.objects.get(pk=parcel_id)


def _keep(parcel: Parcel, reports: Sequence[Report], source: EventSource, *, now: datetime) -> int:
    who = actors.current().actor
    known = set(parcel.events.values_list("dedupe", flat=True))
    fresh = {report.dedupe: report for report in reports if report.dedupe not in known}
    TrackingEvent.objects.bulk_create(
        TrackingEvent(
            parcel=parcel,
            status=report.status,
            occurred_at=report.occurred_at,
            text=report.text.strip()[:300],
            place=report.place.strip()[:120],
            source=source,
            dedupe=dedupe,
            recorded_at=now,
            actor_kind=who.kind,
            actor_key=who.key,
            actor_label=who.label[:150],
        )
        for dedupe, report in fresh.items()
    )
    return len(fresh)


def _reduce(shipment: Shipment, parcel: Parcel) -> Whereabouts:
    """Set the parcel's tracking columns from all its events; returns what they come to."""
    events = [Heard(*row) for row in parcel.events.values_list("status", "occurred_at")]
    found = reduce_events(events)
    parcel.tracking_status = found.status
    parcel.tracked_at = found.since
    parcel.delivered_at = found.delivered_at
    heard_last = max(event.occurred_at for event in events)
    is_over = found.status in TrackingStatus.ended()
    parcel.quiet_after = None if is_over else heard_last + patience(shipment)
    parcel.save(update_fields=["tracking_status", "tracked_at", "delivered_at", "quiet_after"])
    return found


def _apply(order: Order, shipment: Shipment, parcel: Parcel, *, now: datetime) -> None:
    """Bring the parcel up to date and tell what changed: at its first arrival, the order too."""
    before, had_arrived = parcel.tracking_status, parcel.delivered_at is not None
    found = _reduce(shipment, parcel)
    facts: list[ParcelTracked | ParcelDelivered] = []
    if found.status != before and found.since is not None:
        facts.append(
            ParcelTracked(
                order_id=order.pk,
                shipment_id=shipment.pk,
                parcel_id=parcel.pk,
                tracking_number=parcel.tracking_number,
                status=found.status,
                words=found.status.label,
                occurred_at=found.since.isoformat(),
            )
        )
    if found.delivered_at and not had_arrived:
        facts.append(_arrived(order, shipment, parcel, found.delivered_at, now=now))
    publish_all(facts)
    _watch(shipment, parcel, found)


def _arrived(
    order: Order, shipment: Shipment, parcel: Parcel, at: datetime, *, now: datetime
) -> ParcelDelivered:
    """Tell the order that the parcel's units arrived; once per parcel, guarded by its own column."""
    units: dict[int, int] = {}
    for row in ParcelLine.objects.filter(parcel=parcel).select_related("fulfilment_line"):
        line_id = row.fulfilment_line.order_line_id
        units[line_id] = units.get(line_id, 0) + row.quantity
    if not _on_the_road(shipment_id=shipment.pk):
        shipment.delivered_at = now
        shipment.save(update_fields=["delivered_at"])
    record_delivered(
        fulfilment_id=shipment.fulfilment_id,
        units=units,
        is_all=not _on_the_road(shipment__fulfilment_id=shipment.fulfilment_id),
        now=now,
    )
    record_transit(
        key=f"parcel:{parcel.pk}",
        order_id=order.pk,
        location_id=shipment.fulfilment.location_id,
        service_id=shipment.service_id,
        country=shipment.ship_country,
        handed_over_at=shipment.dispatched_at or at,
        delivered_at=at,
        now=now,
    )
    fresh = Order.objects.get(pk=order.pk)
    return ParcelDelivered(
        order_id=order.pk,
        shipment_id=shipment.pk,
        parcel_id=parcel.pk,
        tracking_number=parcel.tracking_number,
        delivered_at=at.isoformat(),
        is_last=fresh.units_open == 0 and fresh.units_delivered >= fresh.units_shipped,
        is_historical=order.is_historical,
    )


def _on_the_road(**which: int) -> bool:
    """Whether any of these dispatched parcels has not arrived."""
    return Parcel.objects.filter(
        shipment__state=ShipmentState.DISPATCHED,
        delivered_at=None,
        lines__isnull=False,
        **which,
    ).exists()


def _watch(shipment: Shipment, parcel: Parcel, found: Whereabouts) -> None:
    """Something was heard, so nothing is stalled; trouble is put before people."""
    attention.resolve(kind=STALLED, subject_type="parcel", subject_ids=[parcel.pk])
    if found.status not in TrackingStatus.troubled():
        attention.resolve(kind=TROUBLED, subject_type="parcel", subject_ids=[parcel.pk])
        return
    latest = parcel.events.order_by("-occurred_at", "-id").first()
    attention.raise_item(
        kind=TROUBLED,
        subject_type="parcel",
        subject_id=parcel.pk,
        title=f"{shipment.number}: {parcel.tracking_number} – {found.status.label.lower()}",
        detail=latest.text if latest else "",
        url=f"/shipping/shipments/{shipment.pk}/",
    )
