"""Brute force for sourcing: every way of spreading an order's units over its nodes, in plain Python.

It shares no line with orders.sourcing but the shape of the problem, so that it can judge it.
"""

from collections.abc import Iterator, Sequence
from itertools import product
from random import Random

from orders.sourcing import Band, Criterion, Item, Node, Problem

Spread = tuple[int, ...]


def best_score(problem: Problem) -> tuple[int, ...] | None:
    """The score of the best plan of all; None when nothing can be sent."""
    wanted: dict[int, int] = {}
    for item in problem.items:
        wanted[item.variant_id] = wanted.get(item.variant_id, 0) + item.units
    nodes = sorted(problem.nodes, key=lambda node: node.id)
    variants = sorted(wanted)
    spreads = [list(_spreads(problem, nodes, variant, wanted[variant])) for variant in variants]
    best = None
    for chosen in product(*spreads):
        score = _score(problem, nodes, variants, wanted, chosen)
        if score is not None and (best is None or score < best):
            best = score
    return best


def _spreads(
    problem: Problem, nodes: Sequence[Node], variant: int, wanted: int
) -> Iterator[Spread]:
    """Every number of units from each node, within what it has and what is wanted in all."""
    limits = []
    for node in nodes:
        pieces = [item for item in problem.items if item.variant_id == variant]
        barred = any(item.only_from and node.id not in item.only_from for item in pieces)
        limits.append(0 if barred else min(wanted, problem.free.get((node.id, variant), 0)))
    for units in product(*(range(limit + 1) for limit in limits)):
        if sum(units) <= wanted:
            yield units


def _are_whole(
    groups: dict[int, str],
    variants: Sequence[int],
    wanted: dict[int, int],
    chosen: Sequence[Spread],
) -> bool:
    """Whether each group leaves from one node, or not at all."""
    whole: dict[str, set[Spread]] = {}
    for variant, units in zip(variants, chosen, strict=True):
        if group := groups.get(variant):
            senders = [place for place, count in enumerate(units) if count]
            if len(senders) > 1 or sum(units) not in (0, wanted[variant]):
                return False
            whole.setdefault(group, set()).add(tuple(senders))
    return all(len(senders) == 1 for senders in whole.values())


def _used_up(
    problem: Problem, node: Node, variant: int, wanted: dict[int, int], *, count: int
) -> int:
    """Thousandths of the node's free stock; a group counts by its scarcest variant, and once."""
    groups = _groups(problem)
    group = groups.get(variant)
    if not group:
        return count * (1000 // problem.free[node.id, variant])
    together = sorted(one for one, name in groups.items() if name == group)
    if variant != together[0]:
        return 0
    scarcest = min(problem.free[node.id, one] for one in together)
    return sum(wanted[one] for one in together) * 1000 // scarcest


def _groups(problem: Problem) -> dict[int, str]:
    return {item.variant_id: item.group for item in problem.items if item.group}


def _score(
    problem: Problem,
    nodes: Sequence[Node],
    variants: Sequence[int],
    wanted: dict[int, int],
    chosen: Sequence[Spread],
) -> tuple[int, ...] | None:
    used = sorted({place for units in chosen for place, count in enumerate(units) if count})
    sent = sum(map(sum, chosen))
    missing = sum(wanted.values()) - sent
    if not used or len(used) > problem.most_parcels or (problem.is_complete and missing):
        return None
    if not _are_whole(_groups(problem), variants, wanted, chosen):
        return None
    weights = {item.variant_id: item.weight_g for item in problem.items}
    grams = dict.fromkeys(used, 0)
    cost = late = balance = 0
    for variant, units in zip(variants, chosen, strict=True):
        for place, count in ((place, count) for place, count in enumerate(units) if count):
            node = nodes[place]
            grams[place] += count * weights[variant]
            cost += count * (node.per_unit + problem.worth.get((node.id, variant), 0))
            late += count * node.is_late
            balance += _used_up(problem, node, variant, wanted, count=count)
    cost += sum(nodes[place].parcel + _freight(nodes[place].bands, grams[place]) for place in used)
    values = {
        Criterion.PROMISE: missing + late,
        Criterion.FILL: missing,
        Criterion.COST: cost,
        Criterion.BALANCE: balance,
        Criterion.PARCELS: len(used),
        Criterion.PRIORITY: sum(nodes[place].priority for place in used),
    }
    return tuple(values[one] for one in problem.criteria)


def _freight(bands: Sequence[Band], grams: int) -> int:
    cost = 0
    while bands and grams > bands[-1].up_to_g:
        cost += bands[-1].cost
        grams -= bands[-1].up_to_g
    return cost + next((band.cost for band in bands if grams <= band.up_to_g), 0)


def random_problem(random: Random, *, with_bands: bool = False) -> Problem:
    """A small order with everything that can be the matter with one."""
    nodes = tuple(
        Node(
            id=number,
            name=f"Place {number}",
            parcel=random.randint(0, 900),
            per_unit=random.randint(0, 60),
            bands=_bands(random) if with_bands else (Band(10**6, random.randint(300, 900)),),
            is_late=random.random() < 0.25,
            priority=random.randint(0, 3),
        )
        for number in random.sample(range(1, 40), random.randint(1, 4))
    )
    variants = random.sample(range(1, 20), random.randint(1, 3))
    weights = {variant: random.choice((0, 80, 400, 900)) for variant in variants}
    group = "set" if random.random() < 0.25 else ""
    items = tuple(
        Item(
            index=index,
            variant_id=variant,
            units=random.randint(1, 3 if variant not in variants[:1] else 2),
            weight_g=weights[variant],
            group=group if index < 2 else "",
            only_from=frozenset([random.choice(nodes).id])
            if random.random() < 0.1
            else frozenset(),
        )
        for index, variant in enumerate(
            [*variants, *(variants[:1] if random.random() < 0.3 else ())]
        )
    )
    free = {
        (node.id, variant): random.randint(0, 4)
        for node in nodes
        for variant in variants
        if random.random() < 0.8
    }
    worth = {key: random.randint(0, 80) for key in free if random.random() < 0.3}
    return Problem(
        items=items,
        nodes=nodes,
        free=free,
        worth=worth,
        most_parcels=random.randint(1, 4),
        is_complete=random.random() < 0.2,
    )


def _bands(random: Random) -> tuple[Band, ...]:
    limits = sorted(random.sample(range(200, 4000, 100), random.randint(1, 3)))
    costs = sorted(random.randint(200, 2000) for _ in limits)
    return tuple(Band(limit, cost) for limit, cost in zip(limits, costs, strict=True))
