"""Leases: how workers take rows of work, and how only the holder marks the end.

A claim takes due rows with SKIP LOCKED, counts their attempt and moves the fence in one short
transaction. Every later mark names that fence, so a worker that froze past its lease and wakes up
cannot overrule the next. A row that took its worker down five times is parked.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import takewhile
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import F, QuerySet

from core.models.leased import Leased

L = TypeVar("L", bound=Leased)

MAX_ATTEMPTS = 5
RETRY_AFTER = (
    timedelta(seconds=5),
    timedelta(seconds=30),
    timedelta(minutes=5),
    timedelta(minutes=30),
)
WORKER_LOST = "The worker stopped during the last attempt."


def claim(
    due: QuerySet[L],
    *,
    limit: int,
    now: datetime,
    lease: timedelta,
    most: int = MAX_ATTEMPTS,
    **marks: Any,
) -> list[L]:
    """Take up to `limit` rows of `due` whose time has come; `marks` are set with the claim.

    Their attempt counts from this commit on. Rows that used up their `most` attempts are parked
    instead.
    A row that was tried before is taken alone: should it take the worker down again, it is the only
    one whose attempt is lost.
    """
    with transaction.atomic():
        rows = _alone_or_fresh(
            list(
                due.select_for_update(skip_locked=True, of=("self",))
                .filter(next_attempt_at__lte=now)
                .order_by("next_attempt_at", "id")[:limit]
            )
        )
        taken = [row for row in rows if row.attempts < most]
        for row in taken:
            row.attempts += 1
            row.fence += 1
            row.next_attempt_at = now + lease
            for name, value in marks.items():
                setattr(row, name, value)
        if taken:
            fields = ["attempts", "fence", "next_attempt_at", *marks]
            due.model._default_manager.bulk_update(taken, fields)
        for row in rows:
            if row not in taken:
                mark(row, status=row.PARKED, last_error=row.last_error or WORKER_LOST)
    return taken


def _alone_or_fresh(rows: list[L]) -> list[L]:
    return list(takewhile(lambda row: row.attempts == 0, rows)) or rows[:1]


def mark(row: Leased, **values: Any) -> bool:
    """Write the end (or the progress) of a claimed row; False when the lease was lost meanwhile."""
    written = type(row)._default_manager.filter(pk=row.pk, fence=row.fence).update(**values)
    if written:
        for name, value in values.items():
            setattr(row, name, value)
    return bool(written)


def put_off(
    row: Leased, error: str, *, now: datetime, waits: Sequence[timedelta] = RETRY_AFTER
) -> bool:
    """The attempt failed: try again after its wait, or park the row when all `waits` are used up."""
    if row.attempts > len(waits):
        return mark(row, status=row.PARKED, last_error=error)
    wait = waits[row.attempts - 1]
    return mark(row, status=row.WAITING, next_attempt_at=now + wait, last_error=error)


def retry(model: type[L], ids: Sequence[int], *, now: datetime) -> int:
    """Let parked rows run again from the start; returns how many were parked."""
    return model._default_manager.filter(pk__in=ids, status=model.PARKED).update(
        status=model.WAITING, attempts=0, fence=F("fence") + 1, next_attempt_at=now
    )


def explain(error: BaseException) -> str:
    """The wording kept with a failed attempt."""
    return f"{type(error).__name__}: {error}"[:2000]
