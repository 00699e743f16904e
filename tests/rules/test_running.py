"""The engine: what starts a rule, in which order, how often, and what is told of it."""

from decimal import Decimal

import pytest
from django.db import transaction

from core import attention, outbox
from core.models import (
    AttentionItem,
    Delivery,
    Rule,
    RuleRun,
    RunOutcome,
    StoredFact,
    WebhookDelivery,
)
from core.rules import keeping, reading, running, telling
from core.webhooks import endpoints
from orders.models import Order
from orders.services import add_note, set_tags
from tests.cast import NOON
from tests.rules.writing import PLACED, TAG, cond, over, says, step, write

pytestmark = pytest.mark.django_db


def place(shop, *lines, **more) -> Order:
    order = shop.order(*(lines or ((shop.mug, 2, "60.00"),)), **more)
    outbox.drain()
    order.refresh_from_db()
    return order


def runs(order) -> list[tuple[str, str]]:
    told = RuleRun.objects.filter(subject_id=order.pk).order_by("rule__position")
    return [(run.rule.name, run.outcome) for run in told]


@pytest.fixture
def stocked(shop):
    shop.stock(shop.mug, 50)
    return shop


def test_without_an_active_rule_nothing_is_queued_for_the_engine(stocked):
    write(on=False)
    stocked.order((stocked.mug, 1))
    assert not Delivery.objects.filter(handler="core.handlers.run_rules").exists()


def test_a_rule_runs_after_the_commit_as_itself_and_says_what_it_did(stocked):
    rule = write("Large orders", over("100"))
    order = place(stocked)
    assert order.tags == ["large"]
    fact = StoredFact.objects.get(name="orders.OrderTagged")
    assert (fact.actor_kind, fact.actor_key, fact.actor_label) == (
        "rule",
        str(rule.pk),
        "Rule “Large orders”",
    )
    assert fact.chain == [rule.pk]
    run = RuleRun.objects.get()
    assert (run.outcome, run.effects, run.label) == ("done", ["Tagged large"], order.number)
    assert run.reasons == [
        {"words": "Total is over 100 EUR", "found": "€120.00 EUR", "is_met": True}
    ]
    assert run.fact.name == PLACED


def test_what_does_not_meet_the_conditions_is_skipped_and_why_is_told(stocked):
    write("Large orders", over("1000"), cond("line.sku", "begins", "LAMP", which="all"))
    order = place(stocked)
    assert order.tags == []
    run = RuleRun.objects.get()
    assert run.outcome == RunOutcome.SKIPPED
    assert run.why == (
        "Not met: Total is over 1000 EUR (found: €120.00 EUR);"
        " Every line: SKU begins with LAMP (found: MUG)"
    )


@pytest.mark.parametrize("is_met", [True, False])
def test_a_run_keeps_nothing_that_is_personal(stocked, is_met):
    parts = (
        cond("customer.email", "contains", "ada@" if is_met else "eve@"),
        cond("customer.name", "begins", "Ada" if is_met else "Eve"),
        cond("shipping.town", "is_not", "Rome"),
        cond("shipping.country", "one_of", "DE"),
    )
    rule = write("Who it is", *parts)
    place(stocked)
    run = RuleRun.objects.get()
    hidden = "not kept, it is personal"
    assert [(one["words"], one["found"]) for one in run.reasons] == [
        ("E-mail contains …", hidden),
        ("Name begins with …", hidden),
        ("Town is not …", hidden),
        ("Country is one of Germany", "Germany"),
    ]
    assert (run.outcome == "done", "ada" in run.why.casefold()) == (is_met, False)
    told = telling.conditions(keeping.definition_of(rule)).parts
    assert told[0] == f"E-mail contains {'ada@' if is_met else 'eve@'}"


def test_told_twice_a_rule_acts_once(stocked):
    write("Note it", then=[step("orders.note", kind="staff", text="Look")], is_once=False)
    order = place(stocked)
    fact = StoredFact.objects.get(name=PLACED)
    running.run_for_fact(fact)
    running.run_for_fact(fact)
    assert order.notes.count() == 1
    assert RuleRun.objects.count() == 1


