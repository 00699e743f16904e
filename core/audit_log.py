"""The audit log: facts and state changes of all things in one stream, newest first."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from core.models import StateChange, StoredFact
from core.sent import whole_number
from core.subjects import Named

PAGE = 50
# an actor has no index of its own: without dates only this much is searched
ACTOR_DAYS = 90


@dataclass(frozen=True)
class Wanted:
    """What the log is asked for; empty fields do not filter."""

    subject_type: str = ""
    subject_id: int | None = None
    actor: str = ""
    name: str = ""
    since: date | None = None
    until: date | None = None


@dataclass
class Line:
    """One line of the log."""

    at: datetime
    actor_kind: str
    actor: str
    subject_type: str
    subject_id: int
    name: str
    text: str
    reason: str
    changes: list[tuple[str, Any, Any]]
    request_id: str
    fact_id: int | None = None
    change_id: int | None = None
    about: Named | None = None


@dataclass(frozen=True)
class Stretch:
    """One page of the log; `older` is where the next begins, empty at the end."""

    lines: list[Line] = field(default_factory=list)
    older: str = ""


def read(wanted: Wanted, *, start: str = "") -> Stretch:
    """A page of lines that begins at `start` (an earlier page's `older`). Two queries."""
    fact_start, change_start = _positions(start)
    facts = _facts(wanted, fact_start)
    changes = _changes(wanted, change_start)
    merged = sorted([*facts, *changes], key=lambda line: line.at, reverse=True)
    shown = merged[:PAGE]
    if len(merged) <= PAGE:
        return Stretch(shown)
    last_fact = min((line.fact_id for line in shown if line.fact_id), default=fact_start)
    last_change = min((line.change_id for line in shown if line.change_id), default=change_start)
    return Stretch(shown, f"{last_fact or ''}.{last_change or ''}")


def _positions(start: str) -> tuple[int | None, int | None]:
    first, _, second = start.partition(".")
    return whole_number(first), whole_number(second)


def _filtered(rows: QuerySet[Any], wanted: Wanted, start: int | None) -> QuerySet[Any]:
    if start is not None:
        rows = rows.filter(id__lt=start)
    if wanted.subject_type:
        rows = rows.filter(subject_type=wanted.subject_type)
    if wanted.subject_id is not None:
        rows = rows.filter(subject_id=wanted.subject_id)
    since = wanted.since
    if wanted.actor:
        rows = rows.filter(_actor(wanted.actor))
        since = since or (wanted.until or timezone.localdate()) - timedelta(days=ACTOR_DAYS)
    if since:
        rows = rows.filter(occurred_at__gte=_midnight(since))
    if wanted.until:
        rows = rows.filter(occurred_at__lt=_midnight(wanted.until + timedelta(days=1)))
    return rows.order_by("-id")[: PAGE + 1]


def _actor(actor: str) -> Q:
    """`user:7` names one actor; anything else is looked for in the names people see."""
    kind, separator, key = actor.partition(":")
    if separator and key:
        return Q(actor_kind=kind, actor_key=key)
    return Q(actor_label__icontains=actor)


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _facts(wanted: Wanted, start: int | None) -> Sequence[Line]:
    rows = StoredFact.objects.all()
    if wanted.name:
        rows = rows.filter(name=wanted.name)
    return [
        Line(
            at=row.occurred_at,
            actor_kind=row.actor_kind,
            actor=row.actor_label,
            subject_type=row.subject_type,
            subject_id=row.subject_id,
            name=row.name,
            text=row.sentence or row.name,
            reason=row.reason,
            changes=[(name, old, new) for name, (old, new) in row.changes.items()],
            request_id=row.request_id,
            fact_id=row.pk,
        )
        for row in _filtered(rows, wanted, start)
    ]


STATE_CHANGE = "state change"


def _changes(wanted: Wanted, start: int | None) -> Sequence[Line]:
    if wanted.name and wanted.name != STATE_CHANGE:
        return []
    return [
        Line(
            at=row.occurred_at,
            actor_kind=row.actor_kind,
            actor=row.actor_label,
            subject_type=row.subject_type,
            subject_id=row.subject_id,
            name=STATE_CHANGE,
            text=f"{row.field}: {row.before or '–'} → {row.after}",
            reason=row.reason,
            changes=[],
            request_id="",
            change_id=row.pk,
        )
        for row in _filtered(StateChange.objects.all(), wanted, start)
    ]
