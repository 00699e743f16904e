"""The state of a list, read from its URL, and the rows that it leads to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar, Self

from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils.http import urlencode

from core.custom_fields import fields_of
from core.listing import paging, saved
from core.listing.bulk import BulkAction, plugged_actions
from core.listing.columns import Column, choose, default_columns
from core.listing.custom import add_filters, column_of
from core.listing.filters import ListFilter
from core.listing.plugging import plugged_match, plugged_tokens
from core.listing.search import Search, Token, clean, understand
from core.models import CustomField
from core.rights import Right


@dataclass(frozen=True)
class Empty:
    """What a list says while there is nothing yet, with the one thing to do about it."""

    title: str
    text: str = ""
    url_name: str = ""
    action: str = ""
    icon: str = ""
    right: Right | None = None


class ListState:
    """What a list declares, what its URL asks for and the rows that follow. The URL is the whole
    state: `q`, the filters, `sort`, `per`, `after`/`before`, `cols`, `view`.
    """

    name: ClassVar[str] = ""
    title: ClassVar[str] = ""
    noun: ClassVar[tuple[str, str]] = ("row", "rows")
    url_name: ClassVar[str] = ""
    right: ClassVar[Right]
    columns: ClassVar[tuple[Column, ...]] = ()
    filterset: ClassVar[type[ListFilter] | None] = None
    promoted: ClassVar[tuple[str, ...]] = ()
    tokens: ClassVar[tuple[Token, ...]] = ()
    has_search: ClassVar[bool] = True
    search_label: ClassVar[str] = "Search"
    default_sort: ClassVar[str] = ""
    per_page: ClassVar[int] = 50
    row_template: ClassVar[str] = ""
    template: ClassVar[str] = "core/listing/page.html"
    presets: ClassVar[tuple[saved.Preset, ...]] = ()
    bulk_actions: ClassVar[tuple[BulkAction, ...]] = ()
    empty: ClassVar[Empty] = Empty("Nothing here yet")
    is_exportable: ClassVar[bool] = True
    custom_subject: ClassVar[str] = ""  # whose custom fields are columns and filters, such as a.b
    custom_path: ClassVar[str] = "custom"  # where a row has their values
    facets: ClassVar[Mapping[str, str]] = {}  # filters whose choices are counted, by their column
    within: ClassVar[str] = ""  # a lookup of free words within a column, beside what `match` says
    is_live: ClassVar[bool] = False  # says every half minute how many rows came in since

    def __init__(
        self,
        request: HttpRequest | None = None,
        *,
        user: Any = None,
        query: str = "",
        custom: list[CustomField] | None = None,
    ) -> None:
        self.request = request
        self.user: Any = user if user is not None else getattr(request, "user", None)
        self.params = request.GET if request is not None and not query else QueryDict(query)
        if custom is None:
            custom = fields_of(self.custom_subject) if self.custom_subject else []
        self.custom = custom
        if self.custom:
            more = (column_of(field, self.custom_path) for field in self.custom)
            self.columns = (*type(self).columns, *more)  # type: ignore[misc]

    def with_query(self, query: str) -> Self:
        """The same list for the same user in another state, custom fields read once."""
        return type(self)(user=self.user, query=query, custom=self.custom)

    # --- what a list defines ----------------------------------------------------------------

    def queryset(self) -> "QuerySet[Any]":
        """All rows that `self.user` may see, with everything that the row template reads."""
        raise NotImplementedError

    def match(self, word: str) -> Q:
        """The condition of one free word or quoted phrase in the search box."""
        raise NotImplementedError

    def exact(self, text: str) -> str | None:
        """The address to jump to when exactly this was searched for, such as an order's number."""
        return None

    def facet_rows(self) -> "QuerySet[Any]":
        """The rows whose facets are counted: few enough to be counted on every page."""
        return self.queryset()

    def decorate(self, rows: Sequence[Any]) -> None:
        """Add what the row template needs beyond the query, in a constant number of queries."""

    def row_class(self, row: Any) -> str:
        """A tone for the row: row--danger, row--warning, row--success, row--muted."""
        return ""

    def row_label(self, row: Any) -> str:
        """What the row is called where it is selected."""
        return str(row)

    # --- the state --------------------------------------------------------------------------

    @classmethod
    def allows(cls, user: Any) -> bool:
        return bool(user.has_right(cls.right))

    @cached_property
    def path(self) -> str:
        return reverse(self.url_name)

    @cached_property
    def filters(self) -> ListFilter | None:
        if self.filterset is None:
            return None
        filters = self.filterset(self.params, self.queryset(), user=self.user)
        add_filters(filters, self.custom, self.custom_path)
        return filters

    @cached_property
    def q(self) -> str:
        return clean(self.params.get("q", "")) if self.has_search else ""

    @cached_property
    def search(self) -> Search:
        return understand(self.q, self.words, self.match_any, within=self.within)

    @cached_property
    def words(self) -> tuple[Token, ...]:
        """The search words that have a name: the list's own and those plugged by apps above."""
        return (*self.tokens, *plugged_tokens(self.name))

    def match_any(self, word: str) -> Q:
        """What one free word may mean here, or to an app above."""
        return plugged_match(self.name, word, own=self.match(word))

    @cached_property
    def column_map(self) -> dict[str, Column]:
        return {column.code: column for column in self.columns}

    @cached_property
    def sort(self) -> str:
        """The order in force, as in the URL: “-placed”; the default when the URL's means nothing."""
        asked = self.params.get("sort", "")
        column = self.column_map.get(asked.removeprefix("-"))
        return asked if column and column.sort else self.default_sort

    @cached_property
    def terms(self) -> tuple[paging.SortTerm, ...]:
        column = self.column_map.get(self.sort.removeprefix("-"))
        paths = column.sort_paths if column else ("pk",)
        model: type[Model] = self.queryset().model
        return paging.sort_terms(model, paths, is_descending=self.sort.startswith("-"))

    @cached_property
    def size(self) -> int:
        asked = self.params.get("per", "")
        is_known = asked.isdecimal() and len(asked) < 4 and int(asked) in paging.SIZES
        return int(asked) if is_known else self.per_page

    @cached_property
    def kept(self) -> saved.Kept:
        return saved.kept_for(self.user, self.name, self.presets, all_label=f"All {self.noun[1]}")

    @cached_property
    def view(self) -> saved.View | None:
        """The view that the URL names."""
        return self.kept.view(self.params.get("view", ""))

    @cached_property
    def shown(self) -> tuple[Column, ...]:
        """The columns to show: those of the URL, else of the view, else the user's, else the list's."""
        asked = self.params.get("cols", "")
        codes: Sequence[str] = asked.split(",") if asked else ()
        if not codes and self.request is not None:
            codes = (self.view.columns if self.view else ()) or self.kept.columns
        chosen = choose(self.columns, codes) if codes else ()
        return chosen or default_columns(self.columns)

    @cached_property
    def hints(self) -> list[str]:
        """What of the URL was not understood, in sentences."""
        hints = list(self.search.hints)
        if self.filters is not None:
            hints += self.filters.hints
        asked = self.params.get("sort", "")
        if asked and asked != self.sort:
            hints.append(f"This list cannot be sorted by “{clean(asked)[:40]}”.")
        if any(
            self.params.get(name) and self._cursor(name) is None for name in ("after", "before")
        ):
            hints.append("The link to that page has expired; this is the first page.")
        return hints

    @property
    def is_narrowed(self) -> bool:
        return bool(self.q or (self.filters is not None and self.filters.params()))

    def query_string(self, **changes: str | Sequence[str] | None) -> str:
        """The state as a query string, in a fixed order, with some parameters changed or left out.

        The place in the list (after, before) is not part of it, nor is what nobody knows.
        """
        parts: list[tuple[str, str]] = [("q", self.q)] if self.q else []
        if self.filters is not None:
            parts += self.filters.params()
        parts += [("sort", self.sort)] if self.sort != self.default_sort else []
        parts += [(name, self.params[name]) for name in ("cols", "view") if self.params.get(name)]
        parts += [("per", str(self.size))] if self.size != self.per_page else []
        kept = [(name, value) for name, value in parts if name not in changes]
        for name, value in changes.items():
            values = [value] if isinstance(value, str) else value or []
            kept += [(name, one) for one in values if one]
        return urlencode(kept)

    def url(self, **changes: str | Sequence[str] | None) -> str:
        query = self.query_string(**changes)
        return f"{self.path}?{query}" if query else self.path

    # --- the rows ---------------------------------------------------------------------------

    @cached_property
    def rows(self) -> "QuerySet[Any]":
        """All rows that the filters and the search leave, in no order."""
        found = self.filters.qs if self.filters is not None else self.queryset()
        return found.filter(self.search.condition) if not self.search.is_empty else found

    def ordered(self) -> "QuerySet[Any]":
        return self.rows.order_by(*(term.ordering for term in self.terms))

    def _cursor(self, name: str) -> paging.Cursor | None:
        asked = self.params.get(name, "")
        return paging.Cursor.read(asked, f"{self.name} {self.sort}") if asked else None

    def slice(self) -> paging.Slice:
        """The page of rows that the URL asks for."""
        found = paging.take(
            self._few if self.is_narrowed and len(self._matching) <= paging.FEW else self.rows,
            self.terms,
            order=f"{self.name} {self.sort}",
            size=self.size,
            forward=self._cursor("after"),
            backward=self._cursor("before"),
        )
        self.decorate(found.rows)
        return found

    @property
    def _few(self) -> "QuerySet[Any]":
        """The rows where they are few: looked up first, sorted then. Where many match, a walk along
        the order finds a page soon; where few do, it would walk past all the others.
        """
        return self.queryset().filter(pk__in=self._matching)

    @cached_property
    def _matching(self) -> list[int]:
        """The ids of what matches, no further than one over the cap. With no order asked for, it is
        found by what is rarest.
        """
        return list(self.rows.order_by().values_list("pk", flat=True)[: paging.CAP + 1])

    @cached_property
    def count(self) -> int:
        """How many rows match, counting no further than one over the cap."""
        return len(self._matching) if self.is_narrowed else paging.capped_count(self.rows)

    def actions(self) -> list[BulkAction]:
        """The bulk actions that this user may take."""
        offered = (*self.bulk_actions, *plugged_actions(self.name))
        return [action for action in offered if self.user.has_right(action.right)]
