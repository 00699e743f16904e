"""By which day a basket would arrive if it were ordered now, and whether that is in time."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from core.models import Channel
from inventory.models import Variant
from inventory.selectors.promising import coming_for, kits_coming_for
from inventory.states import VariantKind
from orders.promising import Inputs, Part, Promise, promise
from orders.selectors.network import Sources, asked_of_basket, read_sources
from orders.selectors.promise_tables import PromiseTables, promise_tables
from orders.selectors.quoting import LineQuote, Quote
from orders.services.promising import parts_of, wait_for
from orders.services.sourcing import take_by
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
class Basket:
    """What is sent of what is quoted, as it would be asked for were it ordered now. `steps` tells from
    when units of kits that are short are there.
    """

    quote: Quote
    lines: tuple[LineQuote, ...]
    country: str
    deliver_by: date | None
    group_id: int | None
    sources: Sources
    tables: PromiseTables
    steps: Mapping[int, Sequence[tuple[date, int]]]
    now: datetime

    @property
    def ranked(self) -> list[int]:
        """The locations that the channel sells from, first choice first."""
        return self.sources.place_ids(self.quote.channel.pk)


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
    and goes there, sent from where placing it with that service would decide. Two queries at most;
    five more where a kit is short.
    """
    found = _offered(
        quote,
        country=country or quote.channel.legal_entity.country,
        service_id=service_id,
        deliver_by=deliver_by,
        customer_id=customer_id,
        now=now,
    )
    return replace(found, deliver_by=deliver_by)


def _offered(
    quote: Quote,
    *,
    country: str,
    service_id: int | None,
    deliver_by: date | None,
    customer_id: int | None,
    now: datetime,
) -> Offer:
    lines = tuple(line for line in quote.lines if _is_carried(line))
    if not lines:
        return Offer(problem="Nothing of this is sent.")
    tables = promise_tables(now=now)
    offered = [one.id for one in tables.services.values() if one.is_active]
    sources = _sources(quote, lines, offered, customer_id, now=now)
    basket = Basket(
        quote=quote,
        lines=lines,
        country=country,
        deliver_by=deliver_by,
        group_id=sources.groups.get(customer_id or 0),
        sources=sources,
        tables=promise_tables(now=now, places=sources.place_ids(quote.channel.pk)),
        steps=_steps_of_kits(lines, quote.channel, now=now),
        now=now,
    )
    days: dict[int, Promise] = {}
    for pk in offered:
        parts = _parts(basket, pk)
        if isinstance(parts, str):
            return Offer(problem=parts)
        if found := _promised(basket, parts, pk):
            days[pk] = found
    return _offer(days, service_id)


def _sources(
    quote: Quote,
    lines: Sequence[LineQuote],
    service_ids: Collection[int],
    customer_id: int | None,
    *,
    now: datetime,
) -> Sources:
    """The channel's network, as every service may use it. One query."""
    return read_sources(
        channel_ids=[quote.channel.pk],
        currencies=[quote.channel.currency],
        service_ids=service_ids,
        customer_ids=[customer_id] if customer_id else [],
        variant_ids={line.variant.pk for line in lines if line.variant},
        now=now,
    )


def _promised(basket: Basket, parts: tuple[Part, ...], service_id: int) -> Promise | None:
    """By which day the parts would arrive by a service; None where it does not go."""
    percentile = basket.tables.percentile(basket.quote.channel.pk)
    way = basket.tables.way(service_id, parts, basket.country, percentile)
    if way is None:
        return None
    return promise(Inputs(basket.now, percentile, basket.country, parts, (way,))).chosen


def _offer(days: Mapping[int, Promise], service_id: int | None) -> Offer:
    if not days:
        return Offer(problem="No service goes there; see shipping zones.")
    others = [one for pk, one in days.items() if pk != service_id]
    others.sort(key=lambda one: (one.promised_on, one.service_id))
    chosen = days.get(service_id or 0)
    problem = "This service does not go there." if service_id and chosen is None else ""
    return Offer(chosen, tuple(others), problem)


