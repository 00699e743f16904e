"""Return to refund, told by verbs alone: stock, money and papers follow each step."""

from decimal import Decimal

import pytest

from core import documents
from core.models import Document
from inventory.models import Movement
from orders.models import Order
from orders.states import FulfilmentStatus, OrderState, PaymentStatus, ReturnStatus
from payments.models import Invoice, Payment
from payments.states import InvoiceKind, PaymentStanding
from returns.errors import CannotReturn
from returns.models import ReturnRequest
from returns.services import (
    Inspected,
    Wanted,
    approve_return,
    inspect_return,
    receive_return,
    refund_return,
    request_return,
)
from returns.states import ReturnReason, ReturnState
from shipping.models import Parcel
from shipping.services import Report, dispatch_shipment, record_tracking
from shipping.states import EventSource, TrackingStatus
from tests.cast import pay
from tests.scenarios.conftest import Days
from tests.shipping.factories import labelled, make_service

pytestmark = pytest.mark.django_db


def delivered_order(shop, days: Days) -> Order:
    """Two mugs and a shirt, 10 % off and with shipping, paid, sent, invoiced and delivered."""
    shop.stock(shop.mug, 5)
    shop.stock(shop.shirt, 5)
    make_service()
    placed = shop.order(
        (shop.mug, 2, "9.95"),
        (shop.shirt, 1, "24.90"),
        shipping=Decimal("4.90"),
        order_discount=Decimal("4.48"),
    )
    order = pay(placed, at=days.now)
    days.pass_by(hours=1)
    shipment = dispatch_shipment(shipment_id=labelled(order).pk, now=days.now)
    days.pass_by(days=2)
    report = Report(TrackingStatus.DELIVERED, days.now, "At the door")
    for parcel in Parcel.objects.filter(shipment=shipment):
        record_tracking(
            parcel_id=parcel.pk, reports=[report], source=EventSource.STAFF, now=days.now
        )
    days.pass_by(days=3)
    return Order.objects.get(pk=order.pk)


def units(level) -> tuple[int, int, int]:
    level.refresh_from_db()
    return level.sellable, level.quality_control, level.damaged


def standing(order: Order) -> tuple[str, str, str]:
    order.refresh_from_db()
    return order.state, order.payment_status, order.return_status


def money(order: Order) -> tuple[Decimal, Decimal, Decimal]:
    """What is still owed by the customer (below zero: to them), given back, and taken back."""
    order.refresh_from_db()
    return order.balance, order.refunded, order.credit_total


