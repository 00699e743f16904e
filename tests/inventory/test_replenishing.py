"""Suggestions decided: ordered, dismissed, ordered without asking; rules pasted."""

from datetime import timedelta
from decimal import Decimal

import pytest

from core.models import AttentionItem, StoredFact
from inventory.errors import BadQuantity, BadRule, CannotPlan
from inventory.models import (
    PurchaseOrder,
    ReorderRule,
    StockLevel,
    Suggestion,
    Supplier,
    Transfer,
)
from inventory.services import (
    dismiss_suggestions,
    order_automatically,
    order_suggestions,
    plan_replenishment,
)
from inventory.services.reorder_rules import RuleWish, set_reorder_rules
from tests.cast import NOON
from tests.inventory.planning import limit, make_supplier, rule, sold, supplied

pytestmark = pytest.mark.django_db


@pytest.fixture
def planned(shop):
    """Mugs and shirts to buy from Acme, and mugs to send from the store."""
    acme = make_supplier(email="orders@acme.example")
    for variant in (shop.mug, shop.shirt):
        sold(shop, variant, range(1, 100), 2)
        supplied(variant, supplier=acme)
    shop.stock(shop.mug, 20, shop.store)
    rule(shop.warehouse)
    rule(shop.store)
    plan_replenishment(now=NOON)
    return shop


def suggested(**which):
    return list(Suggestion.objects.open().filter(**which).order_by("pk"))


def test_suggestions_become_one_order_a_supplier_and_one_transfer_a_way(planned):
    rows = suggested()
    made = order_suggestions(suggestion_ids=[row.pk for row in rows], now=NOON)
    (purchase,), (transfer,) = made.purchases, made.transfers
    assert {line.sku: line.quantity for line in purchase.lines.all()} == {
        row.variant.sku: row.quantity for row in rows if row.kind == "purchase"
    }
    assert (transfer.source, transfer.target) == (planned.store, planned.warehouse)
    assert [line.quantity for line in transfer.lines.all()] == [20]
    assert {row.reference for row in Suggestion.objects.all()} == {
        purchase.number,
        transfer.number,
    }
    assert StoredFact.objects.filter(name="inventory.SuggestionOrdered").count() == 3


def test_another_number_is_ordered_and_nought_leaves_a_line_for_later(planned):
    mug, shirt = suggested(kind="purchase")
    made = order_suggestions(
        suggestion_ids=[mug.pk, shirt.pk], quantities={mug.pk: 7, shirt.pk: 0}, now=NOON
    )
    assert [line.quantity for line in made.purchases[0].lines.all()] == [7]
    assert [row.pk for row in suggested(kind="purchase")] == [shirt.pk]


def test_a_suggestion_is_ordered_once(planned):
    ids = [row.pk for row in suggested()]
    order_suggestions(suggestion_ids=ids, now=NOON)
    with pytest.raises(CannotPlan, match="is ordered as"):
        order_suggestions(suggestion_ids=ids, now=NOON)
    assert (PurchaseOrder.objects.count(), Transfer.objects.count()) == (1, 1)


@pytest.mark.parametrize("units", [-1, 1_000_001])
def test_impossible_numbers_are_refused_and_nothing_is_made(planned, units):
    (row, *_) = suggested()
    with pytest.raises(BadQuantity):
        order_suggestions(suggestion_ids=[row.pk], quantities={row.pk: units}, now=NOON)
    assert not PurchaseOrder.objects.exists()


def test_what_nobody_sells_cannot_be_ordered(shop):
    rule(shop.warehouse, shop.mug, minimum=4)
    plan_replenishment(now=NOON)
    with pytest.raises(CannotPlan, match="Nobody is known to sell MUG"):
        order_suggestions(suggestion_ids=[suggested()[0].pk], now=NOON)


def test_what_is_dismissed_stays_quiet_until_its_day(planned):
    rows = suggested(variant=planned.shirt)
    dismiss_suggestions(suggestion_ids=[row.pk for row in rows], days=10, now=NOON)
    plan_replenishment(now=NOON + timedelta(days=9))
    assert suggested(variant=planned.shirt) == []
    plan_replenishment(now=NOON + timedelta(days=10))
    assert len(suggested(variant=planned.shirt)) == 1
    with pytest.raises(CannotPlan):
        dismiss_suggestions(suggestion_ids=[rows[0].pk], now=NOON)


# --- without asking ---------------------------------------------------------------------------


def automatic(shop):
    ReorderRule.objects.filter(location=shop.warehouse).update(is_automatic=True)


