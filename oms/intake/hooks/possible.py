"""What a shop tells of money that cannot be: tax or discounts above the price they are of."""

from decimal import Decimal

from core.money import ZERO, trimmed
from oms.intake.documents import LineDocument
from oms.intake.hooks.flattening import Told
from oms.intake.reading import PRICE_STEP


def possible_line(told: Told, line: LineDocument, *, tax: str, discount: str) -> LineDocument:
    """The line; a discount above its price, or a tax above what is left of it, is an error at the
    path where the shop tells it.
    """
    price = line.quantity * line.unit_price if line.amount is None else line.amount
    possible_part(told, line.discount, price, path=discount)
    if line.discount <= price:
        possible_part(told, line.tax, price - line.discount, path=tax)
    return line


def possible_part(told: Told, part: Decimal | None, price: Decimal, *, path: str) -> None:
    """A discount is part of its price; a given tax too, or at most as much again on top of it.
    Compared as fine as prices are kept: shares of a line may end in thirds.
    """
    found, most = (part or ZERO).quantize(PRICE_STEP), price.quantize(PRICE_STEP)
    if found <= most:
        return
    told.findings.error(
        0,
        path,
        "part_above_price",
        found=f"{trimmed(found)}",
        expected=f"at most {trimmed(most)}, the price that it is part of",
    )
