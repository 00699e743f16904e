"""Shipping for machines: work picked, packed, labelled, dispatched, and what is heard of parcels."""

from datetime import UTC, datetime

from django.db.models import Prefetch, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from ninja import Query
from pydantic import Field

from core.api.client import Client, client_of
from core.api.paging import Paged, read_page
from core.api.rooms import Room
from core.api.shapes import Id, Input, Moment, Output, Page, PathId, answer
from core.api.texts import Reason, Word, text_field
from core.clock import in_zone, now
from orders.models import Fulfilment, ShippingService
from orders.states import FulfilmentState
from shipping.errors import BadParcel
from shipping.models import Parcel, Shipment
from shipping.rights import PICK_AND_PACK, RECORD_TRACKING, SEE_SHIPMENTS, VOID_LABELS
from shipping.services import (
    Box,
    Report,
    buy_labels,
    dispatch_shipment,
    finish_packing,
    open_again,
    pick_all,
    put_back,
    record_tracking,
    set_packed,
    start_picking,
    unpack,
    void_labels,
)
from shipping.states import EventSource, ShipmentState, TrackingStatus

room = Room("Shipping")


class WorkLineOut(Output):
    id: int
    order_line_id: int
    sku: str
    name: str
    quantity: int
    shipped: int
    short: int


class WorkOut(Output):
    """What one location is to send."""

    id: int
    number: str
    order_id: int
    location: str
    state: FulfilmentState
    ship_by: datetime | None
    lines: list[WorkLineOut]


class ParcelOut(Output):
    id: int
    position: int
    weight_g: int
    carrier: str
    tracking_number: str
    tracking_status: TrackingStatus
    delivered_at: datetime | None


class ShipmentOut(Output):
    """What leaves a location together."""

    id: int
    number: str
    order_id: int
    fulfilment_id: int
    state: ShipmentState
    service: str | None
    created_at: datetime
    dispatched_at: datetime | None
    delivered_at: datetime | None
    parcels: list[ParcelOut]


class WorkFilters(Paged):
    state: FulfilmentState | None = None
    order_id: Id | None = None
    location: Word | None = Field(None, description="The location's code.")


class ShipmentFilters(Paged):
    state: ShipmentState | None = None
    order_id: Id | None = None


class BoxIn(Input):
    """The measures of one parcel; null `parcel_id` is the first, sides of 0 are not measured."""

    parcel_id: Id | None = None
    weight_g: int = Field(ge=1, le=1_000_000)
    length_mm: int = Field(0, ge=0, le=5_000)
    width_mm: int = Field(0, ge=0, le=5_000)
    height_mm: int = Field(0, ge=0, le=5_000)

    def box(self) -> Box:
        return Box(self.weight_g, self.length_mm, self.width_mm, self.height_mm)


class CloseParcelsIn(Input):
    boxes: list[BoxIn] = Field(min_length=1, max_length=100)
    service: str | None = Field(None, max_length=30, pattern=r"^[^\x00]*$")
    is_partial: bool = False


class LabelsIn(Input):
    """Another service than the shipment's, by its code."""

    service: str | None = Field(None, max_length=30, pattern=r"^[^\x00]*$")


class UnpackIn(Input):
    reason: Reason


class ReportIn(Input):
    """One thing heard of a parcel; told twice, it is one."""

    status: TrackingStatus
    occurred_at: Moment
    text: str = text_field(300)
    place: str = text_field(100)
    event_id: str = text_field(90)


class TrackingIn(Input):
    reports: list[ReportIn] = Field(min_length=1, max_length=200)


class HeardOut(Output):
    """How many of the reports were new, and where the parcel is."""

    new: int
    parcel: ParcelOut


def _work_out(one: Fulfilment) -> WorkOut:
    return WorkOut(
        id=one.pk,
        number=one.number,
        order_id=one.order_id,
        location=one.location.code,
        state=FulfilmentState(one.state),
        ship_by=one.ship_by,
        lines=[
            WorkLineOut(
                id=line.pk,
                order_line_id=line.order_line_id,
                sku=line.order_line.sku,
                name=line.order_line.name,
                quantity=line.quantity,
                shipped=line.shipped,
                short=line.short,
            )
            for line in one.lines.all()
        ],
    )


