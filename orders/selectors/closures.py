"""The promise calendar of a month: who is closed on which day, and what countries’ holidays propose."""

from calendar import Calendar
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from core.markup.people import country_name
from inventory.models import Closure, Location
from orders.models import ALL_CARRIERS, CarrierClosure, ShippingZone
from orders.models.shipping_services import EVERYWHERE
from orders.selectors.country_days import country_days
from orders.sockets import CARRIERS

MONDAY = 0
CARRIER, LOCATION = "carrier", "location"


@dataclass(frozen=True, slots=True)
class Closed:
    """One closure: `key` names it in forms, `who` in words."""

    key: str
    day: date
    who: str
    name: str


@dataclass(frozen=True, slots=True)
class Proposed:
    """A public holiday on which somebody is not closed yet: `key` is carrier:DE:day or location:3:day."""

    key: str
    day: date
    who: str
    name: str


@dataclass(frozen=True, slots=True)
class MonthOfDays:
    """A month as its page shows it: whole weeks, each day with who is closed."""

    first: date
    weeks: list[list[tuple[date, list[Closed]]]]
    closed: list[Closed]
    proposed: list[Proposed]

    @property
    def earlier(self) -> date:
        return (self.first - timedelta(days=1)).replace(day=1)

    @property
    def later(self) -> date:
        return (self.first + timedelta(days=32)).replace(day=1)


def carrier_names() -> dict[str, str]:
    """The carriers that are set up, by code."""
    return dict(carrier for answer in CARRIERS.ask() for carrier in answer)


def countries_served() -> list[str]:
    """The countries that zones name or locations stand in. Two queries."""
    named = {
        code for codes in ShippingZone.objects.values_list("countries", flat=True) for code in codes
    }
    places = set(Location.objects.filter(is_active=True).values_list("country", flat=True))
    return sorted((named | places) - {EVERYWHERE, ""})


def month_of_days(first: date, *, of: str = "", with_locations: bool) -> MonthOfDays:
    """The month that begins on `first`. `of` narrows it to one carrier (carrier:own), location
    (location:3) or country (country:DE). Five queries.
    """
    end = (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    places = list(Location.objects.filter(is_active=True).order_by("name"))
    carriers = list(CarrierClosure.objects.filter(day__range=(first, end)))
    locations = list(Closure.objects.filter(day__range=(first, end)).select_related("location"))
    names = carrier_names()
    closed = [_of_carrier(one, names) for one in carriers if _concerns(one, of)]
    closed += [_of_location(one) for one in locations if _is_there(one, of)]
    closed.sort(key=lambda one: (one.day, one.who))
    by_day: dict[date, list[Closed]] = defaultdict(list)
    for one in closed:
        by_day[one.day].append(one)
    weeks = [
        [(day, by_day[day]) for day in week]
        for week in Calendar(MONDAY).monthdatescalendar(first.year, first.month)
    ]
    proposed = _proposed(
        [code for code in countries_served() if of in {"", f"country:{code}"}],
        [place for place in places if with_locations and of in {"", f"location:{place.pk}"}],
        carriers,
        locations,
        (first, end),
    )
    return MonthOfDays(first, weeks, closed, proposed)


def _concerns(one: CarrierClosure, of: str) -> bool:
    if of.startswith("carrier:"):
        return one.carrier in {ALL_CARRIERS, of.removeprefix("carrier:")}
    if of.startswith("country:"):
        return one.country in {"", of.removeprefix("country:")}
    return not of


def _is_there(one: Closure, of: str) -> bool:
    if of.startswith("location:"):
        return one.location_id is None or str(one.location_id) == of.removeprefix("location:")
    if of.startswith("country:"):
        place = one.location
        return place is None or place.country == of.removeprefix("country:")
    return not of


def _of_carrier(one: CarrierClosure, names: dict[str, str]) -> Closed:
    who = names.get(one.carrier, one.carrier) or "Every carrier"
    where = f" in {country_name(one.country)}" if one.country else ""
    return Closed(f"{CARRIER}:{one.pk}", one.day, f"{who}{where}", one.name)


def _of_location(one: Closure) -> Closed:
    who = one.location.name if one.location else "Every location"
    return Closed(f"{LOCATION}:{one.pk}", one.day, who, one.name)


def _proposed(
    countries: Collection[str],
    places: Sequence[Location],
    carriers: Sequence[CarrierClosure],
    locations: Sequence[Closure],
    between: tuple[date, date],
) -> list[Proposed]:
    """Public holidays on which not every carrier is closed in the country, or a location is not."""
    known = {(one.country, one.day) for one in carriers if one.carrier == ALL_CARRIERS}
    shut = {(one.location_id, one.day) for one in locations}
    found = []
    for code in countries:
        for day, name in country_days(code, *between):
            if not {(code, day), ("", day)} & known:
                who = f"Every carrier in {country_name(code)}"
                found.append(Proposed(f"{CARRIER}:{code}:{day}", day, who, name))
    for place in places:
        for day, name in country_days(place.country, *between):
            works = day.weekday() in place.working_days
            if works and not {(place.pk, day), (None, day)} & shut:
                found.append(Proposed(f"{LOCATION}:{place.pk}:{day}", day, place.name, name))
    return sorted(found, key=lambda one: (one.day, one.who))
