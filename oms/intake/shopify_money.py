"""What the amounts of a Shopify order mean: which discount is whose, and where tax belongs.

The export says what an order came to, but not whether prices contain tax, whether the discount
covers shipping, nor the tax of each line. Its own totals decide where they can; where they fit no
reading, the lines stand as they are and the difference is reported by whoever adds them up.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from core.money import ZERO, quantise, split
from oms.intake.documents import LineDocument

RATE = re.compile(r"(\d{1,2}(?:[.,]\d{1,4})?)\s?%")
RATE_STEP = Decimal("0.00001")


@dataclass(frozen=True, slots=True, kw_only=True)
class Amounts:
    """The order's amounts as its columns give them; None where a cell is empty."""

    currency: str
    subtotal: Decimal | None
    discount: Decimal
    shipping: Decimal
    taxes: Decimal
    total: Decimal | None
    tax_names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """The lines with their taxes, and what is the order's own."""

    lines: tuple[LineDocument, ...]
    discount: Decimal
    shipping: Decimal
    shipping_tax: Decimal
    shipping_tax_rate: Decimal
    prices_include_tax: bool
    total: Decimal

    def left_out(self, amounts: Amounts) -> Decimal:
        """What of the discount that is told came off neither goods nor shipping."""
        own = sum((line.discount for line in self.lines), ZERO)
        return amounts.discount - own - self.discount - (amounts.shipping - self.shipping)


def read_money(
    lines: Sequence[LineDocument], taxable: Sequence[bool], amounts: Amounts, *, included: bool
) -> Reading:
    """Find the reading that the order's totals allow; `included` is the channel's habit."""
    items = sum((line.quantity * line.unit_price for line in lines), ZERO)
    own = sum((line.discount for line in lines), ZERO)
    discount, off_shipping = _discount(items, own, amounts)
    net = amounts.subtotal if amounts.subtotal is not None else items - own - discount
    shipping = _shipping(net, off_shipping, amounts)
    before_tax = net + shipping
    if amounts.taxes and amounts.total is not None:
        if amounts.total == before_tax:
            included = True
        elif amounts.total == before_tax + amounts.taxes:
            included = False
    taxed, shipping_tax, rate = _taxes(
        lines, taxable, discount=discount, shipping=shipping, amounts=amounts, included=included
    )
    return Reading(
        lines=tuple(taxed),
        discount=discount,
        shipping=shipping,
        shipping_tax=shipping_tax,
        shipping_tax_rate=rate if shipping_tax else ZERO,
        prices_include_tax=included,
        total=before_tax if included else before_tax + amounts.taxes,
    )


def _discount(items: Decimal, own: Decimal, amounts: Amounts) -> tuple[Decimal, Decimal]:
    """The order's discount on its goods beyond the lines' own, and what of it went to shipping.

    “Discount Amount” is the whole of it: the lines' and the shipping's share are in it.
    """
    stated = max(amounts.discount - own, ZERO)
    if amounts.subtotal is None:
        return stated, ZERO
    wanted = items - own - amounts.subtotal
    if wanted == amounts.discount:
        return wanted, ZERO
    if ZERO <= wanted <= stated:
        return wanted, stated - wanted
    return stated, ZERO


def _shipping(net: Decimal, off_shipping: Decimal, amounts: Amounts) -> Decimal:
    """What was paid for shipping: the column less its share of the discount, unless the total shows
    that the column is less it already.
    """
    less = amounts.shipping - off_shipping
    if off_shipping and less >= 0 and amounts.total in (net + less, net + less + amounts.taxes):
        return less
    return amounts.shipping


def _taxes(
    lines: Sequence[LineDocument],
    taxable: Sequence[bool],
    *,
    discount: Decimal,
    shipping: Decimal,
    amounts: Amounts,
    included: bool,
) -> tuple[list[LineDocument], Decimal, Decimal]:
    """Share the order's taxes over its taxed lines by what they came to, and over shipping where
    the named rate shows that it was taxed too.
    """
    currency = amounts.currency
    gross = [line.quantity * line.unit_price - line.discount for line in lines]
    shares = split(quantise(discount, currency), [max(one, ZERO) for one in gross], currency)
    nets = [max(one - share, ZERO) for one, share in zip(gross, shares, strict=True)]
    taxed = [net if is_taxed else ZERO for net, is_taxed in zip(nets, taxable, strict=True)]
    base = sum(taxed, ZERO)
    if not amounts.taxes or not (base or shipping):
        return [replace(line, tax=ZERO) for line in lines], ZERO, ZERO
    rate = _rate(amounts.tax_names)
    on_shipping = bool(shipping) and (
        not base or _is_nearer(amounts.taxes, base + shipping, base, rate, included)
    )
    parts = split(
        quantise(amounts.taxes, currency), [*taxed, shipping if on_shipping else ZERO], currency
    )
    whole = base + (shipping if on_shipping else ZERO)
    rate = rate or _derived(amounts.taxes, whole, included)
    shared = [
        replace(line, tax=tax, tax_rate=rate if tax else ZERO)
        for line, tax in zip(lines, parts, strict=False)
    ]
    return shared, parts[-1], rate


def _rate(names: Sequence[str]) -> Decimal:
    """The sum of the rates that tax names carry: “VAT 20%” and “City tax 1.5 %” are 0.215."""
    found = [match for name in names for match in RATE.findall(name)]
    return sum((Decimal(one.replace(",", ".")) / 100 for one in found), ZERO)


def _is_nearer(
    taxes: Decimal, wide: Decimal, narrow: Decimal, rate: Decimal, included: bool
) -> bool:
    """Whether the taxes fit the wider base better than the narrower one; no rate says no."""
    share = rate / (1 + rate) if included else rate
    return bool(rate) and abs(wide * share - taxes) < abs(narrow * share - taxes)


def _derived(taxes: Decimal, base: Decimal, included: bool) -> Decimal:
    """The rate that the amounts come to, where the file names none."""
    net = base - taxes if included else base
    if net <= 0:
        return ZERO
    return min(taxes / net, Decimal("9.99999")).quantize(RATE_STEP)
