"""Views of a list: those the system brings, those people keep, and the user's own choice of columns."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.http import QueryDict

from core.errors import DomainError
from core.models import ListPreference, SavedView
from core.rights import EDIT_SETTINGS, Right, Role

EVERYTHING = "all"
MOST_VIEWS = 40


class ViewRefused(DomainError):
    code = "view_refused"


@dataclass(frozen=True)
class Preset:
    """A view that the system brings. Its query string takes relative dates (`placed=last-7-days`).

    It opens by itself for users of `roles`. `is_counted` shows how many rows wait there (capped).
    """

    code: str
    label: str
    query: str = ""
    roles: tuple[Role, ...] = ()
    right: Right | None = None
    columns: tuple[str, ...] = ()
    is_counted: bool = False


@dataclass(frozen=True)
class View:
    """A view as the tab strip shows it, wherever it comes from."""

    key: str
    label: str
    query: str
    columns: tuple[str, ...] = ()
    saved: SavedView | None = None
    is_counted: bool = False

    @property
    def is_shared(self) -> bool:
        return bool(self.saved and self.saved.is_shared)


def view_url(path: str, view: View) -> str:
    """Where a view opens: its whole state, spelt out, and its name."""
    return f"{path}?{view.query}&view={view.key}" if view.query else f"{path}?view={view.key}"


@dataclass(frozen=True)
class Kept:
    """What one user finds at one list. Two queries."""

    views: tuple[View, ...]
    columns: tuple[str, ...]
    opens: str

    def view(self, key: str) -> View | None:
        return next((view for view in self.views if view.key == key), None)


def kept_for(user: Any, listing: str, presets: Sequence[Preset], *, all_label: str) -> Kept:
    """The tabs this user sees (all, presets, shared, own), their columns and the view that opens."""
    saved = SavedView.objects.filter(Q(owner=user) | Q(is_shared=True), listing=listing)
    preference = ListPreference.objects.filter(user=user, listing=listing).first()
    seen = [preset for preset in presets if preset.right is None or user.has_right(preset.right)]
    views = (
        View(EVERYTHING, all_label, ""),
        *(View(p.code, p.label, p.query, p.columns, None, p.is_counted) for p in seen),
        *(View(f"v{one.pk}", one.name, one.query, tuple(one.columns), one) for one in saved),
    )
    opens = preference.view if preference else ""
    if not opens:
        roles = set(user.roles)
        opens = next((preset.code for preset in seen if roles & set(preset.roles)), "")
    return Kept(views, tuple(preference.columns) if preference else (), opens)


def may_change(user: Any, view: SavedView) -> bool:
    """The owner may; so may whoever keeps the settings, and managers with shared views."""
    return view.owner_id == user.pk or (view.is_shared and may_share(user))


def may_share(user: Any) -> bool:
    return bool(user.has_right(EDIT_SETTINGS) or Role.MANAGER in user.roles)


def same(one: str, other: str) -> bool:
    """Whether two query strings show the same rows in the same order."""
    return _essence(one) == _essence(other)


def _essence(query: str) -> list[tuple[str, list[str]]]:
    parts = QueryDict(query)
    return sorted(
        (key, sorted(values)) for key, values in parts.lists() if key not in {"view", "per"}
    )


@transaction.atomic
def save_as(
    user: Any, listing: str, *, name: str, query: str, columns: Sequence[str], is_shared: bool
) -> SavedView:
    """Keep the list's state under a name. Raises ViewRefused."""
    name = _checked_name(user, listing, name, is_shared=is_shared)
    if SavedView.objects.filter(listing=listing, owner=user).count() >= MOST_VIEWS:
        raise ViewRefused(f"You keep {MOST_VIEWS} views of this list; delete one first.")
    return SavedView.objects.create(
        listing=listing,
        owner=user,
        name=name,
        query=query[:2000],
        columns=list(columns),
        is_shared=is_shared,
    )


@transaction.atomic
def save(user: Any, view_id: int, *, query: str, columns: Sequence[str]) -> SavedView:
    """Let a view show what the list shows now. Raises ViewRefused."""
    view = _own(user, view_id)
    view.query, view.columns = query[:2000], list(columns)
    view.save(update_fields=["query", "columns"])
    return view


@transaction.atomic
def rename(user: Any, view_id: int, *, name: str, is_shared: bool) -> SavedView:
    """Give a view another name, share it or take it back. Raises ViewRefused."""
    view = _own(user, view_id)
    view.name = _checked_name(user, view.listing, name, is_shared=is_shared, but=view)
    view.is_shared = is_shared
    view.save(update_fields=["name", "is_shared"])
    return view


@transaction.atomic
def delete(user: Any, view_id: int) -> None:
    """Remove a view; who opened it by default gets the default of their role again."""
    view = _own(user, view_id)
    ListPreference.objects.filter(listing=view.listing, view=f"v{view.pk}").update(view="")
    view.delete()


def keep_columns(user: Any, listing: str, columns: Sequence[str]) -> None:
    """Remember the user's columns, in their order; none means the list's own."""
    ListPreference.objects.update_or_create(
        user=user, listing=listing, defaults={"columns": list(columns)}
    )


def open_with(user: Any, listing: str, view: str) -> None:
    """Let the list open with this view for this user."""
    ListPreference.objects.update_or_create(user=user, listing=listing, defaults={"view": view})


def _own(user: Any, view_id: int) -> SavedView:
    view = SavedView.objects.select_for_update().filter(pk=view_id).first()
    if view is None or not (view.owner_id == user.pk or view.is_shared):
        raise ViewRefused("This view is no longer there.")
    if not may_change(user, view):
        raise ViewRefused("Only its owner or a manager may change this shared view.")
    return view


def _checked_name(
    user: Any, listing: str, name: str, *, is_shared: bool, but: SavedView | None = None
) -> str:
    name = " ".join(name.split())[:60]
    if not name:
        raise ViewRefused("Give the view a name.", field="name")
    if is_shared and not may_share(user):
        raise ViewRefused("Only a manager may share a view.", field="is_shared")
    taken = SavedView.objects.filter(listing=listing, name=name)
    taken = (
        taken.filter(Q(is_shared=True) | Q(owner=user)) if is_shared else taken.filter(owner=user)
    )
    if (taken.exclude(pk=but.pk) if but else taken).exists():
        raise ViewRefused(f"There is already a view called “{name}”.", field="name")
    return name
