"""Columns of a list: what they are called, how they sort and what an export writes for them."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

Kind = Literal["text", "number", "money", "moment", "day", "flag"]
NUMERIC: frozenset[str] = frozenset({"number", "money"})


@dataclass(frozen=True)
class Column:
    """One column. `code` is its name in the URL, in the row template and in the user's choice.

    `sort` names the database columns (or annotations) it sorts by; empty: it does not sort.
    `value` is what an export writes: a path (“customer.name”), a function of the row, None for
    nothing; empty: the attribute called like the code. `currency` is the path to the currency of a
    money column, and becomes a column of its own in exports. The first fixed column heads the row.
    """

    code: str
    label: str
    sort: str | tuple[str, ...] = ()
    value: str | Callable[[Any], Any] | None = ""
    kind: Kind = "text"
    currency: str = ""
    is_default: bool = True
    is_fixed: bool = False

    @property
    def sort_paths(self) -> tuple[str, ...]:
        return (self.sort,) if isinstance(self.sort, str) else self.sort

    @property
    def is_numeric(self) -> bool:
        return self.kind in NUMERIC

    def read(self, row: Any) -> Any:
        """The raw value for an export."""
        if callable(self.value):
            return self.value(row)
        return follow(row, self.value or self.code)


def follow(row: Any, path: str) -> Any:
    """The value at the end of a dotted path; None as soon as a step is None."""
    for step in path.replace("__", ".").split("."):
        if row is None:
            return None
        row = row.get(step) if isinstance(row, dict) else getattr(row, step)
    return row


def choose(columns: Sequence[Column], codes: Iterable[str]) -> tuple[Column, ...]:
    """The columns named, in that order, behind those that are always shown; unknown codes fall away."""
    by_code = {column.code: column for column in columns}
    fixed = [column for column in columns if column.is_fixed]
    wanted = [by_code[code] for code in dict.fromkeys(codes) if code in by_code]
    return (*fixed, *(column for column in wanted if not column.is_fixed))


def default_columns(columns: Sequence[Column]) -> tuple[Column, ...]:
    return tuple(column for column in columns if column.is_default or column.is_fixed)
