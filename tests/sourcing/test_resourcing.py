"""Deciding again, by itself and by hand: what moves, what stays, and that nothing is sold twice."""

from datetime import timedelta
from decimal import Decimal
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.invariants import audit
from core.models import StoredFact
from inventory.models import Allocation
from oms.bench.brute_force import random_problem
from orders.drafts import WhenShort
from orders.errors import CannotFulfil, CannotSource
from orders.models import Order, SendingTerms, SourcingDecision
from orders.services import (
    merge_orders,
    override_sourcing,
    resource_order,
    resource_orders,
    split_order,
    start_work,
)
from orders.sourcing import Problem, decide
from orders.sourcing.pricing import priced
from orders.states import PaymentTerms
from tests.cast import NOON, make_company_buyer, pay
from tests.races import together
from tests.sourcing.test_placing import places_of, rule, terms

LATER = NOON + timedelta(hours=1)


@given(seed=st.integers(0, 10**6))
@settings(max_examples=100, deadline=None)
def test_a_plan_priced_by_its_takes_is_the_plan(seed):
    problem = random_problem(Random(seed), with_bands=True)
    if any(item.group for item in problem.items):
        return
    decision = decide(problem)
    for plan in (decision.chosen, *decision.alternatives):
        if plan:
            again = priced(problem, plan.takes)
            assert (again.cost, again.units_sent, again.units_late, again.node_ids) == (
                plan.cost,
                plan.units_sent,
                plan.units_late,
                plan.node_ids,
            )
            assert again.cost_lines == plan.cost_lines


@pytest.fixture
def split(shop):
    """A paid order that had to be sent from two places, and goods that came since."""
    shop.stock(shop.mug, 5)
    shop.stock(shop.lamp, 5, shop.store)
    order = pay(shop.order((shop.mug, 2), (shop.lamp, 1)))
    shop.stock(shop.lamp, 5)
    return order


@pytest.mark.django_db
def test_goods_that_came_bring_an_order_into_one_parcel(shop, split):
    assert places_of(split) == {"Berlin": 2, "Munich store": 1}
    row = resource_order(order_id=split.pk, now=LATER)
    assert places_of(split) == {"Berlin": 3}
    assert [(one.cause, one.pk == row.pk) for one in split.sourcing_decisions.all()] == [
        ("re-sourced", True),
        ("placed", False),
    ]
    told = [(one.location.name, one.state) for one in split.fulfilments.order_by("pk")]
    assert told == [("Berlin", "cancelled"), ("Munich store", "cancelled"), ("Berlin", "ready")]
    assert StoredFact.objects.get(name="orders.OrderSourcedAgain").sentence == (
        f"Decided again where it is sent from: {row.why}"
    )
    assert shop.level(shop.lamp, shop.store).allocated == 0
    assert audit() == []


@pytest.mark.django_db
def test_merged_orders_are_decided_as_one(shop, split):
    other = pay(shop.order((shop.mug, 1)))
    merge_orders(order_id=split.pk, other_ids=[other.pk], now=LATER)
    row = split.sourcing_decisions.first()
    assert places_of(split) == {"Berlin": 4}
    assert (row.cause, row.method, sum(units for _, _, units in row.taken)) == (
        "merged",
        "exact",
        4,
    )
    assert row.why.startswith("Berlin sends all in one parcel")
    assert audit() == []


@pytest.mark.django_db
def test_a_merged_order_that_stays_where_it_is_says_so_too(shop):
    shop.stock(shop.mug, 5)
    kept, other = pay(shop.order((shop.mug, 2))), pay(shop.order((shop.mug, 1)))
    merge_orders(order_id=kept.pk, other_ids=[other.pk], now=LATER)
    row = kept.sourcing_decisions.first()
    berlin = shop.warehouse.pk
    assert (row.cause, row.taken) == ("merged", [[2, berlin, 1]])
    assert row.plans[0]["takes"] == [[1, berlin, 2], [2, berlin, 1]]
    assert not StoredFact.objects.filter(name="orders.OrderSourcedAgain").exists()
    assert decide(Problem.from_json(row.inputs)).chosen.as_json() == row.plans[0]


