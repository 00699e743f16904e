"""What lines, discounts, taxes and shipping come to: pure arithmetic on decimals.

Line rounding: each line's tax is rounded half-up on its own. An order's discount is split over its
lines by their amounts (largest remainder) and stored per line; prices are frozen afterwards.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from core.money import ZERO, quantise, split


@dataclass(frozen=True, slots=True)
class LinePrice:
    """The money of one line, as it is stored."""

    unit_price: Decimal
    amount: Decimal
    discount: Decimal
    tax_rate: Decimal
    tax: Decimal
    total: Decimal


@dataclass(frozen=True, slots=True)
class OrderPrice:
    """The money of an order, as it is stored; see orders.models.Order for how it adds up."""

    lines: list[LinePrice]
    subtotal: Decimal
    discount_total: Decimal
    shipping_total: Decimal
    shipping_tax: Decimal
    tax_total: Decimal
    tax_on_top: Decimal
    total: Decimal


def tax_of(amount: Decimal, rate: Decimal, *, included: bool, currency: str) -> Decimal:
    """The tax on an amount at a rate (0.19), contained in it or to be added to it."""
    if included:
        return quantise(amount - amount / (1 + rate), currency)
    return quantise(amount * rate, currency)


@dataclass(frozen=True, slots=True)
class LineAsked:
    """A line as it was ordered. `amount` wins over quantity × unit price where a source gives only
    totals; `tax` None means compute; `discount` is the line's own.
    """

    quantity: int
    unit_price: Decimal
    amount: Decimal | None = None
    discount: Decimal = ZERO
    tax_rate: Decimal = ZERO
    tax: Decimal | None = None


def price_order(
    lines: Sequence[LineAsked],
    *,
    currency: str,
    prices_include_tax: bool,
    order_discount: Decimal = ZERO,
    shipping: Decimal = ZERO,
    shipping_tax_rate: Decimal = ZERO,
    shipping_tax: Decimal | None = None,
) -> OrderPrice:
    """Add an order up. The order's discount never exceeds what its lines come to."""
    amounts = [
        quantise(line.quantity * line.unit_price if line.amount is None else line.amount, currency)
        for line in lines
    ]
    own = [
        min(quantise(line.discount, currency), amount)
        for line, amount in zip(lines, amounts, strict=True)
    ]
    left = [amount - discount for amount, discount in zip(amounts, own, strict=True)]
    shared = min(quantise(order_discount, currency), sum(left, ZERO))
    shares = split(shared, left, currency)
    priced = [
        _price_line(line, amount, discount + share, currency, prices_include_tax)
        for line, amount, discount, share in zip(lines, amounts, own, shares, strict=True)
    ]
    shipping = quantise(shipping, currency)
    if shipping_tax is None:
        shipping_tax = tax_of(
            shipping, shipping_tax_rate, included=prices_include_tax, currency=currency
        )
    subtotal = sum(amounts, ZERO)
    discount_total = sum((line.discount for line in priced), ZERO)
    tax_total = sum((line.tax for line in priced), ZERO) + shipping_tax
    tax_on_top = ZERO if prices_include_tax else tax_total
    return OrderPrice(
        lines=priced,
        subtotal=subtotal,
        discount_total=discount_total,
        shipping_total=shipping,
        shipping_tax=shipping_tax,
        tax_total=tax_total,
        tax_on_top=tax_on_top,
        total=subtotal - discount_total + shipping + tax_on_top,
    )


def _price_line(
    line: LineAsked, amount: Decimal, discount: Decimal, currency: str, prices_include_tax: bool
) -> LinePrice:
    net = amount - discount
    tax = line.tax
    if tax is None:
        tax = tax_of(net, line.tax_rate, included=prices_include_tax, currency=currency)
    else:
        tax = quantise(tax, currency)
    return LinePrice(
        unit_price=line.unit_price,
        amount=amount,
        discount=discount,
        tax_rate=line.tax_rate,
        tax=tax,
        total=net if prices_include_tax else net + tax,
    )
