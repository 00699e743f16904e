"""The decision: every set of locations weighed where that can be done, else a search."""

import time
from dataclasses import dataclass, field
from functools import cache, cached_property
from itertools import combinations

import numpy as np

from orders.sourcing.coupling import cheapest
from orders.sourcing.explaining import explain, why_skipped
from orders.sourcing.problem import TIME_LIMIT_S, Criterion, Method, Plan, Problem
from orders.sourcing.searching import search
from orders.sourcing.weighing import Weigher, all_sets

MOST_SETS = 20_000
LOOKED_AT = 12
ALTERNATIVES = 2
BY_TURN = (Criterion.PROMISE, Criterion.FILL, Criterion.PARCELS, Criterion.PRIORITY)


@dataclass(frozen=True)
class Decision:
    """The best plans for a problem, best first, and how they were found. It is put into words only
    when it is asked why: stock is claimed under lock and needs none.
    """

    problem: Problem = field(compare=False)
    plans: tuple[Plan, ...]
    method: Method

    @property
    def chosen(self) -> Plan | None:
        return self.plans[0] if self.plans else None

    @property
    def alternatives(self) -> tuple[Plan, ...]:
        return self.plans[1:]

    @cached_property
    def why(self) -> str:
        """One sentence."""
        by_whom = "By choice: " if self.method == Method.HAND else ""
        return by_whom + explain(self.problem, self.plans)

    @cached_property
    def skipped(self) -> tuple[tuple[int, str], ...]:
        """What each location that was not chosen has; a person who chooses skips none."""
        return () if self.method == Method.HAND else why_skipped(self.problem, self.chosen)


def decide(problem: Problem, *, seconds: float = TIME_LIMIT_S) -> Decision:
    """Where to send the order from. The same problem has the same answer, whatever the order of its
    lines and nodes; ties go to fewer parcels, then to lower ids.

    Exact by weighing every set of at most `most_parcels` nodes, and where weight bands couple the lines
    by looking at every split that may be cheaper; by a search when there are too many sets, or `seconds`
    are over before.
    """
    until = time.perf_counter() + seconds
    criteria = sound_criteria(problem.criteria)
    sound = problem if criteria == problem.criteria else problem.judged_by(criteria)
    weigher = Weigher(sound)
    if not weigher.bundles or not weigher.has_any:
        return Decision(sound, (), Method.NOTHING)
    plans, method = _plans(weigher, until)
    plans = [plan for plan in plans if plan.takes]
    if sound.is_complete:
        plans = [plan for plan in plans if not plan.units_missing]
    ranked = tuple(_ranked(sound, plans)[: 1 + ALTERNATIVES])
    return Decision(sound, ranked, method if ranked else Method.NOTHING)


def sound_criteria(criteria: tuple[Criterion, ...]) -> tuple[Criterion, ...]:
    """The criteria as they were put in order, but that what is sent counts before what it costs: the
    cheapest plan would send nothing.
    """
    kept = [one for one in dict.fromkeys(criteria) if one != Criterion.FILL]
    place = 1 if kept[:1] == [Criterion.PROMISE] else 0
    return (*kept[:place], Criterion.FILL, *kept[place:])


def _plans(weigher: Weigher, until: float) -> tuple[list[Plan], Method]:
    nodes = len(weigher.nodes)
    most = min(weigher.problem.most_parcels, nodes)
    count = _count_sets(nodes, most)
    if plain := _by_turn(weigher):
        return plain, Method.EXACT
    if count <= LOOKED_AT and not weigher.is_coupled:
        return [weigher.plan_of(one) for one in _few_sets(nodes, most)], Method.EXACT
    are_all = count <= MOST_SETS
    sets = all_sets(nodes, most) if are_all else np.array(search(weigher, until=until))
    weighed = weigher.weigh(sets)
    plans = [weigher.plan_of(sets[row]) for row in weigher.ranked(weighed)[:LOOKED_AT]]
    is_coupled = weigher.is_coupled and Criterion.COST in weigher.problem.criteria
    if not is_coupled or not plans or _needs_one_parcel(weigher, plans[0]):
        return plans, Method.EXACT if are_all else Method.GREEDY
    found, is_proved = cheapest(weigher, sets, weighed, until=until)
    plans += [found] if found else []
    return plans, Method.EXACT if is_proved and are_all else Method.GREEDY


def _needs_one_parcel(weigher: Weigher, best: Plan) -> bool:
    """Whether one parcel with everything, on time, costs less than any two parcels could: the least
    that two locations take, and each unit where it is cheapest. Then no split is better.
    """
    if best.parcels != 1 or best.units_missing or best.units_late or len(weigher.nodes) < 2:
        return best.parcels == 1 and len(weigher.nodes) == 1
    least = sorted(
        node.parcel + min((band.cost for band in node.bands), default=0) for node in weigher.nodes
    )
    units = sum(
        wanted * min(row[column] for row in weigher.costs)
        for column, wanted in enumerate(weigher.wanted)
    )
    return best.cost < least[0] + least[1] + units


def _by_turn(weigher: Weigher) -> list[Plan]:
    """The best plans where only the locations' turn counts, and enough of them have everything, on
    time: each by itself, in their order. Empty where there is more to choose; weighing every set
    would give the same.
    """
    problem = weigher.problem
    if problem.criteria != BY_TURN or problem.has_costs:
        return []
    full = [
        row
        for row, node in enumerate(weigher.nodes)
        if not node.is_late and weigher.free[row] == weigher.wanted
    ]
    if len(full) <= ALTERNATIVES:
        return []
    first = sorted(full, key=lambda row: (weigher.nodes[row].priority, row))[: ALTERNATIVES + 1]
    return [weigher.alone(row) for row in first]


@cache
def _few_sets(nodes: int, most: int) -> tuple[tuple[bool, ...], ...]:
    """Every set of so few nodes that each is spelt out; none has to be weighed before."""
    return tuple(
        tuple(row in one for row in range(nodes))
        for size in range(1, most + 1)
        for one in combinations(range(nodes), size)
    )


def _count_sets(nodes: int, most: int) -> int:
    total = term = 1
    for size in range(1, most + 1):
        term = term * (nodes - size + 1) // size
        total += term
    return total - 1


def _ranked(problem: Problem, plans: list[Plan]) -> list[Plan]:
    """The plans, best first, one for each set of nodes."""
    priorities = {node.id: node.priority for node in problem.nodes}
    ranked = sorted(plans, key=lambda plan: plan.score(problem.criteria, priorities))
    seen: dict[tuple[int, ...], Plan] = {}
    for plan in ranked:
        seen.setdefault(plan.node_ids, plan)
    return list(seen.values())
