"""Order to cash, told by verbs alone: from a shop's export and from the telephone to a settled order."""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from django.test import Client

from core import documents
from core.models import Document, Message, MessageStatus
from inventory.models import Movement
from inventory.states import MovementReason
from orders.models import Fulfilment, NoteKind, Order
from orders.services import add_note
from orders.states import (
    FulfilmentState,
    FulfilmentStatus,
    OrderState,
    PaymentStatus,
)
from payments.models import Invoice
from payments.services import record_payment
from payments.states import Method
from shipping.models import Parcel
from shipping.services import (
    Box,
    Report,
    acknowledge_notes,
    buy_labels,
    dispatch_shipment,
    finish_packing,
    record_tracking,
    report_short,
    scan_pack,
    scan_pick,
    start_picking,
)
from shipping.states import (
    EventSource,
    ScanOutcome,
    ShipmentState,
    ShortReason,
    TrackingStatus,
)
from tests.intake.files import counts, run_import
from tests.intake.test_importing import orders as shop_export
from tests.scenarios.conftest import Days
from tests.shipping.factories import make_picker, make_service

pytestmark = pytest.mark.django_db
MUG, SHIRT = "4006381333931", "4006381333948"


class Story:
    """The order under way, and what of it can be seen."""

    def __init__(self, order: Order, days: Days) -> None:
        self.pk = order.pk
        self.days = days

    @property
    def order(self) -> Order:
        return Order.objects.get(pk=self.pk)

    @property
    def work(self) -> Fulfilment:
        return Fulfilment.objects.get(order_id=self.pk)

    @property
    def now(self) -> datetime:
        return self.days.now

    def after(self, **time: int) -> datetime:
        """Let time pass; what was queued meanwhile is done."""
        self.days.pass_by(**time)
        return self.now

    def settle(self) -> None:
        self.days.work()

    def statuses(self) -> tuple[str, str, str]:
        order = self.order
        return order.state, order.payment_status, order.fulfilment_status

    def told(self) -> list[tuple[str, str]]:
        return list(
            Message.objects.filter(subject_id=self.pk).order_by("pk").values_list("kind", "to")
        )

    def link(self) -> str:
        """The address in the newest message, as the customer clicks it."""
        body = Message.objects.filter(subject_id=self.pk).latest("pk").body
        return next(word for word in body.split() if "/track/" in word)


def customers_page(story: Story) -> str:
    """What the customer reads behind the link of the newest message, as a stranger to the house."""
    path = story.link().split("//", 1)[1].split("/", 1)[1]
    return Client().get(f"/{path}", follow=True).content.decode()


def levels(shop, variant) -> tuple[int, int]:
    level = shop.level(variant)
    return level.sellable, level.allocated


def pay_rest(story: Story) -> None:
    order = story.order
    record_payment(
        order_id=order.pk,
        method=Method.BANK_TRANSFER,
        amount=order.balance,
        currency=order.currency,
        received_at=story.now,
        now=story.now,
    )


