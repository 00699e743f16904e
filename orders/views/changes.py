"""Changing a placed order: a form with what it comes to beside it, and a second person's decision."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from core.access import requires, staff_of
from core.errors import DomainError, StaleEdit
from core.money import ZERO, in_words
from core.once import once
from inventory.selectors.catalogue import products_called
from orders.forms.changes import (
    Added,
    AddedFormSet,
    ChangesForm,
    DeclineForm,
    figures_shown,
    shown_as,
)
from orders.models import ChangeSet, Order
from orders.rights import APPROVE_CHANGES, EDIT_ORDERS, SEE_ORDERS, SHIP_UNPAID
from orders.selectors import order_seen_by, quote_order
from orders.selectors.changing import change_of
from orders.selectors.quoting import LineWish
from orders.services.changing import (
    Outcome,
    approve_changes,
    decline_changes,
    discard_changes,
    edit_order,
    preview_changes,
    targets_of,
    wanted_of,
)
from orders.states import ChangeState, OrderState

FOUND = 8


@dataclass
class _Page:
    """What the page shows beside its form: what it comes to, or why it is not possible. `data` is what
    was entered, and what the page carries along.
    """

    data: QueryDict
    outcome: Outcome | None = None
    refusal: str = ""
    changes: tuple[str, ...] = ()
    notice: str = ""
    status: int = 200
    search: str = ""


@requires(EDIT_ORDERS)
@once
def order_edit(request: HttpRequest, order_id: int) -> HttpResponse:
    """Change a placed order. `do` says what the button meant: apply it, or only change what is on the
    page. Nothing is applied that the page did not show before.
    """
    order = order_seen_by(staff_of(request), order_id)
    if request.method != "POST":
        return _show(
            request, order, _form(request, order), AddedFormSet(prefix="added"), _Page(request.POST)
        )
    do = request.POST.get("do", "preview")
    data = _changed(request.POST.copy(), do)
    if do == "apply":
        return _apply(request, order, data)
    form, added = _form(request, order, data), AddedFormSet(data, prefix="added")
    page = _Page(data, search=data.get("find_product", ""))
    _look(order, form, added, page)
    return _show(request, order, form, added, page)


def _form(request: HttpRequest, order: Order, data: QueryDict | None = None) -> ChangesForm:
    return ChangesForm(
        data,
        order=order,
        targets=targets_of(order, now=timezone.now()),
        may_ship_unpaid=staff_of(request).has_right(SHIP_UNPAID),
    )


def _changed(data: QueryDict, do: str) -> QueryDict:
    """What was entered, after a button that changes the page only."""
    verb, _, argument = do.partition("-")
    count = data.get("added-TOTAL_FORMS", "0")
    total = int(count) if count.isdecimal() and len(count) < 4 else 0
    names = ("sku", "quantity", "unit_price")
    rows = [{name: data.get(f"added-{i}-{name}", "") for name in names} for i in range(total)]
    if verb == "add" and (sku := argument.strip()):
        rows.append({"sku": sku, "quantity": "1", "unit_price": ""})
        data["find_product"] = ""
    if verb == "drop" and argument.isdecimal():
        rows = [row for i, row in enumerate(rows) if i != int(argument)]
    if verb == "remove" and argument in data:
        data[argument] = "0"
    for i, row in enumerate(rows):
        for name, value in row.items():
            data[f"added-{i}-{name}"] = value
    data["added-TOTAL_FORMS"], data["added-INITIAL_FORMS"] = str(len(rows)), "0"
    return data


def _is_filled(form: ChangesForm, added: Added) -> bool:
    """Whether all is well-formed; the reason may come last, when what it does is known. It is shown
    as needed all the same: nothing is applied without it.
    """
    form.fields["reason"].required = False
    is_filled = form.is_valid() and added.is_valid()
    form.fields["reason"].required = True
    return is_filled


def _look(order: Order, form: ChangesForm, added: Added, page: _Page) -> None:
    """Preview what is on the page, and let the page carry what it shows."""
    if not _is_filled(form, added):
        page.refusal = "Put right what is marked, then this shows what it comes to."
        return
    wanted = form.wanted(added)
    if not wanted.asked:
        return
    try:
        page.outcome = preview_changes(order_id=order.pk, wanted=wanted, now=timezone.now())
    except DomainError as refusal:
        page.refusal = refusal.message
        return
    page.data["shown"] = shown_as(wanted, page.outcome)


def _apply(request: HttpRequest, order: Order, data: QueryDict) -> HttpResponse:
    form, added = _form(request, order, data), AddedFormSet(data, prefix="added")
    page = _Page(data, status=422)
    if not (form.is_valid() and added.is_valid()):
        _look(order, _form(request, order, page.data), added, page)
        return _show(request, order, form, added, page)
    wanted = form.wanted(added)
    seen = figures_shown(form.cleaned_data["shown"], wanted)
    if seen is None and wanted.asked and form.cleaned_data["version"] == order.version:
        _look(order, form, added, page)
        page.notice = "This is what it comes to. Apply it if that is what you want."
        page.status = 422 if page.refusal else 200
        return _show(request, order, form, added, page)
    try:
        change = edit_order(
            order_id=order.pk,
            wanted=wanted,
            seen=seen,
            version=form.cleaned_data["version"],
            now=timezone.now(),
        )
    except StaleEdit as stale:
        page.status, page.changes = 409, stale.changes
        form.add_error(None, stale.message)
        page.data["version"] = str(order.version)
        _look(order, _form(request, order, page.data), added, page)
    except DomainError as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
    else:
        return _done(request, order, change)
    return _show(request, order, form, added, page)


def _done(request: HttpRequest, order: Order, change: ChangeSet) -> HttpResponse:
    if change.state == ChangeState.AWAITING:
        messages.info(request, f"Change {change.number} awaits approval. {change.why_approval}")
        return redirect("orders:change_detail", order.pk, change.pk)
    balance = change.order.balance
    words = ""
    if balance:
        amount = in_words(abs(balance), order.currency)
        words = f" {amount} is still to pay." if balance > 0 else f" {amount} is to be given back."
    messages.success(request, f"Order {order.number} is changed.{words}")
    return redirect("orders:order_detail", order.pk)


def _show(
    request: HttpRequest, order: Order, form: ChangesForm, added: Added, page: _Page
) -> HttpResponse:
    quotes = _quotes(order, added)
    context = {
        "order": order,
        "form": form,
        "added": added,
        "numbered": list(zip(added.forms, quotes, strict=True)),
        "page": page,
        "is_open": order.state == OrderState.OPEN,
        "products": products_called(page.search, most=FOUND),
        "find_product": page.search,
    }
    is_part = bool(getattr(request, "htmx", None))
    template = "orders/changes/_edit.html" if is_part else "orders/changes/edit.html"
    return render(request, template, context, status=page.status)


def _quotes(order: Order, added: Added) -> list[Any]:
    """The products to be added with their price, what is free and what may be had instead."""
    if not added.forms:
        return []
    wishes = []
    for form in added.forms:
        units = str(form["quantity"].value() or "")
        is_number = units.isdecimal() and len(units) < 8
        wishes.append(LineWish(str(form["sku"].value() or ""), int(units) if is_number else 0))
    return quote_order(
        wishes,
        channel=order.channel,
        country=order.ship_country,
        service=None,
        shipping=ZERO,
    ).lines


@requires(SEE_ORDERS)
def change_detail(request: HttpRequest, order_id: int, change_id: int) -> HttpResponse:
    """A change set: what it does, who decided, and the decision where one is due."""
    order = order_seen_by(staff_of(request), order_id)
    return _decision(request, order, change_of(order, change_id))


def _decision(
    request: HttpRequest, order: Order, change: ChangeSet, *, status: int = 200, **more: Any
) -> HttpResponse:
    outcome, refusal = None, ""
    if change.state in {ChangeState.AWAITING, ChangeState.OPEN}:
        try:
            outcome = preview_changes(
                order_id=order.pk, wanted=wanted_of(change), now=timezone.now()
            )
        except DomainError as refused:
            refusal = refused.message
    user = staff_of(request)
    is_own = change.requested_key == f"user:{user.pk}"
    context = {
        "order": order,
        "change": change,
        "outcome": outcome,
        "refusal": refusal,
        "shown": shown_as(wanted_of(change), outcome) if outcome else "",
        "is_own": is_own,
        "may_decide": change.state == ChangeState.AWAITING
        and not is_own
        and user.has_right(APPROVE_CHANGES),
        "may_discard": change.state in {ChangeState.AWAITING, ChangeState.OPEN}
        and user.has_right(EDIT_ORDERS),
        "decline_form": DeclineForm(),
        **more,
    }
    return render(request, "orders/changes/change_detail.html", context, status=status)


def _decide(
    request: HttpRequest, order_id: int, change_id: int, act: Callable[[ChangeSet], Any], done: str
) -> HttpResponse:
    order = order_seen_by(staff_of(request), order_id)
    change = change_of(order, change_id)
    try:
        act(change)
    except StaleEdit as stale:
        return _decision(
            request, order, change, status=409, changes=stale.changes, problem=stale.message
        )
    except DomainError as refused:
        return _decision(request, order, change, status=422, problem=refused.message)
    messages.success(request, done)
    return redirect("orders:order_detail", order.pk)


@requires(APPROVE_CHANGES)
@require_POST
@once
def change_approve(request: HttpRequest, order_id: int, change_id: int) -> HttpResponse:
    """Agree to a change and apply it, exactly as the page showed it."""

    def act(change: ChangeSet) -> None:
        seen = figures_shown(request.POST.get("shown", ""), wanted_of(change))
        approve_changes(change_set_id=change.pk, seen=seen, now=timezone.now())

    return _decide(request, order_id, change_id, act, "Approved; the order is changed.")


@requires(APPROVE_CHANGES)
@require_POST
@once
def change_decline(request: HttpRequest, order_id: int, change_id: int) -> HttpResponse:
    """Refuse a change, with a reason."""
    reason = request.POST.get("reason", "")
    return _decide(
        request,
        order_id,
        change_id,
        lambda change: decline_changes(change_set_id=change.pk, reason=reason, now=timezone.now()),
        "Declined; the order stays as it is.",
    )


@requires(EDIT_ORDERS)
@require_POST
@once
def change_discard(request: HttpRequest, order_id: int, change_id: int) -> HttpResponse:
    """Withdraw a change that was not applied."""
    return _decide(
        request,
        order_id,
        change_id,
        lambda change: discard_changes(change_set_id=change.pk, now=timezone.now()),
        "Discarded; the order stays as it is.",
    )
