"""Shipments for machines: labels, papers, dispatch, and what is heard of parcels."""

from datetime import UTC

from django.http import HttpRequest, HttpResponse
from ninja import Query

from core import documents
from core.api.client import client_of
from core.api.paging import read_page
from core.api.papers import PaperOut, paper_out
from core.api.rooms import Room
from core.api.shapes import Page, PathId, answer
from core.clock import in_zone, now
from shipping.api.scoped import (
    parcel_id_of,
    service_id_of,
    shipment_of,
    shipment_told,
    shipments_within,
)
from shipping.api.shapes import (
    HeardOut,
    LabelsIn,
    ShipmentFilters,
    ShipmentOut,
    TrackingIn,
    UnpackIn,
    parcel_out,
    shipment_out,
)
from shipping.documents import LABEL, PACKING_SLIP, SHIPPING_RECEIPT
from shipping.errors import CannotLabel
from shipping.models import Parcel
from shipping.rights import PICK_AND_PACK, RECORD_TRACKING, SEE_SHIPMENTS, VOID_LABELS
from shipping.services import (
    Report,
    buy_labels,
    dispatch_shipment,
    open_again,
    record_tracking,
    unpack,
    void_labels,
)
from shipping.states import EventSource

room = Room("Shipping")


@room.reads("/shipments", SEE_SHIPMENTS, Page[ShipmentOut])
def list_shipments(request: HttpRequest, filters: Query[ShipmentFilters]) -> HttpResponse:
    """List shipments, the newest first."""
    rows = shipments_within(client_of(request))
    if filters.state is not None:
        rows = rows.filter(state=filters.state)
    if filters.order_id is not None:
        rows = rows.filter(order_id=filters.order_id)
    return answer(read_page(rows, filters, shipment_out, order=("-created_at", "-id")))


@room.reads("/shipments/{shipment_id}", SEE_SHIPMENTS, ShipmentOut)
def read_shipment(request: HttpRequest, shipment_id: PathId) -> HttpResponse:
    """Read a shipment with its parcels."""
    return shipment_told(request, shipment_id)


@room.changes("/shipments/{shipment_id}/labels", PICK_AND_PACK, ShipmentOut)
def buy(request: HttpRequest, shipment_id: PathId, body: LabelsIn) -> HttpResponse:
    """Ask the carrier for a label for each parcel; read the shipment to see them come."""
    found = shipment_of(request, shipment_id)
    buy_labels(shipment_id=found.pk, service_id=service_id_of(body.service), now=now())
    return shipment_told(request, shipment_id)


@room.changes("/shipments/{shipment_id}/labels/void", VOID_LABELS, ShipmentOut)
def void(request: HttpRequest, shipment_id: PathId) -> HttpResponse:
    """Give the labels back."""
    void_labels(shipment_id=shipment_of(request, shipment_id).pk)
    return shipment_told(request, shipment_id)


@room.changes("/shipments/{shipment_id}/open", PICK_AND_PACK, ShipmentOut)
def open_parcels(request: HttpRequest, shipment_id: PathId) -> HttpResponse:
    """Open packed parcels again."""
    open_again(shipment_id=shipment_of(request, shipment_id).pk, now=now())
    return shipment_told(request, shipment_id)


@room.changes("/shipments/{shipment_id}/unpack", PICK_AND_PACK, ShipmentOut)
def take_out(request: HttpRequest, shipment_id: PathId, body: UnpackIn) -> HttpResponse:
    """Take everything out of the parcels."""
    unpack(shipment_id=shipment_of(request, shipment_id).pk, reason=body.reason, now=now())
    return shipment_told(request, shipment_id)


@room.changes("/shipments/{shipment_id}/dispatch", PICK_AND_PACK, ShipmentOut)
def send_off(request: HttpRequest, shipment_id: PathId) -> HttpResponse:
    """Say that a shipment left the house."""
    dispatch_shipment(shipment_id=shipment_of(request, shipment_id).pk, now=now())
    return shipment_told(request, shipment_id)


@room.changes("/parcels/{parcel_id}/tracking", RECORD_TRACKING, HeardOut)
def tell_tracking(request: HttpRequest, parcel_id: PathId, body: TrackingIn) -> HttpResponse:
    """Tell what was heard of a parcel, in any order and however often."""
    new = record_tracking(
        parcel_id=parcel_id_of(request, parcel_id),
        reports=[
            Report(one.status, in_zone(one.occurred_at, UTC), one.text, one.place, one.event_id)
            for one in body.reports
        ],
        source=EventSource.COMMAND,
        now=now(),
    )
    parcel = Parcel.objects.prefetch_related("lines", "serials__serial").get(pk=parcel_id)
    return answer(HeardOut(new=new, parcel=parcel_out(parcel)))


@room.changes("/parcels/{parcel_id}/label", SEE_SHIPMENTS, PaperOut)
def ask_label(request: HttpRequest, parcel_id: PathId) -> HttpResponse:
    """Ask for a parcel's label as a document; its shipment's labels are bought before."""
    parcel = Parcel.objects.get(pk=parcel_id_of(request, parcel_id))
    if not parcel.tracking_number:
        raise CannotLabel(f"Parcel {parcel.position} has no label yet; buy one first.")
    return answer(paper_out(documents.request(LABEL, parcel.pk)))


@room.changes("/shipments/{shipment_id}/packing-slip", SEE_SHIPMENTS, PaperOut)
def ask_packing_slip(request: HttpRequest, shipment_id: PathId) -> HttpResponse:
    """Ask for the packing slip as a document."""
    return answer(paper_out(documents.request(PACKING_SLIP, shipment_of(request, shipment_id).pk)))


@room.changes("/shipments/{shipment_id}/receipt", SEE_SHIPMENTS, PaperOut)
def ask_receipt(request: HttpRequest, shipment_id: PathId) -> HttpResponse:
    """Ask for the shipping receipt as a document."""
    found = shipment_of(request, shipment_id)
    return answer(paper_out(documents.request(SHIPPING_RECEIPT, found.pk)))
