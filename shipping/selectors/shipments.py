"""Shipments as pages and papers show them, within what a user may see."""

from collections.abc import Iterable

from django.db.models import (
    Count,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    Sum,
    prefetch_related_objects,
)
from django.http import Http404

from core.models import Document, User
from orders.models import Order
from shipping.models import Label, Parcel, ParcelLine, Shipment, TrackingEvent
from shipping.selectors.scope import location_scope
from shipping.states import ShipmentState

MOST_ALIKE = 20  # carriers use numbers again, but not that often


def shipments_seen_by(user: User) -> QuerySet[Shipment]:
    """The shipments of the user's locations."""
    return Shipment.objects.filter(location_scope(user, "fulfilment__location"))


def shipment_seen_by(user: User, shipment_id: int) -> Shipment:
    """One shipment with what its page names; Http404 when it is not the user's to see."""
    shipment = (
        shipments_seen_by(user)
        .select_related("order", "fulfilment__location", "service")
        .filter(pk=shipment_id)
        .first()
    )
    if shipment is None:
        raise Http404("No such shipment, or it is not yours to see.")
    return shipment


def parcel_seen_by(user: User, parcel_id: int) -> Parcel:
    """One parcel; Http404 when it is not the user's to see."""
    parcel = (
        Parcel.objects.filter(location_scope(user, "shipment__fulfilment__location"))
        .select_related("shipment__order", "shipment__fulfilment__location")
        .filter(pk=parcel_id)
        .first()
    )
    if parcel is None:
        raise Http404("No such parcel, or it is not yours to see.")
    return parcel


def with_contents(parcels: QuerySet[Parcel]) -> QuerySet[Parcel]:
    """Parcels with lines, labels and events: four queries, however many parcels."""
    return parcels.prefetch_related(
        Prefetch(
            "lines",
            ParcelLine.objects.select_related("fulfilment_line__order_line__kit").order_by(
                "fulfilment_line__order_line__position", "pk"
            ),
        ),
        Prefetch("labels", Label.objects.order_by("-pk")),
        Prefetch("events", TrackingEvent.objects.order_by("-occurred_at", "-pk")),
    )


def parcels_of(shipment: Shipment) -> list[Parcel]:
    """The filled parcels of a shipment, with contents, in their order."""
    rows = with_contents(Parcel.objects.filter(shipment=shipment).order_by("position"))
    return [parcel for parcel in rows if parcel.lines.all()]


def shipments_for_list(user: User) -> QuerySet[Shipment]:
    """Shipments as a list shows them: counts and the first parcel's tracking stand on each row."""
    first = Parcel.objects.filter(shipment=OuterRef("pk")).order_by("position")
    tracked = first.exclude(tracking_number="")
    counted = (
        ParcelLine.objects.filter(parcel__shipment=OuterRef("pk"))
        .order_by()
        .values("parcel__shipment")
        .annotate(units=Sum("quantity"), boxes=Count("parcel", distinct=True))
    )
    return (
        shipments_seen_by(user)
        .select_related("order", "fulfilment__location", "service")
        .annotate(
            units=Subquery(counted.values("units")),
            boxes=Subquery(counted.values("boxes")),
            tracking_number=Subquery(tracked.values("tracking_number")[:1]),
            tracking_status=Subquery(tracked.values("tracking_status")[:1]),
            tracked_at=Subquery(tracked.values("tracked_at")[:1]),
        )
    )


def shipments_of_order(order: Order) -> list[Shipment]:
    """An order's shipments that count, with parcels and all in them. Five queries, and none when
    asked again.
    """
    parcels = Prefetch("parcels", with_contents(Parcel.objects.order_by("position")))
    rows = Shipment.objects.select_related("service", "fulfilment__location").order_by("pk")
    prefetch_related_objects([order], Prefetch("shipments", rows.prefetch_related(parcels)))
    return [one for one in order.shipments.all() if one.state != ShipmentState.CANCELLED]


def papers_of(shipments: Iterable[Shipment], fulfilment_ids: Iterable[int]) -> QuerySet[Document]:
    """The documents about these shipments, their parcels and fulfilments, newest first."""
    rows = list(shipments)
    parcels = [parcel.pk for shipment in rows for parcel in shipment.parcels.all()]
    return Document.objects.filter(
        Q(subject_type="shipment", subject_id__in=[row.pk for row in rows])
        | Q(subject_type="parcel", subject_id__in=parcels)
        | Q(subject_type="fulfilment", subject_id__in=list(fulfilment_ids))
    ).order_by("-pk")


def shipments_tracked_by(number: str) -> list[int]:
    """The ids of shipments with a parcel of that tracking number, in capitals or not. Indexed."""
    told = {number.strip(), number.strip().upper()}
    found = Parcel.objects.filter(tracking_number__in=told).order_by("-pk")
    return list(found.values_list("shipment_id", flat=True)[:MOST_ALIKE])


def parcel_by_tracking(number: str) -> list[Parcel]:
    """The dispatched parcels that carry a tracking number: carriers use numbers again."""
    return list(
        Parcel.objects.filter(
            tracking_number__iexact=number.strip(), shipment__state=ShipmentState.DISPATCHED
        )
        .select_related("shipment")
        .order_by("-pk")
    )
