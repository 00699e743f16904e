"""The small tables that promises are made from, read at once and kept for a few seconds.

Locations with their clocks and closed days, services with their zones, carriers' days and closures,
and how long parcels took: one statement reads all of it. A change is seen by every worker within
KEEP_SECONDS, by the one that made it at once where it calls `forget`.
"""

import json
import time as clocks
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Any

from django.db import connection

from orders.models.shipping_services import EVERYWHERE
from orders.promising import (
    Basis,
    Leg,
    Measured,
    Part,
    Sender,
    Spread,
    Way,
    WorkDays,
    choose_transit,
)
from orders.sourcing.arriving import Lanes

KEEP_SECONDS = 15.0
LOOKS_BACK = timedelta(days=10)
USUAL_CARRIER_DAYS = frozenset({0, 1, 2, 3, 4, 5})
USUAL_PERCENTILE = 90

READ = """
    SELECT json_build_object(
      'places', (SELECT json_agg(json_build_array(id, name, time_zone, cut_off, working_days,
                                                  handling_days, country))
                 FROM inventory_location),
      'closed', (SELECT json_agg(json_build_array(location_id, day))
                 FROM inventory_closure WHERE day >= %(since)s),
      'services', (SELECT json_agg(json_build_array(id, name, carrier, is_active) ORDER BY id)
                   FROM orders_shippingservice),
      'zones', (SELECT json_agg(json_build_array(id, service_id, countries, transit_days)
                                ORDER BY id)
                FROM orders_shippingzone),
      'times', (SELECT json_agg(json_build_array(zone_id, location_id, days))
                FROM orders_transittime),
      'carriers', (SELECT json_agg(json_build_array(carrier, working_days))
                   FROM orders_carrierdays),
      'closures', (SELECT json_agg(json_build_array(carrier, country, day))
                   FROM orders_carrierclosure WHERE day >= %(since)s),
      'lanes', (SELECT json_agg(json_build_array(service_id, location_id, country, zone_id, counts))
                FROM orders_lanestatistic),
      'percentiles', (SELECT json_agg(json_build_array(channel_id, promise_percentile))
                      FROM orders_channelpolicy)
    )
"""


@dataclass(frozen=True, slots=True)
class ServiceRow:
    id: int
    name: str
    carrier: str
    is_active: bool


@dataclass(frozen=True, slots=True)
class ZoneRow:
    id: int
    countries: tuple[str, ...]
    transit_days: int


@dataclass
class PromiseTables:
    """All of it in memory; closures are known from `since` on."""

    since: date
    senders: dict[int, Sender] = field(default_factory=dict)
    countries: dict[int, str] = field(default_factory=dict)  # of locations
    services: dict[int, ServiceRow] = field(default_factory=dict)
    zones: dict[int, list[ZoneRow]] = field(default_factory=dict)  # by service
    times: dict[tuple[int, int], int] = field(default_factory=dict)  # (zone, location)
    carrier_days: dict[str, frozenset[int]] = field(default_factory=dict)
    closures: dict[tuple[str, str], list[date]] = field(default_factory=dict)  # (carrier, country)
    lanes: dict[tuple[int, int, str], Spread] = field(default_factory=dict)
    zone_lanes: dict[tuple[int, int], Spread] = field(default_factory=dict)
    percentiles: dict[int, int] = field(default_factory=dict)  # by channel
    _carriers: dict[tuple[str, str], WorkDays] = field(default_factory=dict)

    def percentile(self, channel_id: int) -> int:
        return self.percentiles.get(channel_id, USUAL_PERCENTILE)

    def zone(self, service_id: int, country: str) -> ZoneRow | None:
        """The service's zone that reaches a country: one that names it before the one for all."""
        zones = self.zones.get(service_id, [])
        named = [zone for zone in zones if country in zone.countries]
        others = [zone for zone in zones if EVERYWHERE in zone.countries]
        return next(iter([*named, *others]), None)

    def carrier_work(self, carrier: str, country: str) -> WorkDays:
        """When a carrier works in a country."""
        key = (carrier, country)
        if key not in self._carriers:
            closed = {
                day
                for whose in {carrier, ""}
                for where in {country, ""}
                for day in self.closures.get((whose, where), ())
            }
            days = self.carrier_days.get(carrier, USUAL_CARRIER_DAYS)
            self._carriers[key] = WorkDays(days, frozenset(closed))
        return self._carriers[key]

    def measured(
        self, service_id: int, location_id: int, country: str, percentile: int
    ) -> Measured | None:
        """The days on a way; None where the service does not go."""
        zone = self.zone(service_id, country)
        if zone is None:
            return None
        return choose_transit(
            [
                (Basis.LANE, self.lanes.get((service_id, location_id, country))),
                (Basis.ZONE, self.zone_lanes.get((service_id, zone.id))),
            ],
            published=self.times.get((zone.id, location_id), zone.transit_days),
            percentile=percentile,
        )

    def way(
        self, service_id: int, parts: tuple[Part, ...], country: str, percentile: int
    ) -> Way | None:
        """A service as a way for these parts; None where it does not go."""
        service = self.services.get(service_id)
        if service is None:
            return None
        legs = []
        for part in parts:
            leg = self.leg(service_id, part.sender.id, country, percentile)
            if leg is None:
                return None
            legs.append(leg)
        return Way(service_id, service.name, tuple(legs))

    def leg(self, service_id: int, location_id: int, country: str, percentile: int) -> Leg | None:
        """A service's way from a location to a country; None where it does not go."""
        service = self.services.get(service_id)
        measured = self.measured(service_id, location_id, country, percentile)
        if service is None or measured is None:
            return None
        return Leg(
            measured,
            self.carrier_work(service.carrier, self.countries.get(location_id, "")),
            self.carrier_work(service.carrier, country),
        )

    def legs_for(self, channel_id: int) -> Lanes:
        """The ways of every service as a channel promises on them."""
        return partial(self.leg, percentile=self.percentile(channel_id))


