"""Rows pasted from a spreadsheet: read, matched to products, and none of them lost on the way."""

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from io import StringIO

from django.db.models.functions import Upper

from inventory.models import Variant

MOST_ROWS = 500
MOST_UNITS = 1_000_000
NAMES = {
    "sku": {
        "sku",
        "article",
        "article number",
        "item",
        "part",
        "product",
        "barcode",
        "ean",
        "gtin",
    },
    "quantity": {"quantity", "qty", "units", "amount", "count", "pieces", "pcs"},
    "price": {"price", "unit price", "net price", "each"},
}


@dataclass(slots=True)
class PastedRow:
    """One row as it was pasted. `problem` says why it is no line yet; `text` is the row itself."""

    number: int
    text: str
    sku: str
    quantity: int = 0
    price: Decimal | None = None
    variant: Variant | None = None
    problem: str = ""


def read_rows(text: str) -> list[PastedRow]:
    """The rows of a text, matched to products by SKU or barcode. One query."""
    rows = _rows(text)
    wanted = {row.sku for row in rows if row.sku}
    known = _variants(wanted)
    for row in rows[MOST_ROWS:]:
        row.problem = (
            f"More than {MOST_ROWS} rows at a time; take these first, then paste the rest."
        )
    for row in rows:
        row.variant = known.get(row.sku.upper())
        if not row.problem:
            row.problem = _problem(row)
    return rows


def left_over(rows: Sequence[PastedRow]) -> str:
    """The rows that are no lines, as they were pasted."""
    return "\n".join(row.text for row in rows if row.problem)


def _problem(row: PastedRow) -> str:
    if row.variant is None:
        return f"No product on sale has the SKU or barcode “{row.sku}”."
    if not 0 < row.quantity <= MOST_UNITS:
        return f"The quantity is no whole number from 1 to {MOST_UNITS:,}."
    return ""


def _rows(text: str) -> list[PastedRow]:
    raw = [line for line in text.replace("\0", "").splitlines() if line.strip()]
    mark = _mark(raw)
    places = {"sku": 0, "quantity": 1, "price": 2}
    rows: list[PastedRow] = []
    for number, line in enumerate(raw, start=1):
        cells = _cells(line, mark)
        if number == 1 and (named := _header(cells)):
            places = named
            continue
        rows.append(_row(number, line, cells, places, mark))
    return rows


def _mark(lines: Sequence[str]) -> str:
    """What keeps the cells apart: a tab, else a semicolon, else a comma, else blanks."""
    for mark in ("\t", ";", ","):
        if any(mark in line for line in lines):
            return mark
    return ""


def _cells(line: str, mark: str) -> list[str]:
    if not mark:
        return line.split()
    try:
        cells = next(csv.reader(StringIO(line), delimiter=mark), [])
    except csv.Error:
        cells = line.split(mark)
    return [cell.strip() for cell in cells]


def _header(cells: Sequence[str]) -> dict[str, int] | None:
    """Which column is which, where the first row names them."""
    found = {
        name: place
        for place, cell in enumerate(cells)
        for name, words in NAMES.items()
        if cell.lower().strip(" .:") in words
    }
    return found if "sku" in found and len(found) > 1 else None


def _row(
    number: int, text: str, cells: Sequence[str], places: dict[str, int], mark: str
) -> PastedRow:
    def cell(name: str) -> str:
        place = places.get(name, len(cells))
        return cells[place] if place < len(cells) else ""

    row = PastedRow(number, text, cell("sku")[:60])
    units = re.sub(r"[\s'’]", "", cell("quantity"))
    units = re.sub(r"[.,]0+$", "", units)
    row.quantity = int(units) if re.fullmatch(r"[0-9]{1,7}", units) else 0
    if price := cell("price"):
        row.price = _amount(price)
        if row.price is None:
            row.problem = f"“{price[:20]}” is no price; write it as 12.50."
    if not row.sku:
        row.problem = "The row names no SKU."
    if mark == "," and len(cells) > len(places):
        row.problem = "A comma stands in a number; paste with tabs or semicolons between the cells."
    return row


def _amount(text: str) -> Decimal | None:
    """“1.234,50 €”, “1,234.50” and “12,5” alike; None for what is no amount."""
    digits = re.sub(r"[^0-9.,-]", "", text)
    if "," in digits and "." in digits:
        thousands = "." if digits.rfind(",") > digits.rfind(".") else ","
        digits = digits.replace(thousands, "")
    digits = digits.replace(",", ".")
    try:
        amount = Decimal(digits)
    except InvalidOperation:
        return None
    exponent = amount.as_tuple().exponent
    is_possible = isinstance(exponent, int) and exponent >= -4 and 0 <= amount < 10**8
    return amount if is_possible else None


def _variants(skus: set[str]) -> dict[str, Variant]:
    rows = Variant.objects.active().annotate(upper=Upper("sku")).select_related("product")
    wanted = {sku.upper() for sku in skus}
    found: dict[str, Variant] = {}
    for variant in rows.filter(barcode__in=skus - {""}) | rows.filter(upper__in=wanted):
        if variant.barcode in skus:
            found.setdefault(variant.barcode.upper(), variant)
        found[variant.sku.upper()] = variant
    return found