@pytest.mark.django_db
def test_what_was_chosen_by_hand_stays_when_orders_are_merged(shop):
    shop.stock(shop.mug, 5)
    shop.stock(shop.mug, 5, shop.store)
    kept, other = pay(shop.order((shop.mug, 2))), pay(shop.order((shop.mug, 1)))
    line = other.lines.get()
    override_sourcing(
        order_id=other.pk, places={line.pk: shop.store.pk}, reason="Show piece", now=LATER
    )
    merge_orders(order_id=kept.pk, other_ids=[other.pk], now=LATER)
    row = kept.sourcing_decisions.first()
    assert places_of(kept) == {"Berlin": 2, "Munich store": 1}
    assert (row.cause, row.method, row.reason) == ("overridden", "hand", "Show piece")
    assert resource_orders(since=NOON, now=LATER) == 0


@pytest.mark.django_db
def test_what_is_split_off_has_a_decision_of_its_own(shop, split):
    mug, lamp = split.lines.all()
    part = split_order(order_id=split.pk, units={lamp.pk: 1, mug.pk: 1}, now=LATER)
    row = part.sourcing_decisions.get()
    assert (row.cause, row.why.split(";")[0]) == ("split", "Berlin sends all in one parcel")
    assert (places_of(split), places_of(part)) == ({"Berlin": 1}, {"Berlin": 2})
    assert audit() == []


@pytest.mark.django_db
def test_what_is_no_better_stays(shop):
    shop.stock(shop.mug, 5)
    order = shop.order((shop.mug, 2))
    shop.stock(shop.mug, 5, shop.store)
    version = Order.objects.get(pk=order.pk).version
    assert resource_order(order_id=order.pk, now=LATER) is None
    assert Order.objects.get(pk=order.pk).version == version
    assert SourcingDecision.objects.count() == 1


@pytest.mark.django_db
def test_a_cheaper_place_is_taken_when_its_terms_say_so(shop):
    shop.stock(shop.mug, 5)
    shop.stock(shop.mug, 5, shop.store)
    order = shop.order((shop.mug, 2))
    terms(shop.warehouse, "4.00")
    terms(shop.store, "1.00")
    row = resource_order(order_id=order.pk, now=LATER)
    assert places_of(order) == {"Munich store": 2}
    assert row.why.startswith("Munich store sends all in one parcel for €1.00")


@pytest.mark.django_db
def test_what_is_being_picked_stays_where_it_is(shop, split):
    berlin = split.fulfilments.get(location=shop.warehouse)
    start_work(fulfilment_id=berlin.pk, now=LATER)
    assert resource_order(order_id=split.pk, now=LATER) is None
    terms(shop.warehouse, "1.00")
    terms(shop.store, "5.00")
    row = resource_order(order_id=split.pk, now=LATER)
    assert places_of(split) == {"Berlin": 3}
    assert row.taken == [[2, shop.warehouse.pk, 1]]
    berlin.refresh_from_db()
    assert berlin.state == "picking"
    for one in split.fulfilments.filter(state="ready"):
        start_work(fulfilment_id=one.pk, now=LATER)
    with pytest.raises(CannotSource):
        resource_order(order_id=split.pk, now=LATER)
    assert audit() == []


@pytest.mark.django_db
def test_nobody_who_waits_longer_is_overtaken(shop):
    first = shop.order((shop.mug, 5), when_short=WhenShort.BACKORDER)
    second = shop.order((shop.mug, 2), when_short=WhenShort.BACKORDER)
    shop.stock(shop.mug, 3)
    with pytest.raises(CannotSource):
        resource_order(order_id=second.pk, now=LATER)
    assert (places_of(first), places_of(second)) == ({"Berlin": 3}, {})


