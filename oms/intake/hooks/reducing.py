"""All that a channel tells of one order, reduced to one document: any order of arrival ends alike."""

from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from itertools import accumulate

from django.db import transaction

from core.errors import DomainError
from core.models import Channel
from oms.intake.documents import MoneyMoved, OrderDocument
from oms.intake.hooks.locks import lock_told
from oms.intake.hooks.telling import Telling
from oms.intake.later import told_of
from oms.intake.options import ExistingRule, IntakeOptions
from oms.intake.plain import as_plain, document_of
from oms.intake.taking import Outcome, Result, take_orders
from oms.models import ToldOrder
from orders.services import cancel_external, claim_external_id

RESULTS = {
    Result.CREATED: "Placed.",
    Result.UPDATED: "The order was changed.",
    Result.UNCHANGED: "The order is as it was told.",
}


class NotTaken(DomainError):
    """The order that a delivery tells cannot be taken in; the sentence says why."""

    code = "not_taken"


@dataclass(frozen=True)
class Reduced:
    """What became of a telling, in a sentence, and the order that it is about."""

    words: str
    order_id: int | None = None


@transaction.atomic
def take_telling(
    telling: Telling, channel: Channel, *, key: str, received_at: datetime, now: datetime
) -> Reduced:
    """Add what is told to what is known, and let the order follow.

    Versions go by their own moment (then by `key`), so an older one that comes later changes nothing;
    a cancellation or a refund before its order is remembered. Raises NotTaken.
    """
    ahead = claim_external_id(channel, telling.external_id)
    told = lock_told(channel, telling.external_id)
    is_older = _merge(told, telling, key=key, received_at=received_at)
    if ahead is not None and told.cancelled_at is None:
        told.cancelled_at, told.cancel_reason = ahead.cancelled_at, ahead.reason[:200]
    if told.document is None:
        return _without_order(told, now=now)
    document = _whole(told)
    outcome = _take(document, channel, told, now=now)
    told.base = told_of(document)
    told.order_id = outcome.order_id
    told.save()
    words = RESULTS[outcome.result]
    if outcome.findings.warnings:
        words = " ".join([words, *(one.message for one in outcome.findings.warnings)])
    return Reduced(
        f"A newer version was here already. {words}" if is_older else words, told.order_id
    )


def _without_order(told: ToldOrder, *, now: datetime) -> Reduced:
    """Remember what came before its order; one that came another way is cancelled by it."""
    order = None
    if told.cancelled_at is not None:
        order = cancel_external(
            channel=told.channel,
            external_id=told.external_id,
            reason=told.cancel_reason or "Cancelled by its channel",
            wants_refund=False,
            now=now,
        )
    told.order_id = order.pk if order else None
    told.save()
    return Reduced("Remembered until the order itself comes.", told.order_id)


def _merge(told: ToldOrder, telling: Telling, *, key: str, received_at: datetime) -> bool:
    """Let the newest version stand, the earliest cancellation, every refund once; whether the version
    was an older one.
    """
    is_older = False
    if telling.document is not None and telling.version_at is not None:
        version = (telling.version_at, key)
        is_older = told.version_at is not None and (told.version_at, told.version_key) >= version
        if not is_older:
            told.document = as_plain(telling.document)
            told.version_at, told.version_key = version
    is_cancelled = telling.cancelled_at is not None or telling.cancel_reason
    if is_cancelled:
        at = telling.cancelled_at or received_at
        if told.cancelled_at is None or at < told.cancelled_at:
            told.cancelled_at, told.cancel_reason = at, telling.cancel_reason[:200]
    for refund_id, refund in telling.refunds:
        told.refunds.setdefault(refund_id, as_plain(refund))
    return is_older


def _whole(told: ToldOrder) -> OrderDocument:
    """The newest version with every refund and the cancellation, whenever they came."""
    assert told.document is not None  # noqa: S101  (the caller looked)
    document = document_of(told.document)
    refunds = _refunds_of(told, document.paid)
    document = replace(
        document,
        refunds=refunds,
        cancelled_at=told.cancelled_at,
        cancel_reason=told.cancel_reason,
    )
    is_all_back = bool(refunds) and document.refunded >= document.paid > 0
    if not is_all_back or document.is_finished:
        return document
    if document.units_shipped:
        return replace(document, hold_reason="Refunded in full in the shop after part was sent")
    return replace(
        document,
        cancelled_at=refunds[-1].at,
        cancel_reason="Refunded in full before anything was sent",
    )


def _refunds_of(told: ToldOrder, paid: Decimal) -> tuple[MoneyMoved, ...]:
    """The refunds, oldest first; one of money that is not known to be paid yet waits for that."""
    every = sorted(
        (_refund(plain) for plain in told.refunds.values()), key=lambda one: (one.at, one.reference)
    )
    sums = accumulate(one.amount for one in every)
    return tuple(one for one, total in zip(every, sums, strict=True) if total <= paid)


def _refund(plain: dict[str, str]) -> MoneyMoved:
    return MoneyMoved(
        amount=Decimal(plain["amount"]),
        at=datetime.fromisoformat(plain["at"]),
        reference=plain["reference"],
    )


def _take(document: OrderDocument, channel: Channel, told: ToldOrder, *, now: datetime) -> Outcome:
    """Let intake place the order, or tell it again."""
    options = IntakeOptions(channel=channel, existing=ExistingRule.UPDATE)
    bases = {document.external_id: told.base} if told.base else None
    (outcome,) = take_orders([document], options, bases=bases, now=now)
    if outcome.result == Result.REJECTED:
        raise NotTaken(" ".join(one.message for one in outcome.findings.errors)[:500])
    return outcome
