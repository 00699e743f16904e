"""By which day a basket would arrive if it were ordered now, and whether that is in time."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from inventory.models import Variant
from inventory.selectors.availability import Availability
from inventory.selectors.promising import coming_for
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
class Piece:
    """Units that are sent: those of a line, or of one component of its kit."""

    variant: Variant
    quantity: int
    figures: Availability
    kit: str = ""

    def need(self, index: int) -> Need:
        return Need(
            index=index,
            variant_id=self.variant.pk,
            quantity=self.quantity,
            item=index + 1,
            weight_g=self.variant.weight_g,
            category_id=self.variant.product.category_id,
            kit=self.kit,
            is_hazardous=self.variant.is_hazardous,
        )


@dataclass(frozen=True, slots=True)
class Basket:
    """What is sent of what is quoted, as it would be asked for were it ordered now."""

    quote: Quote
    pieces: tuple[Piece, ...]
    country: str
    deliver_by: date | None
    group_id: int | None
    sources: Sources
    tables: PromiseTables
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
    and goes there, sent from where placing it with that service would decide. Two queries at
    most, three where there are kits.
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
    pieces = _pieces(quote.lines)
    if not pieces:
        return Offer(problem="Nothing of this is sent.")
    tables = promise_tables(now=now)
    offered = [one.id for one in tables.services.values() if one.is_active]
    sources = _sources(quote, pieces, offered, customer_id, now=now)
    basket = Basket(
        quote=quote,
        pieces=pieces,
        country=country,
        deliver_by=deliver_by,
        group_id=sources.groups.get(customer_id or 0),
        sources=sources,
        tables=promise_tables(now=now, places=sources.place_ids(quote.channel.pk)),
        now=now,
    )
    days: dict[int, Promise] = {}
    unknown: dict[int, str] = {}
    for pk in offered:
        parts = _parts(basket, pk)
        if isinstance(parts, str):
            unknown[pk] = parts
        elif found := _promised(basket, parts, pk):
            days[pk] = found
    return _offer(days, unknown, service_id)


def _sources(
    quote: Quote,
    pieces: Sequence[Piece],
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
        variant_ids={piece.variant.pk for piece in pieces},
        now=now,
    )


def _promised(basket: Basket, parts: tuple[Part, ...], service_id: int) -> Promise | None:
    """By which day the parts would arrive by a service; None where it does not go."""
    percentile = basket.tables.percentile(basket.quote.channel.pk)
    way = basket.tables.way(service_id, parts, basket.country, percentile)
    if way is None:
        return None
    return promise(Inputs(basket.now, percentile, basket.country, parts, (way,))).chosen


def _offer(
    days: Mapping[int, Promise], unknown: Mapping[int, str], service_id: int | None
) -> Offer:
    """The days by service, and why the one asked for, or every one, has none."""
    if not days:
        nowhere = "No service goes there; see shipping zones."
        return Offer(problem=next(iter(unknown.values()), nowhere))
    others = [one for pk, one in days.items() if pk != service_id]
    others.sort(key=lambda one: (one.promised_on, one.service_id))
    chosen = days.get(service_id or 0)
    if service_id is None or chosen is not None:
        return Offer(chosen, tuple(others))
    return Offer(None, tuple(others), unknown.get(service_id, "This service does not go there."))


def _pieces(lines: Sequence[LineQuote]) -> tuple[Piece, ...]:
    """What is sent of the lines, kits taken apart. One query where there are kits."""
    ids = {
        part.variant_id for line in lines if line.availability for part in line.availability.parts
    }
    inside = Variant.objects.select_related("product").in_bulk(ids) if ids else {}
    found: list[Piece] = []
    for line in lines:
        variant, figures, units = line.variant, line.availability, line.wish.quantity
        if variant is None or figures is None or units <= 0:
            continue
        if not figures.parts:  # a kit without parts waits, as what nobody knows does
            found.append(Piece(variant, units, figures))
        found += [
            Piece(inside[part.variant_id], units * part.units, part.figures, variant.sku)
            for part in figures.parts
        ]
    return tuple(one for one in found if one.variant.kind != VariantKind.SERVICE)


def _parts(basket: Basket, service_id: int) -> tuple[Part, ...] | str:
    """What each location would send by a service, and from when; or why nobody can say."""
    takes = take_by(_question(basket, service_id), _free(basket.pieces))
    available: dict[int, date | None] = {take.location_id: None for take in takes}
    got: dict[int, int] = defaultdict(int)
    for take in takes:
        got[basket.pieces[take.index].variant.pk] += take.quantity
    wanted: dict[int, int] = defaultdict(int)
    for piece in basket.pieces:
        wanted[piece.variant.pk] += piece.quantity
    for piece in {piece.variant.pk: piece for piece in basket.pieces}.values():
        units = wanted[piece.variant.pk]
        short = units - got[piece.variant.pk]
        if not short:
            continue
        found = coming_for(piece.figures, units)
        if found is None:
            return f"Nobody knows on which day {short} of {piece.variant.sku} will be there."
        wait_for(found, available, basket.ranked)
    return parts_of(available, basket.tables)


def _free(pieces: Sequence[Piece]) -> dict[tuple[int, int], int]:
    """Units that may be taken, by (variant, location)."""
    return {
        (piece.variant.pk, place.location_id): place.to_sell
        for piece in pieces
        for place in piece.figures.places
    }


def _question(basket: Basket, service_id: int) -> Question:
    """What would be asked for the order. No query."""
    channel, sources = basket.quote.channel, basket.sources
    needs = [piece.need(index) for index, piece in enumerate(basket.pieces)]
    asked = asked_of_basket(
        needs,
        channel_id=channel.pk,
        currency=channel.currency,
        country=basket.country,
        total=basket.quote.price.total,
        group_id=basket.group_id,
    )
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