@pytest.mark.django_db
def test_staff_send_it_from_elsewhere_with_a_reason(shop):
    shop.stock(shop.mug, 5)
    shop.stock(shop.mug, 5, shop.store)
    order = pay(shop.order((shop.mug, 2)))
    line = order.lines.get()
    row = override_sourcing(
        order_id=order.pk,
        places={line.pk: shop.store.pk},
        reason="The customer collects the rest there",
        now=LATER,
    )
    assert places_of(order) == {"Munich store": 2}
    assert (row.cause, row.method, row.reason) == (
        "overridden",
        "hand",
        "The customer collects the rest there",
    )
    assert (
        row.why
        == "By choice: Munich store sends all in one parcel; Berlin comes later in the channel’s order."
    )
    assert order.fulfilments.get(state="ready").location == shop.store
    assert resource_orders(since=NOON, now=LATER) == 0
    override_sourcing(order_id=order.pk, plan=1, reason="Back again", now=LATER)
    assert places_of(order) == {"Berlin": 2}
    assert audit() == []


@pytest.mark.django_db
def test_choices_that_cannot_be_are_refused_with_what_to_do(shop):
    shop.stock(shop.mug, 5)
    shop.stock(shop.mug, 1, shop.store)
    order = shop.order((shop.mug, 2))
    line = order.lines.get()

    def refusal(**choice) -> tuple[str, str]:
        with pytest.raises(CannotSource) as refused:
            override_sourcing(order_id=order.pk, now=LATER, **{"reason": "x", **choice})
        return refused.value.field, refused.value.message

    there = {line.pk: shop.store.pk}
    assert refusal(places=there, reason=" ")[0] == "reason"
    assert refusal(places=there) == (
        f"line-{line.pk}",
        "MUG: 1 units could be sent from there, 2 are set aside now; choose a location that has"
        " them.",
    )
    assert refusal(plan=7)[0] == "plan"
    shop.stock(shop.mug, 5, shop.store)
    SendingTerms.objects.create(location=shop.store, countries=["CH"], per_unit=Decimal(0))
    assert refusal(places=there)[1] == (
        "Munich store does not send to DE; choose another location."
    )
    assert places_of(order) == {"Berlin": 2}


@pytest.mark.django_db
def test_the_schedule_finds_the_orders_for_which_something_changed(shop, split):
    shop.stock(shop.shirt, 1)
    calm = shop.order((shop.shirt, 1))
    assert resource_orders(since=NOON, now=LATER) == 1
    assert (places_of(split), places_of(calm)) == ({"Berlin": 3}, {"Berlin": 1})
    assert resource_orders(since=NOON, now=LATER) == 0


@pytest.mark.django_db
def test_rules_count_when_it_is_decided_again(shop, split):
    rule(places="only", locations=[shop.warehouse])
    resource_order(order_id=split.pk, now=LATER)
    assert places_of(split) == {"Berlin": 3}


@pytest.mark.django_db(transaction=True)
def test_deciding_again_and_picking_at_once_do_not_meet(shop):
    shop.stock(shop.mug, 5)
    shop.stock(shop.lamp, 5, shop.store)
    order = pay(shop.order((shop.mug, 2), (shop.lamp, 1)))
    shop.stock(shop.lamp, 5)
    at_store = order.fulfilments.get(location=shop.store).pk
    results = together(
        lambda: resource_order(order_id=order.pk, now=LATER),
        lambda: start_work(fulfilment_id=at_store, now=LATER),
    )
    picked = not isinstance(results[1], CannotFulfil)
    assert places_of(order) == ({"Berlin": 2, "Munich store": 1} if picked else {"Berlin": 3})
    assert audit() == []


@pytest.mark.django_db(transaction=True)
def test_deciding_again_for_two_at_once_never_sells_twice(shop):
    shop.stock(shop.mug, 4)
    shop.stock(shop.lamp, 4, shop.store)
    buyer = make_company_buyer(limit="5000")
    orders = [
        shop.order(
            (shop.mug, 2), (shop.lamp, 2), customer_id=buyer.pk, payment_terms=PaymentTerms.NET
        )
        for _ in range(2)
    ]
    shop.stock(shop.lamp, 2)
    together(*(lambda pk=one.pk: resource_order(order_id=pk, now=LATER) for one in orders))
    held = Allocation.objects.filter(level__location=shop.warehouse, level__variant=shop.lamp)
    assert sum(row.open for row in held) == 2
    assert sorted(places_of(one).get("Berlin", 0) for one in orders) == [2, 4]
    assert audit() == []
