"""Giving money back, with its effects in view before it happens."""

from decimal import Decimal

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST

from core.access import requires, staff_of
from core.errors import DomainError
from core.money import ZERO
from core.once import once
from orders.models import Order
from orders.selectors import order_seen_by
from payments.forms import GOODWILL, RefundForm
from payments.rights import GIVE_REFUNDS, GRANT_GOODWILL
from payments.selectors import OrderMoney, goodwill_allowance, order_money
from payments.services import RefundPreview, preview_refund, refund_order
from payments.views.answering import answer


def _form(request: HttpRequest, money: OrderMoney) -> RefundForm:
    return RefundForm(
        request.POST or None,
        order=money.order,
        payments=money.payments,
        due_back=money.due_back,
        may_grant=staff_of(request).has_right(GRANT_GOODWILL),
    )


def _limit(request: HttpRequest, order: Order) -> Decimal | None:
    """How much goodwill this user may grant here; None: as much as they like."""
    if not staff_of(request).has_right(GRANT_GOODWILL):
        return ZERO
    return goodwill_allowance(staff_of(request), order)


def _preview(form: RefundForm, money: OrderMoney) -> tuple[RefundPreview | None, str]:
    """What would happen, or why it would be refused; neither while nothing is entered."""
    if form.is_bound:
        form.is_valid()
        amount = form.cleaned_data.get("amount")
    else:
        form.cleaned_data = {}
        amount = money.due_back or None
    if not amount:
        return None, ""
    grants = form.cleaned_data.get("beyond") == GOODWILL
    try:
        seen = preview_refund(
            money.order, money.payments, amount, chosen=form.chosen(), grants_credit=grants
        )
    except DomainError as refusal:
        return None, refusal.message
    return seen, ""


@requires(GIVE_REFUNDS)
@once
def refund_create(request: HttpRequest, order_id: int) -> HttpResponse:
    """Give money back for an order."""
    order = order_seen_by(staff_of(request), order_id)
    money = order_money(order)
    form = _form(request, money)
    preview, refusal = _preview(form, money)
    limit = _limit(request, order)
    return answer(
        request,
        order,
        form,
        lambda: refund_order(
            order_id=order.pk,
            amount=form.cleaned_data["amount"],
            reason=form.cleaned_data["reason"],
            shares=form.chosen(),
            grants_credit=form.cleaned_data["beyond"] == GOODWILL,
            goodwill_limit=limit,
            now=timezone.now(),
        ),
        title=f"Give money back for {order.number}",
        submit="Give money back",
        done=f"Money was given back for {order.number}.",
        template="payments/refund_form.html",
        field_of=form.field_of,
        is_danger=True,
        money=money,
        preview=preview,
        refusal=refusal,
        limit=limit,
    )


@requires(GIVE_REFUNDS)
@require_POST
def refund_preview(request: HttpRequest, order_id: int) -> HttpResponse:
    """What a refund as it is being typed would do."""
    money = order_money(order_seen_by(staff_of(request), order_id))
    preview, refusal = _preview(_form(request, money), money)
    context = {"preview": preview, "refusal": refusal}
    return render(request, "payments/refund_preview.html", context)
