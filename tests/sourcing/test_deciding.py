"""The decision where to send from: as good as brute force, and indifferent to what must not matter."""

from dataclasses import replace
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oms.bench.brute_force import best_score, random_problem
from oms.bench.sourcing import large_problem
from orders.sourcing import Band, Criterion, Item, Method, Node, Problem, decide
from orders.sourcing.choosing import BY_TURN, LOOKED_AT, _ranked, sound_criteria
from orders.sourcing.pricing import priced
from orders.sourcing.weighing import Weigher, all_sets

PLENTY = 30.0
UNBOUND = (Criterion.PROMISE, Criterion.FILL, Criterion.COST)


def score_of(problem: Problem) -> tuple[int, ...] | None:
    plan = decide(problem, seconds=PLENTY).chosen
    if plan is None:
        return None
    priorities = {node.id: node.priority for node in problem.nodes}
    return plan.score(problem.criteria, priorities)[: len(problem.criteria)]


@pytest.mark.parametrize("seed", range(20))
def test_the_decision_is_as_good_as_brute_force(seed):
    random = Random(seed)
    for _ in range(30):
        problem = random_problem(random)
        assert score_of(problem) == best_score(problem), problem


@pytest.mark.parametrize("seed", range(20))
def test_with_weight_bands_it_is_as_good_as_brute_force(seed):
    random = Random(1000 + seed)
    for _ in range(30):
        problem = random_problem(random, with_bands=True)
        assert score_of(problem) == best_score(problem), problem


@given(seed=st.integers(0, 10**6), data=st.data(), with_bands=st.booleans())
@settings(max_examples=150, deadline=None)
def test_it_is_as_good_in_whatever_order_the_criteria_count(seed, data, with_bands):
    criteria = data.draw(st.permutations(list(Criterion)).map(tuple))
    problem = random_problem(Random(seed), with_bands=with_bands)
    problem = replace(problem, criteria=sound_criteria(criteria[: data.draw(st.integers(1, 6))]))
    assert score_of(problem) == best_score(problem)


@pytest.mark.parametrize("seed", range(4))
def test_large_orders_with_weight_bands_are_proved(seed):
    problem = large_problem(Random(seed), 20, 20, with_bands=True)
    decision = decide(problem, seconds=PLENTY)
    assert decision.method == Method.EXACT
    assert decision.chosen.cost <= min(plan.cost for plan in decision.alternatives)


def test_what_cannot_be_looked_at_in_time_is_not_called_exact():
    problem = large_problem(Random(7), 20, 20, with_bands=True)
    decision = decide(problem, seconds=0)
    assert decision.method == Method.GREEDY
    assert decision.chosen.units_missing == decide(problem, seconds=PLENTY).chosen.units_missing


def test_lines_of_hundreds_of_units_are_split_over_bands_too():
    light, dear = (Band(1_000, 500), Band(30_000, 900)), (Band(2_000, 700), Band(30_000, 2500))
    problem = Problem(
        items=(Item(0, 7, 300, weight_g=20), Item(1, 8, 200, weight_g=10)),
        nodes=(Node(1, "Dallas", bands=light, per_unit=4), Node(2, "Reno", bands=dear, per_unit=1)),
        free={(1, 7): 300, (1, 8): 40, (2, 7): 250, (2, 8): 200},
    )
    plan = decide(problem, seconds=PLENTY).chosen
    assert (plan.units_missing, plan.node_ids) == (0, (1, 2))
    assert plan.cost == min(
        _cost_of(problem, mugs, lamps) for mugs in range(50, 301) for lamps in range(41)
    )


@pytest.mark.parametrize(
    ("worth", "label"),
    [({}, "Handling of units"), ({(1, 7): 5}, "Handling of units and worth of stock")],
)
def test_the_worth_of_stock_is_named_only_where_it_counts(worth, label):
    problem = Problem(
        items=(Item(0, 7, 3),),
        nodes=(Node(1, "Dallas", per_unit=4),),
        free={(1, 7): 3},
        worth=worth,
    )
    plan = decide(problem).chosen
    assert [one.label for one in plan.cost_lines][1:] == [label]
    assert priced(problem, plan.takes).cost_lines == plan.cost_lines


