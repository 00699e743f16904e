"""Which location sends what: one place that has it all, else few places, in the channel's order."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from inventory.services import Take


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
