"""What lines, discounts, taxes and shipping come to.

Each line's tax is rounded half-up on its own; with document rounding it is the tax on the sum of
what bears one rate, shared back over the lines (largest remainder). An order's discount is split
over its lines by their amounts and stored per line; prices are frozen afterwards.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from core.money import ZERO, quantise, split
from orders.states import AdjustmentKind, TaxRounding


@dataclass(frozen=True, slots=True)
class Adjusted:
    """One reason why something costs less, and how much less."""

    kind: AdjustmentKind
    label: str
    amount: Decimal
    promotion_id: int | None = None
    code: str = ""


@dataclass(frozen=True, slots=True)
class LinePrice:
    """The money of one line, as it is stored; `adjustments` add up to its discount."""

    unit_price: Decimal
    amount: Decimal
    discount: Decimal
    tax_rate: Decimal
    tax: Decimal
    total: Decimal
    adjustments: tuple[Adjusted, ...] = ()


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
    totals; `tax` None means compute; `discount` is the line's own, `adjustments` what comes off it
    after that, one by one and never below zero.
    """

    quantity: int
    unit_price: Decimal
    amount: Decimal | None = None
    discount: Decimal = ZERO
    tax_rate: Decimal = ZERO
    tax: Decimal | None = None
    adjustments: tuple[Adjusted, ...] = ()


def price_order(
    lines: Sequence[LineAsked],
    *,
    currency: str,
    prices_include_tax: bool,
    order_discount: Decimal = ZERO,
    discount_label: str = "",
    shipping: Decimal = ZERO,
    shipping_tax_rate: Decimal = ZERO,
    shipping_tax: Decimal | None = None,
    tax_rounding: TaxRounding = TaxRounding.LINE,
) -> OrderPrice:
    """Add an order up. The order's discount never exceeds what its lines come to."""
    amounts = [
        quantise(line.quantity * line.unit_price if line.amount is None else line.amount, currency)
        for line in lines
    ]
    adjusted = [
        _adjustments(line, amount, currency) for line, amount in zip(lines, amounts, strict=True)
    ]
    _share_order_discount(adjusted, amounts, order_discount, discount_label, currency)
    nets = [
        amount - sum((one.amount for one in reasons), ZERO)
        for amount, reasons in zip(amounts, adjusted, strict=True)
    ]
    shipping = quantise(shipping, currency)
    bears = [Bearing(n, one.tax_rate, one.tax) for n, one in zip(nets, lines, strict=True)]
    bears.append(Bearing(shipping, shipping_tax_rate, shipping_tax))
    *taxes, shipping_tax = taxes_of(
        bears, included=prices_include_tax, rounding=tax_rounding, currency=currency
    )
    priced = [
        _line_price(line, amount, reasons, tax, prices_include_tax)
        for line, amount, reasons, tax in zip(lines, amounts, adjusted, taxes, strict=True)
    ]
    return _added_up(priced, shipping, shipping_tax, prices_include_tax)


def _line_price(
    line: LineAsked, amount: Decimal, reasons: Sequence[Adjusted], tax: Decimal, included: bool
) -> LinePrice:
    discount = sum((one.amount for one in reasons), amount * 0)
    net = amount - discount
    return LinePrice(
        unit_price=line.unit_price,
        amount=amount,
        discount=discount,
        tax_rate=line.tax_rate,
        tax=tax,
        total=net if included else net + tax,
        adjustments=tuple(reasons),
    )


def _added_up(
    lines: list[LinePrice], shipping: Decimal, shipping_tax: Decimal, included: bool
) -> OrderPrice:
    subtotal = sum((line.amount for line in lines), ZERO)
    discount_total = sum((line.discount for line in lines), ZERO)
    tax_total = sum((line.tax for line in lines), ZERO) + shipping_tax
    tax_on_top = ZERO if included else tax_total
    return OrderPrice(
        lines=lines,
        subtotal=subtotal,
        discount_total=discount_total,
        shipping_total=shipping,
        shipping_tax=shipping_tax,
        tax_total=tax_total,
        tax_on_top=tax_on_top,
        total=subtotal - discount_total + shipping + tax_on_top,
    )


def _adjustments(line: LineAsked, amount: Decimal, currency: str) -> list[Adjusted]:
    """What comes off a line, one reason after the other, until nothing is left of it."""
    own = Adjusted(AdjustmentKind.GIVEN, "Discount on the line", line.discount)
    left = amount
    taken = []
    for one in (own, *line.adjustments):
        off = max(ZERO, min(quantise(one.amount, currency), left))
        if off:
            taken.append(replace(one, amount=off))
            left -= off
    return taken


def _share_order_discount(
    adjusted: Sequence[list[Adjusted]],
    amounts: Sequence[Decimal],
    discount: Decimal,
    label: str,
    currency: str,
) -> None:
    left = [
        amount - sum((one.amount for one in reasons), ZERO)
        for amount, reasons in zip(amounts, adjusted, strict=True)
    ]
    shared = min(quantise(discount, currency), sum(left, ZERO))
    for reasons, share in zip(adjusted, split(shared, left, currency), strict=True):
        if share:
            words = label or "Discount on the order"
            reasons.append(Adjusted(AdjustmentKind.ORDER, words, share))


@dataclass(frozen=True, slots=True)
class Bearing:
    """An amount after discounts and the rate it bears; `tax` is given where it is not computed."""

    amount: Decimal
    rate: Decimal
    tax: Decimal | None = None


def taxes_of(
    bears: Sequence[Bearing], *, included: bool, rounding: TaxRounding, currency: str
) -> list[Decimal]:
    """The tax on each amount, by the rounding asked for."""
    taxes = [
        tax_of(one.amount, one.rate, included=included, currency=currency)
        if one.tax is None
        else quantise(one.tax, currency)
        for one in bears
    ]
    if rounding == TaxRounding.LINE:
        return taxes
    by_rate: dict[Decimal, list[int]] = defaultdict(list)
    for index, one in enumerate(bears):
        if one.tax is None and one.amount > 0:
            by_rate[one.rate].append(index)
    for rate, indices in by_rate.items():
        parts = [bears[index].amount for index in indices]
        whole = tax_of(sum(parts, ZERO), rate, included=included, currency=currency)
        for index, share in zip(indices, split(whole, parts, currency), strict=True):
            taxes[index] = share
    return taxes