def _parcel_out(parcel: Parcel) -> ParcelOut:
    return ParcelOut(
        id=parcel.pk,
        position=parcel.position,
        weight_g=parcel.weight_g,
        carrier=parcel.carrier,
        tracking_number=parcel.tracking_number,
        tracking_status=TrackingStatus(parcel.tracking_status),
        delivered_at=parcel.delivered_at,
    )


def _shipment_out(one: Shipment) -> ShipmentOut:
    return ShipmentOut(
        id=one.pk,
        number=one.number,
        order_id=one.order_id,
        fulfilment_id=one.fulfilment_id,
        state=ShipmentState(one.state),
        service=one.service.code if one.service else None,
        created_at=one.created_at,
        dispatched_at=one.dispatched_at,
        delivered_at=one.delivered_at,
        parcels=[_parcel_out(parcel) for parcel in one.parcels.all()],
    )


def _work(client: Client) -> QuerySet[Fulfilment]:
    rows = Fulfilment.objects.select_related("location").prefetch_related("lines__order_line")
    return rows if client.channel_id is None else rows.filter(order__channel=client.channel_id)


def _shipments(client: Client) -> QuerySet[Shipment]:
    parcels = Prefetch("parcels", Parcel.objects.order_by("position"))
    rows = Shipment.objects.select_related("service").prefetch_related(parcels)
    return rows if client.channel_id is None else rows.filter(order__channel=client.channel_id)


def _work_id(request: HttpRequest, fulfilment_id: int) -> int:
    if not _work(client_of(request)).filter(pk=fulfilment_id).exists():
        raise Http404("No such fulfilment in this channel.")
    return fulfilment_id


def _work_told(request: HttpRequest, fulfilment_id: int) -> HttpResponse:
    return answer(_work_out(_work(client_of(request)).get(pk=fulfilment_id)))


def _shipment(request: HttpRequest, shipment_id: int) -> Shipment:
    found = _shipments(client_of(request)).filter(pk=shipment_id).first()
    if found is None:
        raise Http404("No such shipment in this channel.")
    return found


def _told(request: HttpRequest, shipment_id: int) -> HttpResponse:
    return answer(_shipment_out(_shipment(request, shipment_id)))


def _service_id(code: str | None) -> int | None:
    if not code:
        return None
    found = ShippingService.objects.filter(code=code, is_active=True).first()
    if found is None:
        raise BadParcel(f"No shipping service has the code “{code}”.", field="service")
    return found.pk


@room.reads("/fulfilments", SEE_SHIPMENTS, Page[WorkOut])
def list_fulfilments(request: HttpRequest, filters: Query[WorkFilters]) -> HttpResponse:
    """List what locations are to send, the newest first."""
    rows = _work(client_of(request))
    if filters.state is not None:
        rows = rows.filter(state=filters.state)
    if filters.order_id is not None:
        rows = rows.filter(order_id=filters.order_id)
    if filters.location is not None:
        rows = rows.filter(location__code=filters.location)
    return answer(read_page(rows, filters, _work_out))


@room.changes("/fulfilments/{fulfilment_id}/start", PICK_AND_PACK, WorkOut)
def start(request: HttpRequest, fulfilment_id: PathId) -> HttpResponse:
    """Begin to pick."""
    start_picking(fulfilment_id=_work_id(request, fulfilment_id), picker=None, now=now())
    return _work_told(request, fulfilment_id)


@room.changes("/fulfilments/{fulfilment_id}/pick", PICK_AND_PACK, WorkOut)
def pick(request: HttpRequest, fulfilment_id: PathId) -> HttpResponse:
    """Say that all of it is in hand."""
    pick_all(fulfilment_id=_work_id(request, fulfilment_id), now=now())
    return _work_told(request, fulfilment_id)


@room.changes("/fulfilments/{fulfilment_id}/put-back", PICK_AND_PACK, WorkOut)
def return_to_shelf(request: HttpRequest, fulfilment_id: PathId) -> HttpResponse:
    """Put what was picked back on its shelf."""
    put_back(fulfilment_id=_work_id(request, fulfilment_id), now=now())
    return _work_told(request, fulfilment_id)


@room.changes("/fulfilments/{fulfilment_id}/pack", PICK_AND_PACK, ShipmentOut)
def pack(request: HttpRequest, fulfilment_id: PathId) -> HttpResponse:
    """Put all that is in hand into a parcel."""
    made = set_packed(fulfilment_id=_work_id(request, fulfilment_id), quantities=None, now=now())
    return _told(request, made.pk)


