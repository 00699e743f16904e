"""Counts: begun, scanned on a handheld, reviewed, counted again, booked."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.access import requires, staff_of
from core.errors import DomainError
from core.once import once
from core.views.acting import attempt, explain, lead, number_of, show
from inventory.forms.counts import CountedForm, CountForm
from inventory.forms.transfers import CodeForm
from inventory.models import CountLine, CountSession
from inventory.rights import APPROVE_COUNTS, COUNT_STOCK, SEE_STOCK
from inventory.selectors import visible_locations
from inventory.selectors.counting import lines_of, numbers_over
from inventory.services.cycle_counting import (
    approve_count,
    ask_recount,
    cancel_count,
    open_count,
    record_count,
    scan_count,
    submit_count,
)
from inventory.states import Condition, CountState
from inventory.tables.moving import CountList

SHOWN = 200  # lines that a handheld shows at a time


@requires(SEE_STOCK)
@require_GET
def count_list(request: HttpRequest) -> HttpResponse:
    """Counts at the user's locations."""
    return CountList(request).respond()


def _session(request: HttpRequest, pk: int) -> CountSession:
    places = visible_locations(staff_of(request))
    found = CountSession.objects.filter(location__in=places).select_related("location")
    session = found.filter(pk=pk).first()
    if session is None:
        raise Http404("No such count, or it is another location's.")
    return session


@requires(COUNT_STOCK)
@require_http_methods(["GET", "POST"])
@once
def count_create(request: HttpRequest) -> HttpResponseBase:
    """Say what is to be counted."""
    initial = {"location": request.GET.get("location", "")[:18]}
    form = CountForm(request.POST or None, user=staff_of(request), initial=initial)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            values = form.cleaned_data
            try:
                session = open_count(
                    location=values["location"],
                    choice=form.choice,
                    is_blind=values["is_blind"],
                    condition=Condition(values["condition"]),
                    tolerance_units=values["tolerance_units"],
                    tolerance_percent=values["tolerance_percent"],
                    note=values["note"],
                    now=timezone.now(),
                )
            except DomainError as error:
                form.add_error(error.field if error.field in form.fields else None, error.message)
            else:
                messages.success(request, f"{session.number} is begun.")
                return redirect("inventory:count_detail", session.pk)
    return render(request, "inventory/count_form.html", {"form": form}, status=status)


@requires(SEE_STOCK)
@require_GET
def count_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One count: how far it is; once submitted, every difference."""
    session = _session(request, pk)
    lines = lines_of(session)
    counted = [line for line in lines if line.counted is not None]
    context = {
        "session": session,
        "lines": [_judged(session, line) for line in lines],
        "counted": len(counted),
        "is_open": session.state == CountState.OPEN,
        "is_submitted": session.state == CountState.SUBMITTED,
        "is_hidden": session.is_blind and session.state == CountState.OPEN,
        "differing": sum(1 for line in counted if line.difference),
        "found": sum(max(0, line.difference or 0) for line in counted),
        "missing": sum(max(0, -(line.difference or 0)) for line in counted),
        "numbers_over": (
            numbers_over(session, counted) if session.state == CountState.SUBMITTED else ()
        ),
    }
    return render(request, "inventory/count_detail.html", context)


def _judged(session: CountSession, line: CountLine) -> dict[str, object]:
    is_far = session.exceeds_tolerance(line.expected or 0, line.difference or 0)
    return {"line": line, "is_far": is_far and line.counted is not None}


@requires(COUNT_STOCK)
@require_GET
def count_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Handheld: scan or type what lies there."""
    session = _session(request, pk)
    lines = lines_of(session)
    left = [line for line in lines if line.counted is None]
    asked = number_of(request, "line")
    current = next((line for line in lines if line.pk == asked), next(iter(left), None))
    done = len(lines) - len(left)
    context: dict[str, object] = {
        "session": session,
        "current": current,
        "left": [line for line in left if line is not current][:SHOWN],
        "finished": [line for line in lines if line.counted is not None][:SHOWN],
        "done": done,
        "total": len(lines),
        "is_open": session.state == CountState.OPEN,
    }
    return show(request, "inventory/count_page.html", "inventory/count_part.html", context)


@requires(COUNT_STOCK)
@require_POST
@once
def count_scan(request: HttpRequest, pk: int) -> HttpResponse:
    """Read one code."""
    session = _session(request, pk)
    form = CodeForm(request.POST)
    line_id = None
    if form.is_valid():
        code = form.cleaned_data["code"]
        heard = attempt(
            request, lambda: scan_count(session_id=session.pk, code=code, now=timezone.now())
        )
        if heard:
            (messages.success if heard.is_ok else messages.error)(request, heard.text)
            line_id = heard.line_id
    else:
        explain(request, form)
    return lead("inventory:count_page", session.pk, line=line_id)


@requires(COUNT_STOCK)
@require_POST
@once
def count_record(request: HttpRequest, pk: int) -> HttpResponse:
    """Say by keyboard how many there are."""
    session = _session(request, pk)
    form = CountedForm(request.POST)
    if form.is_valid():
        values = form.cleaned_data
        heard = attempt(
            request,
            lambda: record_count(
                session_id=session.pk,
                line_id=values["line"],
                counted=values["counted"],
                now=timezone.now(),
            ),
        )
        if heard:
            messages.success(request, heard.text)
    else:
        explain(request, form)
    return lead("inventory:count_page", session.pk)


@requires(COUNT_STOCK)
@require_POST
@once
def count_submit(request: HttpRequest, pk: int) -> HttpResponse:
    """Counting is over."""
    session = _session(request, pk)
    ended = attempt(
        request,
        lambda: submit_count(
            session_id=session.pk,
            skip_uncounted=request.POST.get("skip") == "yes",
            now=timezone.now(),
        ),
    )
    if ended:
        is_booked = ended.state == CountState.APPROVED
        messages.success(request, "Booked." if is_booked else "Handed in; somebody has to approve.")
    return lead("inventory:count_detail", session.pk)


@requires(APPROVE_COUNTS)
@require_POST
@once
def count_approve(request: HttpRequest, pk: int) -> HttpResponse:
    """Book the differences."""
    session = _session(request, pk)
    attempt(
        request,
        lambda: approve_count(session_id=session.pk, now=timezone.now()),
        done="The differences are booked.",
    )
    return lead("inventory:count_detail", session.pk)


@requires(APPROVE_COUNTS)
@require_POST
@once
def count_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Have the chosen lines counted once more."""
    session = _session(request, pk)
    chosen = [int(one) for one in request.POST.getlist("line") if one.isdecimal() and len(one) < 19]
    attempt(
        request,
        lambda: ask_recount(session_id=session.pk, line_ids=chosen),
        done="To be counted once more.",
    )
    return lead("inventory:count_detail", session.pk)


@requires(COUNT_STOCK)
@require_POST
@once
def count_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the count up."""
    session = _session(request, pk)
    attempt(
        request,
        lambda: cancel_count(session_id=session.pk, reason=request.POST.get("reason", "")[:300]),
        done=f"{session.number} cancelled; nothing was booked.",
    )
    return lead("inventory:count_detail", session.pk)
