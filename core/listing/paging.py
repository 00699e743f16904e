"""Pages by key: constant time however far the reader goes, stable while rows come in."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core import signing
from django.core.exceptions import FieldDoesNotExist
from django.db.models import F, Model, OrderBy, Q, QuerySet

from core.listing.columns import follow

SIZES = (25, 50, 100, 200)
CAP = 10_000
FEW = 500
SALT = "core.listing.cursor"


@dataclass(frozen=True)
class SortTerm:
    """One column of an order. NULL counts as the greatest value, as PostgreSQL has it."""

    path: str
    is_descending: bool
    is_nullable: bool

    @property
    def reversed(self) -> "SortTerm":
        return SortTerm(self.path, not self.is_descending, self.is_nullable)

    @property
    def ordering(self) -> OrderBy:
        return F(self.path).desc() if self.is_descending else F(self.path).asc()


@dataclass(frozen=True)
class Cursor:
    """A place between two rows: the sort values of the row beside it and that row's position."""

    values: tuple[Any, ...]
    position: int

    def sign(self, order: str) -> str:
        """The cursor as it stands in a URL; signed, so that nobody can put garbage in."""
        packed = [order, [_pack(value) for value in self.values], self.position]
        return signing.dumps(packed, salt=SALT)

    @classmethod
    def read(cls, text: str, order: str) -> "Cursor | None":
        """The cursor in a URL; None when it is not ours or belongs to another order of rows."""
        try:
            for_order, values, position = signing.loads(text, salt=SALT)
        except (signing.BadSignature, ValueError, TypeError):
            return None
        return cls(tuple(map(_unpack, values)), position) if for_order == order else None


def _pack(value: Any) -> Any:
    if isinstance(value, datetime):
        return {"t": value.isoformat()}
    if isinstance(value, date):
        return {"d": value.isoformat()}
    if isinstance(value, Decimal):
        return {"n": str(value)}
    return value


def _unpack(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    (kind, text), *_ = value.items()
    readers: dict[str, Callable[[str], Any]] = {
        "t": datetime.fromisoformat,
        "d": date.fromisoformat,
        "n": Decimal,
    }
    return readers[kind](text)


@dataclass(frozen=True)
class Slice:
    """The rows of one page, and where its neighbours are."""

    rows: list[Any]
    first: int
    previous: str | None
    next: str | None
    top: str = ""  # the place of the first row, for asking what came in above it

    @property
    def last(self) -> int:
        return self.first + len(self.rows) - 1 if self.rows else 0


def sort_terms(
    model: type[Model], paths: Sequence[str], *, is_descending: bool
) -> tuple[SortTerm, ...]:
    """The full order of the rows: the paths, then the primary key in the same direction."""
    terms = [SortTerm(path, is_descending, _is_nullable(model, path)) for path in paths]
    if paths[-1] not in {"pk", "id"}:
        terms.append(SortTerm("pk", is_descending, is_nullable=False))
    return tuple(terms)


def _is_nullable(model: type[Model], path: str) -> bool:
    """Whether the column may be NULL; of an annotation nobody knows, so it may."""
    is_nullable = False
    steps = path.split("__")
    for step in steps:
        try:
            field = model._meta.pk if step == "pk" else model._meta.get_field(step)
        except FieldDoesNotExist:
            return True
        is_nullable = is_nullable or bool(getattr(field, "null", True))
        model = getattr(field, "related_model", None) or model
    return is_nullable


def after(terms: Sequence[SortTerm], values: Sequence[Any]) -> Q:
    """The rows that come after these values. The bound on the first column is what an index uses."""
    term, value = terms[0], values[0]
    path = term.path
    may_be_null_later = term.is_nullable and not term.is_descending
    if value is None:
        later = Q(**{f"{path}__isnull": False}) if term.is_descending else Q(pk__in=[])
        equal, bound = Q(**{f"{path}__isnull": True}), Q()
    else:
        later = Q(**{f"{path}__{'lt' if term.is_descending else 'gt'}": value})
        equal = Q(**{path: value})
        bound = Q(**{f"{path}__{'lte' if term.is_descending else 'gte'}": value})
        if may_be_null_later:
            later, bound = later | Q(**{f"{path}__isnull": True}), Q()
    if len(terms) > 1:
        later = later | (equal & after(terms[1:], values[1:]))
    return bound & later


def _fetch(
    rows: "QuerySet[Any]", terms: Sequence[SortTerm], values: Sequence[Any] | None, limit: int
) -> list[Any]:
    ordered = rows.order_by(*(term.ordering for term in terms))
    if values is None:
        return list(ordered[:limit])
    first = terms[0]
    if first.is_nullable and not first.is_descending and values[0] is not None:
        # two walks along the index instead of one that it cannot serve
        known = (SortTerm(first.path, first.is_descending, is_nullable=False), *terms[1:])
        found = list(ordered.filter(after(known, values))[:limit])
        if len(found) < limit:
            empty = Q(**{f"{first.path}__isnull": True})
            found += list(ordered.filter(empty)[: limit - len(found)])
        return found
    return list(ordered.filter(after(terms, values))[:limit])


def take(
    rows: "QuerySet[Any]",
    terms: Sequence[SortTerm],
    *,
    order: str,
    size: int,
    forward: Cursor | None = None,
    backward: Cursor | None = None,
) -> Slice:
    """One page of rows: the first, the one after a cursor or the one before it."""
    if backward is not None:
        turned = [term.reversed for term in terms]
        found = _fetch(rows, turned, backward.values, size + 1)
        if len(found) > size:
            found = found[:size][::-1]
            first = max(backward.position - size, 1)
            return _slice(found, terms, order, first, has_previous=True, has_next=True)
        forward = None
    found = _fetch(rows, terms, forward.values if forward else None, size + 1)
    if not found and forward is not None:
        return take(rows, terms, order=order, size=size)
    first = forward.position + 1 if forward else 1
    return _slice(
        found[:size], terms, order, first, has_previous=bool(forward), has_next=len(found) > size
    )


def _slice(
    found: list[Any],
    terms: Sequence[SortTerm],
    order: str,
    first: int,
    *,
    has_previous: bool,
    has_next: bool,
) -> Slice:
    def cursor(row: Any, position: int) -> str:
        return Cursor(tuple(follow(row, term.path) for term in terms), position).sign(order)

    return Slice(
        rows=found,
        first=first if found else 0,
        previous=cursor(found[0], first) if found and has_previous else None,
        next=cursor(found[-1], first + len(found) - 1) if found and has_next else None,
        top=cursor(found[0], first) if found else "",
    )


def above(terms: Sequence[SortTerm], place: Cursor) -> Q:
    """The rows that come before a place."""
    return after([term.reversed for term in terms], place.values)


def capped_count(rows: "QuerySet[Any]", cap: int = CAP) -> int:
    """How many rows there are, counting no further than one over the cap."""
    return rows.order_by().values("pk")[: cap + 1].count()


def count_text(count: int, cap: int = CAP) -> str:
    """“1,284”, “10,000+”."""
    return f"{cap:,}+" if count > cap else f"{count:,}"
