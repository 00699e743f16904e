"""Whether the system lives, is ready and is well; and the work that failed, with its Retry buttons."""

import secrets

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotFound, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST
from prometheus_client import CONTENT_TYPE_LATEST

from core import failed_work, health, metrics, subjects
from core.access import public, requires, staff_of
from core.client_address import is_this_machine
from core.failed_work import KINDS
from core.rights import SEE_HEALTH
from core.sent import whole_numbers


@public
@never_cache
@require_GET
def healthz(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """The process answers; nothing else is asked."""
    return HttpResponse("ok", content_type="text/plain")


@public
@never_cache
@require_GET
def readyz(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """Pages can be served; 503 names the parts that hold it up, and no more."""
    missing = health.not_ready()
    return JsonResponse({"ready": not missing, "missing": missing}, status=503 if missing else 200)


@public
@never_cache
@require_GET
def metrics_page(request: HttpRequest) -> HttpResponse:
    """Prometheus' figures, for this machine itself or for who brings METRICS_TOKEN."""
    if not (is_this_machine(request) or _has_token(request)):
        return HttpResponseNotFound("not found", content_type="text/plain")
    return HttpResponse(metrics.exposition(), content_type=CONTENT_TYPE_LATEST)


def _has_token(request: HttpRequest) -> bool:
    wanted: str = settings.METRICS_TOKEN
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    return bool(wanted) and secrets.compare_digest(given.encode(), wanted.encode())


@requires(SEE_HEALTH)
@require_GET
def system_health(request: HttpRequest) -> HttpResponse:
    """Every gauge, group by group, and what runs here."""
    readings = health.readings()
    groups: dict[str, list[health.Reading]] = {}
    for reading in readings:
        groups.setdefault(reading.gauge.group, []).append(reading)
    context = {
        "groups": groups,
        "troubles": [one for one in readings if one.value.state is not health.State.GOOD],
        "versions": health.versions(),
        "read_at": timezone.now(),
    }
    return render(request, "core/system_health.html", context)


@requires(SEE_HEALTH)
@require_GET
def failed_work_page(request: HttpRequest) -> HttpResponse:
    """Everything that was tried five times and set aside, kind by kind."""
    groups = [(kind, rows) for kind in KINDS.values() if (rows := list(kind.newest()))]
    about = [getattr(row, "fact", row) for _, rows in groups for row in rows]
    subjects.name_rows(staff_of(request), [one for one in about if hasattr(one, "subject_type")])
    return render(request, "core/failed_work.html", {"groups": groups})


@requires(SEE_HEALTH)
@require_POST
def failed_work_retry(request: HttpRequest, kind: str) -> HttpResponse:
    """Try the chosen rows of one kind again; all of them when `all` is sent."""
    if kind not in KINDS:
        raise Http404(kind)
    chosen = whole_numbers(request.POST.getlist("selected"))
    tried = failed_work.retry(KINDS[kind], None if request.POST.get("all") else chosen)
    if tried:
        messages.success(request, f"{tried} will be tried again within seconds.")
    else:
        messages.warning(request, "Nothing was waiting to be tried again.")
    return redirect("failed_work")
