"""The network that sends: locations, terms, rates, rules and worth of stock, read in one statement."""

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import connection

from core.money import exponent
from orders.models.orders import Order
from orders.models.shipping_services import EVERYWHERE
from orders.sourcing import Band, Criterion
from orders.sourcing.asking import Need
from orders.sourcing.directing import Asked, Rule
from orders.sourcing.network import Network, Place, Terms, Zone
from orders.states import Places

# written by hand, and one, since every order that is placed runs it
READ_NETWORK = """
    SELECT json_build_object(
        'places', (SELECT json_agg(told ORDER BY told.channel_id, told.priority, told.id) FROM (
            SELECT link.channel_id, link.priority, place.id, place.name, place.cut_off,
                   place.time_zone, place.working_days, place.capacity_per_day,
                   place.handling_days,
                   ARRAY(SELECT closure.day FROM inventory_closure closure
                         WHERE (closure.location_id = place.id OR closure.location_id IS NULL)
                               AND closure.day >= %(today)s) AS closed,
                   CASE WHEN place.capacity_per_day IS NOT NULL THEN (
                       SELECT json_object_agg(work.day, work.orders) FROM (
                           SELECT (ship_by AT TIME ZONE place.time_zone)::date AS day,
                                  count(*) AS orders
                           FROM orders_fulfilment
                           WHERE location_id = place.id AND state <> 'cancelled'
                                 AND ship_by >= %(since)s
                           GROUP BY 1) work) END AS load,
                   terms.currency, terms.per_parcel, terms.per_unit, terms.service_id,
                   terms.countries, terms.sends_hazardous
            FROM inventory_channellocation link
            JOIN inventory_location place ON place.id = link.location_id AND place.is_active
            LEFT JOIN orders_sendingterms terms ON terms.location_id = place.id
            WHERE link.channel_id = ANY(%(channels)s)) told),
        'zones', (SELECT json_agg(told ORDER BY told.id) FROM (
            SELECT zone.id, zone.service_id, zone.countries, (
                SELECT json_agg(json_build_array(rate.currency, rate.up_to_g, rate.cost)
                                ORDER BY rate.up_to_g)
                FROM orders_shippingrate rate
                WHERE rate.zone_id = zone.id AND rate.currency = ANY(%(currencies)s)) AS rates
            FROM orders_shippingzone zone
            WHERE zone.service_id = ANY(%(services)s) OR zone.service_id IN (
                SELECT service_id FROM orders_sendingterms WHERE service_id IS NOT NULL)) told),
        'rules', (SELECT json_agg(told ORDER BY told.position, told.id) FROM (
            SELECT rule.*, ARRAY(SELECT named.location_id
                                 FROM orders_sourcingrule_locations named
                                 WHERE named.sourcingrule_id = rule.id) AS locations
            FROM orders_sourcingrule rule WHERE rule.is_active) told),
        'groups', (
            SELECT json_object_agg(buyer.id, coalesce(buyer.group_id, company.group_id))
            FROM customers_customer buyer
            LEFT JOIN customers_company company ON company.id = buyer.company_id
            WHERE buyer.id = ANY(%(customers)s)),
        'worth', (
            SELECT json_agg(json_build_array(location_id, variant_id, currency, amount))
            FROM orders_stockworth WHERE variant_id = ANY(%(variants)s))
    )::text
"""
Told = Mapping[str, Any]  # a row as JSON told it


@dataclass(frozen=True, slots=True)
class Sources:
    """All that says where orders may be sent from: the network of each channel, the rules in their
    order, the group of each customer, and what a unit is worth where, in minor units.
    """

    networks: Mapping[int, Network]
    rules: tuple[Rule, ...] = ()
    groups: Mapping[int, int | None] = field(default_factory=dict)
    worth: Mapping[str, Mapping[tuple[int, int], int]] = field(default_factory=dict)

    def place_ids(self, channel_id: int) -> list[int]:
        return [place.id for place in self.networks[channel_id].places]


def asked_of(order: Order, needs: Sequence[Need], sources: Sources) -> Asked:
    """What rules look at of an order that needs this. No query."""
    asked = asked_of_basket(
        needs,
        channel_id=order.channel_id,
        currency=order.currency,
        country=order.ship_country,
        total=order.total,
        group_id=sources.groups.get(order.customer_id or 0),
    )
    return replace(asked, tags=frozenset(order.tags))


def asked_of_basket(
    needs: Sequence[Need],
    *,
    channel_id: int,
    currency: str,
    country: str,
    total: Decimal,
    group_id: int | None,
) -> Asked:
    """What rules look at of an order that is not placed yet. No query."""
    return Asked(
        channel_id=channel_id,
        country=country,
        total=_minor(currency)(total),
        currency=currency,
        group_id=group_id,
        category_ids=frozenset(need.category_id for need in needs if need.category_id),
        is_hazardous=any(need.is_hazardous for need in needs),
        has_kits=any(need.kit for need in needs),
    )


