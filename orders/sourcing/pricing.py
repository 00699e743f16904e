"""What a given way to send comes to: the plan of takes that somebody has, or wants."""

from collections import defaultdict
from collections.abc import Iterable

from orders.sourcing.problem import CostLine, Criterion, Plan, Problem, Take

JUDGED = (Criterion.PROMISE, Criterion.FILL, Criterion.COST, Criterion.PARCELS)


def priced(problem: Problem, takes: Iterable[Take]) -> Plan | None:
    """The takes as a plan of the problem; None where one of them is from a location that may not send."""
    nodes = {node.id: node for node in problem.nodes}
    items = {item.index: item for item in problem.items}
    grams: dict[int, int] = defaultdict(int)
    kept = sorted(takes)
    units = late = cost = balance = 0
    for take in kept:
        node, item = nodes.get(take.node_id), items[take.index]
        if node is None:
            return None
        free = max(1, problem.free.get((node.id, item.variant_id), 0))
        units += take.units
        late += take.units * node.is_late
        cost += take.units * (node.per_unit + problem.worth.get((node.id, item.variant_id), 0))
        balance += take.units * (1000 // free)
        grams[node.id] += take.units * item.weight_g
    lines = [
        CostLine(
            f"Parcel from {nodes[pk].name}, {grams[pk]} g",
            nodes[pk].parcel + nodes[pk].freight(grams[pk]),
        )
        for pk in sorted(grams)
    ]
    parcels = sum(line.amount for line in lines)
    lines += [CostLine(problem.cost_of_units, cost)] if cost else []
    return Plan(
        takes=tuple(kept),
        units_sent=units,
        units_late=late,
        units_missing=sum(item.units for item in problem.items) - units,
        cost=cost + parcels,
        balance=balance,
        node_ids=tuple(sorted(grams)),
        cost_lines=tuple(lines),
    )


def is_better(plan: Plan | None, than: Plan | None, problem: Problem) -> bool:
    """Whether moving what is set aside is worth it: more of it in time, more of it at all, for less,
    in fewer parcels; by the problem's own order of these. Never for fewer units. A plan that may no
    longer be (None) is worse than any that sends as much.
    """
    if plan is None:
        return False
    if than is None:
        return True
    if plan.units_missing > than.units_missing:
        return False
    asked = [one for one in problem.criteria if one in JUDGED]
    return plan.score(asked, {})[: len(asked)] < than.score(asked, {})[: len(asked)]
