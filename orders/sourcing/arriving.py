"""By which day an order is to arrive, and the day on which what a location sends does."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from orders.promising import Leg

Lanes = Callable[[int, int, str], Leg | None]  # (service, location, country) to the carrier's way


@dataclass(frozen=True, slots=True)
class Due:
    """The day by which an order is to arrive: as it was promised, or as its buyer asked."""

    day: date
    is_promised: bool = False

    def as_json(self) -> dict[str, Any]:
        return {"day": self.day.isoformat(), "is_promised": self.is_promised}

    @classmethod
    def from_json(cls, kept: dict[str, Any] | None) -> "Due | None":
        return cls(date.fromisoformat(kept["day"]), kept["is_promised"]) if kept else None

    @property
    def words(self) -> str:
        """“the 3 Dec that was asked for”."""
        return f"the {day_and_month(self.day)} that was {self.whose}"

    @property
    def whose(self) -> str:
        return "promised" if self.is_promised else "asked for"


def both_dues(*, asked: date | None, promised: date | None) -> tuple[Due | None, Due | None]:
    """The earlier of both days, and the other one."""
    first = first_due(asked=asked, promised=promised)
    if first is None or asked is None or promised is None or asked == promised:
        return first, None
    return first, Due(asked) if first.is_promised else Due(promised, is_promised=True)


def first_due(*, asked: date | None, promised: date | None) -> Due | None:
    """The earlier of both days; None where there is neither."""
    if promised is not None and (asked is None or promised < asked):
        return Due(promised, is_promised=True)
    return Due(asked) if asked is not None else None


def day_and_month(day: date) -> str:
    """“3 Dec”."""
    return f"{day.day} {day:%b}"
