"""What sets of locations would send, and what that comes to: many sets at once, in numpy.

Within a set every line is filled unit by unit from the location where a unit is judged best. That is
exact as long as what a parcel costs does not depend on what is in it: the sets then differ in fixed cost
and the lines do not touch each other. Where weight bands make it depend, the fill is a good one and the
band is looked up for the weight that comes of it (orders.sourcing.coupling then looks for a better one).
"""

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property, lru_cache
from itertools import combinations

import numpy as np
import numpy.typing as npt

from orders.sourcing.bundling import Bundle, Rows, bundle, free_units, takes_of, unit_costs
from orders.sourcing.problem import CostLine, Criterion, Node, Plan, Problem, Take

Grid = npt.NDArray[np.int64]
Real = npt.NDArray[np.float64]
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
    """A problem in rows: weighs many sets of nodes at once, and spells one set out as a plan."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.nodes: tuple[Node, ...] = problem.sorted_nodes
        self.bundles: list[Bundle] = bundle(problem)
        self.free: Rows = free_units(problem, self.bundles)
        self.costs: Rows = unit_costs(problem, self.bundles)
        self.units = [one.units_each for one in self.bundles]
        self.grams = [one.grams_each for one in self.bundles]
        self.wanted = [one.wanted for one in self.bundles]

    @cached_property
    def heaviest_g(self) -> int:
        """All that is wanted, in grams."""
        return sum(wanted * grams for wanted, grams in zip(self.wanted, self.grams, strict=True))

    @cached_property
    def goods(self) -> int:
        """All that is wanted, in units."""
        return sum(wanted * units for wanted, units in zip(self.wanted, self.units, strict=True))

    @property
    def has_any(self) -> bool:
        return any(units for row in self.free for units in row)

    @cached_property
    def is_coupled(self) -> bool:
        """Whether what a parcel costs depends on which lines are in it."""
        return any(node.bands and node.bands[0].up_to_g < self.heaviest_g for node in self.nodes)

    @cached_property
    def used_up(self) -> Rows:
        """Thousandths of a node's free stock that one unit of each bundle uses up."""
        return [[self._share(node, one) for one in self.bundles] for node in self.nodes]

    def _share(self, node: Node, one: Bundle) -> int:
        least = min(self.problem.free.get((node.id, piece.variant_id), 0) for piece in one.pieces)
        return one.units_each * THOUSAND // max(1, least)

    @cached_property
    def turns(self) -> list[list[int]]:
        """For each bundle, the rows of the nodes that have it, in the order in which they are asked."""
        keys: dict[Criterion, Callable[[int, int], int]] = {
            Criterion.PROMISE: lambda row, _: int(self.nodes[row].is_late),
            Criterion.COST: lambda row, column: self.costs[row][column],
            Criterion.BALANCE: lambda row, column: self.used_up[row][column],
        }
        asked = [keys[one] for one in self.problem.criteria if one in keys]
        turns = []
        for column in range(len(self.bundles)):
            rows = [row for row in range(len(self.nodes)) if self.free[row][column]]
            judged = sorted(
                (*(key(row, column) for key in asked), self.nodes[row].priority, row)
                for row in rows
            )
            turns.append([one[-1] for one in judged])
        return turns

    def weigh(self, masks: Masks) -> dict[Criterion, Grid]:
        """What each set comes to by each criterion; lower is better."""
        sets = len(masks)
        missing = np.zeros(sets, dtype=np.int64)
        late, cost, balance = (np.zeros(sets, dtype=np.int64) for _ in range(3))
        has = np.ascontiguousarray(masks.T, dtype=np.int64)
        weight = np.zeros(has.shape, dtype=np.int64) if self.is_coupled else None
        priority = np.array([node.priority for node in self.nodes], dtype=np.int64)
        for column, rows in enumerate(self.turns):
            left = np.full(sets, self.wanted[column], dtype=np.int64)
            for row in rows:
                took = np.minimum(left, self.free[row][column]) * has[row]
                left -= took
                if self.nodes[row].is_late:
                    late += took * self.units[column]
                cost += took * self.costs[row][column]
                balance += took * self.used_up[row][column]
                if weight is not None:
                    weight[row] += took * self.grams[column]
            missing += left * self.units[column]
        cost += self._parcel_costs(masks, weight)
        return {
            Criterion.PROMISE: missing + late,
            Criterion.FILL: missing,
            Criterion.COST: cost,
            Criterion.BALANCE: balance,
            Criterion.PARCELS: masks.sum(axis=1),
            Criterion.PRIORITY: masks @ priority,
        }

    def _parcel_costs(self, masks: Masks, weight: Grid | None) -> Grid:
        if weight is None:
            fixed = [node.parcel + node.freight(self.heaviest_g) for node in self.nodes]
            return np.asarray(masks @ np.array(fixed, dtype=np.int64))
        parcels = np.array([node.parcel for node in self.nodes], dtype=np.int64)
        total: Grid = np.asarray(masks @ parcels, dtype=np.int64)
        for row, node in enumerate(self.nodes):
            if node.bands:
                total += masks[:, row] * freights(node, weight[row])
        return total

    def best(self, masks: Masks, count: int) -> list[int]:
        """The rows of the best sets, best first; ties go to small sets and low ids."""
        return self.ranked(self.weigh(masks))[:count]

    def ranked(self, weighed: Mapping[Criterion, Grid]) -> list[int]:
        """The rows of all sets that may send, best first."""
        missing = weighed[Criterion.FILL]
        rows = np.arange(len(missing))
        if self.problem.is_complete:
            rows = np.flatnonzero(missing == 0)
        keys = [weighed[one][rows] for one in (*self.problem.criteria, Criterion.PARCELS)]
        order = np.lexsort((rows, *reversed(keys)))
        return [int(row) for row in rows[order]]

    def plan_of(self, mask: Sequence[bool] | Masks) -> Plan:
        """What the set sends, spelt out."""
        sent: list[list[tuple[int, int]]] = []
        for column, rows in enumerate(self.turns):
            left, parts = self.wanted[column], []
            for row in rows:
                if mask[row] and (units := min(left, self.free[row][column])):
                    parts.append((row, units))
                    left -= units
            sent.append(parts)
        return self.spelt(sent)

    def alone(self, row: int) -> Plan:
        """What the node at a row sends by itself."""
        return self.spelt([[(row, units)] if units else [] for units in self.free[row]])

    def spelt(self, sent: Sequence[Sequence[tuple[int, int]]]) -> Plan:
        """The plan that sends, bundle by bundle, so many units from the nodes at these rows."""
        takes: list[Take] = []
        grams: dict[int, int] = {}
        late = cost = balance = units = 0
        for column, parts in enumerate(sent):
            takes += takes_of(
                self.bundles[column], [(self.nodes[row].id, count) for row, count in parts]
            )
            for row, count in parts:
                goods = count * self.units[column]
                units += goods
                late += goods * self.nodes[row].is_late
                cost += count * self.costs[row][column]
                balance += count * self.used_up[row][column]
                grams[row] = grams.get(row, 0) + count * self.grams[column]
        rows = sorted(grams)
        lines = [self._cost_line(self.nodes[row], grams[row]) for row in rows]
        parcels = sum(line.amount for line in lines)
        lines += [CostLine(self.problem.cost_of_units, cost)] if cost else []
        return Plan(
            takes=tuple(sorted(takes)),
            units_sent=units,
            units_late=late,
            units_missing=self.goods - units,
            cost=cost + parcels,
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
