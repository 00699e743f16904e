"""Kits on orders: sold as one thing, set aside, sent and taken back as their components."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core import documents
from inventory.models import Demand, Part
from inventory.states import VariantKind
from orders.drafts import DraftLine, OrderDraft, WhenShort
from orders.errors import BadLine, OutOfStock
from orders.forms import CancelForm
from orders.messages import variables_of
from orders.models import OrderKit, Price
from orders.services import cancel_order, match_line, place_order
from orders.states import FulfilmentStatus, OrderState, PaymentTerms
from tests.cast import NOON, make_company_buyer, make_variant, pay

pytestmark = pytest.mark.django_db


def make_kit(sku="SET", *parts, **more):
    kit = make_variant(sku, "Breakfast set", kind=VariantKind.KIT, **more)
    for variant, quantity in parts:
        Part.objects.create(whole=kit, part=variant, quantity=quantity)
    return kit


@pytest.fixture
def kit(shop):
    """Two mugs and a lamp."""
    return make_kit("SET", (shop.mug, 2), (shop.lamp, 1))


def price(variant, amount):
    Price.objects.create(variant=variant, currency="EUR", amount=Decimal(amount))


def test_a_kit_sets_its_components_aside(shop, kit):
    shop.stock(shop.mug, 10)
    shop.stock(shop.lamp, 5)
    order = shop.order((kit, 3, "30.00"))
    assert (shop.level(shop.mug).allocated, shop.level(shop.lamp).allocated) == (6, 3)
    assert [(line.sku, line.quantity, line.kit.sku) for line in order.lines.all()] == [
        ("MUG", 6, "SET"),
        ("LAMP", 3, "SET"),
    ]
    [row] = order.kits.all()
    assert (row.quantity, row.amount, row.total, row.name) == (3, 90, 90, "Breakfast set")
    assert (order.first_sku, order.units, order.fulfilment_status) == (
        "SET",
        9,
        FulfilmentStatus.ALLOCATED,
    )


def test_a_kits_money_is_shared_by_list_price_to_the_cent(shop, kit):
    shop.stock(shop.mug, 2)
    shop.stock(shop.lamp, 1)
    price(shop.mug, "5.00")
    price(shop.lamp, "20.00")
    order = shop.order((kit, 1, "24.99"), order_discount=Decimal("2.50"))
    mug, lamp = order.lines.all()
    assert (mug.total, lamp.total) == (Decimal("7.50"), Decimal("14.99"))
    assert (mug.amount + lamp.amount, mug.discount + lamp.discount) == (
        Decimal("24.99"),
        Decimal("2.50"),
    )
    assert mug.tax + lamp.tax == order.tax_total
    assert order.total == Decimal("22.49")


def test_a_kits_money_is_shared_by_units_where_a_component_has_no_price(shop, kit):
    shop.stock(shop.mug, 2)
    shop.stock(shop.lamp, 1)
    price(shop.lamp, "20.00")
    order = shop.order((kit, 1, "10.00"))
    assert [line.total for line in order.lines.all()] == [Decimal("6.67"), Decimal("3.33")]


@pytest.mark.parametrize("included", [True, False])
@pytest.mark.parametrize("discount", ["0.00", "0.03", "0.07", "9.99", "10.00"])
def test_every_sum_stays_exact_however_the_discount_falls(shop, kit, included, discount):
    shop.stock(shop.mug, 20)
    shop.stock(shop.lamp, 10)
    price(shop.mug, "3.33")
    price(shop.lamp, "0.01")
    order = shop.order(
        (kit, 1, "10.00"),
        (shop.lamp, 1, "0.01"),
        order_discount=Decimal(discount),
        prices_include_tax=included,
    )
    lines = list(order.lines.all())
    assert sum(line.amount for line in lines) == order.subtotal
    assert sum(line.discount for line in lines) == order.discount_total
    assert sum(line.tax for line in lines) == order.tax_total
    assert sum(line.total for line in lines) == order.total
    assert all(line.total >= 0 and line.discount <= line.amount for line in lines)


def test_a_kit_sharing_a_component_with_a_line_is_summed_before_checking(shop, kit):
    shop.stock(shop.mug, 3)
    shop.stock(shop.lamp, 1)
    with pytest.raises(OutOfStock) as refused:
        shop.order((kit, 1), (shop.mug, 2))
    assert refused.value.short == {2: 1}
    assert not Demand.objects.exists()
    assert shop.order((kit, 1), (shop.mug, 1)).units_allocated == 4


def test_a_refusal_counts_in_whole_kits_and_names_the_part_that_is_short(shop, kit):
    shop.stock(shop.mug, 3)
    shop.stock(shop.lamp, 5)
    with pytest.raises(OutOfStock, match="MUG in SET: 3 of 4") as refused:
        shop.order((shop.lamp, 1), (kit, 2))
    assert refused.value.short == {2: 1}


def test_a_kit_within_a_kit_is_taken_apart_to_the_last_part(shop, kit):
    hamper = make_kit("HAMPER", (kit, 2), (shop.mug, 1))
    shop.stock(shop.mug, 5)
    shop.stock(shop.lamp, 2)
    order = shop.order((hamper, 1))
    assert {line.sku: line.quantity for line in order.lines.all()} == {"MUG": 5, "LAMP": 2}


def test_a_kit_without_parts_waits_like_an_unknown_sku(shop):
    order = shop.order((make_kit("EMPTY"), 1), when_short=WhenShort.BACKORDER)
    assert (order.unknown_lines, order.kits.count()) == (1, 0)


def test_too_many_units_of_a_component_are_refused(shop):
    kit = make_kit("MANY", (shop.mug, 1000))
    with pytest.raises(BadLine, match="2,000,000 units"):
        shop.order((kit, 2000), when_short=WhenShort.BACKORDER)


def test_units_sent_before_we_knew_the_order_are_sent_of_each_component(shop, kit):
    shop.stock(shop.mug, 2)
    shop.stock(shop.lamp, 1)
    line = DraftLine(sku="SET", quantity=3, unit_price=Decimal(10), shipped=2)
    order = place_order(
        OrderDraft(channel=shop.web, currency="EUR", lines=(line,)),
        now=NOON,
    )
    assert [(one.quantity, one.shipped) for one in order.lines.all()] == [(6, 4), (3, 2)]
    assert (order.units, order.units_shipped, order.units_allocated) == (9, 6, 3)


def test_the_statements_of_an_order_with_kits_do_not_grow_with_its_lines(shop):
    shop.stock(shop.mug, 500)
    shop.stock(shop.lamp, 500)
    kits = [make_kit(f"SET-{n}", (shop.mug, 1), (shop.lamp, 1)) for n in range(12)]

    def count(*lines):
        with CaptureQueriesContext(connection) as captured:
            shop.order(*lines)
        return len(captured)

    count((kits[0], 1))
    assert count((kits[0], 1)) == count(*((kit, 1) for kit in kits))


def test_whole_kits_can_be_cancelled_and_give_their_worth_back(shop, kit):
    shop.stock(shop.mug, 6)
    shop.stock(shop.lamp, 3)
    order = shop.order((kit, 3, "10.00"))
    lines = list(order.lines.all())
    order = cancel_order(
        order_id=order.pk, reason="Two are enough", units={lines[0].pk: 2, lines[1].pk: 1}, now=NOON
    )
    assert (order.units_cancelled, order.owed) == (3, Decimal("20.00"))
    assert (shop.level(shop.mug).allocated, shop.level(shop.lamp).allocated) == (4, 2)


def test_a_line_matched_to_a_kit_is_opened_up(shop, kit):
    shop.stock(shop.mug, 10)
    shop.stock(shop.lamp, 10)
    asked = DraftLine(sku="SET-OLD", name="Old set", quantity=2, unit_price=Decimal("12.50"))
    more = DraftLine(sku="LAMP", quantity=1, unit_price=Decimal("5.00"))
    order = place_order(
        OrderDraft(channel=shop.web, currency="EUR", lines=(asked, more)),
        now=NOON,
    )
    matched = match_line(order_id=order.pk, line_id=order.lines.first().pk, sku="set", now=NOON)
    assert [(one.sku, one.quantity, one.position) for one in matched.lines.all()] == [
        ("MUG", 4, 1),
        ("LAMP", 1, 2),
        ("LAMP", 2, 3),
    ]
    assert (matched.unknown_lines, matched.units, matched.units_allocated) == (0, 7, 7)
    assert sum(line.total for line in matched.lines.all()) == matched.total == Decimal("30.00")
    assert OrderKit.objects.get().name == "Old set"


# --- services -------------------------------------------------------------------------------


@pytest.fixture
def engraving(shop):
    return make_variant("ENGRAVE", "Engraving", kind=VariantKind.SERVICE)


def test_a_service_needs_no_stock_and_is_done_when_the_goods_have_left(shop, engraving):
    shop.stock(shop.mug, 1)
    order = shop.order((shop.mug, 1), (engraving, 1, "4.00"))
    assert (order.units_allocated, order.fulfilment_status) == (2, FulfilmentStatus.ALLOCATED)
    assert Demand.objects.count() == 1
    order = pay(order)
    assert (order.units_shipped, order.state) == (0, OrderState.OPEN)


def test_an_order_of_services_is_done_when_it_is_paid(shop, engraving):
    order = pay(shop.order((engraving, 1, "4.00")))
    assert (order.state, order.fulfilment_status) == (
        OrderState.COMPLETED,
        FulfilmentStatus.DELIVERED,
    )


def test_a_service_on_account_is_done_at_once(shop, engraving):
    buyer = make_company_buyer()
    order = shop.order((engraving, 1, "4.00"), payment_terms=PaymentTerms.NET, customer_id=buyer.pk)
    assert (order.units_shipped, order.state) == (1, OrderState.OPEN)


def test_a_service_in_a_kit_never_runs_out(shop, engraving):
    kit = make_kit("GIFT", (shop.mug, 1), (engraving, 1))
    shop.stock(shop.mug, 1)
    assert shop.order((kit, 1)).units_allocated == 2


# --- limits ---------------------------------------------------------------------------------


def test_a_backorder_limit_counts_what_waits_already(shop):
    shop.mug.can_backorder, shop.mug.backorder_limit = True, 3
    shop.mug.save()
    shop.order((shop.mug, 2))
    with pytest.raises(OutOfStock, match="MUG: 0 of 2, 1 more may wait for stock") as refused:
        shop.order((shop.mug, 2))
    assert refused.value.short == {1: 1}
    assert shop.order((shop.mug, 1)).units_backordered == 1
    with pytest.raises(OutOfStock, match="no more may wait"):
        shop.order((shop.mug, 1))


def test_a_limit_is_kept_over_the_lines_and_orders_of_one_batch(shop):
    shop.mug.can_backorder, shop.mug.backorder_limit = True, 3
    shop.mug.save()
    with pytest.raises(OutOfStock) as refused:
        shop.order((shop.mug, 2), (shop.mug, 2))
    assert refused.value.short == {2: 1}


def test_a_pre_order_is_taken_before_its_day_up_to_its_cap(shop):
    shop.mug.available_from, shop.mug.preorder_limit = date(2026, 12, 2), 5
    shop.mug.save()
    assert shop.order((shop.mug, 4)).units_backordered == 4
    with pytest.raises(OutOfStock, match="1 more on pre-order until 2 Dec 2026"):
        shop.order((shop.mug, 2))


def test_after_its_day_a_pre_order_is_over(shop):
    shop.mug.available_from = date(2026, 11, 1)
    shop.mug.save()
    with pytest.raises(OutOfStock):
        shop.order((shop.mug, 1))


def test_whoever_says_that_the_rest_waits_is_not_held_to_the_limit(shop):
    shop.mug.can_backorder, shop.mug.backorder_limit = True, 0
    shop.mug.save()
    order = shop.order((shop.mug, 2), when_short=WhenShort.BACKORDER)
    assert order.units_backordered == 2


# --- pages ----------------------------------------------------------------------------------


@pytest.fixture
def kit_order(shop, kit):
    shop.stock(shop.mug, 7)
    shop.stock(shop.lamp, 3)
    return shop.order((kit, 3, "10.00"), (shop.mug, 1, "4.00"))


def test_the_order_page_shows_the_kit_above_its_components(as_manager, kit_order):
    page = as_manager.get(f"/orders/{kit_order.pk}/").content.decode()
    assert page.index("Breakfast set") < page.index("Kit, sent as:") < page.index("Mug")
    assert page.count("Kit, sent as:") == 1


def test_the_order_page_asks_the_same_of_the_database_for_1_and_30_kits(as_manager, shop):
    shop.stock(shop.mug, 500)
    shop.stock(shop.lamp, 500)
    kits = [make_kit(f"SET-{n}", (shop.mug, 1), (shop.lamp, 1)) for n in range(30)]
    few, many = shop.order((kits[0], 1)), shop.order(*((kit, 1) for kit in kits))

    def count(order):
        with CaptureQueriesContext(connection) as captured:
            as_manager.get(f"/orders/{order.pk}/")
        return len(captured)

    count(few)
    assert count(few) == count(many)


def test_cancelling_offers_whole_kits(kit_order):
    form = CancelForm(order=kit_order)
    kit_row = kit_order.kits.get()
    mug = kit_order.lines.get(kit=None)
    assert list(form.fields)[:2] == [f"kit-{kit_row.pk}", f"line-{mug.pk}"]
    answer = {f"kit-{kit_row.pk}": 2, f"line-{mug.pk}": 0, "reason": "Enough", "version": 1}
    form = CancelForm(answer, order=kit_order)
    assert form.is_valid(), form.errors
    parts = {line.sku: line.pk for line in kit_order.lines.exclude(kit=None)}
    assert form.units() == {parts["MUG"]: 4, parts["LAMP"]: 2, mug.pk: 0}


def test_what_is_left_of_a_broken_kit_is_cancelled_by_itself(kit_order):
    parts = {line.sku: line.pk for line in kit_order.lines.exclude(kit=None)}
    cancel_order(order_id=kit_order.pk, reason="Lost", units={parts["LAMP"]: 3}, now=NOON)
    form = CancelForm(order=kit_order)
    assert f"line-{parts['MUG']}" in form.fields
    assert not form.kits


def test_the_papers_and_mails_name_the_kit(shop, kit_order):
    assert variables_of(kit_order.pk)["lines"] == [
        {"name": "Mug (Breakfast set)", "quantity": 6},
        {"name": "Lamp (Breakfast set)", "quantity": 3},
        {"name": "Mug", "quantity": 1},
    ]
    document = documents.request("order_confirmation", kit_order.pk)
    words = documents.html_of(document)
    assert words.count("<strong>Breakfast set</strong>") == 1
