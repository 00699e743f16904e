"""What sets of locations would send, and what that comes to: many sets at once, in numpy.

Within a set every line is filled unit by unit from the location where a unit is judged best. That is
exact as long as what a parcel costs does not depend on what is in it: the sets then differ in fixed cost
and the lines do not touch each other. Where weight bands make it depend, the fill is a good one and the
band is looked up for the weight that comes of it.
"""

from collections.abc import Callable, Sequence
from functools import cached_property, lru_cache
from itertools import combinations

import numpy as np
import numpy.typing as npt

from orders.sourcing.bundling import Bundle, Grid, bundle, free_grid, takes_of, worth_grid
from orders.sourcing.problem import CostLine, Criterion, Node, Plan, Problem, Take

Masks = npt.NDArray[np.bool_]
THOUSAND = 1000


@lru_cache(maxsize=64)
def all_sets(nodes: int, most: int) -> Masks:
    """Every set of at most `most` of so many nodes, small sets and low ids first: (sets, nodes)."""
    chosen = [one for size in range(1, most + 1) for one in combinations(range(nodes), size)]
    masks = np.zeros((len(chosen), nodes), dtype=bool)
    for row, one in enumerate(chosen):
        masks[row, list(one)] = True
    masks.setflags(write=False)
    return masks