def test_a_phone_order_goes_from_the_call_to_a_settled_account(shop, days):
    service = make_service()
    picker = make_picker(shop.warehouse)
    shop.stock(shop.mug, 10)
    shop.stock(shop.shirt, 4)

    # the call: placed, set aside, confirmed to the customer, and waiting for money
    story = Story(
        shop.order(
            (shop.mug, 2, "9.95"),
            (shop.shirt, 1, "24.90"),
            shipping=Decimal("4.90"),
            shipping_service=service,
        ),
        days,
    )
    assert story.order.total == Decimal("49.70")
    assert story.statuses() == (
        OrderState.OPEN,
        PaymentStatus.PENDING,
        FulfilmentStatus.ALLOCATED,
    )
    assert levels(shop, shop.mug) == (10, 2)
    assert levels(shop, shop.shirt) == (4, 1)
    assert not Fulfilment.objects.exists()
    story.settle()
    assert story.told() == [("order_placed", "ada@example.com")]
    assert Message.objects.get().status == MessageStatus.KEPT
    assert "We have received your order." in customers_page(story)

    # money: a part, then the rest; only then the warehouse is asked to send it
    now = story.after(hours=20)
    record_payment(
        order_id=story.pk,
        method=Method.CASH,
        amount=Decimal("9.70"),
        currency="EUR",
        received_at=now,
        now=now,
    )
    assert story.statuses()[1] == PaymentStatus.PARTIALLY_PAID
    assert (story.order.captured, story.order.balance) == (Decimal("9.70"), Decimal("40.00"))
    assert not Fulfilment.objects.exists()
    pay_rest(story)
    assert story.statuses()[1] == PaymentStatus.PAID
    assert (story.order.captured, story.order.balance) == (Decimal("49.70"), 0)
    assert (story.work.state, story.work.location) == (FulfilmentState.READY, shop.warehouse)

    # picking: a wrong item is refused, the right ones count
    now = story.after(hours=1)
    work = {"fulfilment_id": story.work.pk, "now": now}
    start_picking(picker=picker, **work)
    assert story.statuses()[2] == FulfilmentStatus.IN_PROGRESS
    assert scan_pick(code="LAMP", **work).outcome == ScanOutcome.WRONG
    for code in (MUG, MUG, SHIRT):
        assert scan_pick(code=code, **work).outcome == ScanOutcome.ITEM
    assert levels(shop, shop.mug) == (10, 2)  # still in the house

    # packing: verified by scan, the instruction read, one parcel
    note = add_note(
        order_id=story.pk,
        text="Wrap the mugs.",
        kind=NoteKind.PACKING,
        author=picker,
        now=now,
    )
    for code in (MUG, SHIRT, MUG):
        assert scan_pack(code=code, **work).outcome == ScanOutcome.ITEM
    assert scan_pack(code=MUG, **work).outcome == ScanOutcome.TOO_MANY
    acknowledge_notes(note_ids=[note.pk], **work)
    parcel = Parcel.objects.get()
    shipment = finish_packing(boxes={parcel.pk: Box(weight_g=950)}, service_id=None, **work)
    assert (shipment.state, story.work.state) == (ShipmentState.PACKED, FulfilmentState.PACKED)

    # label and dispatch: stock goes down with the goods, in the same commit
    shipment = buy_labels(shipment_id=shipment.pk, now=story.after(minutes=10))
    parcel.refresh_from_db()
    assert (shipment.state, shipment.cost) == (ShipmentState.LABELLED, Decimal("3.90"))
    assert parcel.tracking_number
    dispatch_shipment(shipment_id=shipment.pk, now=story.after(hours=2))
    assert story.statuses()[2] == FulfilmentStatus.SHIPPED
    assert levels(shop, shop.mug) == (8, 0)
    assert levels(shop, shop.shirt) == (3, 0)
    sold = Movement.objects.filter(reason=MovementReason.SHIPMENT)
    assert sorted(sold.values_list("level__variant__sku", "quantity")) == [
        ("MUG", -2),
        ("SHIRT-M", -1),
    ]

    # what followed by itself: an invoice, and a message with the tracking number
    story.settle()
    invoice = Invoice.objects.get()
    assert (invoice.number, invoice.total, invoice.tax) == (
        "INV-00001",
        Decimal("49.70"),
        story.order.tax_total,
    )
    assert story.told()[1:] == [("order_shipped", "ada@example.com")]
    assert parcel.tracking_number in Message.objects.get(kind="order_shipped").body
    assert "Your order is on its way." in customers_page(story)

    # on the road: told out of order and twice, it ends alike
    now = story.after(days=2)
    arrived = Report(TrackingStatus.DELIVERED, now, "Handed over at the door", "Berlin")
    moved = Report(TrackingStatus.IN_TRANSIT, now - timedelta(days=1), "Sorted", "Hanover")
    for report in (arrived, moved, arrived):
        record_tracking(parcel_id=parcel.pk, reports=[report], source=EventSource.CARRIER, now=now)
    assert story.statuses() == (
        OrderState.COMPLETED,
        PaymentStatus.PAID,
        FulfilmentStatus.DELIVERED,
    )
    order = story.order
    assert (order.units, order.units_shipped, order.units_delivered, order.balance) == (3, 3, 3, 0)

    # the end: told once, and the customer reads it on their page
    story.settle()
    assert [kind for kind, _ in story.told()] == [
        "order_placed",
        "order_shipped",
        "order_delivered",
    ]
    page = customers_page(story)
    assert "Your order has been delivered." in page
    assert parcel.tracking_number in page
    made = Document.objects.get(kind="invoice")
    assert made.number == "INV-00001"
    assert documents.content_of(made).startswith(b"%PDF")


