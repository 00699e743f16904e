"""The pages of rules, as people use them."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from core import outbox
from core.models import Job, Rule, RuleRun
from core.rights import Role
from core.rules import keeping
from tests.cast import make_user
from tests.rules.writing import PLACED, cond, group, over, says, step, write

pytestmark = pytest.mark.django_db

ENTERED = {
    "name": "Large orders",
    "trigger": PLACED,
    "is_once": "on",
    "group-0-match": "all",
    "if-0-group": "0",
    "if-0-field": "order.total",
    "if-0-op": "over",
    "if-0-value": "100",
    "if-0-currency": "eur",
    "do-0-action": "orders.hold",
    "do-0-kind": "fraud",
    "do-0-reason": "Large",
    "do-0-days": "",
    "version": "0",
    "do": "save",
}


def test_a_new_rule_does_nothing_before_somebody_chooses_what(as_manager):
    html = page(as_manager, "rule_new")
    assert '<option value="" selected>Choose what it does</option>' in html
    response = as_manager.post(reverse("rule_new"), {**ENTERED, "do-0-action": ""})
    assert response.status_code == 422
    html = response.content.decode()
    assert '<a href="#id_do-0-action">Do this: Choose what the rule does.</a>' in html
    assert not Rule.objects.exists()


def page(client, name: str, *args, query: str = "") -> str:
    response = client.get(reverse(name, args=args) + query)
    assert response.status_code == 200, response.status_code
    return response.content.decode()


def test_a_rule_is_written_and_led_to_its_preview(as_manager):
    response = as_manager.post(reverse("rule_new"), ENTERED)
    rule = Rule.objects.get()
    assert response.headers["Location"] == reverse("rule_preview", args=[rule.pk])
    assert keeping.definition_of(rule) == says(
        over("100"), then=[step("orders.hold", kind="fraud", reason="Large", days="")]
    )
    assert not rule.is_active


@pytest.mark.parametrize(
    ("wrong", "words", "field"),
    [
        ({"name": ""}, "Name", "id_name"),
        ({"trigger": ""}, "When", "id_trigger"),
        ({"trigger": "orders.OrderHeld"}, "starts this rule again", "id_trigger"),
        ({"if-0-value": "much"}, "Give a number", "id_if-0-value"),
        ({"if-0-currency": "XXY"}, "is no currency", "id_if-0-currency"),
        ({"do-0-reason": ""}, "Reason", "id_do-0-reason"),
        ({"do-0-days": "900"}, "Give 1 to 365 days", "id_do-0-days"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_nothing_entered_is_lost(
    as_manager, wrong, words, field
):
    response = as_manager.post(reverse("rule_new"), {**ENTERED, **wrong})
    assert response.status_code == 422
    html = response.content.decode()
    assert words in html
    assert f'href="#{field}"' in html
    assert 'value="Large"' in html or "do-0-reason" in wrong
    assert not Rule.objects.exists()


def fields(html: str) -> list[str]:
    return sorted(set(re.findall(r'name="((?:if|do|group)-\d+-\w+)"', html)))


def test_conditions_groups_and_steps_are_added_and_removed_by_plain_buttons(as_manager):
    new = reverse("rule_new")
    sent = {**ENTERED, "do": "add-group"}
    html = as_manager.post(new, sent).content.decode()
    assert {"group-1-match", "if-1-field", "if-1-group"} <= set(fields(html))
    sent |= {"group-1-match": "same", "if-1-group": "1", "if-1-field": "line.sku", "do": "refresh"}
    html = as_manager.post(new, sent).content.decode()
    assert {"if-1-op", "if-1-value"} <= set(fields(html))
    assert "if-1-which" not in fields(html)
    sent |= {"if-1-op": "begins", "if-1-value": "LAMP", "do": "add-if-1"}
    html = as_manager.post(new, sent).content.decode()
    assert "if-2-field" in fields(html)
    sent |= {"if-2-group": "1", "if-2-field": "line.quantity", "if-2-op": "over", "if-2-value": "2"}
    html = as_manager.post(new, {**sent, "do": "drop-group-1"}).content.decode()
    assert [name for name in fields(html) if name.endswith("-field")] == ["if-0-field"]
    html = as_manager.post(new, {**sent, "do": "add-do"}).content.decode()
    assert "do-1-action" in fields(html)
    as_manager.post(new, {**sent, "do": "save"})
    assert keeping.definition_of(Rule.objects.get()).conditions == group(
        "all",
        over("100"),
        group("same", cond("line.sku", "begins", "LAMP"), cond("line.quantity", "over", "2")),
    )


def test_a_rule_reads_back_into_the_builder_as_it_was_written(as_manager):
    definition = says(
        over("100"),
        cond("order.channel", "one_of", "1", "2"),
        group("any", cond("line.sku", "one_of", "A, B", which="none")),
        then=[step("orders.tag", tags="a"), step("orders.note", kind="staff", text="Look")],
        stops=True,
    )
    rule = keeping.add_rule(name="All of it", definition=definition, now=timezone.now())
    html = page(as_manager, "rule_edit", rule.pk)
    version = re.search(r'name="version" value="(\d+)"', html)[1]
    assert 'value="A, B"' in html
    stale = {**ENTERED, "version": "0"}
    edit = reverse("rule_edit", args=[rule.pk])
    assert as_manager.post(edit, stale).status_code == 409
    assert as_manager.post(edit, {**stale, "version": version}).status_code == 302
    assert Rule.objects.get().number == 2


def test_the_builder_shows_what_a_rule_would_do_before_it_is_written(shop, as_manager):
    shop.stock(shop.mug, 9)
    large, small = shop.order((shop.mug, 2, "90.00")), shop.order((shop.mug, 1, "9.00"))
    html = as_manager.post(reverse("rule_new"), {**ENTERED, "do": "preview"}).content.decode()
    assert "It would run for 1 of 2 orders" in html
    assert large.number in html
    assert f"{small.number}" in html
    assert "Not met: Total is over 100 EUR (found: €9.00 EUR)" in html
    assert not Rule.objects.exists()


def test_a_rule_is_switched_moved_copied_and_removed_by_button(as_manager):
    first, second = write("First", on=False), write("Second")
    for rule, action in (
        (first, "on"),
        (second, "off"),
        (second, "up"),
        (first, "copy"),
        (second, "remove"),
    ):
        as_manager.post(reverse("rule_act", args=[rule.pk]), {"action": action})
    told = Rule.objects.filter(removed_at=None).values_list("name", "is_active")
    assert list(told) == [("First", True), ("First (copy)", False)]
    html = page(as_manager, "rule_list")
    assert re.findall(r'class="row-link" href="[^"]+">([^<]+)<', html) == ["First", "First (copy)"]


def test_pages_tell_what_ran_what_was_skipped_and_why(shop, as_manager):
    shop.stock(shop.mug, 9)
    write("Large orders", over("100"))
    write("Huge orders", over("10000"), then=[step("orders.tag", tags="huge")])
    order = shop.order((shop.mug, 2, "90.00"))
    outbox.drain()
    html = page(as_manager, "orders:order_rules", order.pk)
    for words in ("Large orders", "Tagged large", "Total is over 100 EUR (found: €180.00 EUR)"):
        assert words in html
    assert "Not met: Total is over 10000 EUR (found: €180.00 EUR)" in html
    runs = page(as_manager, "rule_run_list")
    assert "Tagged large" in runs
    assert "Total is over 10000" in runs
    assert "Total is over 10000" not in page(as_manager, "rule_run_list", query="?outcome=done")
    rule = Rule.objects.get(name="Large orders")
    assert "Tagged large" in page(as_manager, "rule_detail", rule.pk)
    assert "It ran for this already" in page(as_manager, "rule_preview", rule.pk)


def test_jobs_are_started_from_the_preview(shop, as_manager):
    rule = write("Large orders", on=False)
    shop.stock(shop.mug, 9)
    shop.order((shop.mug, 1))
    for do in ("look", "run"):
        once = re.search(r'name="_once" value="([^"]+)"', page(as_manager, "rule_preview", rule.pk))
        as_manager.post(reverse("rule_job", args=[rule.pk]), {"_once": once[1], "do": do})
    assert list(Job.objects.order_by("pk").values_list("kind", flat=True)) == [
        "core.preview_rule",
        "core.run_rule",
    ]


@pytest.mark.parametrize("count", [1, 30])
def test_lists_ask_a_constant_number_of_queries(as_manager, shop, count, django_assert_num_queries):
    shop.stock(shop.mug, 50)
    for number in range(count):
        steps = [step("orders.tag", tags=str(number)), step("orders.assign", user="nobody")]
        write(f"Rule {number}", then=steps)
    shop.order((shop.mug, 1))
    outbox.drain()
    assert RuleRun.objects.count() == count
    page(as_manager, "rule_list")
    for name, queries in (("rule_list", LIST), ("rule_run_list", RUNS)):
        with django_assert_num_queries(queries):
            page(as_manager, name)


LIST, RUNS = 7, 9


@pytest.mark.parametrize("count", [1, 30])
def test_the_builder_asks_a_constant_number_of_queries(
    as_manager, count, django_assert_num_queries
):
    parts = [cond("order.channel", "one_of", "1") for _ in range(count)]
    steps = [step("orders.assign", user="nobody")] * min(count, 20)
    rule = write("Many", *parts, then=steps, on=False)
    page(as_manager, "rule_edit", rule.pk)
    with django_assert_num_queries(BUILDER):
        page(as_manager, "rule_edit", rule.pk)


BUILDER = 9


@pytest.mark.parametrize("role", [Role.SALES, Role.WAREHOUSE, Role.FINANCE])
def test_only_those_with_the_right_write_rules(client, role):
    client.force_login(make_user(role))
    assert client.get(reverse("rule_list")).status_code == 403
    assert client.post(reverse("rule_new"), ENTERED).status_code == 403