def _is_carried(line: LineQuote) -> bool:
    return bool(
        line.variant and line.wish.quantity > 0 and line.variant.kind != VariantKind.SERVICE
    )


def _parts(basket: Basket, service_id: int) -> tuple[Part, ...] | str:
    """What each location would send by a service, and from when; or why nobody can say."""
    takes = take_by(_question(basket, service_id), _free(basket.lines))
    available: dict[int, date | None] = {take.location_id: None for take in takes}
    got: dict[int, int] = defaultdict(int)
    for take in takes:
        got[take.index] += take.quantity
    for line, short, wanted in _short(basket.lines, got):
        assert line.availability is not None  # noqa: S101  (only lines with figures are told)
        found = coming_for(line.availability, wanted, steps=basket.steps.get(_pk(line)))
        if found is None:
            sku = line.variant.sku if line.variant else line.wish.sku
            return f"Nobody knows on which day {short} of {sku} will be there."
        wait_for(found, available, basket.ranked)
    if not available and basket.ranked:
        available[basket.ranked[0]] = None  # kits name no place of their own
    return parts_of(available, basket.tables)


def _short(lines: Sequence[LineQuote], got: Mapping[int, int]) -> list[tuple[LineQuote, int, int]]:
    """A line of each variant of which not all is there: units short, and units wanted in all."""
    short: dict[int, int] = defaultdict(int)
    wanted: dict[int, int] = defaultdict(int)
    first: dict[int, LineQuote] = {}
    for index, line in enumerate(lines):
        missing = line.missing if _is_kit(line) else line.wish.quantity - got.get(index, 0)
        short[_pk(line)] += missing
        wanted[_pk(line)] += line.wish.quantity
        first.setdefault(_pk(line), line)
    return [(first[pk], units, wanted[pk]) for pk, units in short.items() if units > 0]


def _pk(line: LineQuote) -> int:
    return line.variant.pk if line.variant else 0


def _is_kit(line: LineQuote) -> bool:
    return bool(line.variant and line.variant.kind == VariantKind.KIT)


def _free(lines: Sequence[LineQuote]) -> dict[tuple[int, int], int]:
    """Units that may be taken, by (variant, location)."""
    return {
        (_pk(line), place.location_id): place.to_sell
        for line in lines
        if line.availability
        for place in line.availability.places
    }


def _need(index: int, line: LineQuote, variant: Variant) -> Need:
    return Need(
        index=index,
        variant_id=variant.pk,
        quantity=line.wish.quantity,
        item=index + 1,
        weight_g=variant.weight_g,
        category_id=variant.product.category_id,
        is_hazardous=variant.is_hazardous,
    )


def _question(basket: Basket, service_id: int) -> Question:
    """What would be asked for the order. No query."""
    channel, sources = basket.quote.channel, basket.sources
    needs = [
        _need(index, line, line.variant)
        for index, line in enumerate(basket.lines)
        if line.variant and not _is_kit(line)
    ]
    asked = asked_of_basket(
        channel,
        needs,
        country=basket.country,
        total=basket.quote.price.total,
        group_id=basket.group_id,
    )
    asked = replace(asked, has_kits=any(_is_kit(line) for line in basket.lines))
    day = basket.deliver_by
    return Question(
        needs=tuple(needs),
        network=sources.networks[channel.pk],
        sending=Sending(
            country=basket.country,
            currency=channel.currency,
            is_hazardous=asked.is_hazardous,
            service_id=service_id,
            now=basket.now,
            due=Due(day) if day else None,
            lanes=basket.tables.legs_for(channel.pk) if day else None,
        ),
        directions=direct(sources.rules, asked),
        worth=sources.worth.get(channel.currency, {}),
    )


def _steps_of_kits(
    lines: Sequence[LineQuote], channel: Channel, *, now: datetime
) -> Mapping[int, Sequence[tuple[date, int]]]:
    """From when so many units of kits that are short are there, by kit. No query where none is."""
    kits = [
        line.availability for line in lines if line.missing and line.availability and _is_kit(line)
    ]
    return kits_coming_for(kits, channel=channel, today=now.date()) if kits else {}
