"""A list as its templates see it: heads, rows, tabs, chips, controls and the way to other pages."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django import forms
from django.core import signing
from django.forms import BoundField
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString

from core.counting import capped_counts
from core.listing import paging, saved
from core.listing.bulk import BulkAction
from core.listing.columns import Column
from core.listing.facets import count_facets
from core.listing.neighbours import TRAIL
from core.listing.saved import view_url
from core.listing.state import ListState

SELECTION_SALT = "core.listing.selection"
TAB_CAP = 999


@dataclass(frozen=True)
class Head:
    """One head cell; `url` sorts by it, `direction` is set on the column in force."""

    column: Column
    url: str
    direction: str


@dataclass(frozen=True)
class Tab:
    label: str
    url: str
    is_current: bool
    is_shared: bool
    count: str


@dataclass(frozen=True)
class Removable:
    """A filter in force and the address of the list without it."""

    label: str
    text: str
    url: str


@dataclass(frozen=True)
class Control:
    """One filter's control. A select stands in the bar; anything else opens in a popup."""

    bound: BoundField
    is_select: bool
    is_set: bool

    @property
    def label(self) -> str:
        return str(self.bound.label)


@dataclass(frozen=True)
class Choice:
    """A column in the chooser."""

    column: Column
    is_shown: bool


@dataclass(frozen=True)
class Pagination:
    """What components/pagination.html shows."""

    first: int
    last: int
    total_text: str
    previous_url: str | None
    next_url: str | None
    sizes: list[tuple[int, str, bool]]


