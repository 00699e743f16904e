"""Where an order is sent from and why: the plans compared, deciding again, and choosing by hand."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_GET, require_POST

from core.access import requires, staff_of
from core.errors import DomainError
from core.once import once
from orders.forms.sourcing import OverrideForm
from orders.rights import CHOOSE_LOCATIONS, EDIT_ORDERS, SEE_ORDERS
from orders.selectors import order_seen_by
from orders.selectors.policies import places_of
from orders.selectors.sourcing import (
    decisions_of,
    dots_of,
    due_of,
    last_decision,
    lines_sent,
    plans_shown,
    sends_shown,
    standing_of,
)
from orders.services import override_sourcing, resource_order
from orders.views.answering import answer, guard, version_of


@requires(SEE_ORDERS)
@require_GET
def order_sourcing(request: HttpRequest, order_id: int) -> HttpResponse:
    """Every decision on where an order is sent from; the order's page takes this into itself."""
    order = order_seen_by(staff_of(request), order_id)
    decisions = decisions_of(order)
    newest = decisions[0] if decisions else None
    lines = lines_sent(order) if newest else []
    standing = standing_of(decisions, lines)[1:]
    stands = {one.decision.pk for one in standing}
    context = {
        "order": order,
        "decision": newest,
        "standing": [(one.decision, sends_shown(one, lines)) for one in standing],
        "earlier": [one for one in decisions[1:] if one.pk not in stands],
        "plans": plans_shown(newest, lines) if newest else [],
        "dots": dots_of(newest) if newest else [],
        "due": due_of(newest) if newest else None,
    }
    is_part = request.headers.get("HX-Request") == "true"
    name = "orders/sourcing/_decision.html" if is_part else "orders/sourcing/order.html"
    response = render(request, name, context)
    patch_vary_headers(response, ("HX-Request",))
    return response


@requires(EDIT_ORDERS)
@require_POST
@once
def sourcing_again(request: HttpRequest, order_id: int) -> HttpResponse:
    """Decide again where the order is sent from."""
    order = order_seen_by(staff_of(request), order_id)
    try:
        row = resource_order(order_id=order.pk, now=timezone.now())
    except DomainError as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(
            request, row.why if row else "Nothing better was found; it stays as it is."
        )
    return redirect("orders:order_detail", order.pk)


@requires(CHOOSE_LOCATIONS)
@once
def sourcing_override(request: HttpRequest, order_id: int) -> HttpResponse:
    """Send the order from elsewhere by choice, with the reason."""
    order = order_seen_by(staff_of(request), order_id)
    lines = list(order.lines.all())
    kept = last_decision(order)
    shown = plans_shown(kept, lines)[1:] if kept else []
    form = OverrideForm(
        request.POST or None,
        plans=[(one.number, one.words) for one in shown],
        lines=[line for line in lines if line.open and line.demand_id],
        places=[place for place in places_of(order.channel) if place.is_active],
    )
    guard(form, order)
    return answer(
        request,
        order,
        form,
        lambda: override_sourcing(
            order_id=order.pk,
            plan=form.cleaned_data["plan"],
            places=form.places(),
            reason=form.cleaned_data["reason"],
            version=version_of(form),
            now=timezone.now(),
        ),
        title=f"Choose where order {order.number} is sent from",
        submit="Send from there",
        done=f"Order {order.number} is sent from where you chose.",
    )
