"""What an order would come to and whether it can be sent, before it is placed."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal

from core import clock
from core.models import Channel
from core.money import ZERO, quantise
from inventory.models import Substitute, Variant
from inventory.selectors.availability import Availability, availability_of, take_turns
from inventory.selectors.backorders import room_to_wait
from inventory.selectors.catalogue import stand_ins
from orders.drafts import DraftLine, OrderDraft
from orders.models import ChannelPolicy, ShippingRate, ShippingService
from orders.pricing import (
    Basket,
    BasketLine,
    LineAsked,
    OrderPrice,
    Promoted,
    Rates,
    Told,
    price_order,
    promote,
    rate_of,
    without_tax,
)
from orders.selectors.list_prices import BY_HAND, ListPrices, list_prices
from orders.selectors.policies import Buyer, buyer_of, policy_of
from orders.selectors.promotions import rules_for
from orders.selectors.reading import shipping_rate
from orders.selectors.tax_rates import tax_rates, treatment_for
from orders.states import TaxTreatment


@dataclass(frozen=True, slots=True)
class LineWish:
    """A line as somebody enters it; `unit_price` None means the list price, another is given by hand
    for a `reason`.
    """

    sku: str
    quantity: int
    unit_price: Decimal | None = None
    reason: str = ""


@dataclass(slots=True)
class LineQuote:
    """A line with its product, price, tax and where it is available. `price_source` says where the
    price comes from; `total` is before discounts, `reasons` what comes off it and why.
    """

    wish: LineWish
    variant: Variant | None
    list_price: Decimal | None
    unit_price: Decimal
    tax_rate: Decimal
    price_source: str = ""
    availability: Availability | None = None
    available_units: int = 0
    total: Decimal = ZERO
    problem: str = ""
    instead: list[Substitute] = field(default_factory=list)
    reasons: list[tuple[str, Decimal]] = field(default_factory=list)

    @property
    def available(self) -> list[tuple[str, int]]:
        return self.availability.by_place if self.availability else []

    @property
    def missing(self) -> int:
        return max(0, self.wish.quantity - self.available_units)

    @property
    def is_by_hand(self) -> bool:
        return self.wish.unit_price is not None and self.wish.unit_price != self.list_price


@dataclass(slots=True)
class Quote:
    """What the order would come to, and everything its price hangs on."""

    lines: list[LineQuote]
    price: OrderPrice
    rate: ShippingRate | None
    shipping_tax_rate: Decimal
    weight_g: int
    channel: Channel
    policy: ChannelPolicy
    discount: Decimal
    treatment: TaxTreatment
    promoted: Promoted
    codes: tuple[str, ...]
    refused_coupons: tuple[Told, ...]

    @property
    def has_problems(self) -> bool:
        return any(line.problem for line in self.lines)

    @property
    def told(self) -> list[Told]:
        """What became of each promotion and coupon."""
        return self.promoted.told


@dataclass(frozen=True, slots=True)
class Asked:
    """Where an order goes, how, and what is asked for it besides its lines. `shipping` None takes
    the service's rate; `codes` are coupons; who does not ask for stock is told prices alone.
    """

    country: str
    region: str = ""
    service: ShippingService | None = None
    shipping: Decimal | None = None
    discount: Decimal = ZERO
    codes: tuple[str, ...] = ()
    asks_stock: bool = True


def quote_order(
    wishes: Sequence[LineWish],
    *,
    channel: Channel,
    country: str,
    service: ShippingService | None,
    shipping: Decimal | None,
    discount: Decimal = ZERO,
    region: str = "",
    customer_id: int | None = None,
    codes: Sequence[str] = (),
    now: datetime | None = None,
    asks_stock: bool = True,
) -> Quote:
    """Price the lines for a channel, customer and place, by lists, promotions and taxes, and look up
    what is free there now, buffers kept. `price_draft` carries it all into a draft, so that what is
    placed is what was quoted.

    `shipping` None takes the service's rate; `codes` are coupons; companies take whole packs;
    without `asks_stock` only prices are looked up. The same queries however many lines there are.
    """
    asked = Asked(
        country=country or channel.legal_entity.country,
        region=region,
        service=service,
        shipping=shipping,
        discount=discount,
        codes=tuple(dict.fromkeys(code.strip().upper() for code in codes if code.strip())),
        asks_stock=asks_stock,
    )
    buyer = buyer_of(customer_id)
    quote = _quoted(wishes, channel, buyer, asked, now or clock.now())
    if buyer.company_id:
        for line in quote.lines:
            if line.variant:
                line.problem = line.variant.pack_problem(line.wish.quantity) or line.problem
    return quote


def _quoted(
    wishes: Sequence[LineWish], channel: Channel, buyer: Buyer, asked: Asked, now: datetime
) -> Quote:
    policy = policy_of(channel)
    seller = channel.legal_entity.country
    rates = tax_rates({asked.country, seller})
    treatment = treatment_for(buyer, seller=seller, country=asked.country)
    taxes = _Taxes(channel, asked, treatment, rates[asked.country], rates[seller])
    variants = _variants({wish.sku.strip().upper() for wish in wishes if wish.sku.strip()})
    prices = list_prices(variants.values(), channel, policy, buyer.group_id, now=now)
    lines = _lines(wishes, variants, prices, taxes, today=now.date())
    weight = sum(line.wish.quantity * line.variant.weight_g for line in lines if line.variant)
    rate, charge = _shipping(asked, weight, channel.currency)
    if asked.shipping is None:
        charge = taxes.price(charge, "standard")
    basket = Basket(
        lines=[_basket_line(line, channel.currency) for line in lines],
        currency=channel.currency,
        shipping=charge,
        channel_id=channel.pk,
        group_id=buyer.group_id,
        today=now.astimezone(channel.zone).date(),
    )
    rules, unknown = rules_for(asked.codes, buyer, channel, today=basket.today)
    promoted = promote(basket, rules)
    promoted.told += unknown
    price = _price(lines, promoted, taxes, policy, charge)
    return Quote(
        lines=lines,
        price=price,
        rate=rate,
        shipping_tax_rate=taxes.rate("standard"),
        weight_g=weight,
        channel=channel,
        policy=policy,
        discount=asked.discount,
        treatment=treatment,
        promoted=promoted,
        codes=tuple(rule.code for rule in rules if rule.code and _is_used(rule.id, promoted)),
        refused_coupons=tuple(unknown),
    )


def _price(
    lines: Sequence[LineQuote],
    promoted: Promoted,
    taxes: "_Taxes",
    policy: ChannelPolicy,
    charge: Decimal,
) -> OrderPrice:
    """Add it all up, and tell each line what comes off it."""
    price = price_order(
        [
            LineAsked(
                quantity=max(line.wish.quantity, 0),
                unit_price=line.unit_price,
                tax_rate=line.tax_rate,
                adjustments=tuple(off),
            )
            for line, off in zip(lines, promoted.lines, strict=True)
        ],
        currency=taxes.channel.currency,
        prices_include_tax=taxes.channel.prices_include_tax,
        order_discount=taxes.asked.discount,
        shipping=charge - sum((one.amount for one in promoted.shipping), ZERO),
        shipping_tax_rate=taxes.rate("standard"),
        tax_rounding=policy.rounding,
    )
    for line, priced in zip(lines, price.lines, strict=True):
        line.total = priced.amount
        line.reasons = [(one.label, one.amount) for one in priced.adjustments]
    return price


def price_draft(draft: OrderDraft, quote: Quote) -> OrderDraft:
    """The draft with the quote's lines and everything its price hangs on."""
    return replace(
        draft,
        channel=quote.channel,
        currency=quote.channel.currency,
        prices_include_tax=quote.channel.prices_include_tax,
        tax_rounding=quote.policy.rounding,
        tax_treatment=quote.treatment,
        order_discount=quote.discount,
        coupons=quote.codes,
        shipping=quote.price.shipping_total,
        shipping_tax_rate=quote.shipping_tax_rate,
        shipping_adjustments=tuple(quote.promoted.shipping),
        lines=tuple(
            DraftLine(
                sku=line.variant.sku if line.variant else line.wish.sku,
                quantity=line.wish.quantity,
                unit_price=line.unit_price,
                tax_rate=line.tax_rate,
                list_price=line.list_price,
                price_source=line.price_source,
                price_reason=line.wish.reason if line.is_by_hand else "",
                adjustments=tuple(off),
            )
            for line, off in zip(quote.lines, quote.promoted.lines, strict=True)
        ),
    )


