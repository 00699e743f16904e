"""Pages of replenishment and of the figures of stock: what they show, cost and refuse."""

import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core.jobs import run_due
from core.rights import Role
from inventory.models import PurchaseOrder, ReorderRule, Suggestion
from inventory.services import plan_replenishment
from tests.cast import make_user, make_variant
from tests.inventory.planning import make_supplier, rule, sold, supplied

pytestmark = pytest.mark.django_db
LISTS = ("suggestion_list", "cover_list", "valuation_list", "ageing_list", "reorder_rule_list")


@pytest.fixture
def planned(shop):
    acme = make_supplier()
    rule(shop.warehouse)
    for variant in (shop.mug, shop.shirt):
        needed(shop, variant, acme)
    plan_replenishment(now=timezone.now())
    return shop


def needed(shop, variant, supplier):
    """The variant sells (around noon, so that no change of the clocks puts two days into one), a few of
    it lie there, and more can be bought.
    """
    sold(shop, variant, range(1, 60), 2, before=timezone.now().replace(hour=12))
    shop.stock(variant, 3)
    supplied(variant, supplier=supplier)


def page(name, *args):
    return reverse(f"inventory:{name}", args=args)


def queries(client, url):
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


@pytest.mark.parametrize("name", LISTS)
def test_a_list_asks_as_much_for_30_rows_as_for_one(as_manager, shop, name):
    acme = make_supplier()
    rule(shop.warehouse)
    needed(shop, shop.mug, acme)
    plan_replenishment(now=timezone.now())
    url = f"{page(name)}?view=all"
    queries(as_manager, url)
    one = queries(as_manager, url)
    for number in range(30):
        variant = make_variant(f"SKU-{number:02}", f"Thing {number}")
        needed(shop, variant, acme)
        rule(shop.warehouse, variant)
    plan_replenishment(now=timezone.now())
    assert queries(as_manager, url) == one
    assert len(as_manager.get(url).context["list"].rows) > 30


def test_a_variant_s_page_shows_what_is_foretold_and_suggested(as_manager, planned):
    text = as_manager.get(page("variant_detail", planned.mug.pk)).content.decode()
    assert "Forecast and reordering" in text
    assert "Sells 2.0 a day" in text


def test_the_list_says_why_in_words_and_exports_it(as_manager, planned):
    rows = as_manager.get(f"{page('suggestion_list')}?state=open").context["list"].rows
    assert [row.origin for row in rows] == ["Acme", "Acme"]
    assert rows[0].why.startswith("Sells 2.0 a day, 14 days to come, 95 % target: order up to")
    answer = as_manager.get("/lists/inventory.suggestions/export/?format=csv&state=open")
    if answer.status_code == 200:
        assert b"Sells 2.0 a day" in b"".join(answer.streaming_content)


def test_one_click_orders_one_suggestion(as_manager, planned):
    row = Suggestion.objects.open().get(variant=planned.mug)
    answer = as_manager.post(page("suggestion_order", row.pk), follow=True)
    order = PurchaseOrder.objects.get()
    assert f"On {order.number}, a draft." in answer.content.decode()
    again = as_manager.post(page("suggestion_order", row.pk), follow=True)
    assert f"ordered as {order.number} already" in again.content.decode()
    assert PurchaseOrder.objects.count() == 1


def test_all_is_reviewed_and_made_in_one_go(as_manager, planned):
    mug, shirt = Suggestion.objects.open().order_by("variant__sku")
    text = as_manager.get(page("suggestion_review")).content.decode()
    assert "Acme for Berlin" in text
    sent = {f"units_{mug.pk}": "5", f"units_{shirt.pk}": "0", "_once": str(uuid.uuid4())}
    assert as_manager.post(page("suggestion_review"), sent).status_code == 302
    assert [line.quantity for line in PurchaseOrder.objects.get().lines.all()] == [5]


@pytest.mark.parametrize("units", ["-3", "1.5", "NaN", "9999999", ""])
def test_odd_numbers_are_refused_with_a_sentence(as_manager, planned, units):
    mug = Suggestion.objects.open().get(variant=planned.mug)
    sent = {f"units_{mug.pk}": units, "_once": str(uuid.uuid4())}
    assert as_manager.post(page("suggestion_review"), sent).status_code == 422
    assert not PurchaseOrder.objects.exists()


