"""Days on which somebody works, and the moment at which a clock on the wall shows a time."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import cached_property

LONGEST_CLOSURE = 366
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class WorkDays:
    """Weekdays from Monday, 0, less the days that are closed. Who is closed for a year and longer is
    taken to work again then.
    """

    weekdays: frozenset[int]
    closed: frozenset[date] = frozenset()

    def is_open(self, day: date) -> bool:
        return day.weekday() in self.weekdays and day not in self.closed

    def first(self, day: date) -> date:
        """The first working day, `day` or later."""
        for ahead in range(LONGEST_CLOSURE):
            candidate = day + timedelta(days=ahead)
            if self.is_open(candidate):
                return candidate
        return day + timedelta(days=LONGEST_CLOSURE)

    def after(self, day: date, days: int) -> date:
        """The working day that is reached when so many of them pass; none: the first from `day`."""
        reached = self.first(day)
        for _ in range(days):
            reached = self.first(reached + ONE_DAY)
        return reached

    def days_until(self, start: date, end: date) -> int:
        """The least working days after `start` that reach `end`; what ends on a closed day counts as
        if it ended on the next working day.
        """
        reached, days = self.first(start), 0
        while reached < end:
            reached = self.first(reached + ONE_DAY)
            days += 1
        return days

    def skipped(self, start: date, end: date) -> list[date]:
        """The closed days between two days, both left out."""
        days = (start + timedelta(days=ahead) for ahead in range(1, (end - start).days))
        return [day for day in days if not self.is_open(day)]

    def within(self, start: date, end: date) -> "WorkDays":
        """The same weekdays with only the closures that lie between two days, both included."""
        return WorkDays(self.weekdays, frozenset(d for d in self.closed if start <= d <= end))

    @cached_property
    def as_json(self) -> list[object]:
        digits = "".join(str(number) for number in sorted(self.weekdays))
        return [digits, [day.isoformat() for day in sorted(self.closed)]]

    @classmethod
    def from_json(cls, kept: Iterable[object]) -> "WorkDays":
        digits, closed = kept
        assert isinstance(digits, str) and isinstance(closed, list)  # noqa: S101 (as written)
        return cls(
            frozenset(int(digit) for digit in digits),
            frozenset(date.fromisoformat(day) for day in closed),
        )


def moment_of(day: date, at: time, zone: tzinfo) -> datetime:
    """The first moment of a day at which its clock shows `at` or later, in UTC.

    An hour that comes twice counts when it comes first; one that is skipped ends as it begins. So a
    later time is never an earlier moment.
    """
    wanted = datetime.combine(day, at)
    moment = wanted.replace(tzinfo=zone).astimezone(UTC)
    if _shown(moment, zone) == wanted:
        return moment
    early, late = wanted.replace(tzinfo=zone, fold=1).astimezone(UTC), moment
    while late - early > timedelta(seconds=1):
        middle = (early + (late - early) / 2).replace(microsecond=0)
        if _shown(middle, zone) >= wanted:
            late = middle
        else:
            early = middle
    return late


def _shown(moment: datetime, zone: tzinfo) -> datetime:
    return moment.astimezone(zone).replace(tzinfo=None)
