"""What a scanned code means on a pick: an item of it, a bin of it, something else, or nothing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from inventory.models import StockLevel, Variant
from inventory.selectors.codes import read_code, readings
from shipping.models import PickLine


@dataclass(frozen=True, slots=True)
class Match:
    """What a code is: lines of the pick whose item it names (`units` of it: a case counts more than
    one), a bin, or a variant of others.
    """

    lines: tuple[PickLine, ...] = ()
    units: int = 1
    bin: str = ""
    variant: Variant | None = None


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
    texts = [text.upper() for text in readings(code)]
    hits = tuple(line for line in lines if names_of(line) & set(texts))
    if hits:
        return Match(lines=hits)
    if texts[0] in {one.upper() for one in bins if one}:
        return Match(bin=texts[0])
    read = read_code(code)
    if read:
        hits = tuple(
            line for line in lines if line.fulfilment_line.order_line.variant_id == read.variant.pk
        )
        return Match(lines=hits, units=read.units) if hits else Match(variant=read.variant)
    if StockLevel.objects.filter(location_id=location_id, bin__iexact=texts[0]).exists():
        return Match(bin=texts[0])
    return Match()


def share(units: int, room: Sequence[tuple[PickLine, int]]) -> list[tuple[PickLine, int]]:
    """Spread the units of one scan over lines that have room for some, in their order."""
    shares = []
    for line, most in room:
        part = min(units, most)
        if part > 0:
            shares.append((line, part))
            units -= part
    return shares


def too_many_of_a_case(match: Match, left: int) -> str:
    """What is said to a case that holds more than is wanted."""
    return (
        f"This code stands for {match.units} units, but only {left} are wanted. Open the case and"
        " scan single units."
    )
