"""The queue of risky orders, and one of them: why it was scored so, and what happens to it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_GET

from core.access import requires, staff_of
from core.errors import DomainError, StaleEdit
from core.once import once
from orders.forms.risk import VerdictForm
from orders.models import Order
from orders.rights import REVIEW_RISK
from orders.selectors import order_seen_by
from orders.selectors.risk.reading import (
    blocked_already,
    earlier_orders,
    latest_decision,
    reviews_of,
)
from orders.services.screening import review_order
from orders.states import RiskVerdict
from orders.tables.risk import RiskQueue
from orders.views.answering import guard, version_of


@requires(REVIEW_RISK)
@require_GET
def risk_queue(request: HttpRequest) -> HttpResponseBase:
    """Orders that a person has to look at, the least time left first."""
    return RiskQueue(request).respond()


@requires(REVIEW_RISK)
@once
def order_risk(request: HttpRequest, order_id: int) -> HttpResponse:
    """Look at a risky order, and release or cancel it."""
    order = order_seen_by(staff_of(request), order_id)
    form = VerdictForm(request.POST if request.method == "POST" else None, order=order)
    guard(form, order)
    status = 200
    changes: tuple[str, ...] = ()
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                _decide(order, form)
            except StaleEdit as stale:
                form.add_error(None, stale.message)
                status, changes = 409, stale.changes
            except DomainError as refusal:
                field = refusal.field if refusal.field in form.fields else None
                form.add_error(field, refusal.message)
            else:
                messages.success(request, f"Order {order.number} is decided.")
                return redirect("orders:risk_queue")
    return render(
        request, "orders/risk/order.html", _page(request, order, form, changes), status=status
    )


def _decide(order: Order, form: VerdictForm) -> None:
    review_order(
        order_id=order.pk,
        verdict=RiskVerdict(form.cleaned_data["verdict"]),
        reason=form.cleaned_data["reason"],
        blocks=form.kinds,
        version=version_of(form),
        now=timezone.now(),
    )


def _page(
    request: HttpRequest, order: Order, form: VerdictForm, changes: tuple[str, ...]
) -> dict[str, object]:
    origin = getattr(order, "origin", None)
    waiting, closed = reviews_of(order)
    return {
        "order": order,
        "form": form,
        "changes": changes,
        "review": waiting,
        "decision": latest_decision(order),
        "closed": closed,
        "earlier": earlier_orders(staff_of(request), order),
        "blocked": [kind.label.removeprefix("Blocked ") for kind in blocked_already(order)],
        "agent": origin.user_agent if origin else "",
    }


risk_urls = [
    path("risk/", risk_queue, name="risk_queue"),
    path("orders/<int:order_id>/risk/", order_risk, name="order_risk"),
]
