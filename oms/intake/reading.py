"""What every reader shares: the rows of one order together, and what reading them came to."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Generic, TypeVar
from zoneinfo import ZoneInfo

from core.errors import DomainError
from core.money import UnknownCurrency, exponent
from oms.intake.cells import Row
from oms.intake.documents import OrderDocument
from oms.intake.findings import Findings

R = TypeVar("R", bound=Row)

PRICE_STEP = Decimal("0.0001")
AHEAD = timedelta(minutes=2)  # a shop's clock may be that much ahead of ours


class BadColumns(DomainError):
    """The file lacks columns without which none of its rows can be read."""

    code = "bad_columns"


@dataclass(frozen=True, slots=True)
class Source:
    """Whose orders are read: the channel's code, and its zone, currency and prices where the file
    says nothing of them. `latest` is the last moment that it may tell: what is told has happened.
    """

    channel: str
    zone: ZoneInfo
    currency: str
    prices_include_tax: bool
    latest: datetime | None = None


@dataclass(slots=True)
class OrderRead(Generic[R]):
    """The rows of one order and what they say; no document when one of them is broken."""

    rows: Sequence[R]
    findings: Findings = field(default_factory=Findings)
    document: OrderDocument | None = None

    @property
    def first_row(self) -> int:
        return self.rows[0].number


Reader = Callable[[Sequence[R], Source], OrderRead[R]]


def orders_of(rows: Callable[[], Iterable[R]], key_of: Callable[[R], str]) -> Iterator[list[R]]:
    """The rows of each order together, in the order in which orders end.

    A row without a key goes on with the row above it. Rows of one order may stand apart; only rows
    of orders that have begun and not ended are held in memory, so the table is gone through twice.
    """
    left: Counter[str] = Counter(key for key, _ in _keyed(rows(), key_of))
    begun: dict[str, list[R]] = {}
    for key, row in _keyed(rows(), key_of):
        begun.setdefault(key, []).append(row)
        left[key] -= 1
        if not left[key]:
            yield begun.pop(key)


def _keyed(rows: Iterable[R], key_of: Callable[[R], str]) -> Iterator[tuple[str, R]]:
    above = ""
    for row in rows:
        above = key_of(row) or above
        yield above, row


def need_columns(header: Iterable[str], needed: Iterable[str], *, what: str) -> None:
    """Refuse a file that lacks columns. Raises BadColumns."""
    there = set(header)
    missing = [f"“{name}”" for name in needed if name not in there]
    if missing:
        seen = ", ".join(f"“{name}”" for name in list(header)[:12]) or "none"
        raise BadColumns(
            f"{what} needs the column{'s' if len(missing) > 1 else ''} {', '.join(missing)}; the"
            f" file’s columns begin with {seen}. Check the format, or the separator of the file."
        )


def unit_price_of(amount: Decimal, quantity: int) -> Decimal:
    """The price of one unit where only the line's amount is known, to the four places kept."""
    return (amount / quantity).quantize(PRICE_STEP, rounding=ROUND_HALF_UP)


def is_currency(code: str) -> bool:
    try:
        exponent(code)
    except UnknownCurrency:
        return False
    return True
