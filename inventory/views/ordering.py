"""What is done with a purchase order: each form is one verb."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from core.access import requires, staff_of
from core.errors import DomainError
from core.once import once
from inventory.documents import PURCHASE_ORDER
from inventory.forms.purchasing import (
    ExpectForm,
    LandedCostForm,
    NoticeForm,
    SendForm,
    WhyForm,
)
from inventory.models import LandedCost, PurchaseOrder, ShipNotice
from inventory.rights import BUY, RECEIVE
from inventory.selectors.purchasing import purchase_seen_by
from inventory.services.announcing import announce_shipment, withdraw_notice
from inventory.services.landing import add_landed_cost, remove_landed_cost
from inventory.services.ordering import (
    approve_purchase,
    cancel_purchase,
    close_purchase_short,
    reopen_purchase,
    request_paper,
    send_purchase,
)
from inventory.services.purchasing import expect_on
from inventory.states import SplitBy


def _do(request: HttpRequest, pk: int, verb: Callable[[], object], done: str) -> HttpResponse:
    """One verb without a form: done and said, or refused and said."""
    try:
        verb()
    except DomainError as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, done)
    return redirect("inventory:purchase_detail", pk)


def _answer(
    request: HttpRequest,
    order: PurchaseOrder,
    form: forms.Form,
    verb: Callable[[], object],
    **context: Any,
) -> HttpResponse:
    """Show a form about an order, or do what it says: a refusal comes back on its field."""
    done = context.pop("done", "saved")
    if request.method == "POST" and form.is_valid():
        try:
            verb()
        except DomainError as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        else:
            messages.success(request, f"{order.number}: {done}.")
            return redirect("inventory:purchase_detail", order.pk)
    context = {"form": form, "order": order, **context}
    status = 422 if form.is_bound else 200
    return render(request, "inventory/purchase_form.html", context, status=status)


@requires(BUY)
@require_POST
@once
def purchase_approve(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Decide to buy."""
    order = purchase_seen_by(staff_of(request), pk)
    done = f"{order.number} approved. Now send it."
    return _do(
        request,
        pk,
        lambda: approve_purchase(order_id=pk, by=request.user.pk, now=timezone.now()),
        done,
    )


