"""Sourcing: as good as brute force, how long it takes, and what it saves over a season of orders."""

import time
from random import Random
from statistics import mean
from typing import Any

from oms.bench.brute_force import best_score, random_problem
from oms.bench.rolling import (
    clairvoyant,
    draw,
    exact,
    exact_with_prices,
    highest_stock_first,
    most_lines_first,
    nearest_first,
    priority_list,
    total_cost,
)
from orders.sourcing import Band, Item, Node, Problem, decide

INSTANCES = 1_000
TIMED = 400
NODES, LINES = 20, 20
SEEDS = 20
POLICIES = {
    "priority_list": priority_list,
    "highest_stock_first": highest_stock_first,
    "nearest_first": nearest_first,
    "most_lines_first": most_lines_first,
    "exact": exact,
    "exact_with_shadow_prices": exact_with_prices,
}


def run(*, seconds: float, connections: tuple[int, ...]) -> dict[str, Any]:
    """Pure arithmetic: no database, so that `seconds` and `connections` mean nothing here."""
    del seconds, connections
    return {
        "oracle": _beside_brute_force(with_bands=False),
        "oracle_with_weight_bands": _beside_brute_force(with_bands=True),
        "time_ms": {
            f"{nodes}_locations_{lines}_lines": _timed(nodes, lines, with_bands=False)
            for nodes, lines in ((3, 5), (8, 8), (NODES, LINES))
        },
        "time_with_weight_bands_ms": {
            f"{nodes}_locations_{lines}_lines": _timed(nodes, lines, with_bands=True)
            for nodes, lines in ((3, 5), (8, 8), (NODES, LINES))
        },
        "season": _seasons(),
    }


def _beside_brute_force(*, with_bands: bool) -> dict[str, int]:
    random = Random(1)  # noqa: S311  (the same instances in every run)
    equal = 0
    for _ in range(INSTANCES):
        problem = random_problem(random, with_bands=with_bands)
        plan = decide(problem).chosen
        priorities = {node.id: node.priority for node in problem.nodes}
        best = best_score(problem)
        mine = plan.score(problem.criteria, priorities)[: len(problem.criteria)] if plan else None
        equal += mine == best
    return {"instances": INSTANCES, "equal": equal}


def large_problem(random: Random, nodes: int, lines: int, *, with_bands: bool) -> Problem:
    """An order of many lines, each of which about half of the locations have."""
    bands = [
        (Band(2_000, low), Band(5_000, low + 250), Band(20_000, low + 700))
        if with_bands
        else (Band(10**6, low),)
        for low in (random.randint(350, 900) for _ in range(nodes))
    ]
    return Problem(
        items=tuple(
            Item(index, index, random.randint(1, 4), weight_g=random.randint(50, 900))
            for index in range(lines)
        ),
        nodes=tuple(
            Node(
                number,
                f"Place {number}",
                parcel=random.randint(100, 300),
                per_unit=random.randint(0, 60),
                bands=bands[number],
                is_late=random.random() < 0.1,
            )
            for number in range(nodes)
        ),
        free={
            (node, line): random.randint(1, 6)
            for node in range(nodes)
            for line in range(lines)
            if random.random() < 0.5
        },
    )


def _timed(nodes: int, lines: int, *, with_bands: bool, count: int = TIMED) -> dict[str, Any]:
    random = Random(nodes * 1000 + lines)  # noqa: S311  (the same instances in every run)
    took, worked, methods = [], [], set()
    for _ in range(count):
        problem = large_problem(random, nodes, lines, with_bands=with_bands)
        began, processor = time.perf_counter(), time.process_time()
        methods.add(decide(problem).method.value)
        took.append((time.perf_counter() - began) * 1000)
        worked.append((time.process_time() - processor) * 1000)
    took.sort()
    worked.sort()
    return {
        "p50": round(took[len(took) // 2], 2),
        "p99": round(took[int(len(took) * 0.99)], 2),
        "worst": round(took[-1], 2),
        "processor_p99": round(worked[int(len(worked) * 0.99)], 2),
        "methods": sorted(methods),
    }


def _seasons() -> dict[str, Any]:
    """Mean gap of each policy to the clairvoyant bound, in percent."""
    gaps: dict[str, list[float]] = {name: [] for name in POLICIES}
    for seed in range(SEEDS):
        season = draw(seed)
        bound = clairvoyant(season)
        for name, policy in POLICIES.items():
            gaps[name].append(100 * (total_cost(season, policy) / bound - 1))
    means = {name: round(mean(found), 2) for name, found in gaps.items()}
    return {
        "seeds": SEEDS,
        "mean_gap_percent": means,
        "exact_to_priority_list": round(means["exact"] / means["priority_list"], 3),
        "with_prices_to_exact": round(means["exact_with_shadow_prices"] / means["exact"], 3),
    }
