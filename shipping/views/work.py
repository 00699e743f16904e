"""The queue of work, and picking one piece of it scan by scan."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from core import documents
from core.access import requires
from core.once import once
from core.views.acting import attempt, explain, lead, number_of, show
from orders.models import Fulfilment
from orders.states import FulfilmentState
from shipping.documents import PICK_LIST
from shipping.forms import QuantityForm, ScanForm, ShortForm
from shipping.models import Pick, PickLine
from shipping.rights import PICK_AND_PACK, SEE_SHIPMENTS
from shipping.selectors.work import (
    list_lines,
    live_pick,
    open_shipment,
    packing_notes,
    pick_lines,
    scan_named,
    work_or_none,
)
from shipping.services import (
    blocked_reason,
    pick_all,
    put_back,
    report_short,
    scan_pick,
    set_picked,
    start_picking,
    undo_last_pick,
)
from shipping.states import PickState, ShortReason
from shipping.tables import WorkList


@requires(SEE_SHIPMENTS)
def work_list(request: HttpRequest) -> HttpResponse:
    """What is to be picked and packed at my locations."""
    return WorkList(request).respond()


def work_of(request: HttpRequest, fulfilment_id: int) -> Fulfilment:
    """A fulfilment at the user's locations; that of another location is not there."""
    fulfilment = work_or_none(request.user, fulfilment_id)
    if fulfilment is None:
        raise Http404("No such work, or it is another location's.")
    return fulfilment


@requires(SEE_SHIPMENTS)
def pick_page(request: HttpRequest, fulfilment_id: int) -> HttpResponse:
    """One piece of work: what to take from where, one task at a time."""
    fulfilment = work_of(request, fulfilment_id)
    pick = live_pick(fulfilment)
    lines = pick_lines(pick) if pick else []
    current = _current(lines, number_of(request, "line"))
    context: dict[str, object] = {
        "fulfilment": fulfilment,
        "order": fulfilment.order,
        "pick": pick,
        "lines": lines,
        "current": current,
        "coming": [line for line in lines if line.to_pick and line is not current][:3],
        "scan": scan_named(pick, number_of(request, "scan")),
        "planned": [] if pick else list_lines([fulfilment.pk])[fulfilment.pk],
        "picked": sum(line.picked for line in lines),
        "wanted": sum(line.wanted for line in lines),
        "surplus": [line for line in lines if line.surplus],
        "in_hand": sum(line.picked - line.packed for line in lines),
        "blocked": blocked_reason(fulfilment.order),
        "notes": packing_notes(fulfilment.order_id),
        "shipment": open_shipment(fulfilment) if pick else None,
        "reasons": ShortReason.choices,
        "may_start": fulfilment.state == FulfilmentState.READY,
        "is_open": fulfilment.state in FulfilmentState.open_states(),
        "is_done": pick is not None and pick.state == PickState.DONE,
    }
    return show(request, "shipping/pick_page.html", "shipping/pick_part.html", context)


def _current(lines: list[PickLine], asked: int | None) -> PickLine | None:
    """The task at hand: the line asked for where something is left of it, else the next bin's."""
    open_lines = [line for line in lines if line.to_pick]
    return next((line for line in open_lines if line.pk == asked), next(iter(open_lines), None))


@requires(PICK_AND_PACK)
@require_POST
@once
def pick_start(request: HttpRequest, fulfilment_id: int) -> HttpResponse:
    """Take the work on."""
    fulfilment = work_of(request, fulfilment_id)
    attempt(
        request,
        lambda: start_picking(
            fulfilment_id=fulfilment.pk,
            picker=request.user,  # type: ignore[arg-type]
            now=timezone.now(),
        ),
    )
    return lead("shipping:pick_page", fulfilment.pk)


