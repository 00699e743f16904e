"""Money that cannot be: tax or discounts above the price they are of, refunds above what was paid."""

from decimal import Decimal

from core.money import ZERO, trimmed
from oms.intake.documents import LineDocument
from oms.intake.findings import Findings
from oms.intake.reading import PRICE_STEP


def possible_line(
    findings: Findings, line: LineDocument, *, tax: str, discount: str
) -> LineDocument:
    """The line; a discount above its price, or a tax above what is left of it, is an error at the
    column that tells it, in the line's own row.
    """
    price = line.quantity * line.unit_price if line.amount is None else line.amount
    possible_part(findings, line.discount, price, row=line.row, column=discount)
    if line.discount <= price:
        possible_part(findings, line.tax, price - line.discount, row=line.row, column=tax)
    return line


def possible_part(
    findings: Findings, part: Decimal | None, price: Decimal, *, row: int = 0, column: str
) -> None:
    """A discount is part of its price; a given tax too, or at most as much again on top of it.
    Compared as fine as prices are kept: shares of a line may end in thirds.
    """
    found, most = (part or ZERO).quantize(PRICE_STEP), price.quantize(PRICE_STEP)
    if found > most:
        findings.error(
            row,
            column,
            "part_above_price",
            found=f"{trimmed(found)}",
            expected=f"at most {trimmed(most)}, the price that it is part of",
        )


def possible_refund(
    findings: Findings, back: Decimal, paid: Decimal, *, row: int, column: str
) -> None:
    """What is given back was paid before."""
    if back > paid:
        findings.error(
            row,
            column,
            "refund_above_paid",
            found=f"{trimmed(back)}",
            expected=f"at most {trimmed(paid)}, what was paid",
        )
