"""Lines brought together: by variant, so that stock is counted once; by group, so that it stays whole."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from orders.sourcing.problem import Item, Node, Problem, Take

Rows = list[list[int]]


@dataclass(frozen=True, slots=True)
class Bundle:
    """What is decided together: units of one variant, or one whole group. `pieces` are its items in
    order; a group counts as one unit that weighs and costs what its items do.
    """

    key: tuple[str, int]
    pieces: tuple[Item, ...]
    is_group: bool

    @property
    def wanted(self) -> int:
        return 1 if self.is_group else sum(item.units for item in self.pieces)

    @property
    def units_each(self) -> int:
        """Goods in one unit of it."""
        return sum(item.units for item in self.pieces) if self.is_group else 1

    @property
    def grams_each(self) -> int:
        if self.is_group:
            return sum(item.units * item.weight_g for item in self.pieces)
        return self.pieces[0].weight_g


def bundle(problem: Problem) -> list[Bundle]:
    """The problem's items brought together, in an order that does not depend on theirs. A variant of
    which one line is in a group belongs to the group with all its lines.
    """
    groups = {item.variant_id: item.group for item in problem.items if item.group}
    kept: dict[tuple[str, int], list[Item]] = defaultdict(list)
    for item in sorted(problem.items, key=lambda one: (one.variant_id, one.index)):
        group = groups.get(item.variant_id, "")
        kept[(group, 0) if group else ("", item.variant_id)].append(item)
    return [Bundle(key, tuple(items), bool(key[0])) for key, items in sorted(kept.items())]


def free_units(problem: Problem, bundles: Sequence[Bundle]) -> Rows:
    """Units of each bundle (columns) that each node (rows) may send, no more than are wanted."""
    return [[_free(problem, node.id, one) for one in bundles] for node in problem.sorted_nodes]


def _free(problem: Problem, node_id: int, one: Bundle) -> int:
    if any(item.only_from and node_id not in item.only_from for item in one.pieces):
        return 0
    if not one.is_group:
        return min(one.wanted, max(0, problem.free.get((node_id, one.pieces[0].variant_id), 0)))
    wanted: dict[int, int] = defaultdict(int)
    for item in one.pieces:
        wanted[item.variant_id] += item.units
    return int(all(problem.free.get((node_id, key), 0) >= units for key, units in wanted.items()))


def unit_costs(problem: Problem, bundles: Sequence[Bundle]) -> Rows:
    """What one unit of each bundle taken at each node costs: handling a unit, and its shadow price."""
    return [[_unit_cost(problem, node, one) for one in bundles] for node in problem.sorted_nodes]


def _unit_cost(problem: Problem, node: Node, one: Bundle) -> int:
    pieces = one.pieces if one.is_group else one.pieces[:1]
    return sum(
        (node.per_unit + problem.worth.get((node.id, item.variant_id), 0))
        * (item.units if one.is_group else 1)
        for item in pieces
    )


def takes_of(one: Bundle, sent: Sequence[tuple[int, int]]) -> list[Take]:
    """The units of a bundle sent from nodes, (node, units), given to its items in their order."""
    if one.is_group:
        return [
            Take(item.index, node, item.units)
            for node, units in sent
            if units
            for item in one.pieces
        ]
    takes = []
    queue = [[node, units] for node, units in sent if units]
    for item in one.pieces:
        left = item.units
        while left and queue:
            part = min(left, queue[0][1])
            takes.append(Take(item.index, queue[0][0], part))
            left -= part
            queue[0][1] -= part
            if not queue[0][1]:
                queue.pop(0)
    return takes
