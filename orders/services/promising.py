"""By when a location sends what it is told to send."""

from datetime import date, datetime, timedelta

from inventory.models import Location

SATURDAY = 5


def ship_by(location: Location, *, now: datetime) -> datetime:
    """The end of the working day on which the location sends what it is told at `now`: the same day
    before its cut-off, the next working day after it; Monday to Friday, in its own zone.
    """
    local = now.astimezone(location.zone)
    day = local.date() if local.time() <= location.cut_off else local.date() + timedelta(days=1)
    return datetime.combine(_working_day(day), location.cut_off, tzinfo=location.zone)


def _working_day(day: date) -> date:
    while day.weekday() >= SATURDAY:
        day += timedelta(days=1)
    return day
