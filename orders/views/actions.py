"""What a member of staff does to one order by button: each view is one verb."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from core import documents
from core.access import requires, staff_of
from core.errors import DomainError, StaleEdit
from core.once import once
from orders.documents import CONFIRMATION
from orders.forms import (
    AddressForm,
    CancelForm,
    HoldForm,
    MatchForm,
    NoteForm,
    OrderDetailsForm,
    TagForm,
)
from orders.models import NoteKind, Order
from orders.rights import CANCEL_ORDERS, EDIT_ORDERS, SEE_ORDERS
from orders.selectors import order_seen_by
from orders.services import (
    add_note,
    cancel_order,
    change_shipping_address,
    hold_order,
    issue_tracking_link,
    match_line,
    preview_cancel,
    release_hold,
    set_custom_fields,
    set_tags,
)
from orders.sockets import CANCEL_EFFECTS
from orders.states import HoldKind


def _answer(
    request: HttpRequest,
    order: Order,
    form: forms.BaseForm,
    act: Callable[[], Any],
    *,
    title: str,
    submit: str,
    done: str,
    is_danger: bool = False,
    extra: dict[str, Any] | None = None,
) -> HttpResponse:
    """Show a form about an order, or do what it says: a refusal comes back on its field, and what
    others changed meanwhile above what was typed.
    """
    status = 422 if form.is_bound else 200
    changes: tuple[str, ...] = ()
    if request.method == "POST" and form.is_valid():
        try:
            act()
        except StaleEdit as stale:
            form.add_error(None, stale.message)
            status, changes = 409, stale.changes
        except DomainError as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        else:
            messages.success(request, done)
            return redirect("orders:order_detail", order.pk)
    context = {
        "order": order,
        "form": form,
        "title": title,
        "submit": submit,
        "is_danger": is_danger,
        "changes": changes,
        **(extra or {}),
    }
    return render(request, "orders/order_form.html", context, status=status)


@requires(EDIT_ORDERS)
@once
def order_hold(request: HttpRequest, order_id: int) -> HttpResponse:
    """Put an order on hold."""
    order = order_seen_by(staff_of(request), order_id)
    form = HoldForm(request.POST or None)

    def act() -> None:
        hold_order(
            order_id=order.pk,
            kind=HoldKind(form.cleaned_data["kind"]),
            reason=form.cleaned_data["reason"],
            until=form.cleaned_data["until"],
            now=timezone.now(),
        )

    return _answer(
        request,
        order,
        form,
        act,
        title=f"Hold order {order.number}",
        submit="Hold order",
        done=f"Order {order.number} is on hold.",
    )


@requires(EDIT_ORDERS)
@once
def hold_release(request: HttpRequest, order_id: int, hold_id: int) -> HttpResponse:
    """Release a hold, after a look at why it was placed."""
    order = order_seen_by(staff_of(request), order_id)
    form = forms.Form(request.POST if request.method == "POST" else None)
    return _answer(
        request,
        order,
        form,
        lambda: release_hold(order_id=order.pk, hold_id=hold_id, now=timezone.now()),
        title=f"Release order {order.number}",
        submit="Release hold",
        done=f"Order {order.number} goes on.",
        extra={"holds": order.holds.filter(pk=hold_id)},
    )


@requires(EDIT_ORDERS)
@require_POST
def note_add(request: HttpRequest, order_id: int) -> HttpResponse:
    """Write a note on an order."""
    order = order_seen_by(staff_of(request), order_id)
    form = NoteForm(request.POST)
    return _answer(
        request,
        order,
        form,
        lambda: add_note(
            order_id=order.pk,
            text=form.cleaned_data["text"],
            kind=NoteKind(form.cleaned_data["kind"]),
            author=staff_of(request),
            now=timezone.now(),
        ),
        title=f"Note on order {order.number}",
        submit="Add note",
        done="Note added.",
    )


@requires(EDIT_ORDERS)
def order_tags(request: HttpRequest, order_id: int) -> HttpResponse:
    """Change an order's tags."""
    order = order_seen_by(staff_of(request), order_id)
    form = TagForm(request.POST or None, initial={"tags": ", ".join(order.tags)})

    def act() -> None:
        wanted = form.cleaned_data["tags"].split(",")
        kept = {" ".join(tag.split()).lower() for tag in wanted}
        set_tags(
            order_id=order.pk,
            add=wanted,
            remove=[tag for tag in order.tags if tag not in kept],
            now=timezone.now(),
        )

    if request.method == "POST":
        form = TagForm(request.POST)
    return _answer(
        request,
        order,
        form,
        act,
        title=f"Tags of order {order.number}",
        submit="Save tags",
        done="Tags saved.",
    )


@requires(EDIT_ORDERS)
def order_address(request: HttpRequest, order_id: int) -> HttpResponse:
    """Change where an order is sent."""
    order = order_seen_by(staff_of(request), order_id)
    initial = {"version": order.version, **order.shipping_address}
    form = AddressForm(request.POST or None, initial=initial)
    form.fields["version"] = forms.IntegerField(widget=forms.HiddenInput)

    def act() -> None:
        change_shipping_address(
            order_id=order.pk,
            address=form.address(),
            version=form.cleaned_data["version"],
            now=timezone.now(),
        )

    return _answer(
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
    return _answer(
        request,
        order,
        form,
        lambda: match_line(
            order_id=order.pk,
            line_id=line_id,
            sku=form.cleaned_data["sku"],
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
    return _answer(
        request,
        order,
        form,
        lambda: cancel_order(
            order_id=order.pk,
            reason=form.cleaned_data["reason"],
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
    return _answer(
        request,
        order,
        form,
        lambda: set_custom_fields(
            order_id=order.pk, values=form.cleaned_data["custom"], now=timezone.now()
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