def _is_used(promotion_id: int, promoted: Promoted) -> bool:
    everything = [*promoted.shipping, *(one for line in promoted.lines for one in line)]
    return any(one.promotion_id == promotion_id for one in everything)


@dataclass(frozen=True, slots=True)
class _Taxes:
    """The rates of an order, and prices as they are where no tax is charged."""

    channel: Channel
    asked: Asked
    treatment: TaxTreatment
    there: Rates
    here: Rates

    def rate(self, tax_class: str) -> Decimal:
        if self.treatment != TaxTreatment.TAXED:
            return ZERO
        return rate_of(self.there, tax_class, self.asked.region)

    def price(self, price: Decimal, tax_class: str) -> Decimal:
        """A list price; untaxed orders get it without the tax it contains at home."""
        if self.treatment == TaxTreatment.TAXED or not self.channel.prices_include_tax:
            return price
        return without_tax(price, rate_of(self.here, tax_class), self.channel.currency)


def _shipping(asked: Asked, weight_g: int, currency: str) -> tuple[ShippingRate | None, Decimal]:
    """The rate that holds, and the charge before promotions."""
    rate = (
        shipping_rate(asked.service, country=asked.country, weight_g=weight_g, currency=currency)
        if asked.service
        else None
    )
    if asked.shipping is not None:
        return rate, asked.shipping
    return rate, rate.amount if rate else ZERO