def test_nothing_is_ordered_without_asking_unless_a_rule_says_so(planned):
    limit(planned.warehouse)
    assert order_automatically(now=NOON) == []


def test_what_may_be_ordered_without_asking_is_sent(planned):
    automatic(planned)
    limit(planned.warehouse)
    numbers = order_automatically(now=NOON)
    assert len(numbers) == 2
    assert [order.state for order in PurchaseOrder.objects.all()] == ["sent"]
    assert {row.decided_by for row in Suggestion.objects.all()} == {"Replenishment"}
    assert order_automatically(now=NOON) == []


@pytest.mark.parametrize(
    ("bounds", "why"),
    [
        (None, "has no limit"),
        ({"per_order": "100"}, "is beyond the limit of €100.00 an order"),
        ({"per_day": "100"}, "is beyond the limit of €100.00 a day"),
    ],
)
def test_beyond_its_limits_an_order_waits_for_a_person(planned, bounds, why):
    automatic(planned)
    if bounds:
        limit(planned.warehouse, **bounds)
    order_automatically(now=NOON)
    assert not PurchaseOrder.objects.exists()
    (item,) = AttentionItem.objects.filter(kind="automatic_order_held", resolved_at=None)
    assert why in item.detail
    order_suggestions(suggestion_ids=[row.pk for row in suggested()], now=NOON)
    order_automatically(now=NOON)
    item.refresh_from_db()
    assert item.resolved_at is not None


def test_the_day_s_limit_counts_what_was_ordered_today(planned):
    automatic(planned)
    worth = sum(row.value for row in suggested(kind="purchase"))
    bounds = limit(planned.warehouse, per_day=str(worth + 1))
    assert order_automatically(now=NOON)
    PurchaseOrder.objects.update(ship_to_reference="elsewhere")  # nothing comes: needed again
    plan_replenishment(now=NOON)
    order_automatically(now=NOON + timedelta(hours=1))
    assert PurchaseOrder.objects.count() == 1
    assert worth <= bounds.per_day
    order_automatically(now=NOON + timedelta(days=1))
    assert PurchaseOrder.objects.count() == 2


def test_a_supplier_s_smallest_order_is_kept_to(planned):
    automatic(planned)
    limit(planned.warehouse, per_order="9999", per_day="9999")
    Supplier.objects.update(minimum_order=Decimal(5_000))
    order_automatically(now=NOON)
    assert not PurchaseOrder.objects.exists()
    assert "takes orders from" in AttentionItem.objects.get(kind="automatic_order_held").detail


def test_without_an_e_mail_address_the_order_is_approved_and_waits_to_be_sent(planned):
    automatic(planned)
    limit(planned.warehouse)
    Supplier.objects.update(email="")
    order_automatically(now=NOON)
    assert [order.state for order in PurchaseOrder.objects.all()] == ["approved"]
    assert "Send it by hand" in AttentionItem.objects.get(kind="automatic_order_held").detail


# --- rules ------------------------------------------------------------------------------------


def wish(number=1, **more):
    values = {
        "sku": "MUG",
        "location": "ber",
        "target_fill": Decimal("97.50"),
        "review_days": 7,
        "minimum": 0,
        "maximum": None,
        "is_automatic": False,
    }
    return RuleWish(number=number, **{**values, **more})


def test_pasted_rules_are_made_changed_or_left(shop):
    rule(shop.warehouse, shop.mug, target_fill=90)
    assert set_reorder_rules([wish(), wish(2, sku="*", is_automatic=True)]) == 2
    assert set_reorder_rules([wish(), wish(2, sku="*", is_automatic=True)]) == 0
    found = ReorderRule.objects.order_by("variant").values_list(
        "variant__sku", "target_fill", "is_automatic"
    )
    assert list(found) == [("MUG", Decimal("97.50"), False), (None, Decimal("97.50"), True)]


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"sku": "NONE"}, "Line 2: no variant has the SKU “NONE”."),
        ({"location": "moon"}, "Line 2: no location has the code “moon”."),
        ({}, "Line 2: MUG at ber stands in line 1 too."),
    ],
)
def test_a_paste_with_one_wrong_line_sets_nothing(shop, wrong, why):
    with pytest.raises(BadRule, match=why.replace(".", r"\.")):
        set_reorder_rules([wish(), wish(2, **wrong)])
    assert not ReorderRule.objects.exists()


def test_a_level_stays_as_it_was(planned):
    """Ordering moves no stock."""
    before = list(StockLevel.objects.order_by("pk").values())
    order_suggestions(suggestion_ids=[row.pk for row in suggested()], now=NOON)
    assert list(StockLevel.objects.order_by("pk").values()) == before
