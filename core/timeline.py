"""The timeline of a thing: its facts as people read them, newest first, in days."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import groupby
from typing import Any

from babel.dates import format_date
from django.core import signing
from django.utils import timezone

from core.actors import ActorKind
from core.clock import day_in_words
from core.markup.values import locale
from core.models import StoredFact

PAGE = 20
SALT = "core.timeline"
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
AMOUNT = re.compile(r"-?\d{4,}\.\d{2,4}")
TICKET_HOURS = 24
SECONDS_AN_HOUR = 3600

KIND_ICONS = {
    ActorKind.USER: "user",
    ActorKind.API_CLIENT: "link",
    ActorKind.IMPORT_RUN: "upload",
    ActorKind.RULE: "bolt",
    ActorKind.CUSTOMER: "customer",
    ActorKind.COMMAND: "jobs",
    ActorKind.SYSTEM: "settings",
}


@dataclass(frozen=True)
class Look:
    """How the entries of one fact are shown."""

    icon: str
    role: str = "neutral"


_looks: dict[str, Look] = {}


def dress(fact_name: str, icon: str, role: str = "neutral") -> None:
    """Give the entries of a fact an icon and a colour; apps do so in panels.py."""
    _looks[fact_name] = Look(icon, role)


@dataclass(frozen=True)
class Entry:
    """One line of a timeline."""

    at: datetime
    actor: str
    text: str
    reason: str
    changes: list[tuple[str, Any, Any]]
    icon: str
    role: str
    url: str = ""


@dataclass(frozen=True)
class Day:
    """The entries of one day, under its name."""

    label: str
    entries: list[Entry]


@dataclass(frozen=True)
class Page:
    """A stretch of a timeline; `ticket` fetches the older rest, empty when there is none."""

    days: list[Day]
    ticket: str


def page_of(subjects: Sequence[tuple[str, int]], *, before: int | None = None) -> Page:
    """The newest entries of one thing, or of several that make one story. One query a thing."""
    found: list[StoredFact] = []
    for subject_type, subject_id in subjects:
        facts = StoredFact.objects.filter(subject_type=subject_type, subject_id=subject_id)
        if before is not None:
            facts = facts.filter(id__lt=before)
        found += facts.exclude(sentence="").order_by("-id")[: PAGE + 1]
    found.sort(key=lambda fact: fact.pk, reverse=True)
    shown = found[:PAGE]
    ticket = _ticket(subjects, shown[-1].pk) if len(found) > PAGE else ""
    # what an import brought happened long before it was written
    shown.sort(key=lambda fact: (fact.occurred_at, fact.pk), reverse=True)
    return Page(_in_days(shown), ticket)


def page_of_ticket(ticket: str) -> Page:
    """The stretch that a ticket stands for. A ticket is given out only with a page that its holder
    could open, so it needs no right of its own. Raises signing.BadSignature.
    """
    subjects, before = signing.loads(ticket, salt=SALT, max_age=TICKET_HOURS * SECONDS_AN_HOUR)
    return page_of([(kind, key) for kind, key in subjects], before=before)


def _ticket(subjects: Sequence[tuple[str, int]], before: int) -> str:
    return signing.dumps([list(subjects), before], salt=SALT, compress=True)


def _in_days(facts: Sequence[StoredFact]) -> list[Day]:
    today = timezone.localdate()
    return [
        Day(day_label(day, today), [entry_of(fact) for fact in of_day])
        for day, of_day in groupby(facts, key=lambda fact: timezone.localdate(fact.occurred_at))
    ]


def day_label(day: date, today: date) -> str:
    if day == today:
        return "Today"
    if day == today - timedelta(days=1):
        return "Yesterday"
    return format_date(day, "EEEE, d MMMM yyyy", locale=locale())


def entry_of(fact: StoredFact) -> Entry:
    """One fact as an entry."""
    kind = ActorKind(fact.actor_kind)
    look = _looks.get(fact.name) or Look(KIND_ICONS[kind])
    return Entry(
        at=fact.occurred_at,
        actor=fact.actor_label,
        text=fact.sentence,
        reason="" if fact.sentence.endswith(fact.reason) else fact.reason,  # told once
        changes=[(field, _shown(old), _shown(new)) for field, (old, new) in fact.changes.items()],
        icon=look.icon,
        role=look.role,
    )


def _shown(value: Any) -> Any:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        value = ", ".join(map(str, value))
    if isinstance(value, str) and DAY.fullmatch(value):
        return day_in_words(date.fromisoformat(value))
    if isinstance(value, str) and AMOUNT.fullmatch(value):
        return f"{Decimal(value):,}"
    return "–" if value in (None, "") else value