def test_once_is_once_for_each_order_however_often_it_happens(stocked):
    for name, is_once in (("Once", True), ("Each time", False)):
        write(name, when="orders.OrderNoted", then=[step("orders.tag", tags=name)], is_once=is_once)
    order = place(stocked)
    for text in ("one", "two"):
        add_note(order_id=order.pk, text=text, now=NOON)
        outbox.drain()
    done = RuleRun.objects.filter(outcome=RunOutcome.DONE)
    assert sorted(done.values_list("rule__name", flat=True)) == ["Each time", "Each time", "Once"]


def test_rules_run_in_order_and_see_what_the_one_before_did(stocked):
    second = write("Second", cond("order.tags", "is", "first"), then=[step("orders.tag", tags="b")])
    write("First", then=[step("orders.tag", tags="first")])
    keeping.move_rule(rule_id=second.pk, is_up=False)
    order = place(stocked)
    assert order.tags == ["b", "first"]
    assert runs(order) == [("First", "done"), ("Second", "done")]


def test_the_stop_flag_ends_the_round(stocked):
    write("First", over("100"), stops=True)
    write("Second", then=[step("orders.tag", tags="second")])
    order = place(stocked)
    assert order.tags == ["large"]
    assert runs(order) == [("First", "done"), ("Second", "skipped")]
    assert "“First” ran before it" in RuleRun.objects.get(rule__name="Second").why


def test_a_refusal_takes_all_of_the_rule_back_and_the_next_one_still_runs(stocked):
    gone = {"service": "1"}
    failing = write("Fails", then=[TAG])
    definition = says(then=[TAG, step("orders.service", **gone)])
    _say(failing, definition)
    write("Next", then=[step("orders.tag", tags="next")])
    order = place(stocked)
    assert order.tags == ["next"]
    assert runs(order) == [("Fails", "failed"), ("Next", "done")]
    assert "This shipping service is gone" in RuleRun.objects.get(rule=failing).why


def _say(rule: Rule, definition) -> None:
    """What a rule says, past the check of its choices: they may go later."""
    rule.number += 1
    rule.save()
    rule.versions.create(
        number=rule.number, definition=definition.as_json(), made_by="test", made_at=NOON
    )


def test_a_rule_that_fails_again_and_again_is_paused_and_people_are_told(stocked):
    rule = write("Fails")
    _say(rule, says(then=[step("orders.service", service="1")]))
    for _ in range(running.MOST_FAILURES + 1):
        place(stocked, (stocked.mug, 1))
    rule.refresh_from_db()
    assert (rule.is_active, rule.failures) == (False, running.MOST_FAILURES)
    assert "It failed 5 times in a row" in rule.paused_reason
    item = AttentionItem.objects.get(kind=keeping.PAUSED, resolved_at=None)
    assert item.title == "The rule “Fails” was paused"
    assert RuleRun.objects.count() == running.MOST_FAILURES
    keeping.change_rule(
        rule_id=rule.pk,
        name="Mended",
        definition=says(),
        version=StoredFact.objects.latest("pk").pk,
        now=NOON,
    )
    keeping.switch_on(rule_id=rule.pk)
    assert not AttentionItem.objects.filter(kind=keeping.PAUSED, resolved_at=None).exists()
    assert place(stocked, (stocked.mug, 1)).tags == ["large"]


def test_what_a_rule_led_to_never_starts_it_again(stocked):
    """Two rules that would start each other, past the check that refuses them."""
    note = step("orders.note", kind="staff", text="1")
    first = write("First", when="orders.OrderTagged", then=[note], is_once=False)
    second = write("Second", when="orders.OrderHeld")
    _say(second, says(when="orders.OrderNoted", then=[step("orders.tag", tags="x")], is_once=False))
    Rule.objects.filter(pk=second.pk).update(trigger="orders.OrderNoted")
    order = place(stocked, (stocked.mug, 1))
    set_tags(order_id=order.pk, add=["begin"], now=NOON)
    outbox.drain()
    last = RuleRun.objects.filter(subject_id=order.pk).latest("pk")
    assert (last.rule_id, last.outcome, last.why) == (first.pk, "skipped", running.ITSELF)
    assert RuleRun.objects.filter(outcome="done").count() == 2
    assert StoredFact.objects.filter(name="orders.OrderTagged").latest("pk").chain == [
        first.pk,
        second.pk,
    ]