class Weigher:
    """A problem in arrays: weighs sets of nodes and spells a set out as a plan."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.nodes: tuple[Node, ...] = problem.sorted_nodes
        self.bundles: list[Bundle] = bundle(problem)
        self.free: Grid = free_grid(problem, self.bundles)
        self.worth: Grid = worth_grid(problem, self.bundles)
        self.late = np.array([node.is_late for node in self.nodes], dtype=np.int64)
        self.priority = np.array([node.priority for node in self.nodes], dtype=np.int64)
        self.units = np.array([one.units_each for one in self.bundles], dtype=np.int64)
        self.grams = np.array([one.grams_each for one in self.bundles], dtype=np.int64)
        self.wanted = np.array([one.wanted for one in self.bundles], dtype=np.int64)

    @cached_property
    def heaviest_g(self) -> int:
        """All that is wanted, in grams."""
        return int((self.wanted * self.grams).sum())

    @cached_property
    def is_coupled(self) -> bool:
        """Whether what a parcel costs depends on which lines are in it."""
        return any(node.bands and node.bands[0].up_to_g < self.heaviest_g for node in self.nodes)

    @cached_property
    def used_up(self) -> Grid:
        """Thousandths of a node's free stock that one unit of each bundle uses up."""
        whole = np.ones_like(self.free)
        for row, node in enumerate(self.nodes):
            for column, one in enumerate(self.bundles):
                whole[row, column] = max(
                    1, min(self.problem.free.get((node.id, i.variant_id), 0) for i in one.pieces)
                )
        return self.units * THOUSAND // whole

    @cached_property
    def turns(self) -> list[list[int]]:
        """For each bundle, the rows of the nodes that have it, in the order in which they are asked."""
        keys: dict[Criterion, Callable[[int, int], int]] = {
            Criterion.PROMISE: lambda row, _: int(self.late[row]),
            Criterion.COST: lambda row, column: int(self.worth[row, column]),
            Criterion.BALANCE: lambda row, column: int(self.used_up[row, column]),
            Criterion.PRIORITY: lambda row, _: int(self.priority[row]),
        }
        asked = [keys[one] for one in self.problem.criteria if one in keys]
        turns = []
        for column in range(len(self.bundles)):
            rows = [row for row in range(len(self.nodes)) if self.free[row, column]]
            judged = sorted((*(key(row, column) for key in asked), row) for row in rows)
            turns.append([one[-1] for one in judged])
        return turns

    def weigh(self, masks: Masks) -> dict[Criterion, Grid]:
        """What each set comes to by each criterion; lower is better."""
        sets = len(masks)
        missing = np.zeros(sets, dtype=np.int64)
        late, cost, balance = (np.zeros(sets, dtype=np.int64) for _ in range(3))
        weight = np.zeros(masks.shape, dtype=np.int64) if self.is_coupled else None
        for column, rows in enumerate(self.turns):
            left = np.full(sets, self.wanted[column], dtype=np.int64)
            for row in rows:
                took = np.minimum(left, self.free[row, column]) * masks[:, row]
                left -= took
                late += took * (self.late[row] * self.units[column])
                cost += took * self.worth[row, column]
                balance += took * self.used_up[row, column]
                if weight is not None:
                    weight[:, row] += took * self.grams[column]
            missing += left * self.units[column]
        cost += self._parcel_costs(masks, weight)
        return {
            Criterion.PROMISE: missing + late,
            Criterion.FILL: missing,
            Criterion.COST: cost,
            Criterion.BALANCE: balance,
            Criterion.PARCELS: masks.sum(axis=1),
            Criterion.PRIORITY: masks @ self.priority,
        }

    def _parcel_costs(self, masks: Masks, weight: Grid | None) -> Grid:
        if weight is None:
            fixed = [node.parcel + node.freight(self.heaviest_g) for node in self.nodes]
            return np.asarray(masks @ np.array(fixed, dtype=np.int64))
        parcels = np.array([node.parcel for node in self.nodes], dtype=np.int64)
        total: Grid = np.asarray(masks @ parcels, dtype=np.int64)
        for row, node in enumerate(self.nodes):
            if node.bands:
                total += masks[:, row] * freights(node, weight[:, row])
        return total

    def best(self, masks: Masks, count: int) -> list[int]:
        """The rows of the best sets, best first; ties go to small sets and low ids."""
        weighed = self.weigh(masks)
        if self.problem.is_complete:
            rows = np.flatnonzero(weighed[Criterion.FILL] == 0)
        else:
            rows = np.arange(len(masks))
        keys = [weighed[one][rows] for one in (*self.problem.criteria, Criterion.PARCELS)]
        order = np.lexsort((rows, *reversed(keys)))
        return [int(rows[one]) for one in order[:count]]

    def plan_of(self, mask: Masks) -> Plan:
        """What the set sends, spelt out."""
        sent: list[list[tuple[int, int]]] = []
        for column, rows in enumerate(self.turns):
            left, parts = int(self.wanted[column]), []
            for row in rows:
                if mask[row] and (units := min(left, int(self.free[row, column]))):
                    parts.append((row, units))
                    left -= units
            sent.append(parts)
        return self.spelt(sent)

    def spelt(self, sent: Sequence[Sequence[tuple[int, int]]]) -> Plan:
        """The plan that sends, bundle by bundle, so many units from the nodes at these rows."""
        takes: list[Take] = []
        grams: dict[int, int] = {}
        late = cost = balance = units = 0
        for column, parts in enumerate(sent):
            named = [(self.nodes[row].id, count) for row, count in parts]
            takes += takes_of(self.bundles[column], named)
            for row, count in parts:
                goods = count * int(self.units[column])
                units += goods
                late += goods * int(self.late[row])
                cost += count * int(self.worth[row, column])
                balance += count * int(self.used_up[row, column])
                grams[row] = grams.get(row, 0) + count * int(self.grams[column])
        rows = sorted(grams)
        lines = [self._cost_line(self.nodes[row], grams[row]) for row in rows]
        lines += [CostLine("Handling of units and worth of stock", cost)] if cost else []
        return Plan(
            takes=tuple(sorted(takes)),
            units_sent=units,
            units_late=late,
            units_missing=int((self.wanted * self.units).sum()) - units,
            cost=cost + sum(line.amount for line in lines[: len(rows)]),
            balance=balance,
            node_ids=tuple(self.nodes[row].id for row in rows),
            cost_lines=tuple(lines),
        )

    @staticmethod
    def _cost_line(node: Node, grams: int) -> CostLine:
        return CostLine(f"Parcel from {node.name}, {grams} g", node.parcel + node.freight(grams))


def freights(node: Node, grams: Grid) -> Grid:
    """`Node.freight` of many weights at once; a node that sends nothing takes the first band."""
    limits = np.array([band.up_to_g for band in node.bands], dtype=np.int64)
    costs = np.array([band.cost for band in node.bands], dtype=np.int64)
    full = np.where(grams > limits[-1], (grams - 1) // limits[-1], 0)
    rest = grams - full * limits[-1]
    return np.asarray(full * costs[-1] + costs[np.searchsorted(limits, rest, side="left")])
