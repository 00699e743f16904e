"""Assembly orders: planned, started, done, called off."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.access import requires, staff_of
from core.errors import DomainError
from core.once import once
from core.views.acting import attempt, explain, lead
from inventory.forms.assembly import AssemblyForm, FinishForm
from inventory.models import AssemblyOrder
from inventory.rights import ASSEMBLE, SEE_STOCK
from inventory.selectors import visible_locations
from inventory.selectors.assembly import needs_of
from inventory.services.assembling import (
    cancel_assembly,
    finish_assembly,
    plan_assembly,
    start_assembly,
)
from inventory.states import AssemblyState
from inventory.tables.moving import AssemblyList


@requires(SEE_STOCK)
@require_GET
def assembly_list(request: HttpRequest) -> HttpResponse:
    """What is made ahead at the user's locations."""
    return AssemblyList(request).respond()


def _order(request: HttpRequest, pk: int) -> AssemblyOrder:
    places = visible_locations(staff_of(request))
    found = AssemblyOrder.objects.filter(location__in=places)
    order = found.select_related("variant__product", "location", "lot").filter(pk=pk).first()
    if order is None:
        raise Http404("No such assembly order, or it is another location's.")
    return order


@requires(ASSEMBLE)
@require_http_methods(["GET", "POST"])
@once
def assembly_create(request: HttpRequest) -> HttpResponseBase:
    """Plan to make, or to take apart."""
    initial = {"variant": request.GET.get("sku", "")[:60].replace("\0", "")}
    form = AssemblyForm(request.POST or None, user=staff_of(request), initial=initial)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                order = plan_assembly(**form.cleaned_data, now=timezone.now())
            except DomainError as error:
                form.add_error(error.field if error.field in form.fields else None, error.message)
            else:
                messages.success(request, f"{order.number} planned; nothing has moved yet.")
                return redirect("inventory:assembly_detail", order.pk)
    return render(request, "inventory/assembly_form.html", {"form": form}, status=status)


@requires(SEE_STOCK)
@require_GET
def assembly_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One assembly order: what it needs, what is short, what it cost."""
    order = _order(request, pk)
    is_draft = order.state == AssemblyState.DRAFT
    needs = needs_of(order) if is_draft else []
    context = {
        "order": order,
        "needs": needs,
        "short": [need for need in needs if need.short],
        "parts": list(order.parts.select_related("variant__product", "lot")),
        "is_draft": is_draft,
        "is_started": order.state == AssemblyState.STARTED,
        "is_done": order.state == AssemblyState.DONE,
        "form": FinishForm(order=order),
    }
    return render(request, "inventory/assembly_detail.html", context)


@requires(ASSEMBLE)
@require_POST
@once
def assembly_start(request: HttpRequest, pk: int) -> HttpResponse:
    """Take what goes in from stock."""
    order = _order(request, pk)
    attempt(
        request,
        lambda: start_assembly(order_id=order.pk, now=timezone.now()),
        done=f"{order.number} is started.",
    )
    return lead("inventory:assembly_detail", order.pk)


@requires(ASSEMBLE)
@require_POST
@once
def assembly_finish(request: HttpRequest, pk: int) -> HttpResponse:
    """Put what came out into stock."""
    order = _order(request, pk)
    form = FinishForm(request.POST, order=order)
    if form.is_valid():
        attempt(
            request,
            lambda: finish_assembly(order_id=order.pk, **form.cleaned_data, now=timezone.now()),
            done=f"{order.number} is done.",
        )
    else:
        explain(request, form)
    return lead("inventory:assembly_detail", order.pk)


@requires(ASSEMBLE)
@require_POST
@once
def assembly_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Call it off; what was taken is put back."""
    order = _order(request, pk)
    attempt(
        request,
        lambda: cancel_assembly(
            order_id=order.pk, reason=request.POST.get("reason", "")[:300], now=timezone.now()
        ),
        done=f"{order.number} cancelled.",
    )
    return lead("inventory:assembly_detail", order.pk)
