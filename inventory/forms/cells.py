"""Cells of product files: what hangs on a variant in one cell, as it is written and read again.

Things of a list stand apart by “|”: parts `MUG*2 | LAMP*1`, barcodes `14006381333938*6 (case)`,
substitutes `LAMP (same colour)`, related products by a SKU of each. An empty cell changes nothing;
a dash takes all away. Custom fields have a column each: `product:code`, `variant:code`.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from core.custom_fields import words
from core.errors import DomainError
from core.models import HasCustomFields
from inventory.forms.lines import find_variants
from inventory.models import Barcode, Part, Product, Substitute, Variant
from inventory.services.composing import CodeWish, PartWish, StandIn

LINK_COLUMNS = ("parts", "barcodes", "substitutes", "related")
NONE = "-"
COUNTED = re.compile(r"^(?P<name>.+?)\s*\*\s*(?P<units>\d{1,6})$")
REASONED = re.compile(r"^(?P<name>.+?)\s*\((?P<words>.*)\)$")


class BadCell(DomainError):
    """A cell that cannot be read; `field` is its column."""

    code = "bad_cell"


@dataclass(frozen=True, slots=True)
class LinkWishes:
    """What the filled cells ask for; None where a cell is empty."""

    parts: list[PartWish] | None = None
    barcodes: list[CodeWish] | None = None
    substitutes: list[StandIn] | None = None
    related: list[Product] | None = None


def read_links(cells: Mapping[str, str]) -> LinkWishes:
    """What a row says that hangs on its variant. One query for all SKUs named, none without."""
    rows = {column: _entries(cells[column]) for column in LINK_COLUMNS if cells.get(column)}
    if not rows:
        return LinkWishes()
    parts = [_counted("parts", one) for one in rows.get("parts", ())]
    substitutes = [_reasoned(one) for one in rows.get("substitutes", ())]
    named = {
        "parts": [sku for sku, _ in parts],
        "substitutes": [sku for sku, _ in substitutes],
        "related": rows.get("related", []),
    }
    found = find_variants([sku for skus in named.values() for sku in skus])
    for column, skus in named.items():
        for sku in skus:
            if sku.upper() not in found:
                raise BadCell(f"No variant has the SKU “{sku}”.", field=column)
    return LinkWishes(
        [PartWish(found[sku.upper()], units) for sku, units in parts] if "parts" in rows else None,
        [_code(one) for one in rows["barcodes"]] if "barcodes" in rows else None,
        [StandIn(found[sku.upper()], reason) for sku, reason in substitutes]
        if "substitutes" in rows
        else None,
        [found[sku.upper()].product for sku in rows["related"]] if "related" in rows else None,
    )


def _entries(text: str) -> list[str]:
    if text.strip() == NONE:
        return []
    return [one.strip() for one in text.split("|") if one.strip()]


def _counted(column: str, text: str) -> tuple[str, int]:
    found = COUNTED.match(text)
    if found is None:
        raise BadCell(
            f"“{text}” is not understood; write the SKU and the units: MUG*2.", field=column
        )
    return found["name"], int(found["units"])


def _reasoned(text: str) -> tuple[str, str]:
    found = REASONED.match(text)
    return (found["name"], found["words"]) if found else (text, "")


def _code(text: str) -> CodeWish:
    rest, label = _reasoned(text)
    found = COUNTED.match(rest)
    code, units = (found["name"], int(found["units"])) if found else (rest, 1)
    if len(code) > 40:
        raise BadCell(f"“{code[:40]}…” is too long for a barcode.", field="barcodes")
    return CodeWish(code, units, label[:60])


def write_parts(rows: Iterable[Part]) -> str:
    return " | ".join(f"{row.part.sku}*{row.quantity}" for row in rows)


def write_barcodes(rows: Iterable[Barcode]) -> str:
    return " | ".join(
        f"{row.code}*{row.units}" + (f" ({row.label})" if row.label else "") for row in rows
    )


def write_substitutes(rows: Iterable[Substitute]) -> str:
    return " | ".join(
        row.substitute.sku + (f" ({row.reason})" if row.reason else "") for row in rows
    )


def custom_cells(prefix: str, cells: Mapping[str, str]) -> dict[str, Any]:
    """The filled custom cells of a product or variant, as its form takes them."""
    return {
        f"custom_{column.partition(':')[2]}": text
        for column, text in cells.items()
        if column.startswith(f"{prefix}:") and text
    }


def custom_kept(thing: HasCustomFields) -> dict[str, Any]:
    """The custom values a thing has, as its form takes them."""
    return {f"custom_{code}": words(value) for code, value in thing.custom.items()}


def first_skus(products: Iterable[Product], variants: Iterable[Variant]) -> dict[int, str]:
    """A SKU that stands for each product, by its id: the first."""
    wanted = {product.pk for product in products}
    found: dict[int, str] = {}
    for variant in sorted(variants, key=lambda one: one.sku):
        if variant.product_id in wanted:
            found.setdefault(variant.product_id, variant.sku)
    return found