@requires(PICK_AND_PACK)
@require_POST
@once
def pick_scan(request: HttpRequest, fulfilment_id: int) -> HttpResponse:
    """Read one code."""
    fulfilment = work_of(request, fulfilment_id)
    form = ScanForm(request.POST)
    if not form.is_valid():
        explain(request, form)
        return lead("shipping:pick_page", fulfilment.pk)
    scan = attempt(
        request,
        lambda: scan_pick(
            fulfilment_id=fulfilment.pk, code=form.cleaned_data["code"], now=timezone.now()
        ),
    )
    return lead(
        "shipping:pick_page",
        fulfilment.pk,
        scan=scan.pk if scan else None,
        line=scan.line_id if scan else None,
    )


@requires(PICK_AND_PACK)
@require_POST
@once
def pick_quantity(request: HttpRequest, fulfilment_id: int) -> HttpResponse:
    """Say by keyboard how many are in hand."""
    fulfilment = work_of(request, fulfilment_id)
    form = QuantityForm(request.POST)
    if not form.is_valid():
        explain(request, form)
        return lead("shipping:pick_page", fulfilment.pk)
    scan = attempt(
        request,
        lambda: set_picked(
            fulfilment_id=fulfilment.pk,
            line_id=form.cleaned_data["line"],
            quantity=form.cleaned_data["quantity"],
            now=timezone.now(),
        ),
    )
    return lead("shipping:pick_page", fulfilment.pk, scan=scan.pk if scan else None)


@requires(PICK_AND_PACK)
@require_POST
@once
def pick_short(request: HttpRequest, fulfilment_id: int) -> HttpResponse:
    """Say that units are not to be had."""
    fulfilment = work_of(request, fulfilment_id)
    form = ShortForm(request.POST)
    if not form.is_valid():
        explain(request, form)
        return lead("shipping:pick_page", fulfilment.pk)
    scan = attempt(
        request,
        lambda: report_short(
            fulfilment_id=fulfilment.pk,
            line_id=form.cleaned_data["line"],
            quantity=form.cleaned_data["quantity"],
            reason=ShortReason(form.cleaned_data["reason"]),
            now=timezone.now(),
        ),
    )
    return lead("shipping:pick_page", fulfilment.pk, scan=scan.pk if scan else None)


@requires(PICK_AND_PACK)
@require_POST
@once
def pick_everything(request: HttpRequest, fulfilment_id: int) -> HttpResponse:
    """Everything on the printed list is in hand."""
    fulfilment = work_of(request, fulfilment_id)
    attempt(request, lambda: pick_all(fulfilment_id=fulfilment.pk, now=timezone.now()))
    return lead("shipping:pick_page", fulfilment.pk)


@requires(PICK_AND_PACK)
@require_POST
@once
def pick_undo(request: HttpRequest, fulfilment_id: int) -> HttpResponse:
    """Take back the last unit."""
    fulfilment = work_of(request, fulfilment_id)
    scan = attempt(request, lambda: undo_last_pick(fulfilment_id=fulfilment.pk, now=timezone.now()))
    return lead("shipping:pick_page", fulfilment.pk, scan=scan.pk if scan else None)


@requires(PICK_AND_PACK)
@require_POST
@once
def pick_put_back(request: HttpRequest, fulfilment_id: int) -> HttpResponse:
    """All that was picked lies in its bins again."""
    fulfilment = work_of(request, fulfilment_id)
    pick: Pick | None = attempt(
        request,
        lambda: put_back(fulfilment_id=fulfilment.pk, now=timezone.now()),
        done=f"{fulfilment.number}: everything is back in its place.",
    )
    if pick is None:
        return lead("shipping:pick_page", fulfilment.pk)
    return lead("shipping:work_list")


@requires(SEE_SHIPMENTS)
@require_POST
def pick_list_request(request: HttpRequest, fulfilment_id: int) -> HttpResponse:
    """Print the pick list."""
    fulfilment = work_of(request, fulfilment_id)
    document = documents.request(PICK_LIST, fulfilment.pk)
    return redirect("document_detail", document.pk)
