"""Demo promises: what carriers publish, when they work, who is closed; and what came of it all."""

from datetime import date, datetime, timedelta
from random import Random

from django.db import transaction
from django.utils import timezone

from core.actors import acting
from inventory.models import Location
from oms.demo.store import Store
from orders.models import CarrierDays, MeasuredTransit, Order, ShippingZone, TransitTime
from orders.selectors.country_days import country_days
from orders.selectors.promise_tables import promise_tables
from orders.services.closing_days import close_carrier, close_location
from shipping.services import foresee_late

AHEAD = timedelta(days=200)
HANDLED_NEXT_DAY = ("hamburg", "rotterdam", "portland")
SENT_FROM = {"web-eu": "hamburg", "web-uk": "rotterdam", "web-us": "portland"}
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


def measure_past(store: Store, *, seed: int) -> None:
    """How long the parcels of the former system's orders took, as its export tells: promises begin with
    what they say of each way.
    """
    random = Random(seed)  # noqa: S311  (a story, not a secret)
    places = {code: store.locations[place] for code, place in SENT_FROM.items()}
    tables = promise_tables(now=timezone.now() - timedelta(days=120))
    service = store.services["standard"]
    rows = []
    for order in (
        Order.objects.filter(is_historical=True, units_shipped__gt=0)
        .select_related("channel")
        .order_by("pk")
    ):
        assert order.placed_at is not None  # noqa: S101  (an order that was sent was placed)
        location = places[order.channel.code]
        left = tables.carrier_work("own", location.country).first(
            (order.placed_at + timedelta(days=1)).date()
        )
        hours = random.uniform(2, 20) + random.uniform(24, 90)
        arrived = left + timedelta(days=int((12 + hours) // 24))
        rows.append(
            MeasuredTransit(
                key=f"former:{order.pk}",
                order=order,
                service=service,
                location=location,
                country=order.ship_country,
                handed_over_on=left,
                delivered_on=arrived,
                days=tables.carrier_work("own", order.ship_country).days_until(left, arrived),
                recorded_at=order.placed_at + timedelta(days=10),
            )
        )
    MeasuredTransit.objects.bulk_create(rows)


def look_ahead(*, now: datetime) -> None:
    """Which of the orders that are under way will miss their day."""
    foresee_late(now=now)
