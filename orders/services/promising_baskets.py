"""By which day a basket would arrive if it were ordered now, and whether that is in time."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from core.models import Channel
from inventory.models import Variant
from inventory.selectors.availability import Availability
from inventory.selectors.promising import Coming, coming_for, kits_coming_for
from inventory.states import VariantKind
from orders.promising import Decision, Inputs, Promise, promise
from orders.selectors.network import asked_of_basket, read_sources
from orders.selectors.promise_tables import promise_tables
from orders.selectors.quoting import LineQuote, Quote
from orders.services.promising import parts_of, wait_for
from orders.services.sourcing import take_by, take_in_turn
from orders.sourcing.arriving import Due
from orders.sourcing.asking import Need, Question
from orders.sourcing.directing import direct
from orders.sourcing.network import Sending


@dataclass(frozen=True, slots=True)
class Offer:
    """The day by the service asked for, by each other one, and why there is none; beside the day by
    which the buyer asks for it.
    """

    chosen: Promise | None = None
    alternatives: tuple[Promise, ...] = ()
    problem: str = ""
    deliver_by: date | None = None

    @property
    def is_later(self) -> bool:
        """Whether it would be promised for a day after the one asked for."""
        return bool(self.deliver_by and self.chosen and self.chosen.promised_on > self.deliver_by)

    @property
    def in_time(self) -> tuple[Promise, ...]:
        """The other services that would keep the day asked for."""
        day = self.deliver_by
        return tuple(one for one in self.alternatives if day and one.promised_on <= day)


@dataclass(frozen=True, slots=True)
class Day:
    """The day by which a basket is asked for, where it goes, how, and who buys."""

    day: date
    country: str
    service_id: int
    customer_id: int | None


def promise_basket(
    quote: Quote,
    *,
    country: str,
    service_id: int | None,
    deliver_by: date | None = None,
    customer_id: int | None = None,
    now: datetime,
) -> Offer:
    """By which day what is quoted would arrive if it were ordered now, by each service that is offered
    and goes there; where it is asked for by a day, from where the order would be sent to keep it.
    Three queries at most, with a day one more; where that is lost, one for each other service, too.
    Five more where a kit is short.
    """
    country = country or quote.channel.legal_entity.country
    if deliver_by is None or service_id is None:
        found = _offered(quote, country, service_id, None, now=now)
        return replace(found, deliver_by=deliver_by)
    day = Day(deliver_by, country, service_id, customer_id)
    found = replace(_offered(quote, country, service_id, day, now=now), deliver_by=deliver_by)
    return _with_others(found, quote, day, now=now) if found.is_later else found


def _with_others(found: Offer, quote: Quote, day: Day, *, now: datetime) -> Offer:
    """The offer with what each other service would promise, sent from where it keeps the day."""
    others = (
        _offered(quote, day.country, pk, replace(day, service_id=pk), now=now).chosen
        for pk in (one.service_id for one in found.alternatives)
    )
    known = sorted(filter(None, others), key=lambda one: (one.promised_on, one.service_id))
    return replace(found, alternatives=tuple(known))


def _offered(
    quote: Quote, country: str, service_id: int | None, day: Day | None, *, now: datetime
) -> Offer:
    tables = promise_tables(now=now)
    lines = [line for line in quote.lines if _is_carried(line)]
    if not lines:
        return Offer(problem="Nothing of this is sent.")
    available = _basket_places(lines, quote, day, now=now)
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
    lines: Sequence[LineQuote], quote: Quote, day: Day | None, *, now: datetime
) -> dict[int, date | None] | str:
    """From which day each location would send its share; or why nobody can say."""
    channel = quote.channel
    figures = {line.variant.pk: line.availability for line in lines if line.variant}
    ranked = list(
        dict.fromkeys(place.location_id for one in figures.values() if one for place in one.places)
    )
    needs = [
        _need(index, line, line.variant)
        for index, line in enumerate(lines)
        if line.variant and not line.missing
    ]
    free = {
        (pk, place.location_id): place.to_sell
        for pk, one in figures.items()
        if one
        for place in one.places
    }
    if day is None:
        takes = take_in_turn(needs, free, ranked, now=now)
    else:
        takes = take_by(_question(needs, quote, day, now=now), free)
    available: dict[int, date | None] = {take.location_id: None for take in takes}
    short = [line for line in lines if line.missing]
    for line, found in zip(short, _basket_coming(short, channel, now=now), strict=True):
        if found is None:
            sku = line.variant.sku if line.variant else line.wish.sku
            return f"Nobody knows on which day {line.missing} of {sku} will be there."
        wait_for(found, available, ranked)
    if not available:
        _default_place(available, channel, ranked)
    return available


def _need(index: int, line: LineQuote, variant: Variant) -> Need:
    return Need(
        index=index,
        variant_id=variant.pk,
        quantity=line.wish.quantity - line.missing,
        item=index + 1,
        weight_g=variant.weight_g,
        category_id=variant.product.category_id,
        is_hazardous=variant.is_hazardous,
    )


def _question(needs: Sequence[Need], quote: Quote, day: Day, *, now: datetime) -> Question:
    """What would be asked for the order. One query."""
    channel = quote.channel
    sources = read_sources(
        channel_ids=[channel.pk],
        currencies=[channel.currency],
        service_ids=[day.service_id],
        customer_ids=[day.customer_id] if day.customer_id else [],
        variant_ids={need.variant_id for need in needs},
        now=now,
    )
    asked = asked_of_basket(
        channel,
        needs,
        country=day.country,
        total=quote.price.total,
        group_id=sources.groups.get(day.customer_id or 0),
    )
    network = sources.networks[channel.pk]
    tables = promise_tables(now=now, places=sources.place_ids(channel.pk))
    return Question(
        needs=tuple(needs),
        network=network,
        sending=Sending(
            country=day.country,
            currency=channel.currency,
            is_hazardous=asked.is_hazardous,
            service_id=day.service_id,
            now=now,
            due=Due(day.day),
            lanes=tables.legs_for(channel.pk),
        ),
        directions=direct(sources.rules, asked),
        worth=sources.worth.get(channel.currency, {}),
    )


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
