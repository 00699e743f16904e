"""What third parties counted: the list, and the differences to decide about."""

from functools import partial

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from core.access import requires, staff_of
from core.once import once
from core.views.acting import attempt
from inventory.models import StockSnapshot
from inventory.rights import ADJUST_STOCK, SEE_STOCK
from inventory.selectors.tracing import snapshots_seen_by
from inventory.services import decide_lines
from inventory.states import SnapshotDecision
from inventory.tables.tracing import SnapshotList

MOST_SHOWN = 500


@requires(SEE_STOCK)
@require_GET
def snapshot_list(request: HttpRequest) -> HttpResponse:
    """What third parties counted, the newest first."""
    return SnapshotList(request).respond()


def _snapshot(request: HttpRequest, pk: int) -> StockSnapshot:
    snapshot = snapshots_seen_by(staff_of(request)).filter(pk=pk).first()
    if snapshot is None:
        raise Http404("No such count, or it is another location's.")
    return snapshot


@requires(SEE_STOCK)
@require_GET
def snapshot_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One count: where it differs from our books, and what was made of that."""
    snapshot = _snapshot(request, pk)
    lines = snapshot.lines.select_related("variant__product")
    differing = lines.exclude(decision=SnapshotDecision.AGREES).order_by("variant__sku", "pk")
    shown = sorted(differing[:MOST_SHOWN], key=lambda line: line.decision != SnapshotDecision.OPEN)
    context = {
        "snapshot": snapshot,
        "lines": shown,
        "agreeing": lines.filter(decision=SnapshotDecision.AGREES).count(),
        "is_cut": len(shown) == MOST_SHOWN,
    }
    return render(request, "inventory/snapshot_detail.html", context)


@requires(ADJUST_STOCK)
@require_POST
@once
def snapshot_decide(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Book differences, or leave our books; `do` names the decision, `line` one line or none for all."""
    snapshot = _snapshot(request, pk)
    accept = request.POST.get("do") == "accept"
    line = request.POST.get("line", "")
    chosen = [int(line)] if line.isdecimal() and len(line) < 19 else None
    verb = partial(
        decide_lines,
        snapshot_id=snapshot.pk,
        line_ids=chosen,
        accept=accept,
        now=timezone.now(),
    )
    attempt(request, verb, done="Booked." if accept else "Left as it is in our books.")
    return redirect("inventory:snapshot_detail", snapshot.pk)