_kept: tuple[float, PromiseTables] | None = None


def promise_tables(
    *, now: datetime, places: Iterable[int] = (), services: Iterable[int] = ()
) -> PromiseTables:
    """The tables as they were at most KEEP_SECONDS ago; read anew where one of these locations or
    services is younger. One statement, or none.
    """
    global _kept  # noqa: PLW0603  (one copy for all threads; taking an older one does no harm)
    today = now.date()
    if _kept is not None:
        read_at, tables = _kept
        is_young = clocks.monotonic() - read_at < KEEP_SECONDS and tables.since <= today
        if (
            is_young
            and tables.senders.keys() >= {*places}
            and tables.services.keys() >= {*services}
        ):
            return tables
    tables = _read(today - LOOKS_BACK)
    _kept = (clocks.monotonic(), tables)
    return tables


def forget() -> None:
    """Read the tables anew when they are asked for next."""
    global _kept  # noqa: PLW0603
    _kept = None


def _read(since: date) -> PromiseTables:
    with connection.cursor() as cursor:
        cursor.execute(READ, {"since": since})
        told: Mapping[str, Any] = cursor.fetchone()[0]
    if isinstance(told, str):
        told = json.loads(told)
    return _tables(since, {name: rows or [] for name, rows in told.items()})


def _tables(since: date, rows: Mapping[str, list[Any]]) -> PromiseTables:
    tables = PromiseTables(since=since)
    closed: dict[int | None, set[date]] = defaultdict(set)
    for location_id, day in rows["closed"]:
        closed[location_id].add(date.fromisoformat(day))
    for pk, name, zone, cut_off, weekdays, handling_days, country in rows["places"]:
        work = WorkDays(frozenset(weekdays), frozenset(closed[pk] | closed[None]))
        until = time.fromisoformat(cut_off)
        tables.senders[pk] = Sender(pk, name, zone, until, work, handling_days)
        tables.countries[pk] = country
    for row in rows["services"]:
        tables.services[row[0]] = ServiceRow(*row)
    for pk, service_id, countries, days in rows["zones"]:
        tables.zones.setdefault(service_id, []).append(ZoneRow(pk, tuple(countries), days))
    tables.times = {(zone, location): days for zone, location, days in rows["times"]}
    tables.carrier_days = {carrier: frozenset(days) for carrier, days in rows["carriers"]}
    for carrier, country, day in rows["closures"]:
        tables.closures.setdefault((carrier, country), []).append(date.fromisoformat(day))
    for service_id, location_id, country, zone_id, counts in rows["lanes"]:
        if location_id is not None:
            tables.lanes[service_id, location_id, country] = Spread(tuple(counts))
        else:
            tables.zone_lanes[service_id, zone_id] = Spread(tuple(counts))
    tables.percentiles = dict(rows["percentiles"])
    return tables
