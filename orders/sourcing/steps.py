"""What freight costs as steps: up to what weight what is paid, for all locations at once."""

import numpy as np

from orders.sourcing.problem import Node
from orders.sourcing.weighing import Grid, Real, Weigher

BEYOND = 2**60
MOST_STEPS = 1_000


class Steps:
    """The steps of every node (rows; one more, the empty node, has none to pay): up to how many grams,
    above how many, and for how much. Columns too many cost more than any plan.
    """

    def __init__(self, weigher: Weigher) -> None:
        found = [*(_steps(node, weigher.heaviest_g) for node in weigher.nodes), [(0, 0)]]
        self.width = max(map(len, found))
        self.ceilings: Grid = np.full((len(found), self.width), BEYOND)
        self.costs: Real = np.full((len(found), self.width), np.inf)
        for row, one in enumerate(found):
            self.ceilings[row, : len(one)] = [ceiling for ceiling, _ in one]
            self.costs[row, : len(one)] = [cost for _, cost in one]
        self.dearest = max(cost for one in found for _, cost in one)
        self.floors: Grid = np.roll(self.ceilings, 1, axis=1)
        self.floors[:, 0] = -1
        self.per_gram: Real = (self.costs / np.maximum(self.ceilings, 1)).min(axis=1)
        self.per_gram[-1] = BEYOND

    def freight(self, nodes: Grid, grams: Grid) -> Real:
        """What so many grams cost at each of these nodes."""
        step = (self.ceilings[nodes] < grams[..., None]).sum(axis=-1)
        return np.asarray(self.costs[nodes, step])


def are_few(weigher: Weigher) -> bool:
    """Whether all that is wanted makes no more steps than can be looked at."""
    return all(
        len(node.bands) * weigher.heaviest_g <= MOST_STEPS * node.bands[-1].up_to_g
        for node in weigher.nodes
        if node.bands
    )


def _steps(node: Node, heaviest_g: int) -> list[tuple[int, int]]:
    """The bands, then full parcels of the last one and a band."""
    if not node.bands:
        return [(heaviest_g, 0)]
    found: list[tuple[int, int]] = []
    full, last = 0, node.bands[-1]
    while not found or found[-1][0] < heaviest_g:
        found += [
            (full * last.up_to_g + band.up_to_g, full * last.cost + band.cost)
            for band in node.bands
        ]
        full += 1
    return found
