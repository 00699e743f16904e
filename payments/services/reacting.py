"""What payments does when orders change: one verb a fact, harmless when told twice."""

from datetime import datetime

from django.db import transaction

from orders.states import OrderState
from payments.errors import CannotInvoice
from payments.locks import lock_money
from payments.models import Invoice
from payments.services.invoicing import correct_papers, credit_what_is_uncredited, issue_invoice
from payments.services.overdue import no_longer_overdue
from payments.services.recording import let_go
from payments.services.refunding import refund_surplus
from payments.services.storing import follow_balance, tell_order


@transaction.atomic
def follow_cancelled(*, order_id: int, wants_refund: bool, reason: str, now: datetime) -> None:
    """Units of an order were cancelled: what is expected follows, what was paid too much goes back
    where that is wished, and an order that is over waits for no more money.
    """
    order, payments = lock_money(order_id)
    follow_balance(order, payments, now=now)
    no_longer_overdue(payments)
    if order.state in {OrderState.CANCELLED, OrderState.EXPIRED}:
        facts = [fact for payment in payments for fact in let_go(payment, reason=reason, now=now)]
        order = tell_order(order, payments, facts, now=now)
    if wants_refund:
        key = f"cancelled:{order.pk}:{order.units_cancelled}"
        refund_surplus(order_id=order.pk, reason=reason, key=key, now=now)
    credit_what_is_uncredited(order, reason=reason, now=now)


def invoice_shipped(*, order_id: int, now: datetime) -> Invoice | None:
    """Goods left: the order is invoiced, once. None where it comes to nothing."""
    try:
        return issue_invoice(order_id=order_id, now=now)
    except CannotInvoice:
        return None


@transaction.atomic
def follow_credit(*, order_id: int, reason: str, now: datetime) -> None:
    """An order is worth less: what is expected of it and its papers follow."""
    order, payments = lock_money(order_id)
    follow_balance(order, payments, now=now)
    no_longer_overdue(payments)
    credit_what_is_uncredited(order, reason=reason, now=now)


@transaction.atomic
def follow_edited(*, order_id: int, reason: str, now: datetime) -> None:
    """An order was edited: what is expected on account and its papers follow. Money that is owed back
    waits for a person.
    """
    order, payments = lock_money(order_id)
    follow_balance(order, payments, now=now)
    no_longer_overdue(payments)
    correct_papers(order, reason=reason, now=now)
