"""Operations at machines elsewhere: intent (committed), then the call, then the settlement.

No call is made while a transaction is open. An answer that does not arrive leaves the outcome
unknown: it is looked up before anything is sent again. After five tries the operation is parked for
staff. The key of an operation is kept before the first call and stays the same for all of them.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from core import failures, leases, transactions
from core.audit import record_move
from core.errors import DomainError, OutsideTransaction
from core.leases import MAX_ATTEMPTS, RETRY_AFTER
from core.models import ExternalOperation, OperationState
from core.queue import wake_on_commit

logger = logging.getLogger(__name__)

LEASE = timedelta(minutes=2)
OPEN = (OperationState.INTENDED, OperationState.SENT, OperationState.UNKNOWN)


class OutcomeUnknown(Exception):
    """The call was made and its answer did not arrive: it may or may not have had its effect."""


@dataclass(frozen=True)
class Outcome:
    """What became of an operation, as the machine elsewhere says."""

    ok: bool
    provider_ref: str = ""
    response: dict[str, Any] = field(default_factory=dict)
    error: str = ""


@dataclass(frozen=True)
class OperationKind:
    """One kind of operation.

    `call` makes it, outside any transaction, and raises OutcomeUnknown when no answer came (any
    other exception means that it certainly had no effect). `look_up` asks what became of it; None
    means that the provider knows nothing of it. `settle` writes the app's own rows, in the
    transaction in which the operation ends. `is_repeatable`: the provider honours the key, so an
    operation with an unknown outcome may simply be sent again.
    """

    code: str
    call: Callable[[ExternalOperation], Outcome]
    settle: Callable[[ExternalOperation, Outcome], None]
    look_up: Callable[[ExternalOperation], Outcome | None] | None = None
    is_repeatable: bool = False


_kinds: dict[str, OperationKind] = {}


def register(kind: OperationKind) -> OperationKind:
    """Name a kind; apps do so where their gateways are chosen."""
    if kind.code in _kinds:
        raise ValueError(f"two kinds of operations are named {kind.code}")
    _kinds[kind.code] = kind
    return kind


def kind_named(code: str) -> OperationKind:
    try:
        return _kinds[code]
    except KeyError:
        raise DomainError(f"This version knows no operation of the kind “{code}”.") from None


def intend(
    kind: OperationKind | str,
    *,
    provider: str,
    key: str,
    subject_type: str,
    subject_id: int,
    request: dict[str, Any],
) -> ExternalOperation:
    """Write down what is to be done, in the caller's transaction; the worker does it after commit.

    The same `key` is the same operation: the row that stands already is returned.
    """
    if not connection.in_atomic_block:
        raise OutsideTransaction("an operation was intended outside a transaction")
    now = timezone.now()
    operation, _ = ExternalOperation.objects.get_or_create(
        idempotency_key=key,
        defaults={
            "kind": kind if isinstance(kind, str) else kind.code,
            "provider": provider,
            "subject_type": subject_type,
            "subject_id": subject_id,
            "request": request,
            "intended_at": now,
            "next_attempt_at": now,
        },
    )
    wake_on_commit("core.perform_operations")
    return operation


def settle_offline(operation: ExternalOperation, outcome: Outcome) -> None:
    """End an operation whose gateway needs no network, at once and in the caller's transaction."""
    _settle(operation, outcome)


def perform(operation_id: int) -> ExternalOperation:
    """Do one operation now if it is due; returns it as it then stands."""
    operation = _take(operation_id)
    if operation is not None:
        _go_on(operation)
    return ExternalOperation.objects.get(pk=operation_id)


def perform_due(*, limit: int = 50) -> int:
    """Do what is due; returns how many operations were tried."""
    tried = 0
    while tried < limit and (operation := _take()) is not None:
        _go_on(operation)
        tried += 1
    return tried


def _take(operation_id: int | None = None) -> ExternalOperation | None:
    """Claim one due operation: its attempt is counted, and it is marked as sent before it is.

    One that was sent by a worker that never came back has an unknown outcome.
    """
    transactions.refuse("an operation elsewhere was performed")
    now = timezone.now()
    due = ExternalOperation.objects.filter(state__in=OPEN, next_attempt_at__lte=now)
    if operation_id is not None:
        due = due.filter(pk=operation_id)
    with transaction.atomic():
        operation = (
            due.select_for_update(skip_locked=True).order_by("next_attempt_at", "id").first()
        )
        if operation is None:
            return None
        before = operation.state
        if operation.attempts >= MAX_ATTEMPTS:
            operation.park(error=operation.last_error or leases.WORKER_LOST)
        elif before == OperationState.INTENDED:
            operation.send(lease_until=now + LEASE)
        else:
            operation.hold(lease_until=now + LEASE)
            words = operation.last_error or "The worker was lost during the call."
            operation.lose_sight(error=words, look_again_at=now + LEASE)
        _save(operation, before)
    return operation


