"""What-ifs: past orders replayed in another network, asked for and read."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_GET

from core.access import requires, staff_of
from core.errors import DomainError
from core.once import once
from orders.forms.what_ifs import WhatIfForm
from orders.models import WhatIf
from orders.rights import EDIT_SOURCING
from orders.selectors.what_ifs import bars_shown, notes_shown, orders_shown, rows_shown, what_ifs
from orders.services.simulating import request_what_if


@requires(EDIT_SOURCING)
@require_GET
def what_if_list(request: HttpRequest) -> HttpResponse:
    """What was asked, the newest first."""
    return render(request, "orders/sourcing/what_ifs.html", {"rows": what_ifs()})


@requires(EDIT_SOURCING)
@once
def what_if_new(request: HttpRequest) -> HttpResponse:
    """Ask what would be otherwise."""
    form = WhatIfForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            asked = request_what_if(
                name=form.cleaned_data["name"],
                days=form.cleaned_data["days"],
                scenario=form.scenario,
                user=staff_of(request),
                now=timezone.now(),
            )
        except DomainError as refusal:
            field = refusal.field if refusal.field in form.fields else None
            form.add_error(field, refusal.message)
        else:
            return redirect("orders:what_if", asked.pk)
    status = 422 if form.is_bound else 200
    return render(request, "orders/sourcing/what_if_new.html", {"form": form}, status=status)


@requires(EDIT_SOURCING)
@require_GET
def what_if(request: HttpRequest, pk: int) -> HttpResponse:
    """Both replays side by side; how far it is while it runs."""
    asked = get_object_or_404(WhatIf.objects.select_related("job", "asked_by"), pk=pk)
    context: dict[str, Any] = {"asked": asked, "job": asked.job}
    if asked.result is not None:
        context |= {
            "rows": rows_shown(asked.result),
            "bars": bars_shown(asked.result),
            "notes": notes_shown(asked.result),
            "changes": orders_shown(staff_of(request), asked.result),
        }
    return render(request, "orders/sourcing/what_if.html", context)


what_if_urls = [
    path("settings/what-if/", what_if_list, name="what_if_list"),
    path("settings/what-if/new/", what_if_new, name="what_if_new"),
    path("settings/what-if/<int:pk>/", what_if, name="what_if"),
]
