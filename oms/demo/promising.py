"""Demo promises: what carriers publish, when they work, who is closed; and what came of it all."""

from datetime import date, datetime, timedelta

from django.db import transaction

from core.actors import acting
from inventory.models import Location
from oms.demo.store import Store
from orders.models import CarrierDays, ShippingZone, TransitTime
from orders.selectors.country_days import country_days
from orders.services.closing_days import close_carrier, close_location
from shipping.services import foresee_late

AHEAD = timedelta(days=200)
HANDLED_NEXT_DAY = ("hamburg", "rotterdam", "portland")
# service, zone, location: working days as the carrier publishes them
PUBLISHED = (
    ("standard", "Home", "rotterdam", 3),
    ("standard", "Home", "portland", 9),
    ("standard", "Europe", "rotterdam", 3),
    ("standard", "Europe", "portland", 9),
    ("standard", "World", "portland", 4),
    ("express", "Home", "rotterdam", 2),
    ("express", "World", "portland", 2),
)


@transaction.atomic
def set_calendar(store: Store, *, opened_at: datetime, now: datetime) -> None:
    """As an admin would before opening: transit times, carriers' days, and holidays closed."""
    names = [store.locations[code].pk for code in HANDLED_NEXT_DAY]
    Location.objects.filter(pk__in=names).update(handling_days=1)
    CarrierDays.objects.create(carrier="own", working_days=[0, 1, 2, 3, 4, 5])
    zones = {(zone.service.code, zone.name): zone for zone in _zones()}
    TransitTime.objects.bulk_create(
        TransitTime(zone=zones[service, zone], location=store.locations[place], days=days)
        for service, zone, place, days in PUBLISHED
    )
    first, last = opened_at.date(), (now + AHEAD).date()
    with acting(store.staff["admin"].actor):
        for country in ("DE", "NL", "US"):
            for day, name in country_days(country, first, last):
                close_carrier(carrier="", country=country, day=day, label=name)
                _close_there(store, country, day, name)


def _zones() -> list[ShippingZone]:
    return list(ShippingZone.objects.select_related("service"))


def _close_there(store: Store, country: str, day: date, name: str) -> None:
    for location in store.locations.values():
        if location.country == country and day.weekday() in location.working_days:
            close_location(location_id=location.pk, day=day, label=name)


def look_ahead(*, now: datetime) -> None:
    """Which of the orders that are under way will miss their day."""
    foresee_late(now=now)
