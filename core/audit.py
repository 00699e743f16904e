"""The record of state changes."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import models

from core import actors, clock
from core.bulk import insert_all
from core.models import StateChange


@dataclass(frozen=True)
class Move:
    """One move of one machine, as a service made it."""

    subject: models.Model
    before: str
    after: str
    field: str = "state"


def record_moves(moves: Sequence[Move], *, reason: str | None = None) -> None:
    """Keep who moved what and why: one statement, in the open transaction."""
    who = actors.current()
    now = clock.now()
    insert_all(
        StateChange(
            subject_type=subject_type(move.subject),
            subject_id=move.subject.pk,
            field=move.field,
            before=move.before,
            after=move.after,
            reason=(who.reason if reason is None else reason)[:500],
            actor_kind=who.actor.kind,
            actor_key=who.actor.key,
            actor_label=who.actor.label[:150],
            occurred_at=now,
        )
        for move in moves
    )


def record_move(
    subject: models.Model,
    before: str,
    after: str,
    *,
    field: str = "state",
    reason: str | None = None,
) -> None:
    """Keep one move; see `record_moves`."""
    record_moves([Move(subject, before, after, field)], reason=reason)


def subject_type(subject: models.Model) -> str:
    """The name by which facts, changes, documents and messages call a thing's kind: its model."""
    return subject._meta.model_name or ""
