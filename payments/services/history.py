"""Money that moved before this system knew its order: recorded with its dates, many at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from core import actors
from core.bulk import insert_all
from core.money import ZERO
from orders.models import Order
from payments.models import MoneyEvent, Payment
from payments.projections import reduce
from payments.states import Method, MoneyKind

PROVIDER = "manual"


@dataclass(frozen=True, slots=True, kw_only=True)
class PastPayment:
    """One payment that an order brought with it, and what was given back of it. `label` is how the
    shop calls the way it was paid.
    """

    order: Order
    amount: Decimal
    at: datetime
    label: str = ""
    reference: str = ""
    refunded: Decimal = ZERO
    refunded_at: datetime | None = None


def record_past(payments: Sequence[PastPayment], *, now: datetime) -> None:
    """Write the rows behind the money that orders were placed with (orders.drafts.Past), in the
    same transaction: the orders' own sums hold it already and are not told again. Two statements.
    """
    if not payments:
        return
    rows = [_payment(past) for past in payments]
    told = [_events(past, row, now) for past, row in zip(payments, rows, strict=True)]
    for row, events in zip(rows, told, strict=True):
        row.take_amounts(reduce(events))
    insert_all(rows)
    for row, events in zip(rows, told, strict=True):
        for event in events:
            event.ref = f"past:{row.pk}"
            event.payment = row
    insert_all(event for events in told for event in events)


def _payment(past: PastPayment) -> Payment:
    return Payment(
        order=past.order,
        provider=PROVIDER,
        method=Method.ELSEWHERE,
        label=past.label[:80],
        reference=past.reference[:120],
        currency=past.order.currency,
        received_at=past.at,
        created_at=past.at,
    )


def _events(past: PastPayment, row: Payment, now: datetime) -> list[MoneyEvent]:
    events = [_event(row, MoneyKind.CAPTURED, past.amount, past.at, now)]
    if past.refunded:
        at = past.refunded_at or past.at
        events.append(_event(row, MoneyKind.REFUNDED, past.refunded, at, now))
    return events


def _event(
    row: Payment, kind: MoneyKind, amount: Decimal, at: datetime, now: datetime
) -> MoneyEvent:
    who = actors.current().actor
    return MoneyEvent(
        payment=row,
        provider=PROVIDER,
        kind=kind,
        ref="past",
        amount=amount,
        method=row.method,
        occurred_at=at,
        recorded_at=now,
        actor_kind=who.kind,
        actor_key=who.key,
        actor_label=who.label[:150],
    )