def _basket_line(line: LineQuote, currency: str) -> BasketLine:
    return BasketLine(
        sku=line.variant.sku if line.variant else line.wish.sku,
        quantity=max(line.wish.quantity, 0),
        amount=quantise(max(line.wish.quantity, 0) * line.unit_price, currency),
        category_id=line.variant.product.category_id if line.variant else None,
        is_fixed=line.is_by_hand,
    )


def _lines(
    wishes: Sequence[LineWish],
    variants: dict[str, Variant],
    prices: ListPrices,
    taxes: _Taxes,
    *,
    today: date,
) -> list[LineQuote]:
    """Each line with its product, prices and, where it is asked for, what of it is free."""
    chosen = [variants.get(wish.sku.strip().upper()) for wish in wishes]
    together: dict[int, int] = {}  # steps are reached by the units of all lines of a SKU
    for wish, variant in zip(wishes, chosen, strict=True):
        if variant:
            together[variant.pk] = together.get(variant.pk, 0) + max(wish.quantity, 0)
    lines = [
        _line(wish, variant, prices, taxes, together)
        for wish, variant in zip(wishes, chosen, strict=True)
    ]
    if taxes.asked.asks_stock:
        _look_up_stock(lines, taxes.channel, today=today)
    return lines


def _look_up_stock(lines: Sequence[LineQuote], channel: Channel, *, today: date) -> None:
    """Tell each line what of it is free, and what may be offered where it is short: what has as many
    units as the line misses, beside what other lines take of it. Six statements.
    """
    own = {line.variant.pk for line in lines if line.variant}
    offered = stand_ins(own) if own else {}
    others = {one.substitute_id for rows in offered.values() for one in rows}
    free = availability_of(own | others, channel=channel, today=today)
    figures = [free.get(line.variant.pk) if line.variant else None for line in lines]
    wishes = [(one, max(line.wish.quantity, 0)) for one, line in zip(figures, lines, strict=True)]
    units = take_turns([*wishes, *((free.get(pk), 0) for pk in others)])
    beside = dict(zip(others, units[len(lines) :], strict=True))
    for line, figure, left in zip(lines, figures, units[: len(lines)], strict=True):
        line.availability, line.available_units = figure, left
        line.problem = line.problem or _short(line)
        if line.variant and line.missing:
            rows = offered.get(line.variant.pk, [])
            line.instead = [one for one in rows if beside[one.substitute_id] >= line.missing][:3]


def _variants(skus: set[str]) -> dict[str, Variant]:
    found = Variant.objects.active().filter(sku__in=skus).select_related("product") if skus else ()
    return {variant.sku.upper(): variant for variant in found}


def _line(
    wish: LineWish,
    variant: Variant | None,
    prices: ListPrices,
    taxes: _Taxes,
    together: dict[int, int],
) -> LineQuote:
    if variant is None:
        line = LineQuote(wish, None, None, wish.unit_price or ZERO, ZERO)
        line.problem = f"No product on sale has the SKU “{wish.sku}”; search for it by name."
        return line
    tax_class = variant.taxed_as
    found, source = prices.price(variant.pk, together[variant.pk])
    list_price = None if found is None else taxes.price(found, tax_class)
    if found is not None and list_price != found:
        source = f"{source}, without tax"
    price = list_price if wish.unit_price is None else wish.unit_price
    line = LineQuote(wish, variant, list_price, price or ZERO, taxes.rate(tax_class), source)
    if line.is_by_hand:
        line.price_source = BY_HAND
    if price is None:
        line.problem = f"{variant.sku} has no price in {taxes.channel.currency}; give one."
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
