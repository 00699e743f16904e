"""What a shop tells of money that cannot be: tax or discounts above the price they are of."""

from decimal import Decimal

from core.money import trimmed
from oms.intake.documents import LineDocument
from oms.intake.hooks.flattening import Told
from oms.intake.reading import PRICE_STEP


def possible_line(told: Told, line: LineDocument, *, tax: str, discount: str) -> LineDocument:
    """The line; a discount above its price, or a tax above what is left of it, is an error at the
    path where the shop tells it.
    """
    price = line.quantity * line.unit_price if line.amount is None else line.amount
    if _is_more(line.discount, price):
        _refuse(told, discount, "discount_above_price", line.discount, price)
    else:
        possible_tax(told, line.tax, price - line.discount, path=tax)
    return line


def possible_tax(told: Told, tax: Decimal | None, price: Decimal, *, path: str) -> None:
    """A given tax is part of its price, or at most as much again on top of it."""
    if tax is not None and _is_more(tax, price):
        _refuse(told, path, "tax_above_price", tax, price)


def _is_more(part: Decimal, price: Decimal) -> bool:
    """Compared as fine as prices are kept: shares of a line may end in thirds."""
    return part.quantize(PRICE_STEP) > price.quantize(PRICE_STEP)


def _refuse(told: Told, path: str, code: str, found: Decimal, price: Decimal) -> None:
    told.findings.error(
        0,
        path,
        code,
        found=f"{trimmed(found.quantize(PRICE_STEP))}",
        expected=f"at most {trimmed(price.quantize(PRICE_STEP))}, the price that it is part of",
    )