def test_many_are_ordered_and_dismissed_as_a_job(as_manager, planned):
    ids = list(Suggestion.objects.open().values_list("pk", flat=True))
    url = reverse("list_bulk_run", args=["inventory.suggestions", "order"])
    as_manager.post(
        url,
        {
            "ids": ",".join(map(str, ids)),
            "filter": "",
            "expected": len(ids),
            "_once": str(uuid.uuid4()),
        },
    )
    run_due()
    assert PurchaseOrder.objects.get().lines.count() == 2


def test_planning_now_needs_the_right_to_buy(client, planned):
    client.force_login(make_user(Role.WAREHOUSE))
    assert client.post(page("plan_now")).status_code == 403
    client.force_login(make_user(Role.FINANCE))
    assert client.post(page("plan_now"), follow=True).status_code == 200


def test_a_rule_is_made_for_a_sku_or_for_a_whole_location(as_manager, shop):
    values = {"location": shop.warehouse.pk, "target_fill": "97.5", "review_days": "7"}
    values |= {"minimum": "0", "order_cost": "0", "is_active": "on", "version": "0"}
    url = page("reorder_rule_new")
    assert as_manager.post(url, values | {"sku": "mug"}).status_code == 302
    assert as_manager.post(url, values).status_code == 302
    assert set(ReorderRule.objects.values_list("variant__sku", flat=True)) == {"MUG", None}
    assert as_manager.post(url, values | {"sku": "MUG"}).status_code == 422
    assert as_manager.post(url, values | {"sku": "NOPE"}).status_code == 422
    changed = values | {"sku": "MUG", "minimum": "4", "version": "999999"}
    row = ReorderRule.objects.get(variant=shop.mug)
    assert as_manager.post(page("reorder_rule_edit", row.pk), changed).status_code == 302
    assert ReorderRule.objects.get(pk=row.pk).minimum == 4


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("MUG\tber\t101", "is no share to be served"),
        ("MUG\tber\tNaN", "is no share to be served"),
        ("MUG\tber\t95\t0", "is no number for “days”"),
        ("MUG\tber\t95\t7\t-1", "is no number for “at least”"),
        ("MUG\tber\t95\t7\t9\t3", "at most is lower than at least"),
        ("MUG\tber\t95\t7\t\t\tperhaps", "is neither yes nor no"),
        ("MUG", "give at least SKU, location"),
        ("NOPE\tber\t95", "no variant has the SKU"),
    ],
)
def test_a_pasted_line_that_is_wrong_is_named(as_manager, shop, line, why):
    answer = as_manager.post(page("reorder_rule_paste"), {"table": f"LAMP\tber\t95\n{line}"})
    assert answer.status_code == 422
    assert "Line 2: " in answer.content.decode()
    assert why in answer.content.decode()
    assert not ReorderRule.objects.exists()


def test_rules_are_pasted_with_their_heading(as_manager, shop):
    table = "SKU\tLocation\tServed %\nMUG\tber\t97,5 %\t14\t2\t40\tyes\n*\tmuc\t90\n"
    answer = as_manager.post(page("reorder_rule_paste"), {"table": table}, follow=True)
    assert "2 of 2 rules changed." in answer.content.decode()
    one = ReorderRule.objects.get(variant=shop.mug)
    assert (float(one.target_fill), one.review_days, one.maximum, one.is_automatic) == (
        97.5,
        14,
        40,
        True,
    )


def test_the_value_of_stock_needs_the_right_to_see_purchases(client, planned):
    client.force_login(make_user(Role.SALES))
    assert client.get(page("valuation_list")).status_code == 403
    assert client.get(page("cover_list") + "?view=all").status_code == 200


def test_before_the_first_plan_every_view_says_so(as_manager):
    page = as_manager.get(
        reverse("inventory:suggestion_list") + "?state=open&view=open"
    ).content.decode()
    assert "The first plan says what to order and why." in page
    assert "Nothing matches" not in page
