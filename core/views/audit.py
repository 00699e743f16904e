"""The audit log and the older stretches of a timeline."""

from urllib.parse import urlencode

from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from core import audit_log, facts, subjects, timeline
from core.access import requires, staff_of
from core.forms.settings import AuditFilterForm
from core.rights import SEE_AUDIT, SEE_BACK_OFFICE


@requires(SEE_AUDIT)
@require_GET
def audit_page(request: HttpRequest) -> HttpResponse:
    """Who changed what; filters stand in the address."""
    form = AuditFilterForm(request.GET)
    wanted = audit_log.Wanted()
    if form.is_valid():
        sent = form.cleaned_data
        wanted = audit_log.Wanted(
            subject_type=sent["subject"],
            subject_id=sent["id"],
            actor=sent["actor"],
            name=sent["name"],
            since=sent["since"],
            until=sent["until"],
        )
    stretch = audit_log.read(wanted, start=request.GET.get("start", ""))
    subjects.name_rows(staff_of(request), stretch.lines)
    query = {key: value for key, value in request.GET.items() if value and key != "start"}
    context = {
        "form": form,
        "stretch": stretch,
        "is_filtered": bool(query),
        "is_later_page": "start" in request.GET,
        "first_url": f"?{urlencode(query)}",
        "older_url": f"?{urlencode({**query, 'start': stretch.older})}" if stretch.older else "",
        "names": [audit_log.STATE_CHANGE, *facts.all_facts()],
    }
    return render(request, "core/audit.html", context)


@requires(SEE_BACK_OFFICE)
@require_GET
def timeline_older(request: HttpRequest) -> HttpResponse:
    """The stretch of a timeline that follows; a fragment for htmx, a page of its own otherwise."""
    try:
        page = timeline.page_of_ticket(request.GET.get("ticket", ""))
    except signing.BadSignature as error:
        raise Http404("no such stretch") from error
    template = (
        "core/timeline.html" if getattr(request, "htmx", False) else "core/timeline_page.html"
    )
    return render(request, template, {"timeline": page})
