"""One search over everything: each app plugs how its own things are found."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from django.urls import reverse

from core import menu
from core.models import User
from core.rights import Right
from core.settings_pages import settings_pages_for

QUERY_LENGTH = 100


@dataclass(frozen=True)
class Hit:
    """One thing found. `is_exact`: the query is its very number or code, so one may jump there."""

    label: str
    url: str
    icon: str = ""
    hint: str = ""
    is_exact: bool = False


@dataclass(frozen=True)
class HitGroup:
    """What was found of one kind; iterates as (title, hits in the palette's form)."""

    title: str
    hits: Sequence[Hit] = field(default_factory=tuple)


Find = Callable[[User, str, int], Sequence[Hit]]


@dataclass(frozen=True)
class Searcher:
    """How one kind of thing is found: `find(user, query, limit)` returns the best hits first, in a
    constant number of indexed queries, and only what this user may open.
    """

    title: str
    right: Right
    find: Find
    position: int = 50


_searchers: list[Searcher] = []


def plug(searcher: Searcher) -> None:
    """Let a kind of thing be found; apps do so in panels.py."""
    _searchers.append(searcher)
    _searchers.sort(key=lambda one: one.position)


def search(user: User, query: str, *, limit: int = 5) -> list[HitGroup]:
    """What the user may open and the query names, group by group; exact hits stand first."""
    words = query.replace("\x00", "").strip()[:QUERY_LENGTH]
    if not words:
        return []
    groups = [
        HitGroup(one.title, sorted(hits, key=lambda hit: not hit.is_exact))
        for one in _searchers
        if user.has_right(one.right) and (hits := list(one.find(user, words, limit)))
    ]
    return sorted(groups, key=lambda group: not group.hits[0].is_exact)


def exact_hit(groups: Sequence[HitGroup]) -> Hit | None:
    """The one thing whose very number was typed; None when there is none or several."""
    exact = [hit for group in groups for hit in group.hits if hit.is_exact]
    return exact[0] if len(exact) == 1 else None


def pages(user: User, query: str, *, limit: int = 8) -> HitGroup:
    """Pages of the back office by name; all of the menu when nothing is typed."""
    wanted = query.strip().lower()
    known = [
        Hit(entry.label, reverse(entry.url_name), entry.icon, str(entry.group.label))
        for entry in menu.entries_for(user)
    ] + [
        Hit(page.label, reverse(page.url_name), page.icon, "Settings")
        for page in settings_pages_for(user)
    ]
    found = [hit for hit in known if wanted in hit.label.lower()]
    found.sort(key=lambda hit: not hit.label.lower().startswith(wanted))
    return HitGroup("Pages", found[:limit] if wanted else found)
