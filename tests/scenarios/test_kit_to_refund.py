"""A kit, told by verbs alone: sold as one thing, one component short, sent, part of it given back."""

from decimal import Decimal

import pytest

from inventory.models import Part
from inventory.states import VariantKind
from orders.drafts import WhenShort
from orders.models import Order, Price
from orders.states import FulfilmentStatus, OrderState, PaymentStatus, ReturnStatus
from payments.models import Invoice
from payments.states import InvoiceKind
from returns.services import (
    Inspected,
    Wanted,
    approve_return,
    inspect_return,
    receive_return,
    refund_return,
    request_return,
)
from returns.states import ReturnReason
from shipping.services import buy_labels, dispatch_shipment, pick_all, start_picking
from tests.cast import make_variant, pay
from tests.scenarios.conftest import Days
from tests.shipping.factories import close, fill, make_service

pytestmark = pytest.mark.django_db


def statuses(order: Order) -> tuple[str, str, str]:
    order.refresh_from_db()
    return order.state, order.payment_status, order.fulfilment_status


def test_a_kit_is_sold_short_of_a_component_sent_and_one_component_refunded(shop, days: Days):
    make_service()
    kit = make_variant("SET", "Breakfast set", kind=VariantKind.KIT)
    Part.objects.create(whole=kit, part=shop.mug, quantity=2, position=1)
    Part.objects.create(whole=kit, part=shop.lamp, quantity=1, position=2)
    for variant, amount in ((shop.mug, "9.95"), (shop.lamp, "24.90")):
        Price.objects.create(variant=variant, currency="EUR", amount=Decimal(amount))
    shop.stock(shop.mug, 4)
    shop.stock(shop.lamp, 1)

    # two sets at 39.99, one lamp short: the order is taken, the lamp waits
    placed = shop.order(
        (kit, 2, "39.99"), order_discount=Decimal("5.00"), when_short=WhenShort.BACKORDER
    )
    assert placed.total == Decimal("74.98")
    order = pay(placed, at=days.now)
    mugs, lamps = order.lines.order_by("position")
    assert (mugs.total + lamps.total, mugs.amount + lamps.amount) == (
        Decimal("74.98"),
        Decimal("79.98"),
    )
    assert (order.units_allocated, order.units_backordered) == (5, 1)
    assert order.fulfilment_status == FulfilmentStatus.BACKORDERED

    # the lamp comes in: the order gets it, and all of it leaves
    shop.stock(shop.lamp, 1)
    days.pass_by(hours=1)
    order.refresh_from_db()
    assert order.units_backordered == 0
    for fulfilment in order.fulfilments.order_by("pk"):
        start_picking(fulfilment_id=fulfilment.pk, picker=None, now=days.now)
        pick_all(fulfilment_id=fulfilment.pk, now=days.now)
        fill(fulfilment)
        shipment = buy_labels(shipment_id=close(fulfilment).pk, now=days.now)
        dispatch_shipment(shipment_id=shipment.pk, now=days.now)
    days.pass_by(hours=1)
    assert statuses(order)[2] == FulfilmentStatus.SHIPPED
    assert (shop.level(shop.mug).sellable, shop.level(shop.lamp).sellable) == (0, 0)
    assert Invoice.objects.get().total == Decimal("74.98")

    # one lamp comes back and its share of the kits' price is given back, to the cent
    request = request_return(
        order_id=order.pk, wanted=[Wanted(lamps.pk, 1, ReturnReason.UNWANTED)], now=days.now
    )
    approve_return(return_id=request.pk, now=days.now)
    back = request.lines.get()
    receive_return(
        return_id=request.pk, location=shop.warehouse, received={back.pk: 1}, now=days.now
    )
    inspect_return(return_id=request.pk, results={back.pk: Inspected(1, 0, 1)}, now=days.now)
    refund_return(return_id=request.pk, now=days.now)
    days.work()
    lamps.refresh_from_db()
    share = lamps.credited
    assert share == (lamps.total / 2).quantize(Decimal("0.01"))
    order.refresh_from_db()
    assert (order.refunded, order.credit_total, order.balance) == (share, share, 0)
    assert statuses(order)[:2] == (OrderState.COMPLETED, PaymentStatus.PARTIALLY_REFUNDED)
    assert order.return_status == ReturnStatus.PARTIALLY_RETURNED
    note = Invoice.objects.get(kind=InvoiceKind.CREDIT_NOTE)
    assert note.total == share
    assert shop.level(shop.lamp).sellable == 1

    # the other one too: with it, exactly the lamps' total was given back
    again = request_return(
        order_id=order.pk, wanted=[Wanted(lamps.pk, 1, ReturnReason.UNWANTED)], now=days.now
    )
    approve_return(return_id=again.pk, now=days.now)
    last = again.lines.get()
    receive_return(return_id=again.pk, location=shop.warehouse, received={last.pk: 1}, now=days.now)
    inspect_return(return_id=again.pk, results={last.pk: Inspected(1, 0, 1)}, now=days.now)
    refund_return(return_id=again.pk, now=days.now)
    lamps.refresh_from_db()
    order.refresh_from_db()
    assert (lamps.credited, order.refunded) == (lamps.total, lamps.total)
