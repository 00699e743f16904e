"""What an order would come to and whether it can be sent, before it is placed."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from core.models import Channel
from core.money import ZERO
from inventory.models import ChannelLocation, StockLevel, Variant
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
    available: list[tuple[str, int]] = field(default_factory=list)
    total: Decimal = ZERO
    problem: str = ""

    @property
    def available_units(self) -> int:
        return sum(units for _, units in self.available)

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
) -> Quote:
    """Price the lines for a channel and country and look up what is free there now, buffers kept.

    `shipping` None takes the service's rate. Constant in the number of lines: six queries.
    """
    rates = _tax_rates(country or channel.legal_entity.country)
    lines = _lines(wishes, channel, rates)
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
    """Each line with its product, prices and free units. Three queries."""
    skus = {wish.sku.strip().upper() for wish in wishes if wish.sku.strip()}
    variants = {variant.sku.upper(): variant for variant in _variants(skus)}
    prices = _prices(variants.values(), channel.currency)
    free = _free_units(channel, variants.values())
    return [
        _line(
            wish,
            variants.get(wish.sku.strip().upper()),
            prices=prices,
            rates=rates,
            free=free,
            currency=channel.currency,
        )
        for wish in wishes
    ]


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


def _free_units(channel: Channel, variants: Iterable[Variant]) -> dict[int, list[tuple[str, int]]]:
    ids = [variant.pk for variant in variants]
    free: dict[int, list[tuple[str, int]]] = defaultdict(list)
    places = ChannelLocation.objects.filter(channel=channel, location__is_active=True)
    for level in (
        StockLevel.objects.filter(variant_id__in=ids, location_id__in=places.values("location_id"))
        .select_related("location")
        .order_by("location__name")
    ):
        units = max(0, level.available - channel.stock_buffer)
        if units:
            free[level.variant_id].append((level.location.name, units))
    return free


def _line(
    wish: LineWish,
    variant: Variant | None,
    *,
    prices: dict[int, Decimal],
    rates: dict[str, Decimal],
    free: dict[int, list[tuple[str, int]]],
    currency: str,
) -> LineQuote:
    list_price = prices.get(variant.pk) if variant else None
    price = wish.unit_price if wish.unit_price is not None else list_price
    rate = rates.get(variant.product.tax_class, ZERO) if variant else ZERO
    line = LineQuote(wish, variant, list_price, price or ZERO, rate)
    if variant is None:
        line.problem = f"No product on sale has the SKU “{wish.sku}”; search for it by name."
        return line
    line.available = free.get(variant.pk, [])
    if price is None:
        line.problem = f"{variant.sku} has no price in {currency}; give one."
    elif line.missing and not variant.can_backorder:
        line.problem = (
            f"Only {line.available_units} available; lower the quantity or let the rest wait."
        )
    return line


def prices_of(variant: Variant) -> dict[str, Decimal | None]:
    """What the variant costs in each currency that an active channel sells in or that it has a price
    in; None where it has none. Two queries.
    """
    known = dict(Price.objects.filter(variant=variant).values_list("currency", "amount"))
    sold = Channel.objects.filter(is_active=True).values_list("currency", flat=True)
    return {currency: known.get(currency) for currency in sorted({*known, *sold})}
