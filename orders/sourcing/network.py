"""The network as values: which locations may send an order, on which day, and what that costs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from orders.promising import Part, Sender, WorkDays, arrival, ships_on
from orders.sourcing.arriving import Due, Lanes
from orders.sourcing.directing import Directions
from orders.sourcing.problem import Band, Node

FURTHEST_DAYS = 30  # of work that are full, before one is taken all the same
ONE_DAY = timedelta(days=1)


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
    can send only `capacity` a day. `told_for` is the day on which it was told to send this very order.
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
    handling_days: int = 0
    told_for: date | None = None

    @property
    def sender(self) -> Sender:
        work = WorkDays(self.working_days, self.closed)
        return Sender(self.id, self.name, self.zone, self.cut_off, work, self.handling_days)

    def leaves_on(self, now: datetime) -> tuple[date, bool]:
        """The day on which something told now leaves, and whether it had to wait for room."""
        if self.told_for is not None:
            return self.told_for, False
        sender = self.sender
        first = day = ships_on(Part(sender), now)
        if self.capacity is not None:
            for _ in range(FURTHEST_DAYS):
                if self.load.get(day, 0) < self.capacity:
                    break
                day = sender.work.first(day + ONE_DAY)
        return day, day > first


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
    """What of an order says who may send it, what that costs, and by when it is to arrive (`due`) on
    ways that take as long as `lanes` say. Where nobody can keep that day, `later` is the one to keep.
    """

    country: str
    currency: str
    is_hazardous: bool
    service_id: int | None
    now: datetime
    due: Due | None = None
    lanes: Lanes | None = None
    later: Due | None = None


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
            Node(
                one.id,
                one.name,
                is_late=one.is_late,
                priority=one.priority,
                arrives_on=one.arrives_on,
            )
            for one in nodes
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
    arrives_on = arrives_by(place, service_id, sending)
    return Node(
        id=place.id,
        name=place.name,
        parcel=terms.per_parcel if terms else 0,
        per_unit=terms.per_unit if terms else 0,
        bands=zone.bands.get(sending.currency, ()) if zone else (),
        is_late=_is_late(place, sending, directions.leaves_within, arrives_on),
        priority=rank,
        arrives_on=arrives_on,
    )


def arrives_by(place: Place, service_id: int | None, sending: Sending) -> date | None:
    """The day on which what a location sends of an order arrives; None where there is no day to compare
    it with, and where nobody knows the way.
    """
    if sending.due is None or sending.lanes is None or service_id is None:
        return None
    leg = sending.lanes(service_id, place.id, sending.country)
    if leg is None:
        return None
    is_free = place.capacity is None and place.told_for is None
    day = None if is_free else place.leaves_on(sending.now)[0]
    return arrival(Part(place.sender, leaves_on=day), leg, sending.now)


def _is_late(
    place: Place, sending: Sending, leaves_within: int | None, arrives_on: date | None
) -> bool:
    """A location is late from which it would arrive after its day; where a rule says within how many
    days it must leave, one that sends later than that. Where no day is known, one without room.
    """
    is_judged = arrives_on is not None and sending.due is not None
    if arrives_on is not None and sending.due is not None and arrives_on > sending.due.day:
        return True
    if leaves_within is None and (is_judged or place.capacity is None):
        return False
    day, is_full = place.leaves_on(sending.now)
    if leaves_within is None:
        return is_full
    today = sending.now.astimezone(ZoneInfo(place.zone)).date()
    return day > today + timedelta(days=leaves_within)


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
