"""The pages of returns: each form is one verb."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone

from core.access import requires, staff_of
from core.errors import DomainError
from core.money import ZERO, in_words, quantise
from core.once import once
from orders.selectors import order_seen_by
from returns.forms import InspectForm, ReceiveForm, RefundForm, RejectForm, RequestForm
from returns.models import ReturnRequest
from returns.rights import (
    DECIDE_RETURNS,
    RECEIVE_RETURNS,
    REFUND_RETURNS,
    REQUEST_RETURNS,
    SEE_RETURNS,
)
from returns.selectors import return_seen_by
from returns.services import (
    approve_return,
    cancel_return,
    close_return,
    inspect_return,
    receive_return,
    refund_return,
    reject_return,
    request_return,
)
from returns.states import ReturnState
from returns.tables import ReturnList

STEPS = (
    (ReturnState.REQUESTED, "Requested"),
    (ReturnState.APPROVED, "Approved"),
    (ReturnState.RECEIVED, "Received"),
    (ReturnState.INSPECTED, "Inspected"),
    (ReturnState.CLOSED, "Closed"),
)


@requires(SEE_RETURNS)
def return_list(request: HttpRequest) -> HttpResponseBase:
    """Returns, as the address says."""
    return ReturnList(request).respond()


@requires(SEE_RETURNS)
def return_detail(request: HttpRequest, return_id: int) -> HttpResponse:
    """One return: where it stands, what came, and what to do next."""
    found = return_seen_by(staff_of(request), return_id)
    context = {
        "return": found,
        "order": found.order,
        "lines": found.lines.select_related("order_line"),
        "steps": _steps(found),
    }
    return render(request, "returns/return_detail.html", context)


def _steps(found: ReturnRequest) -> list[tuple[str, str]]:
    states = [state for state, _ in STEPS]
    if found.state not in states:
        return []
    at = states.index(ReturnState(found.state))
    last = len(STEPS) - 1
    return [
        (label, "done" if i < at or at == last else "current" if i == at else "todo")
        for i, (_, label) in enumerate(STEPS)
    ]


def _answer(
    request: HttpRequest,
    form: forms.Form,
    act: Callable[[], ReturnRequest],
    **context: Any,
) -> HttpResponse:
    """Show a form about a return, or do what it says: a refusal comes back on its field."""
    if request.method == "POST" and form.is_valid():
        try:
            done = act()
        except DomainError as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        else:
            messages.success(request, f"Return {done.number}: {done.get_state_display().lower()}.")
            return redirect("returns:return_detail", done.pk)
    status = 422 if form.is_bound else 200
    return render(request, "returns/return_form.html", {"form": form, **context}, status=status)


@requires(REQUEST_RETURNS)
@once
def return_create(request: HttpRequest, order_id: int) -> HttpResponse:
    """Announce that units of an order come back."""
    order = order_seen_by(staff_of(request), order_id)
    form = RequestForm(request.POST or None, order=order)
    return _answer(
        request,
        form,
        lambda: request_return(
            order_id=order.pk,
            wanted=form.wanted(),
            note=form.cleaned_data["note"],
            now=timezone.now(),
        ),
        order=order,
        title=f"Return of order {order.number}",
        submit="Create return",
        is_empty=not form.lines,
    )


def _bare(request: HttpRequest) -> forms.Form:
    return forms.Form(request.POST if request.method == "POST" else None)


@requires(DECIDE_RETURNS)
@once
def return_approve(request: HttpRequest, return_id: int) -> HttpResponse:
    """Let the goods come back."""
    found = return_seen_by(staff_of(request), return_id)
    return _answer(
        request,
        _bare(request),
        lambda: approve_return(return_id=found.pk, now=timezone.now()),
        found=found,
        title=f"Approve return {found.number}",
        submit="Approve return",
    )


@requires(DECIDE_RETURNS)
@once
def return_reject(request: HttpRequest, return_id: int) -> HttpResponse:
    """Refuse a return, with the reason the customer reads."""
    found = return_seen_by(staff_of(request), return_id)
    form = RejectForm(request.POST or None)
    return _answer(
        request,
        form,
        lambda: reject_return(return_id=found.pk, why=form.cleaned_data["why"], now=timezone.now()),
        found=found,
        title=f"Reject return {found.number}",
        submit="Reject return",
        is_danger=True,
    )


@requires(DECIDE_RETURNS)
@once
def return_cancel(request: HttpRequest, return_id: int) -> HttpResponse:
    """Call a return off: the goods do not come back after all."""
    found = return_seen_by(staff_of(request), return_id)
    return _answer(
        request,
        _bare(request),
        lambda: cancel_return(return_id=found.pk, now=timezone.now()),
        found=found,
        title=f"Cancel return {found.number}",
        submit="Cancel return",
        is_danger=True,
    )


@requires(RECEIVE_RETURNS)
@once
def return_receive(request: HttpRequest, return_id: int) -> HttpResponse:
    """Count what came."""
    found = return_seen_by(staff_of(request), return_id)
    form = ReceiveForm(request.POST or None, request=found, user=staff_of(request))
    return _answer(
        request,
        form,
        lambda: receive_return(
            return_id=found.pk,
            location=form.cleaned_data["location"],
            received=form.received(),
            serials=form.serials(),
            now=timezone.now(),
        ),
        found=found,
        title=f"Receive return {found.number}",
        submit="Record receipt",
    )


@requires(RECEIVE_RETURNS)
@once
def return_inspect(request: HttpRequest, return_id: int) -> HttpResponse:
    """Decide what becomes of what came."""
    found = return_seen_by(staff_of(request), return_id)
    form = InspectForm(request.POST or None, request=found)
    return _answer(
        request,
        form,
        lambda: inspect_return(return_id=found.pk, results=form.results(), now=timezone.now()),
        found=found,
        title=f"Inspect return {found.number}",
        submit="Complete inspection",
    )


@requires(REFUND_RETURNS)
@once
def return_refund(request: HttpRequest, return_id: int) -> HttpResponse:
    """Give money back for a return and close it."""
    found = return_seen_by(staff_of(request), return_id)
    order = found.order
    possible = quantise(max(ZERO, min(found.left_to_refund, -order.balance)), order.currency)
    form = RefundForm(request.POST or None, initial={"amount": possible})
    form.fields["amount"].help_text = f"At most {in_words(possible, order.currency)}."
    return _answer(
        request,
        form,
        lambda: refund_return(
            return_id=found.pk, amount=form.cleaned_data["amount"], now=timezone.now()
        ),
        found=found,
        title=f"Refund return {found.number}",
        submit="Refund and close",
    )


@requires(REFUND_RETURNS)
@once
def return_close(request: HttpRequest, return_id: int) -> HttpResponse:
    """Close a return without giving money back."""
    found = return_seen_by(staff_of(request), return_id)
    return _answer(
        request,
        _bare(request),
        lambda: close_return(return_id=found.pk, now=timezone.now()),
        found=found,
        title=f"Close return {found.number} without a refund",
        submit="Close return",
    )