def test_an_imported_paid_order_is_sent_in_two_parts(shop, days):
    make_service()
    shop.stock(shop.mug, 3)
    run = run_import(shop_export({"Lineitem quantity": "3", "Total": "30.00", "Subtotal": "30.00"}))
    assert counts(run) == (1, 0, 0, 0)
    story = Story(Order.objects.get(), days)
    story.settle()

    # born paid and set aside: the warehouse may begin; the shop has confirmed it to the customer
    order = story.order
    assert (order.total, order.captured, order.balance) == (Decimal("30.00"), Decimal("30.00"), 0)
    assert (story.statuses()[2], order.units_allocated) == (FulfilmentStatus.ALLOCATED, 3)
    assert (story.work.state, story.told()) == (FulfilmentState.READY, [])
    assert levels(shop, shop.mug) == (3, 3)

    # one mug is broken on the shelf: two leave, the third waits for stock
    work = {"fulfilment_id": story.work.pk, "now": story.after(hours=1)}
    start_picking(picker=None, **work)
    line = story.work.picks.live().get().lines.get()
    for _ in range(2):
        scan_pick(code=MUG, **work)
    report_short(line_id=line.pk, quantity=1, reason=ShortReason.DAMAGED, **work)
    assert (story.order.units_allocated, story.order.units_backordered) == (2, 1)
    assert shop.level(shop.mug).damaged == 1
    for _ in range(2):
        scan_pack(code=MUG, **work)
    first = _close_and_send(story, work)
    assert story.statuses()[2] == FulfilmentStatus.PARTIALLY_SHIPPED
    assert levels(shop, shop.mug) == (0, 0)
    story.settle()
    assert story.told() == [("order_shipped", "ada@example.com")]
    assert Message.objects.get().subject.startswith("Part of your order #2001")
    assert "Part of your order is on its way." in customers_page(story)

    # goods come: the waiting unit is filled by itself, and leaves as work of its own
    shop.stock(shop.mug, 5)
    story.after(days=1)
    assert (story.order.units_allocated, story.order.units_backordered) == (1, 0)
    rest = Fulfilment.objects.filter(state=FulfilmentState.READY).get()
    work = {"fulfilment_id": rest.pk, "now": story.now}
    start_picking(picker=None, **work)
    scan_pick(code=MUG, **work)
    scan_pack(code=MUG, **work)
    second = _close_and_send(story, work)
    assert first.pk != second.pk
    assert levels(shop, shop.mug) == (4, 0)
    story.settle()
    assert story.statuses()[:2] == (OrderState.COMPLETED, PaymentStatus.PAID)
    assert story.told() == [("order_shipped", "ada@example.com")] * 2

    # both parcels arrive: delivered once all of it is there, and told once
    parcels = list(Parcel.objects.order_by("pk"))
    for parcel, status in zip(
        parcels, (FulfilmentStatus.SHIPPED, FulfilmentStatus.DELIVERED), strict=True
    ):
        report = Report(TrackingStatus.DELIVERED, story.after(days=1), "At the door")
        record_tracking(
            parcel_id=parcel.pk, reports=[report], source=EventSource.STAFF, now=story.now
        )
        assert story.statuses()[2] == status
    story.settle()
    assert [kind for kind, _ in story.told()][2:] == ["order_delivered"]
    assert customers_page(story).count("Parcel ") >= 2
    assert Invoice.objects.get().total == Decimal("30.00")


def _close_and_send(story: Story, work: dict) -> object:
    shipment = story.order.shipments.open().get()
    shipment = finish_packing(
        boxes={parcel.pk: Box(weight_g=700) for parcel in shipment.parcels.all()},
        service_id=None,
        **work,
    )
    buy_labels(shipment_id=shipment.pk, now=story.now)
    return dispatch_shipment(shipment_id=shipment.pk, now=story.now)
