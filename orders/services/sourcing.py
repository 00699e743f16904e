"""Which location sends what: one place that has it all, else few places, in the channel's order."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from inventory.locks import Levels
from inventory.services import Take, claim


@dataclass(frozen=True, slots=True)
class Need:
    """Units of one variant for the line at `index`."""

    index: int
    variant_id: int
    quantity: int


def choose_locations(
    needs: Sequence[Need],
    free: Mapping[tuple[int, int], int],
    ranked_location_ids: Sequence[int],
) -> list[Take]:
    """Plan what to take where. `free` gives the units that may be promised by (variant, location).

    The first location in the channel's order that has everything sends everything. When none has,
    the location that covers most units goes first, then the one that covers most of what is left
    (ties in the channel's order). Needs of one variant are summed by drawing on one working copy.
    What nobody has is left out: it is backordered. Pure and deterministic.
    """
    stock = dict(free)
    left = {need.index: need.quantity for need in needs}
    takes: list[Take] = []
    remaining = list(ranked_location_ids)
    while remaining and any(left.values()):
        covers = [_covered(needs, left, stock, location) for location in remaining]
        best = max(range(len(remaining)), key=lambda i: (covers[i], -i))
        if not covers[best]:
            break
        location = remaining.pop(best)
        for need in needs:
            key = (need.variant_id, location)
            part = min(left[need.index], stock.get(key, 0))
            if part:
                stock[key] -= part
                left[need.index] -= part
                takes.append(Take(need.index, location, part))
    return takes


def claim_stock(
    needs: Sequence[Need],
    ranked_location_ids: Sequence[int],
    *,
    levels: Levels,
    buffer: int,
    usable_on: date,
) -> list[Take]:
    """Plan where needs come from (`choose_locations`) on locked levels, and claim it there at once, so
    that whoever asks next sees what is left. `buffer` is kept back; goods are usable on that day.
    """
    free = {
        (variant_id, place): levels[variant_id, place].available(buffer, usable_on=usable_on)
        for variant_id in {need.variant_id for need in needs}
        for place in ranked_location_ids
        if (variant_id, place) in levels
    }
    variants = {need.index: need.variant_id for need in needs}
    return [
        claim(take, variants[take.index], levels=levels, usable_on=usable_on)
        for take in choose_locations(needs, free, ranked_location_ids)
    ]


def _covered(
    needs: Sequence[Need],
    left: Mapping[int, int],
    stock: Mapping[tuple[int, int], int],
    location_id: int,
) -> int:
    """How many of the units still wanted the location could give."""
    wanted: dict[int, int] = {}
    for need in needs:
        wanted[need.variant_id] = wanted.get(need.variant_id, 0) + left[need.index]
    return sum(
        min(units, stock.get((variant_id, location_id), 0)) for variant_id, units in wanted.items()
    )