def test_a_chain_of_rules_ends_at_its_depth(stocked):
    rule = write("Large orders")
    order = stocked.order((stocked.mug, 1))
    with transaction.atomic():
        deep = outbox.publish(
            type(outbox.as_fact(StoredFact.objects.get(name=PLACED)))(
                **StoredFact.objects.get(name=PLACED).payload
            )
        )
    deep.chain = [101, 102, 103, 104, 105]
    running.run_for_fact(deep)
    run = RuleRun.objects.get(rule=rule)
    assert (run.outcome, run.why) == ("skipped", running.TOO_DEEP)
    order.refresh_from_db()
    assert order.tags == []


def test_orders_brought_in_with_their_history_are_left_alone(stocked):
    write("Large orders")
    order = place(stocked, is_historical=True)
    assert order.tags == []
    assert RuleRun.objects.get().why == "It was brought in with its history."


def test_a_webhook_is_queued_in_the_run_and_told_nobody_else(stocked):
    endpoint, other = (
        endpoints.add_endpoint(
            name=name, url=f"https://example.com/{name}", event_kinds=["core.UserChanged"], now=NOON
        )
        for name in ("Partner", "Other")
    )
    write("Call", then=[step("core.call_webhook", endpoint=str(endpoint.pk), code="large-order")])
    order = place(stocked)
    delivery = WebhookDelivery.objects.get()
    assert (delivery.endpoint, delivery.fact.name) == (endpoint, "core.RuleCalled")
    assert delivery.fact.payload["about"] == order.number
    assert delivery.fact.payload["code"] == "large-order"
    assert other.deliveries.count() == 0


def test_people_are_told_until_somebody_says_it_is_done(stocked, as_manager):
    write("Look", then=[step("core.tell_people", words="check the gift card")])
    order = place(stocked)
    item = AttentionItem.objects.get()
    assert item.title == f"{order.number}: check the gift card"
    told = as_manager.get(f"/orders/{order.pk}/rules/").content.decode()
    assert "check the gift card" in told
    as_manager.post(f"/rules/told/order/{order.pk}/")
    item.refresh_from_db()
    assert item.resolved_at is not None
    assert attention.resolve(kind=item.kind, subject_type="order", subject_ids=[order.pk]) == 0


def test_queries_of_a_round_do_not_grow_with_rules_that_skip(stocked, django_assert_num_queries):
    for count in range(8):
        write(f"Rule {count}", over("100000"), cond("line.quantity", "over", "99"))
    stocked.order((stocked.mug, 1))
    fact = StoredFact.objects.get(name=PLACED)
    with django_assert_num_queries(7):
        running.run_for_fact(fact)
    assert RuleRun.objects.count() == 8
    assert Decimal(RuleRun.objects.filter(outcome="skipped").count()) == 8


def test_what_two_rules_put_before_people_stands_in_one_item(stocked):
    write("One", then=[step("core.tell_people", words="check the card")])
    write("Two", then=[step("core.tell_people", words="call them")])
    order = place(stocked)
    item = AttentionItem.objects.get()
    assert item.title == f"{order.number}: check the card"
    assert item.detail == "Rule “One” · call them (rule “Two”)"


def test_the_orders_page_keeps_what_ran_however_many_rules_passed_it_over(stocked):
    write("Ran")
    for number in range(40):
        write(f"Rule {number}", over("100000"))
    order = place(stocked)
    told = reading.about("order", order.pk)
    assert [run.rule.name for run in told.ran] == ["Ran"]
    assert len(told.passed) == 40