def _cost_of(problem: Problem, mugs: int, lamps: int) -> int:
    """When the first node sends so many of either, and the second all others."""
    first, second = problem.nodes
    units = first.per_unit * (mugs + lamps) + second.per_unit * (500 - mugs - lamps)
    rest = (300 - mugs) * 20 + (200 - lamps) * 10
    return units + first.freight(mugs * 20 + lamps * 10) + second.freight(rest)


@given(seed=st.integers(0, 10**6))
@settings(max_examples=150, deadline=None)
def test_no_plan_sends_what_is_not_there_or_not_wanted(seed):
    problem = random_problem(Random(seed), with_bands=True)
    decision = decide(problem)
    for plan in (decision.chosen, *decision.alternatives):
        if plan is None:
            continue
        taken: dict[tuple[int, int], int] = {}
        for take in plan.takes:
            item = next(one for one in problem.items if one.index == take.index)
            assert not item.only_from or take.node_id in item.only_from
            key = take.node_id, item.variant_id
            taken[key] = taken.get(key, 0) + take.units
        assert all(units <= problem.free[key] for key, units in taken.items())
        for item in problem.items:
            assert sum(t.units for t in plan.takes if t.index == item.index) <= item.units
        assert plan.parcels <= problem.most_parcels
        assert plan.cost == sum(line.amount for line in plan.cost_lines)


@given(seed=st.integers(0, 10**6), data=st.data())
@settings(max_examples=100, deadline=None)
def test_the_order_of_lines_and_nodes_changes_nothing(seed, data):
    problem = random_problem(Random(seed))
    turned = replace(
        problem,
        items=tuple(data.draw(st.permutations(problem.items))),
        nodes=tuple(data.draw(st.permutations(problem.nodes))),
    )
    first, second = decide(problem), decide(turned)
    assert second == first
    assert (second.why, second.skipped) == (first.why, first.skipped)


@given(seed=st.integers(0, 10**6))
@settings(max_examples=100, deadline=None)
def test_more_stock_never_makes_it_worse_and_one_location_fewer_never_better(seed):
    problem = replace(random_problem(Random(seed)), criteria=UNBOUND)
    richer = replace(problem, free={key: units + 2 for key, units in problem.free.items()})
    assert _no_worse(score_of(richer), score_of(problem))
    if len(problem.nodes) > 1:
        poorer = replace(problem, nodes=problem.nodes[1:])
        assert _no_worse(score_of(problem), score_of(poorer))


def _no_worse(one, other) -> bool:
    return other is None or (one is not None and one <= other)


def test_a_decision_can_be_reached_again_from_what_was_stored():
    problem = random_problem(Random(5), with_bands=True)
    assert decide(Problem.from_json(problem.as_json())) == decide(problem)


# --- what people read -------------------------------------------------------------------------

DALLAS, RENO, STORE = (
    Node(1, "Dallas", parcel=150, bands=(Band(2000, 590), Band(10_000, 890)), priority=1),
    Node(2, "Reno", parcel=120, bands=(Band(2000, 490),), priority=2),
    Node(3, "Store", parcel=300, bands=(Band(2000, 490),), priority=3),
)


def order(free, **more) -> Problem:
    items = (Item(0, 7, 3, weight_g=300), Item(1, 8, 2, weight_g=200))
    return Problem(items=items, nodes=(DALLAS, RENO, STORE), free=free, currency="USD", **more)


def test_one_parcel_that_has_all_beats_two_and_says_so():
    decision = decide(order({(1, 7): 5, (1, 8): 5, (2, 7): 3, (3, 8): 9}))
    assert decision.chosen is not None
    assert decision.chosen.node_ids == (1,)
    assert decision.method == Method.EXACT
    assert decision.why == (
        "Dallas sends all in one parcel for US$7.40; Reno and Store would cost US$6.60 more."
    )
    assert dict(decision.skipped) == {2: "Reno has 3 of 5", 3: "Store has 2 of 5"}
    assert [line.label for line in decision.chosen.cost_lines] == ["Parcel from Dallas, 1300 g"]


