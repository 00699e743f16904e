"""What plans are judged by from cost on, as one number: each criterion counts above all that follow."""

from collections.abc import Sequence

import numpy as np

from orders.sourcing.problem import Criterion
from orders.sourcing.steps import Steps
from orders.sourcing.weighing import Real, Weigher

MOST = 2.0**44  # whole numbers below are exact as floats, with room for what prices add and take


class Scores:
    """A unit of each bundle (columns) and a parcel count so much at each node (rows; one more, the
    empty node, sends nothing); a minor unit of freight counts `freight`. Criteria that would make the
    number too large are left out, the last first, and `knows_all` is false.
    """

    def __init__(self, weigher: Weigher, criteria: Sequence[Criterion], parcels: int) -> None:
        nodes = weigher.nodes
        late = np.array([node.is_late for node in nodes], dtype=np.int64)
        one_each = np.ones(len(nodes), dtype=np.int64)
        self._units = {
            Criterion.COST: np.array(weigher.costs),
            Criterion.BALANCE: np.array(weigher.used_up),
            Criterion.PROMISE: np.outer(late, weigher.units),
        }
        self._parcels = {
            Criterion.COST: np.array([node.parcel for node in nodes]),
            Criterion.PARCELS: one_each,
            Criterion.PRIORITY: np.array([node.priority for node in nodes]),
        }
        self.steps = Steps(weigher)
        freight = parcels * self.steps.dearest
        self._wanted = np.array(weigher.wanted)
        reach = {one: self._reach(one, parcels) for one in criteria}
        reach[Criterion.COST] = reach.get(Criterion.COST, 0) + freight
        kept = list(criteria)
        while np.prod([reach[one] + 1.0 for one in kept]) > MOST:
            kept.pop()
        self.knows_all = len(kept) == len(criteria)
        self._combine(kept, reach, (len(nodes) + 1, len(self._wanted)))

    def _reach(self, criterion: Criterion, parcels: int) -> int:
        """The most that a plan can come to by the criterion, freight aside."""
        most = 0
        if criterion in self._units:
            most += int((self._units[criterion].max(axis=0) * self._wanted).sum())
        if criterion in self._parcels:
            most += parcels * int(self._parcels[criterion].max())
        return most

    def _combine(
        self, criteria: Sequence[Criterion], reach: dict[Criterion, int], shape: tuple[int, int]
    ) -> None:
        self.unit: Real = np.zeros(shape)
        self.parcel: Real = np.zeros(shape[0])
        self.freight = 0.0
        weight = 1.0
        for criterion in reversed(criteria):
            if criterion in self._units:
                self.unit[:-1] += weight * self._units[criterion]
            if criterion in self._parcels:
                self.parcel[:-1] += weight * self._parcels[criterion]
            if criterion == Criterion.COST:
                self.freight = weight
            weight *= reach[criterion] + 1
