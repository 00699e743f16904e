"""Giving money back: what is owed, and goodwill beyond it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from core.actors import acting
from core.facts import Fact
from core.money import ZERO, in_words, quantise
from orders.models import Order
from orders.services import grant_credit
from payments.errors import BeyondGoodwillLimit
from payments.events import GoodwillGranted
from payments.locks import lock_money
from payments.models import MoneyEvent, Payment
from payments.selectors.planning import Share, plan_refund, surplus
from payments.services.invoicing import credit_what_is_uncredited
from payments.services.operating import ask_provider, warn_of_failed_refund
from payments.services.storing import append, new_ref, tell_order
from payments.states import Operation


@dataclass(frozen=True, slots=True)
class RefundPreview:
    """What a refund would do. `credit` is goodwill; `balance_after` above zero is what the customer
    would then have to pay (again), below zero what would still have to be given back.
    """

    amount: Decimal
    currency: str
    shares: tuple[Share, ...]
    credit: Decimal
    balance_after: Decimal

    @property
    def sentences(self) -> list[str]:
        """In words, for the page that asks for the last word."""
        parts = [
            f"The customer will get {in_words(share.amount, self.currency)} back by"
            f" {share.payment.method_label.lower()}."
            for share in self.shares
        ]
        if self.credit:
            parts.append(f"{in_words(self.credit, self.currency)} of it is goodwill.")
        if self.balance_after > ZERO:
            parts.append(
                f"The order will then wait for {in_words(self.balance_after, self.currency)}."
            )
        elif self.balance_after < ZERO:
            parts.append(
                f"{in_words(-self.balance_after, self.currency)} will still be owed to them."
            )
        return parts


def preview_refund(
    order: Order,
    payments: Sequence[Payment],
    amount: Decimal,
    *,
    chosen: Mapping[int, Decimal] | None = None,
    grants_credit: bool = False,
) -> RefundPreview:
    """What `refund_order` would do now: the same checks, nothing written."""
    shares = plan_refund(order, payments, amount, chosen=chosen)
    credit = _goodwill(order, payments, amount) if grants_credit else ZERO
    under_way = sum((one.refund_pending for one in payments), ZERO)
    return RefundPreview(
        amount=amount,
        currency=order.currency,
        shares=tuple(shares),
        credit=credit,
        balance_after=order.balance + under_way + amount - credit,
    )


@transaction.atomic
def refund_order(
    *,
    order_id: int,
    amount: Decimal,
    reason: str,
    shares: Mapping[int, Decimal] | None = None,
    grants_credit: bool = False,
    goodwill_limit: Decimal | None = None,
    key: str = "",
    version: int | None = None,
    now: datetime,
) -> Order:
    """Give money back, from the newest payment on or as `shares` says by payment id.

    `grants_credit`: what goes beyond what the customer is owed is goodwill and lowers what the order
    is worth, within `goodwill_limit` (None: unlimited); otherwise the order waits for it again.
    Where an invoice stands, a credit note follows. `key` makes telling it twice harmless. Raises
    BadAmount, OverRefund, BeyondGoodwillLimit, BadCredit.
    """
    with acting(reason=reason):
        order, payments = lock_money(order_id, version=version)
        if _was_given(key, payments):
            return order
        planned = plan_refund(order, payments, amount, chosen=shares)
        if grants_credit:
            credit = _goodwill(order, payments, amount)
            order = _grant(order, credit, goodwill_limit, now=now)
        facts = _give(planned, ref=key or new_ref("refund"), reason=reason, now=now)
        order = tell_order(order, payments, facts, now=now)
        credit_what_is_uncredited(order, reason=reason, now=now)
    return order


def _was_given(key: str, payments: Sequence[Payment]) -> bool:
    """Whether the refund that a key stands for was begun already."""
    given = MoneyEvent.objects.filter(payment__in=payments, ref__startswith=f"{key}:")
    return bool(key) and given.exists()


def _give(shares: Sequence[Share], *, ref: str, reason: str, now: datetime) -> list[Fact]:
    facts: list[Fact] = []
    for share in shares:
        movement = ask_provider(
            share.payment,
            Operation.REFUND,
            share.amount,
            ref=f"{ref}:{share.payment.pk}",
            now=now,
            note=reason,
        )
        facts += append(share.payment, movement, now=now)
        warn_of_failed_refund(share.payment, movement)
    return facts


def _goodwill(order: Order, payments: Sequence[Payment], amount: Decimal) -> Decimal:
    return max(ZERO, amount - surplus(order, payments))


def _grant(order: Order, credit: Decimal, limit: Decimal | None, *, now: datetime) -> Order:
    if not credit:
        return order
    if limit is not None and credit > limit:
        raise BeyondGoodwillLimit(
            f"{in_words(credit, order.currency)} of this is goodwill, and your limit on this order is"
            f" {in_words(limit, order.currency)}; give less or ask a manager.",
            field="amount",
        )
    fact = GoodwillGranted(
        order_id=order.pk,
        amount=str(quantise(credit, order.currency)),
        currency=order.currency,
    )
    return grant_credit(order_id=order.pk, amount=credit, facts=(fact,), now=now)


@transaction.atomic
def refund_surplus(*, order_id: int, reason: str, key: str, now: datetime) -> Decimal:
    """Give back what was paid above what the order is worth; returns how much. Nothing to give back
    is no error, and the same `key` gives back once.
    """
    order, payments = lock_money(order_id)
    amount = surplus(order, payments)
    if amount:
        refund_order(order_id=order_id, amount=amount, reason=reason, key=key, now=now)
    return amount
