"""What a member of staff changes on one order by button: each view is one verb."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from core import documents
from core.access import requires, staff_of
from core.errors import DomainError
from core.once import once
from orders.documents import CONFIRMATION
from orders.forms import AddressForm, CancelForm, MatchForm, OrderDetailsForm
from orders.rights import CANCEL_ORDERS, EDIT_ORDERS, SEE_ORDERS
from orders.selectors import order_seen_by
from orders.services import (
    cancel_order,
    change_shipping_address,
    issue_tracking_link,
    match_line,
    preview_cancel,
    set_custom_fields,
)
from orders.sockets import CANCEL_EFFECTS
from orders.views.answering import answer, guard, version_of


@requires(EDIT_ORDERS)
def order_address(request: HttpRequest, order_id: int) -> HttpResponse:
    """Change where an order is sent."""
    order = order_seen_by(staff_of(request), order_id)
    form = AddressForm(request.POST or None, initial=order.shipping_address)
    guard(form, order)

    def act() -> None:
        change_shipping_address(
            order_id=order.pk,
            address=form.address(),
            version=version_of(form),
            now=timezone.now(),
        )

    return answer(
        request,
        order,
        form,
        act,
        title=f"Shipping address of order {order.number}",
        submit="Save address",
        done="Address saved.",
    )


@requires(EDIT_ORDERS)
@once
def line_match(request: HttpRequest, order_id: int, line_id: int) -> HttpResponse:
    """Say which product an unknown SKU is."""
    order = order_seen_by(staff_of(request), order_id)
    line = order.lines.filter(pk=line_id).first()
    form = MatchForm(request.POST or None)
    guard(form, order)
    return answer(
        request,
        order,
        form,
        lambda: match_line(
            order_id=order.pk,
            line_id=line_id,
            sku=form.cleaned_data["sku"],
            version=version_of(form),
            now=timezone.now(),
        ),
        title=f"Which product is “{line.sku or line.name if line else ''}”?",
        submit="Match product",
        done="The line has its product now.",
    )


@requires(CANCEL_ORDERS)
@once
def order_cancel(request: HttpRequest, order_id: int) -> HttpResponse:
    """Cancel an order or part of it, with its effects in view before it happens."""
    order = order_seen_by(staff_of(request), order_id)
    form = CancelForm(request.POST or None, order=order, initial={"version": order.version})
    preview, refusal, effects = None, "", []
    try:
        units = form.units() if form.is_bound and form.is_valid() else None
        preview = preview_cancel(order, units)
        effects = CANCEL_EFFECTS.ask(order, units)
    except DomainError as refused:
        refusal = refused.message
    return answer(
        request,
        order,
        form,
        lambda: cancel_order(
            order_id=order.pk,
            reason=form.words(),
            units=form.units(),
            wants_refund=form.cleaned_data["wants_refund"],
            version=form.cleaned_data["version"],
            now=timezone.now(),
        ),
        title=f"Cancel order {order.number}",
        submit="Cancel order",
        done=f"Cancelled as asked; order {order.number} shows what is left.",
        is_danger=True,
        extra={"preview": preview, "refusal": refusal, "effects": effects},
    )


@requires(EDIT_ORDERS)
@once
def order_details(request: HttpRequest, order_id: int) -> HttpResponse:
    """Change the values of the order's custom fields."""
    order = order_seen_by(staff_of(request), order_id)
    form = OrderDetailsForm(request.POST or None, instance=order)
    guard(form, order)
    return answer(
        request,
        order,
        form,
        lambda: set_custom_fields(
            order_id=order.pk,
            values=form.cleaned_data["custom"],
            version=version_of(form),
            now=timezone.now(),
        ),
        title=f"Details of order {order.number}",
        submit="Save details",
        done="Saved.",
    )


@requires(SEE_ORDERS)
@require_POST
def confirmation_request(request: HttpRequest, order_id: int) -> HttpResponse:
    """Ask for the order confirmation as a document."""
    order = order_seen_by(staff_of(request), order_id)
    document = documents.request(CONFIRMATION, order.pk)
    return redirect("document_detail", document.pk)


@requires(EDIT_ORDERS)
@require_POST
def tracking_link(request: HttpRequest, order_id: int) -> HttpResponse:
    """Make a link for the customer and show it once, to be copied."""
    order = order_seen_by(staff_of(request), order_id)
    address = issue_tracking_link(order=order, now=timezone.now())
    return render(request, "orders/tracking_link.html", {"order": order, "address": address})
