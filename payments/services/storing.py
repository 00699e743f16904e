"""Events to amounts, amounts to the order: the one way by which anything about money is written."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import uuid4

from core import actors, attention
from core.facts import Fact
from core.money import ZERO, in_words, quantise
from core.outbox import publish_all
from customers.services import give_back_exposure, take_exposure
from orders.models import Order
from orders.services import record_money
from orders.services.screening import record_signal
from orders.states import RiskSignalKind
from payments import events
from payments.errors import OutOfOrder, WrongCurrency
from payments.gateways import TERMS
from payments.models import MoneyEvent, Payment
from payments.projections import awaited, reduce
from payments.states import Method, MoneyKind

REFUND_FAILED = "refund_failed"
DECLINES = (MoneyKind.AUTHORISATION_FAILED, MoneyKind.CAPTURE_FAILED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Movement:
    """One step to be written. `ref` names the movement it belongs to."""

    kind: MoneyKind
    ref: str
    amount: Decimal
    occurred_at: datetime
    provider_ref: str = ""
    method: Method | None = None
    note: str = ""


def new_ref(prefix: str) -> str:
    """A name for a movement that begins now."""
    return f"{prefix}:{uuid4().hex}"


def check_currency(order: Order, currency: str) -> None:
    """Refuse money in another currency than the order's."""
    if currency != order.currency:
        raise WrongCurrency(
            f"Order {order.number} is in {order.currency}; {currency} cannot be recorded for it.",
            field="currency",
        )


def append(payment: Payment, movement: Movement, *, now: datetime) -> list[Fact]:
    """Write one step of a locked payment and bring its amounts up to date.

    Returns the facts to publish: none when the step was told before. Raises OutOfOrder when the
    amounts would be impossible.
    """
    if _is_known(payment, movement):
        return []
    who = actors.current().actor
    MoneyEvent.objects.create(
        payment=payment,
        provider=payment.provider,
        kind=movement.kind,
        ref=movement.ref[:120],
        provider_ref=movement.provider_ref[:120],
        amount=movement.amount,
        method=movement.method or payment.method,
        note=movement.note[:300],
        occurred_at=movement.occurred_at,
        recorded_at=now,
        actor_kind=who.kind,
        actor_key=who.key,
        actor_label=who.label[:150],
    )
    amounts = reduce(payment.events.all())
    if not amounts.are_possible:
        raise OutOfOrder(
            f"{movement.kind.label} of {in_words(movement.amount, payment.currency)} does not fit what"
            " is known of this payment yet; it is tried again."
        )
    payment.take_amounts(amounts)
    if movement.kind == MoneyKind.CAPTURED:
        payment.received_at = movement.occurred_at
    payment.save()
    if movement.kind in DECLINES:
        record_signal(
            order_id=payment.order_id,
            kind=RiskSignalKind.DECLINED,
            ref=f"{payment.provider}:{movement.ref}:{movement.kind}",
            occurred_at=movement.occurred_at,
            now=now,
        )
    fact = fact_of(payment, movement)
    return [fact] if fact else []


def _is_known(payment: Payment, movement: Movement) -> bool:
    told = MoneyEvent.objects.filter(provider=payment.provider, kind=movement.kind)
    if told.filter(ref=movement.ref).exists():
        return True
    return bool(movement.provider_ref) and told.filter(provider_ref=movement.provider_ref).exists()


FACTS: dict[MoneyKind, Callable[..., Fact]] = {
    MoneyKind.EXPECTED: events.PaymentExpected,
    MoneyKind.DROPPED: events.PaymentReleased,
    MoneyKind.AUTHORISED: events.PaymentAuthorised,
    MoneyKind.AUTHORISATION_FAILED: events.PaymentFailed,
    MoneyKind.CAPTURED: events.PaymentReceived,
    MoneyKind.CAPTURE_FAILED: events.PaymentFailed,
    MoneyKind.VOIDED: events.PaymentReleased,
    MoneyKind.REFUND_REQUESTED: events.RefundRequested,
    MoneyKind.REFUNDED: events.MoneyRefunded,
    MoneyKind.REFUND_FAILED: events.RefundFailed,
}


def fact_of(payment: Payment, movement: Movement) -> Fact | None:
    """What the order's timeline says of a step; None for steps that only machines care about."""
    stated = FACTS.get(movement.kind)
    if stated is None:
        return None
    method = movement.method or Method(payment.method)
    label = payment.method_label if method == payment.method else method.label
    return stated(
        order_id=payment.order_id,
        payment_id=payment.pk,
        amount=str(quantise(movement.amount, payment.currency)),
        currency=payment.currency,
        method=label[0].lower() + label[1:] if not payment.label else label,
    )


def tell_order(
    order: Order, payments: Sequence[Payment], facts: Sequence[Fact], *, now: datetime
) -> Order:
    """Tell the locked order what all its payments come to, and its company's credit with it.

    Nothing but the facts is written where the sums are as before.
    """
    authorised = sum((one.authorised for one in payments), ZERO)
    captured = sum((one.captured for one in payments), ZERO)
    refunded = sum((one.refunded for one in payments), ZERO)
    if (authorised, captured, refunded) == (order.authorised, order.captured, order.refunded):
        publish_all(facts)
        return order
    outstanding = order.outstanding
    if order.takes_credit:
        _move_exposure(order, outstanding - (order.owed - captured + refunded))
    order = record_money(
        order_id=order.pk,
        authorised=authorised,
        captured=captured,
        refunded=refunded,
        facts=tuple(facts),
        now=now,
    )
    follow_balance(order, payments, now=now)
    if order.balance >= ZERO:
        attention.resolve(kind=REFUND_FAILED, subject_type="order", subject_ids=[order.pk])
    return order


def _move_exposure(order: Order, gone: Decimal) -> None:
    """Give back (or, below zero, take again) what is no longer outstanding on account."""
    gone = min(gone, order.outstanding)
    if gone > ZERO:
        give_back_exposure(company_id=order.company_id, currency=order.currency, amount=gone)
    elif gone < ZERO:
        take_exposure(company_id=order.company_id, currency=order.currency, amount=-gone)


def follow_balance(order: Order, payments: Sequence[Payment], *, now: datetime) -> None:
    """What is expected on account is what the order still has to pay: neither more nor less."""
    for payment in payments:
        if payment.provider != TERMS:
            continue
        told = list(payment.events.all())
        change = order.outstanding - awaited(told)
        if change:
            movement = Movement(
                kind=MoneyKind.EXPECTED if change > ZERO else MoneyKind.DROPPED,
                ref=f"terms:{payment.pk}:{len(told)}",
                amount=abs(change),
                occurred_at=now,
            )
            append(payment, movement, now=now)
