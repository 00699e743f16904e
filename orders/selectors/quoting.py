"""What an order would come to and whether it can be sent, before it is placed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from core import clock
from core.models import Channel
from core.money import ZERO
from inventory.models import Substitute, Variant
from inventory.selectors.availability import Availability, availability_of, take_turns
from inventory.selectors.backorders import room_to_wait
from inventory.selectors.catalogue import stand_ins
from orders.models import Price, ShippingRate, ShippingService, TaxRate
from orders.pricing import LineAsked, OrderPrice, price_order
from orders.selectors.reading import shipping_rate


@dataclass(frozen=True, slots=True)
class LineWish:
    """A line as somebody enters it; `unit_price` None means the list price."""

    sku: str
    quantity: int
    unit_price: Decimal | None = None


@dataclass(slots=True)
class LineQuote:
    """A line with its product, price, tax and where it is available."""

    wish: LineWish
    variant: Variant | None
    list_price: Decimal | None
    unit_price: Decimal
    tax_rate: Decimal
    availability: Availability | None = None
    available_units: int = 0
    total: Decimal = ZERO
    problem: str = ""
    instead: list[Substitute] = field(default_factory=list)

    @property
    def available(self) -> list[tuple[str, int]]:
        return self.availability.by_place if self.availability else []

    @property
    def missing(self) -> int:
        return max(0, self.wish.quantity - self.available_units)


@dataclass(slots=True)
class Quote:
    """What the order would come to."""

    lines: list[LineQuote]
    price: OrderPrice
    rate: ShippingRate | None
    shipping_tax_rate: Decimal
    weight_g: int

    @property
    def has_problems(self) -> bool:
        return any(line.problem for line in self.lines)


def quote_order(
    wishes: Sequence[LineWish],
    *,
    channel: Channel,
    country: str,
    service: ShippingService | None,
    shipping: Decimal | None,
    discount: Decimal = ZERO,
    is_for_company: bool = False,
) -> Quote:
    """Price the lines for a channel and country and look up what is free there now, buffers kept.

    `shipping` None takes the service's rate; companies take whole packs. The same queries
    however many lines there are.
    """
    rates = _tax_rates(country or channel.legal_entity.country)
    lines = _lines(wishes, channel, rates)
    if is_for_company:
        for line in lines:
            if line.variant:
                line.problem = line.variant.pack_problem(line.wish.quantity) or line.problem
    weight = sum(line.wish.quantity * line.variant.weight_g for line in lines if line.variant)
    rate = (
        shipping_rate(service, country=country, weight_g=weight, currency=channel.currency)
        if service
        else None
    )
    if shipping is None:
        shipping = rate.amount if rate else ZERO
    standard = rates.get("standard", ZERO)
    price = price_order(
        [
            LineAsked(
                quantity=max(line.wish.quantity, 0),
                unit_price=line.unit_price,
                tax_rate=line.tax_rate,
            )
            for line in lines
        ],
        currency=channel.currency,
        prices_include_tax=channel.prices_include_tax,
        order_discount=discount,
        shipping=shipping,
        shipping_tax_rate=standard,
    )
    for line, priced in zip(lines, price.lines, strict=True):
        line.total = priced.amount
    return Quote(lines, price, rate, standard, weight)


def _lines(
    wishes: Sequence[LineWish], channel: Channel, rates: dict[str, Decimal]
) -> list[LineQuote]:
    """Each line with its product, prices and what of it is free."""
    skus = {wish.sku.strip().upper() for wish in wishes if wish.sku.strip()}
    variants = {variant.sku.upper(): variant for variant in _variants(skus)}
    prices = _prices(variants.values(), channel.currency)
    free = availability_of(
        [variant.pk for variant in variants.values()], channel=channel, today=clock.now().date()
    )
    chosen = [variants.get(wish.sku.strip().upper()) for wish in wishes]
    figures = [free.get(variant.pk) if variant else None for variant in chosen]
    units = take_turns(
        [(one, max(wish.quantity, 0)) for one, wish in zip(figures, wishes, strict=True)]
    )
    lines = []
    for wish, variant, figure, left in zip(wishes, chosen, figures, units, strict=True):
        line = _line(wish, variant, prices=prices, rates=rates, currency=channel.currency)
        line.availability, line.available_units = figure, left
        line.problem = line.problem or _short(line)
        lines.append(line)
    short = [line.variant.pk for line in lines if line.variant and line.missing]
    offered = stand_ins(short) if short else {}
    for line in lines:
        if line.variant and line.missing:
            line.instead = offered.get(line.variant.pk, [])[:3]
    return lines


def _variants(skus: set[str]) -> list[Variant]:
    return list(
        Variant.objects.active().filter(sku__in=skus).select_related("product")
        if skus
        else Variant.objects.none()
    )


def _prices(variants: Iterable[Variant], currency: str) -> dict[int, Decimal]:
    ids = [variant.pk for variant in variants]
    return dict(
        Price.objects.filter(variant_id__in=ids, currency=currency).values_list(
            "variant_id", "amount"
        )
    )


def _tax_rates(country: str) -> dict[str, Decimal]:
    return dict(TaxRate.objects.filter(country=country, region="").values_list("tax_class", "rate"))


def _line(
    wish: LineWish,
    variant: Variant | None,
    *,
    prices: dict[int, Decimal],
    rates: dict[str, Decimal],
    currency: str,
) -> LineQuote:
    list_price = prices.get(variant.pk) if variant else None
    price = wish.unit_price if wish.unit_price is not None else list_price
    rate = rates.get(variant.product.tax_class, ZERO) if variant else ZERO
    line = LineQuote(wish, variant, list_price, price or ZERO, rate)
    if variant is None:
        line.problem = f"No product on sale has the SKU “{wish.sku}”; search for it by name."
        return line
    if price is None:
        line.problem = f"{variant.sku} has no price in {currency}; give one."
    return line


def _short(line: LineQuote) -> str:
    """Why the line cannot be sent as it stands; nothing where all is there, or may wait."""
    if line.variant is None or not line.missing:
        return ""
    waiting = line.availability.backordered if line.availability else 0
    room = room_to_wait(line.variant, waiting=waiting, today=clock.now().date())
    if room.units is None or room.units >= line.missing:
        return ""
    words = f"Only {line.available_units} available"
    if room.words:
        words += f", {room.words}"
    return f"{words}; lower the quantity or let the rest wait."


def prices_of(variant: Variant) -> dict[str, Decimal | None]:
    """What the variant costs in each currency that an active channel sells in or that it has a price
    in; None where it has none. Two queries.
    """
    known = dict(Price.objects.filter(variant=variant).values_list("currency", "amount"))
    sold = Channel.objects.filter(is_active=True).values_list("currency", flat=True)
    return {currency: known.get(currency) for currency in sorted({*known, *sold})}
