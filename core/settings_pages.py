"""Settings: a registry of their pages, and a kit that makes list and form pages of a model."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models

from core.rights import EDIT_SETTINGS, Right


@dataclass(frozen=True)
class SettingsPage:
    """One page under Settings; `group` is the job it belongs to."""

    label: str
    description: str
    url_name: str
    icon: str = "settings"
    group: str = "Store"
    right: Right = EDIT_SETTINGS
    position: int = 50


_pages: list[SettingsPage] = []


def add(page: SettingsPage) -> None:
    """List a page under Settings; apps do so in panels.py."""
    _pages.append(page)
    _pages.sort(key=lambda one: (one.position, one.label))


def settings_pages_for(user: Any) -> list[SettingsPage]:
    return [page for page in _pages if user.has_right(page.right)]


@dataclass(frozen=True)
class Column:
    """One column of a settings list: a heading and how its cell is read off a row."""

    heading: str
    read: Callable[[Any], Any]


@dataclass(frozen=True)
class ModelSettings:
    """Everything the settings pages of one model need.

    `name` prefixes the addresses: `<name>_list`, `<name>_new`, `<name>_edit`. `changed` is the fact
    that a change states: it takes `<subject>_id`, `label` and `what`.
    """

    name: str
    model: type[models.Model]
    form: Callable[..., Any]
    changed: Callable[..., Any]
    singular: str
    plural: str
    description: str
    columns: Sequence[Column]
    icon: str = "settings"
    right: Right = EDIT_SETTINGS
    order_by: Sequence[str] = ("name",)
    related: Sequence[str] = ()
    many: Sequence[str] = ()  # relations to many that the columns read
    app_name: str = ""
    links: Sequence[tuple[str, str, str]] = ()  # label, address by name (takes the row), icon

    def url_name(self, page: str) -> str:
        """The full name of one of its addresses: list, new or edit."""
        prefix = f"{self.app_name}:" if self.app_name else ""
        return f"{prefix}{self.name}_{page}"

    def rows(self) -> models.QuerySet[Any]:
        rows = self.model._default_manager.select_related(*self.related)
        return rows.prefetch_related(*self.many).order_by(*self.order_by)
