"""Money that follows goods from one order to another, where orders were split or merged."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from core.money import ZERO, in_words
from orders.locks import lock_orders
from orders.models import Order
from orders.states import OrderState
from payments.events import MoneyMoved
from payments.gateways import MANUAL
from payments.locks import lock_money
from payments.models import MoneyEvent, Payment
from payments.selectors.planning import refundable
from payments.services.accounts import open_account_payment
from payments.services.invoicing import credit_what_is_uncredited
from payments.services.overdue import no_longer_overdue
from payments.services.recording import let_go, open_payment
from payments.services.storing import Movement, append, follow_balance, tell_order
from payments.states import Method, MoneyKind


@transaction.atomic
def follow_goods(*, from_order_id: int, to_order_id: int, now: datetime) -> Decimal:
    """Units and their worth went from one order to another: what was paid for them goes after, what
    is expected of each follows, and papers are corrected. Returns what was moved; telling it twice
    moves nothing more.

    The money stays where its provider has it: only our books say whose it is now. It leaves the
    newest payments first, as a refund would.
    """
    lock_orders([from_order_id, to_order_id])
    source, paid = lock_money(from_order_id)
    target, payments = lock_money(to_order_id)
    ref = f"moved:{source.pk}:{target.pk}"
    amount = max(ZERO, -source.balance)
    if amount and not MoneyEvent.objects.filter(provider=MANUAL, ref=ref).exists():
        amount = _take_out(source, target, paid, amount, ref=ref, now=now)
        _put_in(source, target, payments, amount, ref=ref, now=now)
    else:
        amount = ZERO
    open_account_payment(order_id=target.pk, now=now)
    target, payments = lock_money(to_order_id)
    follow_balance(target, payments, now=now)
    source, paid = lock_money(from_order_id)
    follow_balance(source, paid, now=now)
    if source.state == OrderState.CANCELLED:
        reason = f"Merged into {target.number}"
        facts = [fact for payment in paid for fact in let_go(payment, reason=reason, now=now)]
        source = tell_order(source, paid, facts, now=now)
    no_longer_overdue(paid)
    credit_what_is_uncredited(source, reason=f"Moved to order {target.number}", now=now)
    return amount


def _take_out(
    source: Order,
    target: Order,
    payments: Sequence[Payment],
    amount: Decimal,
    *,
    ref: str,
    now: datetime,
) -> Decimal:
    """Take the amount off the payments it is on; returns what there was of it."""
    left = amount
    for payment in refundable(payments):
        part = min(left, payment.refundable)
        if part:
            movement = Movement(
                kind=MoneyKind.REFUNDED,
                ref=f"{ref}:{payment.pk}",
                amount=part,
                occurred_at=now,
                method=Method.MOVED,
                note=f"Moved to order {target.number}",
            )
            append(payment, movement, now=now)
            left -= part
    taken = amount - left
    if taken:
        tell_order(source, payments, [_moved(source, taken, f"to {target.number}")], now=now)
    return taken


def _put_in(
    source: Order,
    target: Order,
    payments: list[Payment],
    amount: Decimal,
    *,
    ref: str,
    now: datetime,
) -> None:
    if not amount:
        return
    label = f"Moved from {source.number}"
    payment = open_payment(
        target, payments, provider=MANUAL, method=Method.MOVED, now=now, label=label
    )
    movement = Movement(kind=MoneyKind.CAPTURED, ref=ref, amount=amount, occurred_at=now)
    append(payment, movement, now=now)
    tell_order(target, payments, [_moved(target, amount, f"from {source.number}")], now=now)


def _moved(order: Order, amount: Decimal, where: str) -> MoneyMoved:
    return MoneyMoved(order_id=order.pk, amount=in_words(amount, order.currency), where=where)
