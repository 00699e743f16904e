"""Money coming in: received, expected, confirmed, authorised, captured, and no longer awaited."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from core.facts import Fact
from core.money import ZERO, in_words
from orders.models import Order
from payments.errors import (
    BadAmount,
    CannotCancelPayment,
    CannotCapture,
    CannotConfirm,
    OutOfOrder,
    PaymentNotFound,
)
from payments.gateways import MANUAL, Notice, gateway_named
from payments.locks import lock_money, lock_payment
from payments.models import MoneyEvent, Payment
from payments.selectors.planning import check_amount
from payments.services.operating import ask_provider, release_rest, warn_of_failed_refund
from payments.services.overdue import no_longer_overdue
from payments.services.storing import Movement, append, check_currency, new_ref, tell_order
from payments.states import Method, MoneyKind, Operation


def open_payment(
    order: Order,
    payments: list[Payment],
    *,
    provider: str,
    method: Method,
    now: datetime,
    label: str = "",
    reference: str = "",
    due_on: date | None = None,
) -> Payment:
    """A new payment of a locked order, with nothing on it yet."""
    gateway = gateway_named(provider)
    if method not in gateway.methods:
        raise BadAmount(f"{method.label} is nothing that {gateway.label} offers.", field="method")
    payment = Payment.objects.create(
        order=order,
        provider=provider,
        method=method,
        label=label[:80],
        reference=reference[:120],
        currency=order.currency,
        due_on=due_on,
        created_at=now,
    )
    payments.append(payment)
    return payment


def _told_before(provider: str, ref: str, kind: MoneyKind, amount: Decimal) -> Payment | None:
    """The payment that a key stands for already. The same key with another amount is refused."""
    if not ref:
        return None
    event = (
        MoneyEvent.objects.filter(provider=provider, ref=ref, kind=kind)
        .select_related("payment")
        .first()
    )
    if event is None:
        return None
    if event.amount != amount:
        raise BadAmount(
            f"This was recorded already, over {in_words(event.amount, event.payment.currency)}; record"
            " another amount as a payment of its own."
        )
    return event.payment


@transaction.atomic
def record_payment(
    *,
    order_id: int,
    method: Method,
    amount: Decimal,
    currency: str,
    received_at: datetime,
    reference: str = "",
    label: str = "",
    key: str = "",
    version: int | None = None,
    now: datetime,
) -> Payment:
    """Money came by hand: in cash, by bank transfer, by cheque, or in the shop's own checkout.

    Any amount is taken, since it is there: what is too much shows as overpaid. `key` makes telling
    it twice harmless. Raises BadAmount, WrongCurrency.
    """
    order, payments = lock_money(order_id, version=version)
    if earlier := _told_before(MANUAL, key, MoneyKind.CAPTURED, amount):
        return earlier
    check_currency(order, currency)
    check_amount(amount, currency)
    check_past(received_at, now)
    payment = open_payment(
        order, payments, provider=MANUAL, method=method, now=now, label=label, reference=reference
    )
    movement = ask_provider(
        payment,
        Operation.CAPTURE,
        amount,
        ref=key or new_ref("received"),
        now=now,
        occurred_at=received_at,
    )
    tell_order(order, payments, append(payment, movement, now=now), now=now)
    return payment


def check_past(received_at: datetime, now: datetime) -> None:
    """Refuse money from the future."""
    if received_at > now:
        raise BadAmount(
            "Money cannot have come in the future; give the day it came, or record it as expected.",
            field="received_on",
        )


@transaction.atomic
def expect_payment(
    *,
    order_id: int,
    method: Method,
    amount: Decimal,
    currency: str,
    due_on: date | None = None,
    reference: str = "",
    key: str = "",
    version: int | None = None,
    now: datetime,
) -> Payment:
    """Somebody said that they will pay: a bank transfer under way, a cheque in the mail."""
    order, payments = lock_money(order_id, version=version)
    if earlier := _told_before(MANUAL, key, MoneyKind.EXPECTED, amount):
        return earlier
    check_currency(order, currency)
    check_amount(amount, currency)
    payment = open_payment(
        order, payments, provider=MANUAL, method=method, now=now, reference=reference, due_on=due_on
    )
    movement = Movement(
        kind=MoneyKind.EXPECTED, ref=key or new_ref("expected"), amount=amount, occurred_at=now
    )
    tell_order(order, payments, append(payment, movement, now=now), now=now)
    return payment


@transaction.atomic
def confirm_payment(
    *,
    payment_id: int,
    received_at: datetime,
    amount: Decimal | None = None,
    method: Method | None = None,
    reference: str = "",
    now: datetime,
) -> Payment:
    """Expected money came, all of it (None) or `amount`; what is missing stays expected.

    `method` says by which way an amount on account came. Raises CannotConfirm, BadAmount.
    """
    order, payments, payment = lock_payment(payment_id)
    if not payment.expected:
        raise CannotConfirm(
            f"Nothing is expected of this payment any more: it is"
            f" {payment.get_status_display().lower()}."
        )
    amount = payment.expected if amount is None else amount
    check_amount(amount, payment.currency)
    check_past(received_at, now)
    if reference:
        payment.reference = reference[:120]
    movement = ask_provider(
        payment,
        Operation.CAPTURE,
        amount,
        ref=new_ref("received"),
        now=now,
        occurred_at=received_at,
        method=method,
        note=reference,
    )
    tell_order(order, payments, append(payment, movement, now=now), now=now)
    no_longer_overdue([payment])
    return payment


@transaction.atomic
def authorise_payment(
    *,
    order_id: int,
    provider: str,
    method: Method,
    amount: Decimal,
    currency: str,
    key: str = "",
    now: datetime,
) -> Payment:
    """Ask a provider to set money aside for an order. Raises BadAmount, WrongCurrency."""
    order, payments = lock_money(order_id)
    for kind in (MoneyKind.AUTHORISATION_REQUESTED, MoneyKind.AUTHORISED):
        if earlier := _told_before(provider, key, kind, amount):
            return earlier
    check_currency(order, currency)
    check_amount(amount, currency)
    if not gateway_named(provider).capabilities.authorises:
        raise BadAmount(f"{gateway_named(provider).label} sets no money aside.", field="provider")
    payment = open_payment(order, payments, provider=provider, method=method, now=now)
    ref = key or new_ref("authorise")
    movement = ask_provider(payment, Operation.AUTHORISE, amount, ref=ref, now=now)
    tell_order(order, payments, append(payment, movement, now=now), now=now)
    return payment


@transaction.atomic
def capture_payment(
    *, payment_id: int, amount: Decimal | None = None, key: str = "", now: datetime
) -> Payment:
    """Take money that was set aside: all that is left (None) or `amount`. Raises CannotCapture when
    that is more than is left, BadAmount.
    """
    order, payments, payment = lock_payment(payment_id)
    for kind in (MoneyKind.CAPTURE_REQUESTED, MoneyKind.CAPTURED):
        if earlier := _told_before(payment.provider, key, kind, amount or payment.approved):
            return earlier
    possible = payment.authorised - payment.pending
    amount = possible if amount is None else amount
    if possible <= ZERO or amount > possible:
        raise CannotCapture(
            f"At most {in_words(max(possible, ZERO), payment.currency)} can be taken: that is what is"
            " set aside and not asked for yet.",
            field="amount",
        )
    check_amount(amount, payment.currency)
    if amount < possible and not gateway_named(payment.provider).capabilities.captures_partly:
        raise CannotCapture(
            f"{payment.method_label} can only be taken whole: {in_words(possible, payment.currency)}.",
            field="amount",
        )
    ref = key or new_ref("capture")
    movement = ask_provider(payment, Operation.CAPTURE, amount, ref=ref, now=now)
    facts = append(payment, movement, now=now)
    facts += release_rest(payment, movement, now=now)
    tell_order(order, payments, facts, now=now)
    return payment


@transaction.atomic
def cancel_payment(*, payment_id: int, reason: str = "", now: datetime) -> Payment:
    """Stop waiting for expected money, and release what is set aside. Raises CannotCancelPayment."""
    order, payments, payment = lock_payment(payment_id)
    if not payment.expected and payment.authorised <= payment.pending:
        raise CannotCancelPayment(
            f"Nothing is left to cancel: this payment is {payment.get_status_display().lower()}."
            " Money that came can be given back instead."
        )
    tell_order(order, payments, let_go(payment, reason=reason, now=now), now=now)
    return payment


def let_go(payment: Payment, *, reason: str, now: datetime) -> list[Fact]:
    """Drop what is expected of a locked payment and release what is set aside; the facts of it."""
    facts: list[Fact] = []
    if payment.expected:
        movement = Movement(
            kind=MoneyKind.DROPPED,
            ref=new_ref("dropped"),
            amount=payment.expected,
            occurred_at=now,
            note=reason,
        )
        facts += append(payment, movement, now=now)
        no_longer_overdue([payment])
    open_amount = payment.authorised - payment.pending
    if open_amount > ZERO:
        ref = new_ref("void")
        movement = ask_provider(payment, Operation.VOID, open_amount, ref=ref, now=now, note=reason)
        facts += append(payment, movement, now=now)
    return facts


@transaction.atomic
def record_notices(*, provider: str, notices: Sequence[Notice], now: datetime) -> int:
    """What a provider told on its own, in any order and however often; returns how many steps were
    new. Raises PaymentNotFound or OutOfOrder when a step comes before what it builds on: told again
    later, it fits.
    """
    return sum(_record_notice(provider, notice, now=now) for notice in notices)


def _record_notice(provider: str, notice: Notice, *, now: datetime) -> int:
    payment_id = (
        Payment.objects.filter(provider=provider, provider_ref=notice.payment_ref)
        .values_list("pk", flat=True)
        .first()
    ) or (
        MoneyEvent.objects.filter(provider=provider, ref=notice.ref)
        .values_list("payment_id", flat=True)
        .first()
    )
    if payment_id is None:
        raise PaymentNotFound(f"{provider} tells of a payment that is not known here yet.")
    order, payments, payment = lock_payment(payment_id)
    if notice.currency != payment.currency:
        raise OutOfOrder(
            f"{provider} tells of {notice.currency}, but the payment for order {order.number} is"
            f" in {payment.currency}."
        )
    known = payment.events.count()
    if not payment.provider_ref:
        payment.provider_ref = notice.payment_ref
    movement = Movement(
        kind=notice.kind,
        ref=notice.ref,
        amount=notice.amount,
        occurred_at=notice.occurred_at,
        provider_ref=notice.provider_ref,
        note=notice.note,
    )
    facts = append(payment, movement, now=now)
    if payment.events.count() == known:
        return 0
    facts += release_rest(payment, movement, now=now)
    warn_of_failed_refund(payment, movement)
    tell_order(order, payments, facts, now=now)
    return 1
