"""Needs attention: verbs raise what waits for a person, and resolve it when it no longer does."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Count, F, Min, Q, QuerySet, Window
from django.db.models.functions import RowNumber

from core import clock
from core.models import AttentionItem, User
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
    *,
    kind: str,
    subject_type: str,
    subject_id: int,
    title: str,
    detail: str = "",
    url: str = "",
    since: datetime | None = None,
) -> None:
    """Put a thing before people, in the open transaction; raised twice it stays one item.

    `since` says when the trouble began, where that was before it was found: the oldest stand first.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO core_attentionitem"
            " (kind, subject_type, subject_id, title, detail, url, raised_at)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s)"
            " ON CONFLICT (kind, subject_type, subject_id) WHERE resolved_at IS NULL"
            " DO UPDATE SET title = excluded.title, detail = excluded.detail, url = excluded.url",
            [kind, subject_type, subject_id, title[:200], detail[:500], url, since or clock.now()],
        )


def retell(details: Mapping[int, str]) -> int:
    """Say anew what is the matter with these items, by their ids; returns how many it changed."""
    items = list(AttentionItem.objects.filter(pk__in=list(details), resolved_at=None))
    stale = [item for item in items if item.detail != details[item.pk][:500]]
    for item in stale:
        item.detail = details[item.pk][:500]
    AttentionItem.objects.bulk_update(stale, ["detail"])
    return len(stale)


def resolve(*, kind: str, subject_type: str, subject_ids: Sequence[int]) -> int:
    """The things no longer wait; returns how many did."""
    return AttentionItem.objects.filter(
        kind=kind, subject_type=subject_type, subject_id__in=list(subject_ids), resolved_at=None
    ).update(resolved_at=clock.now())


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


def after(items: QuerySet[AttentionItem], last: AttentionItem) -> QuerySet[AttentionItem]:
    """Those that stand behind `last` in the queue."""
    return items.filter(
        Q(raised_at__gt=last.raised_at) | Q(raised_at=last.raised_at, id__gt=last.pk)
    )


def open_groups(user: User, *, now: datetime, is_mine: bool = False) -> list[dict[str, Any]]:
    """Per kind: the kind, how many wait and since when the oldest does. One query."""
    items = open_items(user, now=now)
    if is_mine:
        items = items.filter(owner=user)
    counted = {
        row["kind"]: row
        for row in items.order_by()
        .values("kind")
        .annotate(count=Count("id"), oldest=Min("raised_at"))
    }
    return [
        {"kind": kind, "count": row["count"], "oldest": row["oldest"]}
        for kind in kinds_for(user)
        if (row := counted.get(kind.code))
    ]


def first_of_groups(
    user: User, *, now: datetime, each: int, is_mine: bool = False
) -> dict[str, list[AttentionItem]]:
    """The oldest `each` items of every kind, by kind. One query."""
    items = open_items(user, now=now)
    if is_mine:
        items = items.filter(owner=user)
    ranked = items.annotate(
        rank=Window(RowNumber(), partition_by=F("kind"), order_by=("raised_at", "id"))
    ).filter(rank__lte=each)
    found: dict[str, list[AttentionItem]] = {}
    for item in ranked:
        found.setdefault(item.kind, []).append(item)
    return found


def claim(user: User, item_ids: Sequence[int], *, now: datetime) -> int:
    """These are mine to mend; what colleagues claimed is taken over. Returns how many."""
    return _reachable(user, item_ids, now=now).update(owner=user)


def let_go(user: User, item_ids: Sequence[int], *, now: datetime) -> int:
    """Nobody's again; returns how many."""
    return _reachable(user, item_ids, now=now).update(owner=None)


def snooze(user: User, item_ids: Sequence[int], *, until: datetime, now: datetime) -> int:
    """Hide them from everybody until a moment; returns how many."""
    return _reachable(user, item_ids, now=now).update(snoozed_until=until)


def _reachable(user: User, item_ids: Sequence[int], *, now: datetime) -> QuerySet[AttentionItem]:
    ids = open_items(user, now=now).filter(pk__in=list(item_ids)).order_by().values("pk")
    return AttentionItem.objects.filter(pk__in=ids)