def read_sources(
    *,
    channel_ids: Collection[int],
    currencies: Collection[str],
    service_ids: Collection[int] = (),
    customer_ids: Collection[int] = (),
    variant_ids: Collection[int] = (),
    now: datetime,
) -> Sources:
    """The sources of orders of these channels, currencies, services, customers and variants. One
    statement, whatever their number.
    """
    today = now.date() - timedelta(days=1)  # wherever the location is
    with connection.cursor() as cursor:
        cursor.execute(
            READ_NETWORK,
            {
                "channels": list(channel_ids),
                "currencies": list(currencies),
                "services": list(service_ids),
                "customers": list(customer_ids),
                "variants": list(variant_ids) if settings.OMS_STOCK_WORTH else [],
                "today": today,
                "since": now - timedelta(days=1),
            },
        )
        told = json.loads(cursor.fetchone()[0], parse_float=Decimal)
    zones: dict[int, list[Zone]] = {}
    for row in told["zones"] or ():
        zones.setdefault(row["service_id"], []).append(_zone(row))
    places: dict[int, list[Place]] = {channel_id: [] for channel_id in channel_ids}
    for row in told["places"] or ():
        places[row["channel_id"]].append(_place(row))
    return Sources(
        networks={channel_id: Network(tuple(found), zones) for channel_id, found in places.items()},
        rules=tuple(_rule(row) for row in told["rules"] or ()),
        groups={int(key): group for key, group in (told["groups"] or {}).items()},
        worth=_worth(told["worth"] or ()),
    )


def _place(row: Told) -> Place:
    load = row["load"] or {}
    return Place(
        id=row["id"],
        name=row["name"],
        cut_off=time.fromisoformat(row["cut_off"]),
        zone=row["time_zone"],
        working_days=frozenset(row["working_days"]),
        closed=frozenset(date.fromisoformat(day) for day in row["closed"]),
        capacity=row["capacity_per_day"],
        load={date.fromisoformat(day): count for day, count in load.items()},
        terms=_terms(row) if row["currency"] else None,
        handling_days=row["handling_days"],
    )


def _terms(row: Told) -> Terms:
    minor = _minor(row["currency"])
    return Terms(
        currency=row["currency"],
        per_parcel=minor(row["per_parcel"]),
        per_unit=minor(row["per_unit"]),
        service_id=row["service_id"],
        countries=frozenset(row["countries"]),
        sends_hazardous=row["sends_hazardous"],
    )


def _zone(row: Told) -> Zone:
    bands: dict[str, list[Band]] = {}
    for currency, up_to_g, cost in row["rates"] or ():
        bands.setdefault(currency, []).append(Band(up_to_g, _minor(currency)(cost)))
    return Zone(
        countries=frozenset(row["countries"]),
        bands={currency: tuple(found) for currency, found in bands.items()},
        is_rest=EVERYWHERE in row["countries"],
    )


def _rule(row: Told) -> Rule:
    minor = _minor(row["currency"]) if row["currency"] else int
    named = frozenset(row["locations"])
    lowest, highest = row["total_from"], row["total_below"]
    return Rule(
        name=row["name"],
        channel_id=row["channel_id"],
        countries=frozenset(row["countries"]),
        tags=frozenset(row["tags"]),
        group_id=row["group_id"],
        category_id=row["category_id"],
        goods=row["goods"],
        total_from=None if lowest is None else minor(lowest),
        total_below=None if highest is None else minor(highest),
        currency=row["currency"],
        only_from=named if row["places"] == Places.ONLY else None,
        not_from=named if row["places"] == Places.NOT else None,
        criteria=tuple(Criterion(one) for one in row["criteria"]),
        most_parcels=row["most_parcels"],
        is_complete=row["is_complete"],
        keep_together=row["keep_together"],
        leaves_within=row["leaves_within"],
    )


def _worth(
    rows: Collection[tuple[int, int, str, Decimal]],
) -> dict[str, dict[tuple[int, int], int]]:
    found: dict[str, dict[tuple[int, int], int]] = {}
    for location_id, variant_id, currency, amount in rows:
        found.setdefault(currency, {})[location_id, variant_id] = _minor(currency)(amount)
    return found


def _minor(currency: str) -> Callable[[Decimal | int], int]:
    """From an amount to whole minor units of the currency."""
    places = exponent(currency)
    return lambda amount: round(Decimal(amount).scaleb(places))