def test_goods_come_back_and_stock_money_and_papers_follow(shop, days):
    order = delivered_order(shop, days)
    mugs, shirt = order.lines.order_by("position")
    assert order.total == Decimal("45.22")
    assert order.fulfilment_status == FulfilmentStatus.DELIVERED
    assert standing(order) == (OrderState.COMPLETED, PaymentStatus.PAID, ReturnStatus.NONE)
    assert Invoice.objects.get().total == Decimal("45.22")
    # the discount was laid on the lines once, when the order was placed
    assert (mugs.total, shirt.total) == (Decimal("17.91"), Decimal("22.41"))

    # requested: the order is open again, nothing has moved
    wanted = [
        Wanted(mugs.pk, 2, ReturnReason.UNWANTED),
        Wanted(shirt.pk, 1, ReturnReason.WRONG_SIZE),
    ]
    request = request_return(order_id=order.pk, wanted=wanted, now=days.now)
    assert standing(order) == (OrderState.OPEN, PaymentStatus.PAID, ReturnStatus.REQUESTED)
    assert money(order) == (0, 0, 0)
    with pytest.raises(CannotReturn):
        refund_return(return_id=request.pk, now=days.now)

    # approved, and two days later two of the three units lie on the desk
    approve_return(return_id=request.pk, now=days.now)
    days.pass_by(days=2)
    by_order_line = {line.order_line_id: line for line in request.lines.all()}
    of_mugs, of_shirt = by_order_line[mugs.pk], by_order_line[shirt.pk]
    receive_return(
        return_id=request.pk,
        location=shop.warehouse,
        received={of_mugs.pk: 1, of_shirt.pk: 1},
        now=days.now,
    )
    mug_level, shirt_level = shop.level(shop.mug), shop.level(shop.shirt)
    assert (units(mug_level), units(shirt_level)) == ((3, 1, 0), (4, 1, 0))
    order.refresh_from_db()
    assert order.units_return_requested == 2  # the third is no longer expected
    assert money(order) == (0, 0, 0)

    # inspected: the mug goes on sale again, the shirt is torn; both are credited
    inspect_return(
        return_id=request.pk,
        results={
            of_mugs.pk: Inspected(restocked=1, scrapped=0, credited=1),
            of_shirt.pk: Inspected(restocked=0, scrapped=1, credited=1),
        },
        now=days.now,
    )
    assert (units(mug_level), units(shirt_level)) == ((4, 0, 0), (4, 0, 0))
    credit = Decimal("8.96") + Decimal("22.41")  # half of 17.91, half-up; and all of the shirt
    assert money(order) == (-credit, 0, credit)
    assert standing(order) == (
        OrderState.OPEN,
        PaymentStatus.OVERPAID,
        ReturnStatus.PARTIALLY_RETURNED,
    )

    # refunded: the money goes where it came from, once, and the order is at rest
    with pytest.raises(CannotReturn):
        refund_return(return_id=request.pk, amount=credit + 1, now=days.now)
    closed = refund_return(return_id=request.pk, now=days.now)
    assert (closed.state, closed.credit, closed.refunded) == (ReturnState.CLOSED, credit, credit)
    with pytest.raises(CannotReturn):
        refund_return(return_id=request.pk, now=days.now)
    assert money(order) == (0, credit, credit)
    assert standing(order) == (
        OrderState.COMPLETED,
        PaymentStatus.PARTIALLY_REFUNDED,
        ReturnStatus.PARTIALLY_RETURNED,
    )
    payment = Payment.objects.get()
    assert (payment.refunded, payment.status) == (credit, PaymentStanding.PARTLY_REFUNDED)

    # the papers: one credit note over just that, correcting the invoice
    days.work()
    days.work()
    note = Invoice.objects.get(kind=InvoiceKind.CREDIT_NOTE)
    assert (note.number, note.total) == ("CN-00001", credit)
    assert note.corrects == Invoice.objects.get(kind=InvoiceKind.INVOICE)
    made = Document.objects.get(kind="credit_note")
    assert documents.content_of(made).startswith(b"%PDF")


def test_the_last_return_gives_back_to_the_cent_what_was_paid_for_the_goods(shop, days):
    order = delivered_order(shop, days)
    for line in order.lines.order_by("-position"):
        for _ in range(line.quantity):
            _return_one(shop, days, order, line.pk)
    order.refresh_from_db()
    assert order.refunded == Decimal("40.32")  # all but the shipping
    assert order.balance == 0
    assert standing(order)[2] == ReturnStatus.RETURNED
    assert (units(shop.level(shop.mug)), units(shop.level(shop.shirt))) == ((5, 0, 0), (5, 0, 0))
    came_back = Movement.objects.filter(reason="return").values_list("quantity", flat=True)
    assert sum(came_back) == 3
    notes = Invoice.objects.filter(kind=InvoiceKind.CREDIT_NOTE).order_by("sequence")
    assert [note.sequence for note in notes] == [1, 2, 3]
    assert sum(note.total for note in notes) == Decimal("40.32")
    assert not ReturnRequest.objects.open().exists()


def _return_one(shop, days: Days, order: Order, line_id: int) -> None:
    wanted = [Wanted(line_id, 1, ReturnReason.UNWANTED)]
    request = request_return(order_id=order.pk, wanted=wanted, now=days.now)
    approve_return(return_id=request.pk, now=days.now)
    days.pass_by(days=1)
    line = request.lines.get()
    receive_return(
        return_id=request.pk, location=shop.warehouse, received={line.pk: 1}, now=days.now
    )
    inspected = {line.pk: Inspected(restocked=1, scrapped=0, credited=1)}
    inspect_return(return_id=request.pk, results=inspected, now=days.now)
    refund_return(return_id=request.pk, now=days.now)
    days.work()
