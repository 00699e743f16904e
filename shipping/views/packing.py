"""Packing one piece of work: scans and quantities into parcels, then their measures."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_POST

from core.access import requires
from core.errors import DomainError
from core.once import once
from core.sent import whole_numbers
from core.views.acting import attempt, explain, lead, number_of, show
from orders.models import Fulfilment
from shipping.forms import FinishForm, QuantityForm, ScanForm
from shipping.models import Parcel, Shipment
from shipping.rights import PICK_AND_PACK
from shipping.selectors.shipments import parcel_seen_by
from shipping.selectors.work import (
    gift_notes,
    live_pick,
    open_shipment,
    packing_notes,
    pick_lines,
    scan_named,
)
from shipping.services import (
    acknowledge_notes,
    add_parcel,
    blocked_reason,
    empty_parcel,
    finish_packing,
    scan_pack,
    set_packed,
)
from shipping.states import ShipmentState
from shipping.views.work import work_of


@requires(PICK_AND_PACK)
def pack_page(request: HttpRequest, fulfilment_id: int) -> HttpResponse:
    """Is this box right? Every item is verified before the parcels can be closed."""
    fulfilment = work_of(request, fulfilment_id)
    shipment = open_shipment(fulfilment)
    if shipment is not None and shipment.state != ShipmentState.PREPARING:
        return lead("shipping:shipment_detail", shipment.pk)
    return _show(request, fulfilment, shipment, None)


def _show(
    request: HttpRequest,
    fulfilment: Fulfilment,
    shipment: Shipment | None,
    form: FinishForm | None,
) -> HttpResponse:
    pick = live_pick(fulfilment)
    lines = pick_lines(pick) if pick else []
    parcels = list(shipment.parcels.all()) if shipment else []
    filled = [parcel for parcel in parcels if parcel.lines.all()]
    if form is None and filled:
        form = FinishForm(filled, estimates(filled), initial=_service_of(fulfilment, shipment))
    notes = packing_notes(fulfilment.order_id)
    read = set(shipment.acknowledged_notes) if shipment else set()
    asked = number_of(request, "parcel")
    context: dict[str, object] = {
        "fulfilment": fulfilment,
        "order": fulfilment.order,
        "pick": pick,
        "lines": lines,
        "shipment": shipment,
        "parcels": parcels,
        "parcel": next(
            (one for one in parcels if one.pk == asked), parcels[-1] if parcels else None
        ),
        "scan": scan_named(pick, number_of(request, "scan")),
        "packed": sum(line.packed for line in lines),
        "wanted": sum(line.wanted for line in lines),
        "missing": [line for line in lines if line.packed < line.wanted],
        "surplus": [line for line in lines if line.packed > line.wanted],
        "unpicked": [line for line in lines if line.to_pick],
        "unread": [note for note in notes if note.pk not in read],
        "notes": notes,
        "gifts": gift_notes(fulfilment.order_id),
        "blocked": blocked_reason(fulfilment.order),
        "form": form,
    }
    status = 422 if form is not None and form.is_bound else 200
    return show(
        request, "shipping/pack_page.html", "shipping/pack_part.html", context, status=status
    )


def estimates(parcels: list[Parcel]) -> dict[int, int]:
    """What each parcel weighs by its contents, in grams. Reads lines: prefetch them."""
    return {
        parcel.pk: sum(
            row.quantity * row.fulfilment_line.order_line.weight_g for row in parcel.lines.all()
        )
        for parcel in parcels
    }


def _service_of(fulfilment: Fulfilment, shipment: Shipment | None) -> dict[str, int | None]:
    chosen = shipment.service_id if shipment else None
    return {"service": chosen or fulfilment.order.shipping_service_id}


@requires(PICK_AND_PACK)
@require_POST
@once
def pack_scan(request: HttpRequest, fulfilment_id: int) -> HttpResponse:
    """Read one code into the parcel."""
    fulfilment = work_of(request, fulfilment_id)
    form = ScanForm(request.POST)
    if not form.is_valid():
        explain(request, form)
        return lead("shipping:pack_page", fulfilment.pk)
    parcel_id = form.cleaned_data["parcel"]
    scan = attempt(
        request,
        lambda: scan_pack(
            fulfilment_id=fulfilment.pk,
            code=form.cleaned_data["code"],
            parcel_id=parcel_id,
            now=timezone.now(),
        ),
    )
    return lead(
        "shipping:pack_page", fulfilment.pk, scan=scan.pk if scan else None, parcel=parcel_id
    )


@requires(PICK_AND_PACK)
@require_POST
@once
def pack_quantity(request: HttpRequest, fulfilment_id: int) -> HttpResponse:
    """Say by keyboard how many units lie in the parcel."""
    fulfilment = work_of(request, fulfilment_id)
    form, scan_form = QuantityForm(request.POST), ScanForm({**request.POST.dict(), "code": "-"})
    if not (form.is_valid() and scan_form.is_valid()):
        explain(request, form)
        return lead("shipping:pack_page", fulfilment.pk)
    parcel_id = scan_form.cleaned_data["parcel"]
    attempt(
        request,
        lambda: set_packed(
            fulfilment_id=fulfilment.pk,
            quantities={form.cleaned_data["line"]: form.cleaned_data["quantity"]},
            parcel_id=parcel_id,
            now=timezone.now(),
        ),
    )
    return lead("shipping:pack_page", fulfilment.pk, parcel=parcel_id)


@requires(PICK_AND_PACK)
@require_POST
@once
def pack_rest(request: HttpRequest, fulfilment_id: int) -> HttpResponse:
    """Everything in hand goes into the parcel, without scanning; the log says who said so."""
    fulfilment = work_of(request, fulfilment_id)
    form = ScanForm({**request.POST.dict(), "code": "-"})
    parcel_id = form.cleaned_data["parcel"] if form.is_valid() else None
    attempt(
        request,
        lambda: set_packed(
            fulfilment_id=fulfilment.pk,
            quantities=None,
            parcel_id=parcel_id,
            now=timezone.now(),
        ),
    )
    return lead("shipping:pack_page", fulfilment.pk, parcel=parcel_id)


@requires(PICK_AND_PACK)
@require_POST
@once
def pack_parcel(request: HttpRequest, fulfilment_id: int) -> HttpResponse:
    """Begin another parcel."""
    fulfilment = work_of(request, fulfilment_id)
    parcel = attempt(request, lambda: add_parcel(fulfilment_id=fulfilment.pk, now=timezone.now()))
    return lead("shipping:pack_page", fulfilment.pk, parcel=parcel.pk if parcel else None)


@requires(PICK_AND_PACK)
@require_POST
@once
def parcel_empty(request: HttpRequest, parcel_id: int) -> HttpResponse:
    """Take everything out of one parcel."""
    parcel = parcel_seen_by(request.user, parcel_id)  # type: ignore[arg-type]
    attempt(request, lambda: empty_parcel(parcel_id=parcel.pk))
    return lead("shipping:pack_page", parcel.shipment.fulfilment_id)


@requires(PICK_AND_PACK)
@require_POST
@once
def pack_acknowledge(request: HttpRequest, fulfilment_id: int) -> HttpResponse:
    """The packing instructions were read."""
    fulfilment = work_of(request, fulfilment_id)
    ids = whole_numbers(request.POST.getlist("note"))
    attempt(
        request,
        lambda: acknowledge_notes(fulfilment_id=fulfilment.pk, note_ids=ids, now=timezone.now()),
    )
    return lead("shipping:pack_page", fulfilment.pk)


@requires(PICK_AND_PACK)
@require_POST
@once
def pack_finish(request: HttpRequest, fulfilment_id: int) -> HttpResponse:
    """Close the parcels."""
    fulfilment = work_of(request, fulfilment_id)
    shipment = open_shipment(fulfilment)
    parcels = [one for one in shipment.parcels.all() if one.lines.all()] if shipment else []
    form = FinishForm(parcels, {}, request.POST)
    if form.is_valid():
        try:
            packed = finish_packing(
                fulfilment_id=fulfilment.pk,
                boxes=form.boxes(),
                service_id=form.cleaned_data["service"],
                is_partial=request.POST.get("partial") == "yes",
                now=timezone.now(),
            )
        except DomainError as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        else:
            return lead("shipping:shipment_detail", packed.pk)
    return _show(request, fulfilment, shipment, form)
