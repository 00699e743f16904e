"""Sets of locations that are too many to be weighed all: grown, then dropped, added and swapped."""

import time

import numpy as np

from orders.sourcing.weighing import Masks, Weigher


def search(weigher: Weigher, *, until: float) -> list[Masks]:
    """Good sets, the best first: a cover is grown node by node, then improved by dropping, adding and
    swapping single nodes until nothing helps or the clock (`time.perf_counter`) says stop.
    """
    count = len(weigher.nodes)
    most = min(weigher.problem.most_parcels, count)
    singles = np.eye(count, dtype=bool)
    found = [singles[row] for row in weigher.best(singles, 3)]
    if not found:
        found = [singles[0]]
    best = found[0]
    while time.perf_counter() < until:
        around = _around(best, most)
        order = weigher.best(np.vstack([best[None, :], around]), 4)
        if not order or order[0] == 0:
            found = [best, *(around[row - 1] for row in order if row), *found]
            break
        best = around[order[0] - 1]
        found.insert(0, best)
    return [mask for mask in found if mask.any()]


def _around(mask: Masks, most: int) -> Masks:
    """The sets one step away: with a node more, one less, or one instead of another."""
    inside: list[int] = np.flatnonzero(mask).tolist()
    outside: list[int] = np.flatnonzero(~mask).tolist()
    sets = []
    for row in outside:
        if len(inside) < most:
            sets.append(_changed(mask, on=row))
        sets += [_changed(mask, on=row, off=other) for other in inside]
    if len(inside) > 1:
        sets += [_changed(mask, off=row) for row in inside]
    return np.array(sets, dtype=bool).reshape(-1, len(mask))


def _changed(mask: Masks, *, on: int | None = None, off: int | None = None) -> Masks:
    other = mask.copy()
    if on is not None:
        other[on] = True
    if off is not None:
        other[off] = False
    return other
