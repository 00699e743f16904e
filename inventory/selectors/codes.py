"""What a scanned or typed code means in stock: a variant, and how many units of it."""

import re
from dataclasses import dataclass

from django.db.models import Q

from inventory.models import Barcode, Variant

GS1_GTIN = re.compile(r"^(?:\]C1|\]d2|\]Q3)?01(\d{14})")
GTIN_LENGTHS = (8, 12, 13, 14)


@dataclass(frozen=True, slots=True)
class Read:
    """A variant, and the units that one scan of the code stands for: more than one for a case."""

    variant: Variant
    units: int = 1


@dataclass(frozen=True, slots=True)
class Heard:
    """What a scan brought about, in words for whoever holds the scanner."""

    is_ok: bool
    text: str
    line_id: int | None = None


def readings(code: str) -> list[str]:
    """The ways to read a code: as it is, the GTIN inside a GS1 code, and a GTIN with its leading
    zeros taken away or put back.
    """
    text = code.replace("\0", "").strip()[:100]
    found = [text]
    if inside := GS1_GTIN.match(text):
        found.append(inside.group(1))
    for one in [*found]:
        if one.isascii() and one.isdecimal() and len(one) in GTIN_LENGTHS:
            bare = one.lstrip("0")
            found += [bare.zfill(length) for length in GTIN_LENGTHS if len(bare) <= length]
    return list(dict.fromkeys(found))


def read_code(code: str) -> Read | None:
    """The variant that a SKU or barcode names; None when nobody knows it. Two queries at most."""
    texts = readings(code)
    if not texts[0]:
        return None
    named = Q(sku__iexact=texts[0]) | Q(barcode__in=texts)
    variant = Variant.objects.select_related("product").filter(named).order_by("pk").first()
    if variant is not None:
        return Read(variant)
    other = (
        Barcode.objects.select_related("variant__product")
        .filter(code__in=texts)
        .order_by("pk")
        .first()
    )
    return Read(other.variant, other.units) if other else None
