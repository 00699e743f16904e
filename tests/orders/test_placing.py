"""Placing orders: what is set aside, what waits, what is refused."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.models import AttentionItem, StateChange, StoredFact
from inventory.models import Allocation, Demand
from orders.drafts import WhenShort
from orders.errors import AlreadyTaken, BadLine, EmptyOrder, OutOfStock
from orders.models import Order
from orders.services import place_order, place_orders
from orders.states import FulfilmentStatus, OrderState, PaymentStatus, PaymentTerms
from tests.cast import NOON, make_company_buyer

pytestmark = pytest.mark.django_db


def test_an_order_sets_its_units_aside(shop):
    shop.stock(shop.mug, 5)
    order = shop.order((shop.mug, 3))
    assert shop.level(shop.mug).allocated == 3
    assert (order.state, order.fulfilment_status, order.payment_status) == (
        OrderState.OPEN,
        FulfilmentStatus.ALLOCATED,
        PaymentStatus.PENDING,
    )


def test_the_money_adds_up_and_tax_is_stored_per_line(shop):
    shop.stock(shop.mug, 5)
    order = shop.order((shop.mug, 3, "9.99"), shipping=Decimal("4.90"))
    line = order.lines.get()
    assert (line.amount, line.tax, line.tax_rate, line.tax_included) == (
        Decimal("29.97"),
        Decimal("4.79"),
        Decimal("0.19"),
        True,
    )
    assert order.total == Decimal("34.87")


def test_two_lines_of_one_sku_are_summed_before_checking(shop):
    shop.stock(shop.mug, 5)
    with pytest.raises(OutOfStock) as refused:
        shop.order((shop.mug, 3), (shop.mug, 3))
    assert refused.value.short == {2: 1}
    assert not Order.objects.exists()
    assert shop.level(shop.mug).allocated == 0


def test_a_location_that_has_everything_sends_everything(shop):
    shop.stock(shop.mug, 1)
    shop.stock(shop.mug, 5, shop.store)
    shop.stock(shop.lamp, 5, shop.store)
    shop.order((shop.mug, 1), (shop.lamp, 1))
    assert {row.level.location_id for row in Allocation.objects.all()} == {shop.store.pk}


def test_a_split_takes_exactly_what_was_ordered(shop):
    shop.stock(shop.mug, 10)
    shop.stock(shop.mug, 15, shop.store)
    shop.order((shop.mug, 18))
    taken = {row.level.location_id: row.quantity for row in Allocation.objects.all()}
    assert taken == {shop.warehouse.pk: 10, shop.store.pk: 8}  # in the channel’s order


def test_what_is_short_waits_where_the_draft_says_so(shop):
    shop.stock(shop.mug, 2)
    order = shop.order((shop.mug, 5), when_short=WhenShort.BACKORDER)
    assert (order.units_allocated, order.units_backordered) == (2, 3)
    assert order.fulfilment_status == FulfilmentStatus.BACKORDERED
    assert Demand.objects.get().backordered == 3


def test_a_variant_that_may_be_backordered_is_never_refused(shop):
    shop.mug.can_backorder = True
    shop.mug.save()
    assert shop.order((shop.mug, 5)).units_backordered == 5


def test_safety_stock_and_the_channels_buffer_are_kept_back(shop):
    shop.stock(shop.mug, 10)
    level = shop.level(shop.mug)
    level.safety = 3
    level.save()
    shop.web.stock_buffer = 2
    shop.web.save()
    with pytest.raises(OutOfStock):
        shop.order((shop.mug, 6))
    assert shop.order((shop.mug, 5)).units_allocated == 5


def test_an_unknown_sku_does_not_lose_the_order(shop):
    shop.stock(shop.mug, 5)
    shop.mug.sku = "GONE"
    order = shop.order((shop.mug, 1), (shop.lamp, 1), when_short=WhenShort.BACKORDER)
    item = AttentionItem.objects.get(kind="unknown_sku")
    assert (order.unknown_lines, item.subject_id, item.detail) == (
        1,
        order.pk,
        "Match or cancel: GONE",
    )


def test_a_channels_order_is_taken_once(shop):
    shop.stock(shop.mug, 5)
    first = shop.order((shop.mug, 1), external_id="A-1")
    with pytest.raises(AlreadyTaken) as refused:
        shop.order((shop.mug, 1), external_id="A-1")
    assert refused.value.order_id == first.pk
    assert shop.level(shop.mug).allocated == 1


def test_a_batch_is_placed_whole_or_not_at_all(shop):
    shop.stock(shop.mug, 5)
    with pytest.raises(OutOfStock):
        place_orders([shop.draft((shop.mug, 3)), shop.draft((shop.mug, 3))], now=NOON)
    assert not Order.objects.exists()
    placed = place_orders([shop.draft((shop.mug, 3)), shop.draft((shop.mug, 2))], now=NOON)
    assert [order.units_allocated for order in placed] == [3, 2]


@pytest.mark.parametrize("quantity", [0, -1, 1_000_001])
def test_an_impossible_quantity_is_refused_with_its_line(shop, quantity):
    with pytest.raises(BadLine) as refused:
        shop.order((shop.mug, quantity))
    assert refused.value.field == "lines.1.quantity"


def test_an_order_without_lines_is_refused(shop):
    with pytest.raises(EmptyOrder):
        shop.order()


def test_an_order_on_account_is_handed_over_at_once(shop):
    shop.stock(shop.mug, 5)
    buyer = make_company_buyer(limit="50")
    order = shop.order((shop.mug, 3), customer_id=buyer.pk, payment_terms=PaymentTerms.NET)
    fulfilment = order.fulfilments.get()
    assert (fulfilment.location, fulfilment.number) == (shop.warehouse, f"{order.number}-1")
    assert buyer.company.credit_accounts.get().exposure == order.total


def test_placing_writes_who_did_what(shop):
    shop.stock(shop.mug, 5)
    order = shop.order((shop.mug, 1))
    change = StateChange.objects.get(subject_type="order", subject_id=order.pk)
    fact = StoredFact.objects.get(subject_type="order", subject_id=order.pk)
    assert (change.before, change.after, fact.name, fact.sequence) == (
        "draft",
        "open",
        "orders.OrderPlaced",
        1,
    )


def test_the_statements_do_not_grow_with_lines_or_orders(shop):
    for variant in (shop.mug, shop.shirt, shop.lamp):
        shop.stock(variant, 100)

    def statements(drafts):
        with CaptureQueriesContext(connection) as captured:
            place_orders(drafts, now=NOON)
        return len(captured)

    one = statements([shop.draft((shop.mug, 1))])
    three = statements([shop.draft((shop.mug, 1), (shop.shirt, 1), (shop.lamp, 2))])
    many = statements([shop.draft((shop.mug, 1), (shop.shirt, 1)) for _ in range(10)])
    assert one == three == many
    assert one <= 15


def test_place_order_returns_the_order_of_its_draft(shop):
    shop.stock(shop.mug, 5)
    order = place_order(shop.draft((shop.mug, 1), external_id="X"), now=NOON)
    assert Order.objects.get(external_id="X") == order