def test_what_must_leave_whole_waits_when_no_few_locations_have_it():
    decision = decide(order({(1, 7): 2, (2, 8): 2}, is_complete=True))
    assert decision.chosen is None
    assert decision.why.startswith("No location, and no few of them together, has all of it")


def test_nothing_anywhere_is_said():
    assert decide(order({})).why == "No location that may send has any of it."


def test_what_comes_late_counts_behind_what_is_dearer():
    late = replace(DALLAS, is_late=True)
    problem = replace(
        order({(1, 7): 5, (1, 8): 5, (3, 7): 5, (3, 8): 5}), nodes=(late, RENO, STORE)
    )
    assert decide(problem).chosen.node_ids == (3,)


def test_the_channels_own_order_can_count_before_cost():
    problem = order(
        {(1, 7): 5, (1, 8): 5, (3, 7): 5, (3, 8): 5},
        criteria=(Criterion.FILL, Criterion.PRIORITY, Criterion.COST),
    )
    assert decide(problem).chosen.node_ids == (1,)


def test_beyond_the_heaviest_band_it_is_several_parcels_of_it():
    heavy = Node(1, "Yard", bands=(Band(1000, 500), Band(5000, 900)))
    assert [heavy.freight(grams) for grams in (0, 1000, 1001, 5000, 5001, 10_001)] == [
        500, 500, 900, 900, 1400, 2300,
    ]  # fmt: skip


def test_many_locations_are_searched_within_the_time():
    random = Random(3)
    nodes = tuple(
        Node(number, f"Place {number}", parcel=random.randint(100, 900)) for number in range(60)
    )
    items = tuple(Item(index, index, 2) for index in range(20))
    free = {
        (node.id, item.variant_id): random.randint(0, 3)
        for node in nodes
        for item in items
        if random.random() < 0.4
    }
    decision = decide(Problem(items=items, nodes=nodes, free=free, most_parcels=6))
    assert decision.method == Method.GREEDY
    assert decision.chosen.parcels <= 6
    assert decision.chosen.units_missing == 0


@given(seed=st.integers(0, 10**6), nodes=st.integers(1, 7))
@settings(max_examples=150, deadline=None)
def test_the_short_ways_give_what_weighing_every_set_gives(seed, nodes):
    random = Random(seed)
    problem = Problem(
        items=tuple(Item(index, index % 3, random.randint(1, 3)) for index in range(3)),
        nodes=tuple(
            Node(pk, f"Place {pk}", priority=random.randint(0, 3), is_late=random.random() < 0.2)
            for pk in range(nodes)
        ),
        free={(pk, one): random.choice((0, 2, 9, 9)) for pk in range(nodes) for one in range(3)},
        most_parcels=random.randint(1, 4),
        is_complete=random.random() < 0.3,
        criteria=BY_TURN,
    )
    weigher = Weigher(problem)
    sets = all_sets(nodes, min(nodes, problem.most_parcels))
    plans = [weigher.plan_of(sets[row]) for row in weigher.best(sets, LOOKED_AT)]
    full = [one for one in plans if one.takes and not (problem.is_complete and one.units_missing)]
    decision = decide(problem)
    found = [decision.chosen, *decision.alternatives] if decision.chosen else []
    assert found == _ranked(problem, full)[:3]


def test_an_order_is_split_where_two_light_parcels_cost_less_than_a_heavy_one():
    heavy = replace(order({(1, 7): 5, (1, 8): 5, (2, 7): 5, (2, 8): 5}), items=(
        Item(0, 7, 5, weight_g=900), Item(1, 8, 3, weight_g=200),
    ))  # fmt: skip
    decision = decide(heavy)
    assert (decision.method, decision.chosen.node_ids) == (Method.EXACT, (1,))
    steep = (Band(3000, 100), Band(10_000, 5000))
    steps = replace(heavy, nodes=(replace(DALLAS, bands=steep), replace(RENO, bands=steep)))
    decision = decide(steps)
    assert (decision.method, decision.chosen.cost) == (Method.EXACT, 470)
