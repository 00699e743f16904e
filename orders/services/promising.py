"""By when a location sends what it is told to send."""

from datetime import datetime, timedelta

from inventory.models import Location
from inventory.selectors.calendar import working_day


def ship_by(location: Location, *, now: datetime) -> datetime:
    """The end of the working day on which the location sends what it is told at `now`: the same day
    before its cut-off, the next day on which it works after it; its own days, closures and zone.
    """
    local = now.astimezone(location.zone)
    day = local.date() if local.time() <= location.cut_off else local.date() + timedelta(days=1)
    return datetime.combine(working_day(location, day), location.cut_off, tzinfo=location.zone)
