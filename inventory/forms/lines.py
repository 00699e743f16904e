"""Lines typed or pasted from a spreadsheet: a SKU, a number of units, and a lot where one is meant."""

import re
from dataclasses import dataclass

from django import forms
from django.db.models.functions import Upper

from inventory.forms.stock import MOST_UNITS
from inventory.models import Lot, Variant

MOST_LINES = 500
MOST_FAULTS = 20
UNITS = re.compile(r"^\d{1,7}$")


@dataclass(frozen=True)
class Line:
    """One line as it was typed."""

    number: int
    sku: str
    units: str = ""
    lot: str = ""


@dataclass(frozen=True)
class Named:
    """One line, its SKU found."""

    variant: Variant
    units: int
    lot_id: int | None = None


def split_lines(text: str) -> list[Line]:
    """Cells apart at tabs, semicolons or commas; else the last word of a line is its units."""
    lines: list[Line] = []
    for number, raw in enumerate(text.replace("\0", "").splitlines(), start=1):
        if not (said := raw.strip()):
            continue
        cells = [cell.strip().strip('"') for cell in re.split(r"[\t;,]", said)]
        if len(cells) == 1:
            cells = said.rsplit(None, 1)
        sku, units, lot = (*cells, "", "", "")[:3]
        if number == 1 and sku.lower() in {"sku", "sku or barcode"}:
            continue
        lines.append(Line(number, sku[:60], units, lot[:60]))
    return lines


def find_variants(skus: list[str]) -> dict[str, Variant]:
    """Variants by SKU in upper case, or by barcode. One query."""
    wanted = {sku.upper() for sku in skus}
    rows = Variant.objects.annotate(upper=Upper("sku"))
    found: dict[str, Variant] = {}
    for variant in rows.filter(barcode__in=set(skus)) | rows.filter(upper__in=wanted):
        found[variant.barcode or variant.sku.upper()] = variant
        found[variant.sku.upper()] = variant
    return found


class LinesField(forms.CharField):
    """A text area of lines; cleans to a list of Named. `has_units` off: a SKU a line, no number."""

    def __init__(self, *, has_units: bool = True, **more: object) -> None:
        self.has_units = has_units
        widget = forms.Textarea(
            attrs={"rows": 8, "spellcheck": "false", "autocomplete": "off", "class": "mono"}
        )
        super().__init__(widget=widget, max_length=40_000, **more)  # type: ignore[arg-type]

    def clean(self, value: str) -> list[Named]:
        text: str = super().clean(value)
        lines = split_lines(text) if self.has_units else _skus_alone(text)
        if len(lines) > MOST_LINES:
            raise forms.ValidationError(
                f"{len(lines)} lines are too many; give at most {MOST_LINES} at a time."
            )
        variants = find_variants([line.sku for line in lines])
        lots = _lots([line for line in lines if line.lot])
        named, faults = [], []
        for line in lines:
            variant = variants.get(line.sku.upper())
            if fault := self._fault(line, variant, lots):
                faults.append(fault)
            elif variant is not None:
                units = int(line.units) if self.has_units else 0
                named.append(Named(variant, units, lots.get((variant.pk, line.lot.upper()))))
        if faults:
            more = len(faults) - MOST_FAULTS
            tail = [f"And {more} more lines."] if more > 0 else []
            raise forms.ValidationError(faults[:MOST_FAULTS] + tail)
        return named

    def _fault(self, line: Line, variant: Variant | None, lots: dict[tuple[int, str], int]) -> str:
        if variant is None:
            return f"Line {line.number}: no variant has the SKU or barcode “{line.sku}”."
        if not self.has_units:
            return ""
        if not UNITS.match(line.units) or not 0 < int(line.units) <= MOST_UNITS:
            return (
                f"Line {line.number}: “{line.units[:20]}” is no number of units of {variant.sku};"
                f" give a whole number from 1 to {MOST_UNITS:,}."
            )
        if line.lot and (variant.pk, line.lot.upper()) not in lots:
            return f"Line {line.number}: {variant.sku} has no lot “{line.lot}”."
        return ""


def _skus_alone(text: str) -> list[Line]:
    said = [part.strip() for part in re.split(r"[\n\t;,]", text.replace("\0", ""))]
    return [Line(number, sku[:60]) for number, sku in enumerate(said, start=1) if sku]


def _lots(lines: list[Line]) -> dict[tuple[int, str], int]:
    codes = {line.lot.upper() for line in lines}
    if not codes:
        return {}
    rows = Lot.objects.annotate(upper=Upper("code")).filter(upper__in=codes)
    return {(lot.variant_id, lot.code.upper()): lot.pk for lot in rows}
