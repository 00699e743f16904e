"""Needs attention: verbs raise what waits for a person, and resolve it when it no longer does."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import Count, Min, Q, QuerySet
from django.utils import timezone

from core.models import AttentionItem
from core.rights import Right


@dataclass(frozen=True)
class AttentionKind:
    """A reason why something waits for a person; `hint` says what to do about it."""

    code: str
    label: str
    hint: str
    right: Right
    icon: str = "alert"


_kinds: dict[str, AttentionKind] = {}


def register(kind: AttentionKind) -> AttentionKind:
    """Name a kind; apps do so in panels.py."""
    _kinds[kind.code] = kind
    return kind


def kinds_for(user: object) -> list[AttentionKind]:
    """The kinds whose items the user may mend."""
    return [kind for kind in _kinds.values() if user.has_right(kind.right)]  # type: ignore[attr-defined]


def raise_item(
    *, kind: str, subject_type: str, subject_id: int, title: str, detail: str = "", url: str = ""
) -> None:
    """Put a thing before people, in the open transaction; raised twice it stays one item."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO core_attentionitem"
            " (kind, subject_type, subject_id, title, detail, url, raised_at)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s)"
            " ON CONFLICT (kind, subject_type, subject_id) WHERE resolved_at IS NULL"
            " DO UPDATE SET title = excluded.title, detail = excluded.detail, url = excluded.url",
            [kind, subject_type, subject_id, title[:200], detail[:500], url, timezone.now()],
        )


def resolve(*, kind: str, subject_type: str, subject_ids: Sequence[int]) -> int:
    """The things no longer wait; returns how many did."""
    return AttentionItem.objects.filter(
        kind=kind, subject_type=subject_type, subject_id__in=list(subject_ids), resolved_at=None
    ).update(resolved_at=timezone.now())


def open_items(user: object, *, now: datetime) -> QuerySet[AttentionItem]:
    """What waits now for somebody with this user's rights, oldest first."""
    return (
        AttentionItem.objects.filter(
            resolved_at=None, kind__in=[kind.code for kind in kinds_for(user)]
        )
        .exclude(Q(snoozed_until__gt=now))
        .select_related("owner")
        .order_by("raised_at", "id")
    )


def open_groups(user: object, *, now: datetime) -> list[dict[str, object]]:
    """Per kind: the kind, how many wait and since when the oldest does. One query."""
    counted = {
        row["kind"]: row
        for row in open_items(user, now=now)
        .order_by()
        .values("kind")
        .annotate(count=Count("id"), oldest=Min("raised_at"))
    }
    return [
        {"kind": kind, "count": row["count"], "oldest": row["oldest"]}
        for kind in kinds_for(user)
        if (row := counted.get(kind.code))
    ]
