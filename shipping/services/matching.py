"""What a scanned code means on a pick: an item of it, a bin of it, something else, or nothing."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Q
from django.db.models.functions import Upper

from inventory.models import StockLevel, Variant
from shipping.models import PickLine

GS1_GTIN = re.compile(r"^(?:\]C1|\]d2|\]Q3)?01(\d{14})")
GTIN_LENGTHS = {8, 12, 13, 14}


@dataclass(frozen=True, slots=True)
class Match:
    """What a code is: lines of the pick whose item it names, a bin, or a variant of others."""

    lines: tuple[PickLine, ...] = ()
    bin: str = ""
    variant: Variant | None = None


def readings(code: str) -> list[str]:
    """The ways to read a code, as upper-case texts: as it is, the GTIN inside a GS1 code, and a
    GTIN with its leading zeros taken away or put back.
    """
    text = code.strip().upper()
    found = [text]
    if inside := GS1_GTIN.match(text):
        found.append(inside.group(1))
    for one in [*found]:
        if one.isascii() and one.isdecimal() and len(one) in GTIN_LENGTHS:
            bare = one.lstrip("0")
            found += [bare.zfill(length) for length in sorted(GTIN_LENGTHS) if len(bare) <= length]
    return list(dict.fromkeys(found))


def names_of(line: PickLine) -> set[str]:
    """The codes that name a line's item: SKU and barcode, as sold and as the catalogue has them."""
    sold = line.fulfilment_line.order_line
    texts = [sold.sku, sold.barcode]
    if sold.variant:
        texts += [sold.variant.sku, sold.variant.barcode]
    return {text.upper() for text in texts if text}


def match_code(
    code: str, lines: Sequence[PickLine], bins: Iterable[str], location_id: int
) -> Match:
    """Read a code against a pick: its items first, then its bins, then the rest of the world."""
    texts = readings(code)
    hits = tuple(line for line in lines if names_of(line) & set(texts))
    if hits:
        return Match(lines=hits)
    if texts[0] in {one.upper() for one in bins if one}:
        return Match(bin=texts[0])
    variant = (
        Variant.objects.annotate(upper_sku=Upper("sku"))
        .filter(Q(upper_sku__in=texts) | Q(barcode__in=texts))
        .select_related("product")
        .first()
    )
    if variant:
        return Match(variant=variant)
    if StockLevel.objects.filter(location_id=location_id, bin__iexact=texts[0]).exists():
        return Match(bin=texts[0])
    return Match()
