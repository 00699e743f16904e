"""Stock runs low, a purchase order goes out, goods arrive short, backorders are filled oldest first."""

from datetime import timedelta
from decimal import Decimal

import pytest

from core.models import AttentionItem, Message
from inventory.errors import CannotReceive
from inventory.models import Demand, Movement, PurchaseOrder
from inventory.selectors.purchasing import open_purchase_lines
from inventory.selectors.receiving import fills_of
from inventory.services import (
    PurchaseWish,
    approve_purchase,
    create_purchase,
    flag_late_suppliers,
    post_receipt,
    send_purchase,
)
from inventory.services.announcing import Announced, announce_shipment
from inventory.services.landing import add_landed_cost
from inventory.services.ordering import close_purchase_short
from inventory.services.posting import Explained
from inventory.services.receiving import scan_receipt, start_receipt
from inventory.states import Difference, SplitBy
from orders.drafts import WhenShort
from orders.models import Order
from tests.inventory.buying import make_price, make_supplier
from tests.scenarios.conftest import Days

pytestmark = pytest.mark.django_db
MUG = "4006381333931"


def waits(order: Order) -> int:
    return sum(one.backordered for one in Demand.objects.filter(reference=order.number))


def arrive(order: PurchaseOrder, units: int, days: Days, told: Explained | None = None):
    """A delivery is unloaded, scanned unit by unit, and posted."""
    receipt = start_receipt(
        order_id=order.pk,
        notice_id=getattr(order.notices.filter(arrived_at=None).first(), "pk", None),
        now=days.now,
    )
    for _ in range(units):
        scan_receipt(receipt_id=receipt.pk, code=MUG)
    explained = {order.lines.get().pk: told} if told else {}
    return post_receipt(receipt_id=receipt.pk, explained=explained, now=days.now)


def test_stock_runs_low_goods_are_bought_arrive_short_and_serve_the_oldest_first(shop, days):
    shop.stock(shop.mug, 2)
    oldest, second, youngest = (
        shop.order((shop.mug, 4), when_short=WhenShort.BACKORDER) for _ in range(3)
    )
    assert [waits(one) for one in (oldest, second, youngest)] == [2, 4, 4]

    supplier = make_supplier(lead_time_days=7, minimum_order=Decimal(20))
    make_price(supplier, shop.mug, "2.00", pack_size=5)
    order = create_purchase(
        supplier=supplier,
        location=shop.warehouse,
        wishes=[PurchaseWish(shop.mug.pk, 15)],
        now=days.now,
    )
    add_landed_cost(
        order_id=order.pk, label="Freight", amount=Decimal("7.50"), split_by=SplitBy.QUANTITY
    )
    approve_purchase(order_id=order.pk, now=days.now)
    send_purchase(order_id=order.pk, now=days.now)
    days.pass_by(days=1)
    assert Message.objects.filter(kind="purchase_order").get().to == supplier.email
    assert [(one.open_units, one.due_on) for one in open_purchase_lines()] == [
        (15, order.expected_on)
    ]

    days.pass_by(days=8)
    assert flag_late_suppliers(now=days.now) == 1
    announce_shipment(
        order_id=order.pk,
        reference="DN 88",
        expected_on=days.now.date() + timedelta(days=1),
        goods=[Announced(order.lines.get().pk, 10)],
        now=days.now,
    )
    assert flag_late_suppliers(now=days.now) == 0
    days.pass_by(days=1)

    short = arrive(order, 5, days, Explained(Difference.SHORT_SHIPPED, "One box missing"))
    assert [(one.label, one.quantity) for one in fills_of([short])[short.pk]] == [
        (oldest.number, 2),
        (second.number, 3),
    ]
    assert [waits(one) for one in (oldest, second, youngest)] == [0, 1, 4]
    assert short.differences.get().units == -5
    assert Movement.objects.latest("id").unit_cost == Decimal("2.5")

    days.pass_by(days=2)
    rest = arrive(order, 8, days)
    assert [(one.label, one.quantity) for one in fills_of([rest])[rest.pk]] == [
        (second.number, 1),
        (youngest.number, 4),
    ]
    assert shop.level(shop.mug).available == 3

    close_purchase_short(order_id=order.pk, reason="The last two are sold out", now=days.now)
    assert PurchaseOrder.objects.get().state == "closed_short"
    with pytest.raises(CannotReceive):
        arrive(order, 1, days)
    assert not AttentionItem.objects.filter(kind="late_supplier", resolved_at=None).exists()
