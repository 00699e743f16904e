"""The clock: what time it is, and the way to let it stand at another moment for history and demos."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, tzinfo

from django.utils import timezone

FIRST_YEAR, LAST_YEAR = 1900, 2199
_moment: ContextVar[datetime | None] = ContextVar("moment", default=None)


def now() -> datetime:
    """The time now, aware; or the moment at which somebody let the clock stand (`at`)."""
    return _moment.get() or timezone.now()


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Within the block it is `moment`: facts, state changes and handlers are dated so."""
    token = _moment.set(moment)
    try:
        yield
    finally:
        _moment.reset(token)


def in_zone(moment: datetime, zone: tzinfo) -> datetime:
    """A moment as it was told: one without an offset is that of a clock in `zone`."""
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


def day_in_words(day: date) -> str:
    """A day in a sentence: 3 December 2026."""
    return f"{day:%-d %B %Y}"


def refuse_beyond_reach(day: date) -> None:
    """Refuse a day or moment of a year that nobody means. Raises ValueError with a sentence."""
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValueError(f"Give a day of the years {FIRST_YEAR} to {LAST_YEAR}.")
