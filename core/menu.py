"""The navigation of the back office: each app adds its entries in panels.py."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import QuerySet

from core.rights import Right


class MenuGroup(models.TextChoices):
    WORK = "work", "Work"
    SELL = "sell", "Sell"
    STOCK = "stock", "Stock"
    MONEY = "money", "Money"
    INSIGHT = "insight", "Insight"
    SYSTEM = "system", "System"


@dataclass(frozen=True)
class MenuEntry:
    """One line of the navigation. `badge` are the rows that wait there, behind an index."""

    label: str
    url_name: str
    icon: str
    group: MenuGroup
    right: Right
    position: int = 50
    badge: Callable[[Any], QuerySet[Any]] | None = None
    shortcut: str = ""
    has_content: Callable[[Any], bool] = (
        bool  # for this user; a page that would be empty is left out
    )


_entries: list[MenuEntry] = []


def add(entry: MenuEntry) -> None:
    _entries.append(entry)
    _entries.sort(key=lambda one: (list(MenuGroup).index(one.group), one.position, one.label))


def entries_for(user: Any) -> list[MenuEntry]:
    """The entries that the user may open, in order."""
    return [entry for entry in _entries if user.has_right(entry.right) and entry.has_content(user)]
