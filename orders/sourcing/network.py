"""The network as values: which locations may send an order, on which day, and what that costs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from orders.sourcing.directing import Directions
from orders.sourcing.problem import Band, Node

FURTHEST_DAYS = 30


@dataclass(frozen=True, slots=True)
class Terms:
    """What a location takes for sending (minor units of `currency`) and whom it may send to."""

    currency: str
    per_parcel: int = 0
    per_unit: int = 0
    service_id: int | None = None
    countries: frozenset[str] = frozenset()
    sends_hazardous: bool = True


@dataclass(frozen=True, slots=True)
class Place:
    """A location that sends for a channel; `load` counts the orders it is to send, by day, where it
    can send only `capacity` a day.
    """

    id: int
    name: str
    cut_off: time = time(14)
    zone: str = "UTC"
    working_days: frozenset[int] = frozenset(range(7))
    closed: frozenset[date] = frozenset()
    capacity: int | None = None
    load: dict[date, int] = field(default_factory=dict)
    terms: Terms | None = None

    def leaves_on(self, now: datetime) -> tuple[date, bool]:
        """The day on which something told now leaves, and whether it had to wait for room."""
        local = now.astimezone(ZoneInfo(self.zone))
        day = local.date() if local.time() <= self.cut_off else local.date() + timedelta(days=1)
        last = day + timedelta(days=FURTHEST_DAYS)
        is_full = False
        while day < last:
            if day.weekday() in self.working_days and day not in self.closed:
                if self.capacity is None or self.load.get(day, 0) < self.capacity:
                    break
                is_full = True
            day += timedelta(days=1)
        return day, is_full


@dataclass(frozen=True, slots=True)
class Zone:
    """Where a service goes (`is_rest`: wherever no other zone does), and what the carrier takes there
    by currency.
    """

    countries: frozenset[str]
    bands: Mapping[str, tuple[Band, ...]]
    is_rest: bool = False


@dataclass(frozen=True, slots=True)
class Sending:
    """What of an order says who may send it and what that costs."""

    country: str
    currency: str
    is_hazardous: bool
    service_id: int | None
    now: datetime


@dataclass(frozen=True, slots=True)
class Network:
    """The locations of one channel in its order, and the zones of services by id."""

    places: tuple[Place, ...]
    zones: Mapping[int, Sequence[Zone]] = field(default_factory=dict)


def nodes_of(
    network: Network, sending: Sending, directions: Directions
) -> tuple[list[Node], list[tuple[int, str]]]:
    """The locations that may send, with what it costs, and why each of the others may not. Costs
    count only where all that may send tell theirs in the order's currency.
    """
    allowed, skipped = [], []
    for rank, place in enumerate(network.places):
        if why := why_not(place, sending, directions, network):
            skipped.append((place.id, why))
        else:
            allowed.append((rank, place))
    nodes = [_node(place, rank, sending, directions, network) for rank, place in allowed]
    if not _are_comparable([place for _, place in allowed], nodes, sending):
        nodes = [
            Node(one.id, one.name, is_late=one.is_late, priority=one.priority) for one in nodes
        ]
    return nodes, skipped


def why_not(place: Place, sending: Sending, directions: Directions, network: Network) -> str:
    """Why a location may not send the order; empty where it may."""
    if directions.only_from is not None and place.id not in directions.only_from:
        return f"A rule sends it from elsewhere than {place.name}"
    if place.id in directions.not_from:
        return f"A rule keeps {place.name} from sending it"
    return forbidden(place, sending, network)


def forbidden(place: Place, sending: Sending, network: Network) -> str:
    """Why the location's own terms forbid to send the order, whatever rules or staff say."""
    terms = place.terms
    if terms is None:
        return ""
    if terms.countries and sending.country not in terms.countries:
        return f"{place.name} does not send to {sending.country or 'an unknown country'}"
    if sending.is_hazardous and not terms.sends_hazardous:
        return f"{place.name} may not send hazardous goods"
    if terms.service_id and _zone(network, terms.service_id, sending.country) is None:
        return f"The service of {place.name} does not go to {sending.country or 'nowhere'}"
    return ""


def _node(
    place: Place, rank: int, sending: Sending, directions: Directions, network: Network
) -> Node:
    terms = place.terms
    service_id = (terms.service_id if terms else None) or sending.service_id
    zone = _zone(network, service_id, sending.country) if service_id else None
    return Node(
        id=place.id,
        name=place.name,
        parcel=terms.per_parcel if terms else 0,
        per_unit=terms.per_unit if terms else 0,
        bands=zone.bands.get(sending.currency, ()) if zone else (),
        is_late=_is_late(place, sending.now, directions.leaves_within),
        priority=rank,
    )


def _is_late(place: Place, now: datetime, leaves_within: int | None) -> bool:
    """A location without room today is late; where a rule says within how many days it must leave,
    one that sends later than that.
    """
    if leaves_within is None and place.capacity is None:
        return False
    day, is_full = place.leaves_on(now)
    if leaves_within is None:
        return is_full
    return day > now.astimezone(ZoneInfo(place.zone)).date() + timedelta(days=leaves_within)


def _are_comparable(places: Sequence[Place], nodes: Sequence[Node], sending: Sending) -> bool:
    if any(
        place.terms and (place.terms.per_parcel or place.terms.per_unit)
        and place.terms.currency != sending.currency
        for place in places
    ):  # fmt: skip
        return False
    priced = [bool(node.bands) for node in nodes]
    return all(priced) or not any(priced)


def _zone(network: Network, service_id: int, country: str) -> Zone | None:
    """The zone that names the country, else the one for all others."""
    zones = network.zones.get(service_id, ())
    named = next((zone for zone in zones if country in zone.countries), None)
    return named or next((zone for zone in zones if zone.is_rest), None)
