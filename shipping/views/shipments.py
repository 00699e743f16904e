"""Shipments and their parcels: labels, papers, dispatch and what is heard from the road."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from core import documents
from core.access import requires
from core.errors import DomainError
from core.once import once
from core.views.acting import attempt, explain, lead
from shipping.documents import LABEL, PACKING_SLIP, SHIPPING_RECEIPT
from shipping.forms import ReasonForm, ServiceForm, TrackingForm
from shipping.models import Shipment
from shipping.rights import PICK_AND_PACK, RECORD_TRACKING, SEE_SHIPMENTS, VOID_LABELS
from shipping.selectors.shipments import (
    papers_of,
    parcel_seen_by,
    parcels_of,
    shipment_seen_by,
    shipments_of_order,
)
from shipping.services import (
    Report,
    blocked_reason,
    buy_labels,
    carrier_named,
    dispatch_shipment,
    open_again,
    record_tracking,
    unpack,
    void_labels,
)
from shipping.states import EventSource, LabelState, ShipmentState, TrackingStatus
from shipping.tables import ShipmentList

PAPERS = {one.code: one for one in (PACKING_SLIP, SHIPPING_RECEIPT)}
STEPS = (
    (ShipmentState.PREPARING, "Pack"),
    (ShipmentState.PACKED, "Label"),
    (ShipmentState.LABELLED, "Dispatch"),
)


@requires(SEE_SHIPMENTS)
def shipment_list(request: HttpRequest) -> HttpResponse:
    """What was packed, labelled and sent."""
    return ShipmentList(request).respond()


def _steps(shipment: Shipment) -> list[tuple[str, str]]:
    """Where the shipment stands on its way out of the house."""
    order = [state for state, _ in STEPS]
    at = order.index(shipment.state) if shipment.state in order else len(order)
    return [
        (label, "done" if place < at else "current" if place == at else "todo")
        for place, (_, label) in enumerate(STEPS)
    ]


@requires(SEE_SHIPMENTS)
def shipment_detail(request: HttpRequest, shipment_id: int) -> HttpResponse:
    """One shipment: parcels, labels, what is heard of them, and the next step."""
    shipment = shipment_seen_by(request.user, shipment_id)  # type: ignore[arg-type]
    parcels = parcels_of(shipment)
    for parcel in parcels:
        _dress(parcel)
    labels = [label for parcel in parcels for label in parcel.labels.all()]
    papers = papers_of([shipment], [shipment.fulfilment_id])
    context = {
        "shipment": shipment,
        "order": shipment.order,
        "parcels": parcels,
        "steps": _steps(shipment) if shipment.state != ShipmentState.CANCELLED else [],
        "blocked": blocked_reason(shipment.order) if shipment.is_open else "",
        "is_waiting": any(
            label.state in {LabelState.REQUESTED, LabelState.VOIDING} for label in labels
        ),
        "failed": [label for label in labels[:5] if label.state == LabelState.FAILED],
        "service_form": ServiceForm(initial={"service": shipment.service_id}),
        "papers": papers,
        "siblings": [one for one in shipments_of_order(shipment.order) if one.pk != shipment.pk],
    }
    return render(request, "shipping/shipment_detail.html", context)


def _dress(parcel: Any) -> None:
    """Add the carrier's own page of a parcel and the entries of its timeline."""
    try:
        carrier = carrier_named(parcel.carrier)
        parcel.tracking_url = carrier.tracking_url(parcel.tracking_number)
        parcel.carrier_label = carrier.name
    except DomainError:
        parcel.tracking_url, parcel.carrier_label = "", parcel.carrier


def _do(
    request: HttpRequest, shipment_id: int, verb: Callable[[Shipment], object], *, done: str = ""
) -> HttpResponse:
    """One verb on one of the user's shipments, and back to its page."""
    shipment = shipment_seen_by(request.user, shipment_id)  # type: ignore[arg-type]
    attempt(request, lambda: verb(shipment), done=done)
    return lead("shipping:shipment_detail", shipment.pk)


@requires(PICK_AND_PACK)
@require_POST
@once
def labels_buy(request: HttpRequest, shipment_id: int) -> HttpResponse:
    """Buy a label for each parcel."""
    form = ServiceForm(request.POST)
    chosen = form.cleaned_data["service"] if form.is_valid() else None
    return _do(
        request,
        shipment_id,
        lambda one: buy_labels(
            shipment_id=one.pk, service_id=chosen.pk if chosen else None, now=timezone.now()
        ),
    )


