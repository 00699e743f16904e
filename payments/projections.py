"""What a payment's events come to: pure, so that any order of arrival and any duplicate ends alike."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Protocol

from core.money import ZERO
from payments.states import MoneyKind, Operation, PaymentStanding, Step

RANK = {Step.REQUESTED: 0, Step.SUCCEEDED: 1, Step.FAILED: 2}


class Told(Protocol):
    """One reported step. `ref` names the attempt: what is told under one ref is one movement."""

    @property
    def kind(self) -> str: ...
    @property
    def ref(self) -> str: ...
    @property
    def amount(self) -> Decimal: ...
    @property
    def occurred_at(self) -> datetime: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Amounts:
    """What the events of one payment come to.

    `approved` is all that a provider ever approved and did not release, `authorised` the part of it
    that may still be captured and was not asked to be released; `pending` was asked for and not
    answered yet (authorisation, capture); `refund_pending` was asked to be given back and not
    answered yet.
    """

    expected: Decimal = ZERO
    approved: Decimal = ZERO
    authorised: Decimal = ZERO
    pending: Decimal = ZERO
    captured: Decimal = ZERO
    refund_pending: Decimal = ZERO
    refunded: Decimal = ZERO
    has_failed: bool = False

    @property
    def refundable(self) -> Decimal:
        """What was received and neither given back nor asked to be."""
        return self.captured - self.refunded - self.refund_pending

    @property
    def are_possible(self) -> bool:
        """Whether these amounts can all be true; events that come out of order may not be, yet."""
        return self.refundable >= 0 and (not self.approved or self.captured <= self.approved)


def reduce(events: Iterable[Told]) -> Amounts:
    """Reduce events to amounts.

    The events of one operation and ref are one movement. It stands as its latest answer says (by
    the time at the provider; at the same time a failure counts more than a success), and as asked
    for while there is no answer. So a later failure takes back an earlier success, and neither
    order nor repetition of the events matters.
    """
    settled, asked, has_failed = _movements(events)
    captured = settled[Operation.CAPTURE]
    approved = max(ZERO, settled[Operation.AUTHORISE] - settled[Operation.VOID])
    return Amounts(
        expected=max(ZERO, settled[Operation.EXPECT] - settled[Operation.DROP] - captured),
        approved=approved,
        authorised=max(ZERO, approved - captured - asked[Operation.VOID]),
        pending=asked[Operation.AUTHORISE] + asked[Operation.CAPTURE],
        captured=captured,
        refund_pending=asked[Operation.REFUND],
        refunded=settled[Operation.REFUND],
        has_failed=has_failed,
    )


def awaited(events: Iterable[Told]) -> Decimal:
    """What is expected less what came, below zero where more came than was expected."""
    settled, _, _ = _movements(events)
    return settled[Operation.EXPECT] - settled[Operation.DROP] - settled[Operation.CAPTURE]


def _movements(
    events: Iterable[Told],
) -> tuple[dict[Operation, Decimal], dict[Operation, Decimal], bool]:
    """Sums by operation of what succeeded and of what waits for an answer; and whether any failed."""
    by_movement: dict[tuple[Operation, str], list[Told]] = defaultdict(list)
    for event in events:
        by_movement[MoneyKind(event.kind).operation, event.ref].append(event)
    settled: dict[Operation, Decimal] = defaultdict(lambda: ZERO)
    asked: dict[Operation, Decimal] = defaultdict(lambda: ZERO)
    has_failed = False
    for (operation, _), told in by_movement.items():
        last = max(told, key=_weight)
        step = MoneyKind(last.kind).step
        if step == Step.SUCCEEDED:
            settled[operation] += last.amount
        elif step == Step.REQUESTED:
            asked[operation] += last.amount
        else:
            has_failed = True
    return settled, asked, has_failed


def _weight(event: Told) -> tuple[bool, datetime, int, Decimal]:
    step = MoneyKind(event.kind).step
    return step != Step.REQUESTED, event.occurred_at, RANK[step], event.amount


def standing(amounts: Amounts) -> PaymentStanding:
    """Where a payment of these amounts stands."""
    if amounts.captured:
        return _standing_of_received(amounts)
    if amounts.authorised:
        return PaymentStanding.AUTHORISED
    if amounts.pending:
        return PaymentStanding.PENDING
    if amounts.expected:
        return PaymentStanding.EXPECTED
    return PaymentStanding.FAILED if amounts.has_failed else PaymentStanding.CANCELLED


def _standing_of_received(amounts: Amounts) -> PaymentStanding:
    if amounts.refunded >= amounts.captured:
        return PaymentStanding.REFUNDED
    if amounts.refunded:
        return PaymentStanding.PARTLY_REFUNDED
    still_to_come = amounts.expected or amounts.authorised or amounts.pending
    return PaymentStanding.PARTLY_RECEIVED if still_to_come else PaymentStanding.RECEIVED
