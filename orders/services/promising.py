"""By when a location sends what it is told to send, and by which day an order is promised to arrive."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol

from core import actors
from core.models import Channel
from inventory.models import Location, Variant
from inventory.selectors.availability import Availability, availability_of
from inventory.selectors.calendar import closed_days
from inventory.selectors.promising import Coming, coming_for, kits_coming_for
from inventory.services import Take
from inventory.states import VariantKind
from orders.models import Order, OrderLine, OrderPromise
from orders.promising import Decision, Inputs, Part, Promise, Sender, Way, WorkDays, promise
from orders.promising.deciding import ship_by as sent_by
from orders.selectors.promise_tables import PromiseTables, promise_tables
from orders.selectors.quoting import LineQuote, Quote
from orders.services.sourcing import take_in_turn
from orders.sourcing.asking import Need

ONE_DAY = timedelta(days=1)


def ship_by(location: Location, *, now: datetime) -> datetime:
    """By when the location sends what it is told at `now`: its cut-off on the same working day, on
    the next one after it, and so many working days of handling later; its own days, closures and zone.
    """
    since = now.astimezone(location.zone).date()
    sender = Sender(
        id=location.pk,
        name=location.name,
        zone=location.time_zone,
        cut_off=location.cut_off,
        work=WorkDays(frozenset(location.working_days), closed_days(location, since=since)),
        handling_days=location.handling_days,
    )
    return sent_by(Part(sender), now)[1]


class Placed(Protocol):
    """An order about to be stored, its lines, and where units are set aside for them (by index)."""

    order: Order
    lines: list[OrderLine]

    @property
    def takes(self) -> Sequence[Take]: ...


def promise_placed(
    placed: Iterable[Placed], ranked: Mapping[int, Sequence[int]], *, now: datetime
) -> list[OrderPromise]:
    """Promise each order a day: sets its `promised_on` and `expected_on`; returns what is to be kept of
    it, unsaved. `ranked` are the locations that each channel sells from, first choice first.

    An order without a service, of history, or with units that nobody knows to come gets none. No
    query where the tables are kept and nothing is short; five a channel where something is.
    """
    asked = [one for one in placed if _is_promised(one)]
    if not asked:
        return []
    tables = promise_tables(
        now=now,
        places={take.location_id for one in asked for take in one.takes},
        services={one.order.shipping_service_id or 0 for one in asked},
    )
    coming = _coming([one for one in asked if _short(one)], now=now)
    rows = []
    for one in asked:
        order = one.order
        parts = _parts(one, ranked[order.channel_id], tables, coming.get(id(one), {}))
        way = _way(order, parts, tables)
        if way is None:
            continue
        inputs = Inputs(
            ordered_at=now,
            percentile=tables.percentile(order.channel_id),
            country=order.ship_country,
            parts=parts,
            ways=(way,),
        )
        found = promise(inputs).chosen
        if found is not None:
            order.promised_on = order.expected_on = found.promised_on
            rows.append(promise_row(order, inputs, found, now=now))
    return rows


def promise_row(
    order: Order, inputs: Inputs, found: Promise, *, reason: str = "", now: datetime
) -> OrderPromise:
    """What is kept of a promise, unsaved: the day, and all that it was decided from."""
    return OrderPromise(
        order=order,
        promised_on=found.promised_on,
        ship_by=found.ship_by,
        percentile=inputs.percentile,
        basis=found.basis.value,
        inputs=inputs.until(found.promised_on).as_json(),
        reason=reason[:300],
        made_at=now,
        made_by=actors.current().actor.label[:150],
    )


def pass_promise_on(source: Order, part: Order, *, now: datetime) -> None:
    """What was promised for an order holds for a part of it that becomes an order of its own; both are
    saved, and the caller saves the part once more.
    """
    held = source.promises.order_by("-pk").first()
    if held is None or source.promised_on is None:
        return
    OrderPromise.objects.create(
        order=part,
        promised_on=held.promised_on,
        ship_by=held.ship_by,
        percentile=held.percentile,
        basis=held.basis,
        inputs=held.inputs,
        reason=f"Promised for {source.number}, of which it is a part",
        made_at=now,
        made_by=actors.current().actor.label[:150],
    )
    part.promised_on, part.expected_on = source.promised_on, source.expected_on


def _is_promised(one: Placed) -> bool:
    order = one.order
    return bool(
        order.shipping_service_id
        and order.ship_country
        and not order.is_historical
        and any(line.is_physical and line.open for line in one.lines)
    )


def _short(one: Placed) -> dict[int, int]:
    """Units wanted in all of each variant of which not all is set aside."""
    got: dict[int, int] = defaultdict(int)
    for take in one.takes:
        got[take.index] += take.quantity
    wanted: dict[int, int] = defaultdict(int)
    missing: set[int] = set()
    for index, line in enumerate(one.lines):
        if line.is_physical and line.open:
            wanted[line.variant_id or 0] += line.open
            if got[index] < line.open:
                missing.add(line.variant_id or 0)
    return {variant_id: wanted[variant_id] for variant_id in missing}


def _coming(short: Sequence[Placed], *, now: datetime) -> dict[int, dict[int, Coming | None]]:
    """For each order that is short, by its identity: when each variant comes in full, those before it
    in the batch served first.
    """
    by_channel: dict[Channel, list[Placed]] = defaultdict(list)
    for one in short:
        by_channel[one.order.channel].append(one)
    found: dict[int, dict[int, Coming | None]] = {}
    for channel, orders in by_channel.items():
        wanted = {variant_id for one in orders for variant_id in _short(one) if variant_id}
        figures = availability_of(wanted, channel=channel, today=now.date())
        taken: dict[int, int] = defaultdict(int)
        for one in orders:
            days: dict[int, Coming | None] = {}
            for variant_id, units in _short(one).items():
                taken[variant_id] += units
                figure = figures.get(variant_id)
                days[variant_id] = coming_for(figure, taken[variant_id]) if figure else None
            found[id(one)] = days
    return found


def _parts(
    one: Placed,
    ranked: Sequence[int],
    tables: PromiseTables,
    coming: Mapping[int, Coming | None],
) -> tuple[Part, ...]:
    """What each location sends and from when; nothing where a unit comes on no known day."""
    if any(found is None for found in coming.values()):
        return ()
    available: dict[int, date | None] = {take.location_id: None for take in one.takes}
    for found in coming.values():
        assert found is not None  # noqa: S101  (refused above)
        _wait_for(found, available, ranked)
    return parts_of(available, tables)


def _wait_for(found: Coming, available: dict[int, date | None], ranked: Sequence[int]) -> None:
    """Let the location where units come send from the day after them."""
    place = found.location_id or next(iter(ranked), None)
    if place is not None:
        earlier = available.get(place)
        day = found.day + ONE_DAY if found.is_later else None
        available[place] = max(filter(None, (earlier, day)), default=None)


def parts_of(available: Mapping[int, date | None], tables: PromiseTables) -> tuple[Part, ...]:
    """The parts of what locations send, by the day from which each has all of its own."""
    return tuple(
        Part(tables.senders[place], available_on=day)
        for place, day in sorted(available.items())
        if place in tables.senders
    )


def _way(order: Order, parts: tuple[Part, ...], tables: PromiseTables) -> Way | None:
    if not parts:
        return None
    percentile = tables.percentile(order.channel_id)
    return tables.way(order.shipping_service_id or 0, parts, order.ship_country, percentile)


@dataclass(frozen=True, slots=True)
class Offer:
    """The day by the service asked for, by each other one, and why there is none."""

    chosen: Promise | None = None
    alternatives: tuple[Promise, ...] = ()
    problem: str = ""


def promise_basket(quote: Quote, *, country: str, service_id: int | None, now: datetime) -> Offer:
    """By which day what is quoted would arrive if it were ordered now, by each service that is offered
    and goes there. Three queries at most; five more where a kit is short.
    """
    tables = promise_tables(now=now)
    country = country or quote.channel.legal_entity.country
    lines = [line for line in quote.lines if _is_carried(line)]
    if not lines:
        return Offer(problem="Nothing of this is sent.")
    available = _basket_places(lines, quote.channel, now=now)
    if isinstance(available, str):
        return Offer(problem=available)
    parts = parts_of(available, tables)
    percentile = tables.percentile(quote.channel.pk)
    offered = [one.id for one in tables.services.values() if one.is_active]
    ids = sorted(offered, key=lambda pk: (pk != service_id, pk))
    ways = [tables.way(pk, parts, country, percentile) for pk in ids]
    goes = tuple(way for way in ways if way is not None)
    if not parts or not goes:
        return Offer(problem="No service goes there; see shipping zones.")
    decision = promise(Inputs(now, percentile, country, parts, goes))
    return _offer(decision, service_id)


def _offer(decision: Decision, service_id: int | None) -> Offer:
    chosen, others = decision.chosen, decision.alternatives
    if chosen is None or chosen.service_id == service_id:
        return Offer(chosen, others)
    every = sorted((chosen, *others), key=lambda one: (one.promised_on, one.service_id))
    problem = "This service does not go there." if service_id else ""
    return Offer(None, tuple(every), problem)


def _is_carried(line: LineQuote) -> bool:
    return bool(
        line.variant and line.wish.quantity > 0 and line.variant.kind != VariantKind.SERVICE
    )


def _basket_places(
    lines: Sequence[LineQuote], channel: Channel, *, now: datetime
) -> dict[int, date | None] | str:
    """From which day each location would send its share; or why nobody can say."""
    figures = {line.variant.pk: line.availability for line in lines if line.variant}
    ranked = list(
        dict.fromkeys(place.location_id for one in figures.values() if one for place in one.places)
    )
    needs = [
        Need(index, line.variant.pk, line.wish.quantity - line.missing)
        for index, line in enumerate(lines)
        if line.variant and not line.missing
    ]
    free = {
        (pk, place.location_id): place.to_sell
        for pk, one in figures.items()
        if one
        for place in one.places
    }
    takes = take_in_turn(needs, free, ranked, now=now)
    available: dict[int, date | None] = {take.location_id: None for take in takes}
    short = [line for line in lines if line.missing]
    for line, found in zip(short, _basket_coming(short, channel, now=now), strict=True):
        if found is None:
            sku = line.variant.sku if line.variant else line.wish.sku
            return f"Nobody knows on which day {line.missing} of {sku} will be there."
        _wait_for(found, available, ranked)
    if not available:
        _default_place(available, channel, ranked)
    return available


def _default_place(
    available: dict[int, date | None], channel: Channel, ranked: Collection[int]
) -> None:
    """Kits name no place of their own: the channel's first one sends them."""
    first = next(iter(ranked), None)
    if first is None:
        links = channel.locations.order_by("priority", "location_id")
        first = links.values_list("location_id", flat=True).first()
    if first is not None:
        available[first] = None


def _basket_coming(
    short: Sequence[LineQuote], channel: Channel, *, now: datetime
) -> list[Coming | None]:
    kits: list[Availability] = [
        line.availability
        for line in short
        if line.availability and line.availability.kind == VariantKind.KIT
    ]
    in_kits = kits_coming_for(kits, channel=channel, today=now.date()) if kits else {}
    taken: dict[int, int] = defaultdict(int)
    found: list[Coming | None] = []
    for line in short:
        variant: Variant | None = line.variant
        figure = line.availability
        if variant is None or figure is None:
            found.append(None)
            continue
        taken[variant.pk] += line.wish.quantity
        steps = in_kits.get(variant.pk)
        found.append(coming_for(figure, taken[variant.pk], steps=steps))
    return found
