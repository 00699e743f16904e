"""On which days a location works."""

from collections.abc import Collection
from datetime import date, timedelta

from django.db.models import Q

from inventory.models import Closure, Location

LONGEST_CLOSURE = 366


def closed_days(location: Location, *, since: date) -> frozenset[date]:
    """The days from `since` on at which the location, or every location, is closed. One query, kept
    on the instance: the locations of one batch are asked once.
    """
    kept: tuple[date, frozenset[date]] | None = getattr(location, "_closed_days", None)
    if kept is not None and kept[0] <= since:
        return kept[1]
    days = Closure.objects.filter(
        Q(location_id=location.pk) | Q(location_id=None), day__gte=since
    ).values_list("day", flat=True)
    found = frozenset(days)
    location._closed_days = (since, found)  # type: ignore[attr-defined]
    return found


def is_working_day(location: Location, day: date, closed: Collection[date]) -> bool:
    return day.weekday() in location.working_days and day not in closed


def working_day(location: Location, day: date) -> date:
    """The first day on which the location works, `day` or later. One that is closed for a year and
    longer is taken to work again then.
    """
    closed = closed_days(location, since=day)
    for ahead in range(LONGEST_CLOSURE):
        candidate = day + timedelta(days=ahead)
        if is_working_day(location, candidate, closed):
            return candidate
    return day + timedelta(days=LONGEST_CLOSURE)


def working_days_between(location: Location, start: date, end: date) -> int:
    """How many days the location works from `start` up to and without `end`."""
    closed = closed_days(location, since=start)
    return sum(
        is_working_day(location, start + timedelta(days=ahead), closed)
        for ahead in range(max(0, (end - start).days))
    )