def _save(operation: ExternalOperation, before: str) -> None:
    operation.save()
    if operation.state != before:
        record_move(operation, before, operation.state)
    if operation.state == OperationState.PARKED:
        failures.tell_operation(operation)
    elif before == OperationState.PARKED:
        failures.resolve(failures.OPERATION, "externaloperation", [operation.pk])


def _go_on(operation: ExternalOperation) -> None:
    if operation.state == OperationState.SENT:
        _call(operation)
    elif operation.state == OperationState.UNKNOWN:
        _find_out(operation)


def _call(operation: ExternalOperation) -> None:
    transactions.refuse("a machine elsewhere was called")
    try:
        outcome = kind_named(operation.kind).call(operation)
    except OutcomeUnknown as error:
        _lose_sight(operation, leases.explain(error))
    except Exception as error:
        logger.exception("operation %s was not made", operation.pk)
        _again(operation, leases.explain(error))
    else:
        _end(operation, outcome)


def _find_out(operation: ExternalOperation) -> None:
    """Look up what became of a call; where the provider knows nothing of it, send it again."""
    transactions.refuse("a machine elsewhere was asked")
    kind = kind_named(operation.kind)
    if operation.outcome is not None:
        _end(operation, Outcome(**operation.outcome))
        return
    if kind.look_up is None:
        if kind.is_repeatable:
            _send_again(operation)
        else:
            _park(operation, "The outcome is unknown and this provider cannot be asked for it.")
        return
    try:
        outcome = kind.look_up(operation)
    except Exception as error:
        logger.exception("the outcome of operation %s could not be looked up", operation.pk)
        _lose_sight(operation, leases.explain(error))
        return
    if outcome is None:
        _send_again(operation)
    else:
        _end(operation, outcome)


def _send_again(operation: ExternalOperation) -> None:
    with transaction.atomic():
        locked = _ours(operation)
        if locked is None:
            return
        locked.send(lease_until=timezone.now() + LEASE)
        _save(locked, operation.state)
    _call(locked)


def _ours(operation: ExternalOperation) -> ExternalOperation | None:
    """The row, locked, if nobody else has taken it since."""
    return (
        ExternalOperation.objects.select_for_update()
        .filter(pk=operation.pk, fence=operation.fence, state__in=OPEN)
        .first()
    )


def _end(operation: ExternalOperation, outcome: Outcome) -> None:
    """Settle; a settlement that fails is tried again later with the outcome that is known now."""
    try:
        with transaction.atomic():
            locked = _ours(operation)
            if locked is not None:
                _settle(locked, outcome)
    except Exception as error:
        logger.exception("operation %s could not be settled", operation.pk)
        ExternalOperation.objects.filter(pk=operation.pk, fence=operation.fence).update(
            outcome=asdict(outcome)
        )
        _lose_sight(operation, leases.explain(error))


def _settle(operation: ExternalOperation, outcome: Outcome) -> None:
    before, now = operation.state, timezone.now()
    if outcome.ok:
        operation.succeed(provider_ref=outcome.provider_ref, response=outcome.response, now=now)
    else:
        operation.fail(error=outcome.error, now=now)
    _save(operation, before)
    kind_named(operation.kind).settle(operation, outcome)


def _lose_sight(operation: ExternalOperation, error: str) -> None:
    _put_off(operation, lambda row, at: row.lose_sight(error=error, look_again_at=at), error)


def _again(operation: ExternalOperation, error: str) -> None:
    """The call certainly had no effect: make it again later."""
    _put_off(operation, lambda row, at: row.put_back(error=error, at=at), error)


def _put_off(
    operation: ExternalOperation,
    move: Callable[[ExternalOperation, datetime], None],
    error: str,
) -> None:
    with transaction.atomic():
        locked = _ours(operation)
        if locked is None:
            return
        before = locked.state
        if locked.attempts >= MAX_ATTEMPTS:
            locked.park(error=error)
        else:
            move(locked, timezone.now() + RETRY_AFTER[locked.attempts - 1])
        _save(locked, before)


def _park(operation: ExternalOperation, error: str) -> None:
    with transaction.atomic():
        locked = _ours(operation)
        if locked is not None:
            before = locked.state
            locked.park(error=error)
            _save(locked, before)


def retry(operation_ids: Sequence[int]) -> int:
    """Let parked operations go on: those that may have been sent are looked up first."""
    now = timezone.now()
    with transaction.atomic():
        rows = ExternalOperation.objects.select_for_update().filter(
            pk__in=operation_ids, state=OperationState.PARKED
        )
        for row in rows:
            if row.was_sent:
                row.look_again(now=now)
            else:
                row.retry(now=now)
            _save(row, OperationState.PARKED)
    wake_on_commit("core.perform_operations")
    return len(rows)
