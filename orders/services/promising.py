"""By when a location sends what it is told to send, and by which day an order is promised to arrive."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Protocol

from core import actors
from core.models import Channel
from inventory.models import Location
from inventory.selectors.availability import availability_of
from inventory.selectors.calendar import closed_days
from inventory.selectors.promising import Coming, coming_for
from inventory.services import Take
from orders.models import Order, OrderLine, OrderPromise
from orders.promising import Inputs, Part, Promise, Sender, Way, WorkDays, promise
from orders.promising.deciding import ship_by as sent_by
from orders.selectors.promise_tables import PromiseTables, promise_tables

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
        wait_for(found, available, ranked)
    return parts_of(available, tables)


def wait_for(found: Coming, available: dict[int, date | None], ranked: Sequence[int]) -> None:
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