@requires(VOID_LABELS)
@require_POST
@once
def labels_void(request: HttpRequest, shipment_id: int) -> HttpResponse:
    """Give the labels back."""
    return _do(
        request,
        shipment_id,
        lambda one: void_labels(shipment_id=one.pk),
        done="The labels are void; do not use them.",
    )


@requires(PICK_AND_PACK)
@require_POST
@once
def shipment_open(request: HttpRequest, shipment_id: int) -> HttpResponse:
    """Open packed parcels again."""
    shipment = shipment_seen_by(request.user, shipment_id)  # type: ignore[arg-type]
    opened = attempt(request, lambda: open_again(shipment_id=shipment.pk, now=timezone.now()))
    if opened is None:
        return lead("shipping:shipment_detail", shipment.pk)
    return lead("shipping:pack_page", shipment.fulfilment_id)


@requires(PICK_AND_PACK)
@require_POST
@once
def shipment_unpack(request: HttpRequest, shipment_id: int) -> HttpResponse:
    """Take everything out of the parcels."""
    shipment = shipment_seen_by(request.user, shipment_id)  # type: ignore[arg-type]
    form = ReasonForm(request.POST)
    if not form.is_valid():
        explain(request, form)
        return lead("shipping:shipment_detail", shipment.pk)
    undone = attempt(
        request,
        lambda: unpack(
            shipment_id=shipment.pk, reason=form.cleaned_data["reason"], now=timezone.now()
        ),
        done=f"{shipment.number} is unpacked; its goods are in hand.",
    )
    if undone is None:
        return lead("shipping:shipment_detail", shipment.pk)
    return lead("shipping:pick_page", shipment.fulfilment_id)


@requires(PICK_AND_PACK)
@require_POST
@once
def shipment_dispatch(request: HttpRequest, shipment_id: int) -> HttpResponse:
    """The shipment leaves the house."""
    return _do(
        request,
        shipment_id,
        lambda one: dispatch_shipment(shipment_id=one.pk, now=timezone.now()),
        done="It has left. From here only a return brings it back.",
    )


@requires(SEE_SHIPMENTS)
@require_POST
def paper_request(request: HttpRequest, shipment_id: int, code: str) -> HttpResponse:
    """Print a packing slip or a shipping receipt."""
    shipment = shipment_seen_by(request.user, shipment_id)  # type: ignore[arg-type]
    if code not in PAPERS:
        raise Http404("No such paper.")
    document = documents.request(PAPERS[code], shipment.pk)
    return redirect("document_detail", document.pk)


@requires(SEE_SHIPMENTS)
@require_POST
def label_print(request: HttpRequest, parcel_id: int) -> HttpResponse:
    """Print a parcel's label, once more if need be."""
    parcel = parcel_seen_by(request.user, parcel_id)  # type: ignore[arg-type]
    if not parcel.tracking_number:
        messages.error(request, f"Parcel {parcel.position} has no label yet; buy one first.")
        return lead("shipping:shipment_detail", parcel.shipment_id)
    return redirect("document_detail", documents.request(LABEL, parcel.pk).pk)


@requires(RECORD_TRACKING)
@once
def tracking_add(request: HttpRequest, parcel_id: int) -> HttpResponse:
    """Say what was heard of a parcel."""
    parcel = parcel_seen_by(request.user, parcel_id)  # type: ignore[arg-type]
    form = TrackingForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        report = Report(
            TrackingStatus(form.cleaned_data["status"]),
            form.cleaned_data["occurred_at"],
            form.cleaned_data["text"],
            form.cleaned_data["place"],
        )
        try:
            new = record_tracking(
                parcel_id=parcel.pk, reports=[report], source=EventSource.STAFF, now=timezone.now()
            )
        except DomainError as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        else:
            said = "Recorded." if new else "That was known already; nothing changed."
            messages.success(request, said)
            return lead("shipping:shipment_detail", parcel.shipment_id)
    status = 422 if form.is_bound else 200
    context = {"form": form, "parcel": parcel, "shipment": parcel.shipment}
    return render(request, "shipping/tracking_form.html", context, status=status)
