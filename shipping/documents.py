"""Printed papers of shipping: pick list, packing slip, shipping receipt and our own label."""

from typing import Any

from django.db.models import QuerySet

from core.documents import DocumentKind, register_kind
from core.models import Document, PageSize, User
from orders.models import Fulfilment
from shipping.gateways.registry import carrier_name
from shipping.models import Label, Parcel, Shipment
from shipping.rights import SEE_SHIPMENTS
from shipping.selectors.scope import location_scope
from shipping.selectors.shipments import parcels_of
from shipping.selectors.work import gift_notes, list_lines, packing_notes
from shipping.services.labelling import address_of
from shipping.states import LabelState


def pick_list(fulfilment_id: int) -> dict[str, Any]:
    """What to take from which bin, in the order of one walk."""
    fulfilment = Fulfilment.objects.select_related(
        "order__channel__legal_entity", "order__shipping_service", "location"
    ).get(pk=fulfilment_id)
    lines = list_lines([fulfilment_id])[fulfilment_id]
    return {
        "fulfilment": fulfilment,
        "order": fulfilment.order,
        "lines": lines,
        "units": sum(line.units for line in lines),
        "instructions": packing_notes(fulfilment.order_id),
        "entity": fulfilment.order.channel.legal_entity,
        "time_zone": fulfilment.location.time_zone,
    }


def packing_slip(shipment_id: int) -> dict[str, Any]:
    """What lies in which parcel: the paper that goes into the box. No prices."""
    shipment = _shipment(shipment_id)
    return {
        "shipment": shipment,
        "order": shipment.order,
        "parcels": parcels_of(shipment),
        "gifts": gift_notes(shipment.order_id),
        "entity": shipment.order.channel.legal_entity,
        "time_zone": shipment.fulfilment.location.time_zone,
    }


def shipping_receipt(shipment_id: int) -> dict[str, Any]:
    """What was handed to the carrier, when and for how much: kept as proof."""
    shipment = _shipment(shipment_id)
    parcels = parcels_of(shipment)
    carrier = next((parcel.carrier for parcel in parcels if parcel.carrier), "")
    return {
        "shipment": shipment,
        "order": shipment.order,
        "parcels": parcels,
        "carrier": carrier_name(carrier),
        "weight_g": sum(parcel.weight_g for parcel in parcels),
        "sender": address_of(shipment.fulfilment.location),
        "entity": shipment.order.channel.legal_entity,
        "time_zone": shipment.fulfilment.location.time_zone,
    }


def label(parcel_id: int) -> dict[str, Any]:
    """Our own label: 100 × 150 mm, with the tracking number as a bar code."""
    parcel = Parcel.objects.select_related(
        "shipment__order__channel__legal_entity", "shipment__fulfilment__location"
    ).get(pk=parcel_id)
    shipment = parcel.shipment
    bought = Label.objects.filter(parcel=parcel).exclude(state=LabelState.FAILED).first()
    return {
        "parcel": parcel,
        "shipment": shipment,
        "order": shipment.order,
        "label": bought,
        "is_void": bought is not None and bought.state == LabelState.VOIDED,
        "parcel_count": shipment.parcels.count(),
        "sender": address_of(shipment.fulfilment.location),
        "entity": shipment.order.channel.legal_entity,
        "time_zone": shipment.fulfilment.location.time_zone,
    }


def _shipment(shipment_id: int) -> Shipment:
    return Shipment.objects.select_related(
        "order__channel__legal_entity", "fulfilment__location", "service"
    ).get(pk=shipment_id)


def _of_my_work(user: User, rows: QuerySet[Document]) -> QuerySet[Document]:
    mine = Fulfilment.objects.filter(location_scope(user))
    return rows.filter(subject_id__in=mine.values("pk"))


def _of_my_shipments(user: User, rows: QuerySet[Document]) -> QuerySet[Document]:
    mine = Shipment.objects.filter(location_scope(user, "fulfilment__location"))
    return rows.filter(subject_id__in=mine.values("pk"))


def _of_my_parcels(user: User, rows: QuerySet[Document]) -> QuerySet[Document]:
    mine = Parcel.objects.filter(location_scope(user, "shipment__fulfilment__location"))
    return rows.filter(subject_id__in=mine.values("pk"))


PICK_LIST = register_kind(
    DocumentKind(
        code="pick_list",
        label="Pick list",
        subject_type="fulfilment",
        template="shipping/documents/pick_list.html",
        context=pick_list,
        right=SEE_SHIPMENTS,
        number=lambda pk: Fulfilment.objects.values_list("number", flat=True).get(pk=pk),
        scope=_of_my_work,
    )
)
PACKING_SLIP = register_kind(
    DocumentKind(
        code="packing_slip",
        label="Packing slip",
        subject_type="shipment",
        template="shipping/documents/packing_slip.html",
        context=packing_slip,
        right=SEE_SHIPMENTS,
        number=lambda pk: Shipment.objects.values_list("number", flat=True).get(pk=pk),
        scope=_of_my_shipments,
    )
)
SHIPPING_RECEIPT = register_kind(
    DocumentKind(
        code="shipping_receipt",
        label="Shipping receipt",
        subject_type="shipment",
        template="shipping/documents/shipping_receipt.html",
        context=shipping_receipt,
        right=SEE_SHIPMENTS,
        number=lambda pk: Shipment.objects.values_list("number", flat=True).get(pk=pk),
        scope=_of_my_shipments,
    )
)
LABEL = register_kind(
    DocumentKind(
        code="label",
        label="Label",
        subject_type="parcel",
        template="shipping/documents/label.html",
        context=label,
        right=SEE_SHIPMENTS,
        page=PageSize.LABEL,
        scope=_of_my_parcels,
    )
)