@room.changes("/fulfilments/{fulfilment_id}/close", PICK_AND_PACK, ShipmentOut)
def close_parcels(
    request: HttpRequest, fulfilment_id: PathId, body: CloseParcelsIn
) -> HttpResponse:
    """Close the parcels, with their measures."""
    work_id = _work_id(request, fulfilment_id)
    first = (
        Parcel.objects.filter(shipment__fulfilment=work_id, shipment__state=ShipmentState.PREPARING)
        .order_by("position")
        .first()
    )
    made = finish_packing(
        fulfilment_id=work_id,
        boxes={one.parcel_id or (first.pk if first else 0): one.box() for one in body.boxes},
        service_id=_service_id(body.service),
        is_partial=body.is_partial,
        now=now(),
    )
    return _told(request, made.pk)


@room.reads("/shipments", SEE_SHIPMENTS, Page[ShipmentOut])
def list_shipments(request: HttpRequest, filters: Query[ShipmentFilters]) -> HttpResponse:
    """List shipments, the newest first."""
    rows = _shipments(client_of(request))
    if filters.state is not None:
        rows = rows.filter(state=filters.state)
    if filters.order_id is not None:
        rows = rows.filter(order_id=filters.order_id)
    return answer(read_page(rows, filters, _shipment_out, order=("-created_at", "-id")))


@room.reads("/shipments/{shipment_id}", SEE_SHIPMENTS, ShipmentOut)
def read_shipment(request: HttpRequest, shipment_id: PathId) -> HttpResponse:
    """Read a shipment with its parcels."""
    return _told(request, shipment_id)


@room.changes("/shipments/{shipment_id}/labels", PICK_AND_PACK, ShipmentOut)
def buy(request: HttpRequest, shipment_id: PathId, body: LabelsIn) -> HttpResponse:
    """Ask the carrier for a label for each parcel; read the shipment to see them come."""
    found = _shipment(request, shipment_id)
    buy_labels(shipment_id=found.pk, service_id=_service_id(body.service), now=now())
    return _told(request, shipment_id)


@room.changes("/shipments/{shipment_id}/labels/void", VOID_LABELS, ShipmentOut)
def void(request: HttpRequest, shipment_id: PathId) -> HttpResponse:
    """Give the labels back."""
    void_labels(shipment_id=_shipment(request, shipment_id).pk)
    return _told(request, shipment_id)


@room.changes("/shipments/{shipment_id}/open", PICK_AND_PACK, ShipmentOut)
def open_parcels(request: HttpRequest, shipment_id: PathId) -> HttpResponse:
    """Open packed parcels again."""
    open_again(shipment_id=_shipment(request, shipment_id).pk, now=now())
    return _told(request, shipment_id)


@room.changes("/shipments/{shipment_id}/unpack", PICK_AND_PACK, ShipmentOut)
def take_out(request: HttpRequest, shipment_id: PathId, body: UnpackIn) -> HttpResponse:
    """Take everything out of the parcels."""
    unpack(shipment_id=_shipment(request, shipment_id).pk, reason=body.reason, now=now())
    return _told(request, shipment_id)


@room.changes("/shipments/{shipment_id}/dispatch", PICK_AND_PACK, ShipmentOut)
def send_off(request: HttpRequest, shipment_id: PathId) -> HttpResponse:
    """Say that a shipment left the house."""
    dispatch_shipment(shipment_id=_shipment(request, shipment_id).pk, now=now())
    return _told(request, shipment_id)


@room.changes("/parcels/{parcel_id}/tracking", RECORD_TRACKING, HeardOut)
def tell_tracking(request: HttpRequest, parcel_id: PathId, body: TrackingIn) -> HttpResponse:
    """Tell what was heard of a parcel, in any order and however often."""
    within = _shipments(client_of(request)).filter(parcels=parcel_id)
    if not within.exists():
        raise Http404("No such parcel in this channel.")
    new = record_tracking(
        parcel_id=parcel_id,
        reports=[
            Report(one.status, in_zone(one.occurred_at, UTC), one.text, one.place, one.event_id)
            for one in body.reports
        ],
        source=EventSource.COMMAND,
        now=now(),
    )
    return answer(HeardOut(new=new, parcel=_parcel_out(Parcel.objects.get(pk=parcel_id))))