class ListPage:
    """One answer of a list."""

    def __init__(self, listing: ListState) -> None:
        self.listing = listing
        self.slice = listing.slice()
        self.rows: list[Any] = self.slice.rows
        self.columns = listing.shown
        self.hints = listing.hints
        self.actions: list[BulkAction] = listing.actions()
        if listing.facets and listing.filters is not None:
            listing.filters.show_counts(count_facets(listing.facet_rows(), listing.facets))

    @property
    def url(self) -> str:
        place = {
            name: listing_value
            for name in ("after", "before")
            if (listing_value := self.listing.params.get(name, ""))
        }
        return self.listing.url(**place)

    @cached_property
    def state(self) -> str:
        """The query string of what is shown, without the place in it."""
        return self.listing.query_string()

    @property
    def trail(self) -> str:
        """What a row's link carries, so that its page leads on to the rows beside it."""
        return f"?{urlencode({TRAIL: self.state})}" if self.state else f"?{TRAIL}="

    @cached_property
    def total_text(self) -> str:
        return paging.count_text(self.count)

    @cached_property
    def count(self) -> int:
        if not self.rows:
            return 0
        if not self.slice.previous and not self.slice.next:
            return len(self.rows)
        return self.listing.count

    @property
    def noun(self) -> str:
        return self.listing.noun[0 if self.count == 1 else 1]

    @property
    def announcement(self) -> str:
        said = f"{self.total_text} {self.noun}"
        if self.hints:
            said += f". {self.hints[0]}"
        return json.dumps({"announce": said}, ensure_ascii=True)

    @cached_property
    def heads(self) -> list[Head]:
        current = self.listing.sort
        code, is_descending = current.removeprefix("-"), current.startswith("-")
        heads = []
        for column in self.columns:
            direction, url = "", ""
            if column.sort:
                is_current = column.code == code
                if is_current:
                    direction = "descending" if is_descending else "ascending"
                starts_down = column.is_numeric or column.kind in {"moment", "day"}
                turn_down = not is_descending if is_current else starts_down
                url = self.listing.url(sort=f"{'-' if turn_down else ''}{column.code}")
            heads.append(Head(column, url, direction))
        return heads

    @cached_property
    def tabs(self) -> list[Tab]:
        listing = self.listing
        current = listing.view.key if listing.view else saved.EVERYTHING
        counted = [view for view in listing.kept.views if view.is_counted]
        rows = [listing.with_query(view.query).rows for view in counted]
        counts = dict(
            zip((view.key for view in counted), capped_counts(rows, TAB_CAP), strict=True)
        )
        return [
            Tab(
                label=view.label,
                url=view_url(listing.path, view),
                is_current=view.key == current,
                is_shared=view.is_shared,
                count=paging.count_text(counts[view.key], TAB_CAP) if view.is_counted else "",
            )
            for view in listing.kept.views
        ]

    @cached_property
    def is_modified(self) -> bool:
        """Whether the list shows something else than the view it was opened with."""
        view = self.listing.view
        if view is None or view.key == saved.EVERYTHING:
            return self.listing.is_narrowed
        shown = [column.code for column in self.columns]
        asked = self.listing.params.get("cols", "")
        has_other_columns = bool(asked) and list(view.columns) != shown
        state = self.listing.query_string(view=None, cols=None)
        return has_other_columns or not saved.same(state, self._canonical(view))

    def _canonical(self, view: saved.View) -> str:
        stored = self.listing.with_query(view.query)
        return stored.query_string(cols=None)

    @property
    def discard_url(self) -> str:
        view = self.listing.view
        return view_url(self.listing.path, view) if view else self.clear_url

    @property
    def may_save(self) -> bool:
        view = self.listing.view
        return bool(view and view.saved and saved.may_change(self.listing.user, view.saved))

    @property
    def may_share(self) -> bool:
        return saved.may_share(self.listing.user)

    @property
    def opens_here(self) -> bool:
        view = self.listing.view
        return bool(view) and self.listing.kept.opens == (view.key if view else "")

    @property
    def clear_url(self) -> str:
        return f"{self.listing.path}?view={saved.EVERYTHING}"

    @cached_property
    def chips(self) -> list[Removable]:
        filters = self.listing.filters
        if filters is None:
            return []
        return [
            Removable(chip.label, chip.text, self.listing.url(**chip.without))
            for chip in filters.chips()
        ]

    @cached_property
    def controls(self) -> list[Control]:
        """The promoted filters, in the order in which they were promoted."""
        return [self._control(name) for name in self.listing.promoted]

    @cached_property
    def more_controls(self) -> list[Control]:
        filters = self.listing.filters
        names = filters.form.fields if filters is not None else ()
        shown = [self._control(name) for name in names if name not in self.listing.promoted]
        return [control for control in shown if not control.bound.is_hidden]

    def _control(self, name: str) -> Control:
        filters = self.listing.filters
        assert filters is not None  # noqa: S101 - only filters are promoted
        bound = filters.form[name]
        is_set = any(filters.data.getlist(param) for param in filters.params_of(name))
        is_select = isinstance(bound.field.widget, forms.Select) and not isinstance(
            bound.field.widget, forms.CheckboxSelectMultiple
        )
        return Control(bound, is_select, is_set)

    @cached_property
    def hidden(self) -> list[tuple[str, str]]:
        """What the filter form carries along: order, columns, view and page size."""
        params = self.listing.params
        kept = [(name, params[name]) for name in ("cols", "view", "per") if params.get(name)]
        if self.listing.sort != self.listing.default_sort:
            kept.append(("sort", self.listing.sort))
        return kept + self._linked

    @property
    def _linked(self) -> list[tuple[str, str]]:
        """The filters that links set and nobody types."""
        filters = self.listing.filters
        if filters is None:
            return []
        names = {name for name, field in filters.form.fields.items() if field.widget.is_hidden}
        return [(name, value) for name, value in filters.params() if name in names]

    @cached_property
    def choices(self) -> list[Choice]:
        """All columns for the chooser: those shown first, in their order."""
        shown = [Choice(column, is_shown=True) for column in self.columns]
        rest = [c for c in self.listing.columns if c not in self.columns]
        return shown + [Choice(column, is_shown=False) for column in rest]

    @cached_property
    def pagination(self) -> Pagination:
        found, url = self.slice, self.listing.url
        return Pagination(
            first=found.first,
            last=found.last,
            total_text=self.total_text,
            previous_url=url(before=found.previous) if found.previous else None,
            next_url=url(after=found.next) if found.next else None,
            sizes=[(size, url(per=str(size)), size == self.listing.size) for size in paging.SIZES],
        )

    @cached_property
    def newer_url(self) -> str:
        """Where to ask how many rows came in above; only a live list's first page asks."""
        if not self.listing.is_live or self.slice.previous or not self.slice.top:
            return ""
        return self.listing.url(newer=self.slice.top)

    @property
    def may_create(self) -> bool:
        right = self.listing.empty.right
        return right is None or bool(self.listing.user.has_right(right))

    @property
    def columns_text(self) -> str:
        return ",".join(column.code for column in self.columns)

    @cached_property
    def selection(self) -> str:
        """The filters in force, signed, so that “select all matching” means exactly these rows."""
        return sign_selection(self.listing.name, self.listing.query_string())

    @property
    def is_too_many(self) -> bool:
        return self.count > paging.CAP

    @property
    def bulk_url(self) -> str:
        return reverse("list_bulk", args=[self.listing.name])

    @property
    def export_url(self) -> str:
        query = self.listing.query_string(cols=self.columns_text, per=None)
        return f"{reverse('list_export', args=[self.listing.name])}?{query}"

    @property
    def views_url(self) -> str:
        return reverse("list_views", args=[self.listing.name])

    @property
    def columns_url(self) -> str:
        return reverse("list_columns", args=[self.listing.name])

    @cached_property
    def cell_edges(self) -> dict[str, tuple[SafeString, SafeString]]:
        """What stands before and behind the content of a column's cells."""
        return cell_edges(self.columns)


def cell_edges(columns: Sequence[Column]) -> dict[str, tuple[SafeString, SafeString]]:
    """The opening and closing tags of each column's cells; the first column heads the row."""
    edges = {}
    for place, column in enumerate(columns):
        if place == 0:
            opening = SafeString('<th scope="row" class="lead">')
            edges[column.code] = (opening, SafeString("</th>"))
        else:
            number = SafeString(' class="num"') if column.is_numeric else ""
            opening = format_html('<td data-label="{}"{}>', column.label, number)
            edges[column.code] = (opening, SafeString("</td>"))
    return edges


def sign_selection(name: str, query: str) -> str:
    return signing.dumps([name, query], salt=SELECTION_SALT, compress=True)


def read_selection(name: str, text: str) -> str | None:
    """The query string that was signed for this list; None when it was not."""
    try:
        for_name, query = signing.loads(text, salt=SELECTION_SALT, max_age=86_400)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return str(query) if for_name == name else None
