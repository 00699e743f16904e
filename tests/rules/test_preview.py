"""Previews: they say what a run then does, thing by thing, in a constant number of queries."""

import pytest

from core import outbox
from core.jobs import run_here
from core.models import RuleRun, RunOutcome
from core.rules import keeping, previewing
from core.rules.registry import readers_of
from orders.models import Order
from tests.cast import NOON, make_customer
from tests.rules.writing import cond, group, over, says, write

pytestmark = pytest.mark.django_db

MIXED = says(
    group("any", over("50"), cond("order.tags", "is", "vip")),
    group("same", cond("line.sku", "is", "MUG"), cond("line.quantity", "over", "1")),
    cond("customer.first", "yes"),
)


def many_orders(shop) -> list[Order]:
    shop.stock(shop.mug, 100)
    shop.stock(shop.lamp, 100)
    buyers = [make_customer(f"Buyer {n}", f"b{n}@example.com") for n in range(3)]
    return [
        shop.order(
            (shop.mug, 1 + n % 3, "20.00"),
            *([(shop.lamp, 1)] if n % 2 else []),
            tags=("vip",) if n % 4 == 0 else (),
            customer_id=buyers[n % 3].pk,
            is_historical=n == 8,
        )
        for n in range(9)
    ]


def test_the_preview_is_what_then_runs(shop):
    orders = many_orders(shop)
    outbox.drain()
    rule = keeping.add_rule(name="Mixed", definition=MIXED, now=NOON)
    foretold = previewing.preview(MIXED, rule=rule, now=NOON)
    assert {one.subject_id for one in foretold.verdicts} == {order.pk for order in orders}
    assert 0 < len(foretold.matching) < len(orders)
    job = run_here("core.run_rule", params={"rule_id": rule.pk})
    assert job.last_error == ""
    ran = {run.subject_id: (run.outcome, run.why) for run in RuleRun.objects.filter(rule=rule)}
    assert ran == {
        one.subject_id: (RunOutcome.DONE if one.runs else RunOutcome.SKIPPED, one.why)
        for one in foretold.verdicts
    }
    tagged = Order.objects.filter(tags__contains=["large"]).values_list("pk", flat=True)
    assert set(tagged) == {one.subject_id for one in foretold.matching}


def test_the_preview_is_what_events_then_start(shop):
    """The same orders, judged before and after the outbox hands their events to the rule."""
    rule = write("Mixed", *MIXED.conditions.parts)
    orders = many_orders(shop)
    foretold = previewing.preview(MIXED, rule=rule, now=NOON)
    outbox.drain()
    assert {
        run.subject_id: (run.outcome == RunOutcome.DONE, run.why)
        for run in RuleRun.objects.filter(rule=rule)
    } == {one.subject_id: (one.runs, one.why) for one in foretold.verdicts}
    again = previewing.preview(MIXED, rule=rule, now=NOON)
    assert again.matching == []
    assert len(again.verdicts) == len(orders)


def test_the_job_looks_at_all_of_it_and_says_why(shop):
    many_orders(shop)
    rule = write("Mixed", *MIXED.conditions.parts, on=False)
    job = run_here("core.preview_rule", params={"rule_id": rule.pk})
    foretold = previewing.preview(MIXED, rule=rule, now=NOON)
    assert job.summary == f"It would run for {len(foretold.matching)} of 9 orders."
    assert {row.key: row.message for row in job.results.all()} == {
        str(one.subject_id): "It would run." if one.runs else f"Skipped. {one.why}"
        for one in foretold.verdicts
    }
    assert not RuleRun.objects.exists()


@pytest.mark.parametrize("count", [1, 9])
def test_reading_takes_as_many_queries_for_one_as_for_many(shop, count, django_assert_num_queries):
    ids = [order.pk for order in many_orders(shop)][:count]
    every = says(*(_asked(code) for code in readers_of("order")))
    with django_assert_num_queries(QUERIES):
        verdicts = previewing.verdicts_of(every, ids, rule=None, now=NOON)
    assert len(verdicts) == count


QUERIES = 9


def _asked(code: str):
    reader = readers_of("order")[code]
    ops = {
        "text": ("is", "x"),
        "number": ("over", "1"),
        "money": ("over", "1"),
        "day": ("filled",),
        "choice": ("one_of", "x"),
        "flag": ("yes",),
    }
    op, *values = ops[reader.kind]
    return cond(code, op, *values, currency="EUR")