@requires(BUY)
@require_POST
@once
def purchase_reopen(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Take an approved order back to draft."""
    order = purchase_seen_by(staff_of(request), pk)
    return _do(
        request, pk, lambda: reopen_purchase(order_id=pk), f"{order.number} is a draft again."
    )


@requires(BUY)
@require_http_methods(["GET", "POST"])
@once
def purchase_send(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Give the order to the supplier."""
    order = purchase_seen_by(staff_of(request), pk)
    start = {"by_mail": "yes" if order.supplier.email else "no"}
    form = SendForm(request.POST or None, initial=start)
    return _answer(
        request,
        order,
        form,
        lambda: send_purchase(
            order_id=pk, by_mail=form.cleaned_data["by_mail"] == "yes", now=timezone.now()
        ),
        title=f"Send {order.number} to {order.supplier.name}",
        text=f"The mail goes to {order.supplier.email}." if order.supplier.email else "",
        submit="Send order",
        done="sent",
    )


@requires(BUY)
@require_POST
def purchase_paper(request: HttpRequest, pk: int) -> HttpResponse:
    """Make the order's PDF."""
    order = purchase_seen_by(staff_of(request), pk)
    paper = request_paper(order_id=order.pk, kind=PURCHASE_ORDER)
    return redirect("document_detail", paper.pk)


@requires(BUY)
@require_http_methods(["GET", "POST"])
@once
def purchase_close(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Wait no longer for what has not come."""
    order = purchase_seen_by(staff_of(request), pk)
    form = WhyForm(request.POST or None)
    return _answer(
        request,
        order,
        form,
        lambda: close_purchase_short(
            order_id=pk, reason=form.cleaned_data["reason"], now=timezone.now()
        ),
        title=f"Close {order.number} short",
        text=f"{sum(line.open for line in order.lines.all())} units are no longer waited for.",
        submit="Close short",
        is_danger=True,
        done="closed short",
    )


@requires(BUY)
@require_http_methods(["GET", "POST"])
@once
def purchase_cancel(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Call the order off."""
    order = purchase_seen_by(staff_of(request), pk)
    form = WhyForm(request.POST or None)
    return _answer(
        request,
        order,
        form,
        lambda: cancel_purchase(
            order_id=pk, reason=form.cleaned_data["reason"], now=timezone.now()
        ),
        title=f"Cancel {order.number}",
        text="The supplier is not told by this; write or ring them." if order.sent_at else "",
        submit="Cancel purchase order",
        is_danger=True,
        done="cancelled",
    )


@requires(BUY)
@require_http_methods(["GET", "POST"])
@once
def purchase_expect(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The supplier named a day."""
    order = purchase_seen_by(staff_of(request), pk)
    start = {"day": order.expected_on, "supplier_reference": order.supplier_reference}
    form = ExpectForm(request.POST or None, initial=start)
    return _answer(
        request,
        order,
        form,
        lambda: expect_on(
            order_id=pk,
            day=form.cleaned_data["day"],
            supplier_reference=form.cleaned_data["supplier_reference"],
            reason=form.cleaned_data["reason"],
            now=timezone.now(),
        ),
        title=f"When {order.number} comes",
        submit="Save day",
    )


@requires(BUY)
@require_http_methods(["GET", "POST"])
@once
def landed_cost_new(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Add freight, duty or the like."""
    order = purchase_seen_by(staff_of(request), pk)
    form = LandedCostForm(request.POST or None)
    return _answer(
        request,
        order,
        form,
        lambda: add_landed_cost(
            order_id=pk,
            label=form.cleaned_data["label"],
            amount=form.cleaned_data["amount"],
            split_by=SplitBy(form.cleaned_data["split_by"]),
        ),
        title=f"Cost of the way of {order.number}",
        text=f"In {order.currency}; it is spread over what is still to come.",
        submit="Add cost",
        done="cost added",
    )


@requires(BUY)
@require_POST
@once
def landed_cost_remove(request: HttpRequest, pk: int, cost_id: int) -> HttpResponseBase:
    """Take a cost off again."""
    order = purchase_seen_by(staff_of(request), pk)
    cost = get_object_or_404(LandedCost, pk=cost_id, order=order)
    return _do(request, pk, lambda: remove_landed_cost(cost_id=cost.pk), f"{cost.label} taken off.")


@requires(RECEIVE)
@require_http_methods(["GET", "POST"])
@once
def notice_new(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Enter what the supplier says is on its way."""
    order = purchase_seen_by(staff_of(request), pk)
    form = NoticeForm(request.POST or None, lines=list(order.lines.all()))
    return _answer(
        request,
        order,
        form,
        lambda: announce_shipment(
            order_id=pk,
            reference=form.cleaned_data["reference"],
            expected_on=form.cleaned_data["expected_on"],
            goods=form.goods(),
            carrier=form.cleaned_data["carrier"],
            tracking_number=form.cleaned_data["tracking_number"],
            now=timezone.now(),
        ),
        title=f"Delivery announced for {order.number}",
        submit="Save delivery",
        done="delivery announced",
    )


@requires(RECEIVE)
@require_POST
@once
def notice_withdraw(request: HttpRequest, pk: int, notice_id: int) -> HttpResponseBase:
    """The announced delivery does not come."""
    order = purchase_seen_by(staff_of(request), pk)
    notice = get_object_or_404(ShipNotice, pk=notice_id, order=order)
    return _do(
        request,
        pk,
        lambda: withdraw_notice(notice_id=notice.pk),
        f"Delivery {notice.reference} taken back.",
    )
