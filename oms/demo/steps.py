"""The steps of the demo's fates: each is what one person does with one order."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from core.actors import Actor, acting
from core.markup.values import money_text
from core.money import quantise
from oms.demo.store import Store
from orders.models import Fulfilment, NoteKind, Order
from orders.services import (
    add_note,
    cancel_order,
    expire_order,
    hold_order,
    release_hold,
)
from orders.states import FulfilmentState, HoldKind
from payments.services import record_payment, refund_order
from payments.states import Method
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
from returns.states import ReturnReason
from shipping.models import Parcel, PickLine, Shipment
from shipping.services import (
    Box,
    Report,
    buy_labels,
    dispatch_shipment,
    finish_packing,
    pick_all,
    record_tracking,
    set_packed,
    set_picked,
    start_picking,
)
from shipping.states import EventSource, TrackingStatus


@dataclass(frozen=True)
class Case:
    """One order under way; `luck` (0 to 1) decides small things about it."""

    order_id: int
    store: Store
    luck: float

    def actor(self, role: str) -> Actor:
        return self.store.staff[role].actor

    def order(self) -> Order:
        return Order.objects.get(pk=self.order_id)

    def work(self, *states: FulfilmentState) -> list[Fulfilment]:
        return list(
            Fulfilment.objects.filter(order_id=self.order_id, state__in=states).order_by("pk")
        )


def pay(case: Case, now: datetime) -> None:
    order = case.order()
    if order.balance <= 0:
        return
    web = order.channel.kind == "web"
    with acting(case.actor("finance")):
        record_payment(
            order_id=order.pk,
            method=Method.ELSEWHERE if web else Method.BANK_TRANSFER,
            amount=order.balance,
            currency=order.currency,
            received_at=now,
            reference="" if web else f"Transfer {order.number}",
            now=now,
        )


def start(case: Case, now: datetime) -> None:
    with acting(case.actor("warehouse")):
        for fulfilment in case.work(FulfilmentState.READY):
            start_picking(
                fulfilment_id=fulfilment.pk, picker=case.store.staff["warehouse"], now=now
            )


def pack(case: Case, now: datetime) -> None:
    _pack(case, now, is_partial=False)


def _pack(case: Case, now: datetime, *, is_partial: bool) -> None:
    start(case, now)
    with acting(case.actor("warehouse")):
        for fulfilment in case.work(FulfilmentState.PICKING):
            if is_partial:
                first = PickLine.objects.filter(pick__fulfilment=fulfilment).earliest("pk")
                set_picked(fulfilment_id=fulfilment.pk, line_id=first.pk, quantity=1, now=now)
            else:
                pick_all(fulfilment_id=fulfilment.pk, now=now)
            shipment = set_packed(fulfilment_id=fulfilment.pk, quantities=None, now=now)
            parcel = shipment.parcels.get()
            finish_packing(
                fulfilment_id=fulfilment.pk,
                boxes={parcel.pk: Box(weight_g=400 + int(case.luck * 3000))},
                service_id=None,
                is_partial=is_partial,
                now=now,
            )


def _send(case: Case, now: datetime, *, is_partial: bool) -> None:
    _pack(case, now, is_partial=is_partial)
    with acting(case.actor("warehouse")):
        for shipment in Shipment.objects.open().filter(fulfilment__order_id=case.order_id):
            buy_labels(shipment_id=shipment.pk, now=now)
            dispatch_shipment(shipment_id=shipment.pk, now=now)


def send(case: Case, now: datetime) -> None:
    _send(case, now, is_partial=False)


def send_part(case: Case, now: datetime) -> None:
    order = case.order()
    _send(case, now, is_partial=order.units > 1)


def _report(case: Case, status: TrackingStatus, text: str, now: datetime) -> None:
    place = case.order().ship_to.city
    for parcel in Parcel.objects.filter(shipment__fulfilment__order_id=case.order_id):
        if parcel.shipment.state == "dispatched":
            record_tracking(
                parcel_id=parcel.pk,
                reports=[Report(status=status, occurred_at=now, text=text, place=place)],
                source=EventSource.STAFF,
                now=now,
            )


def scan(case: Case, now: datetime) -> None:
    _report(case, TrackingStatus.IN_TRANSIT, "Sorted at the parcel centre", now)


def deliver(case: Case, now: datetime) -> None:
    _report(case, TrackingStatus.DELIVERED, "Handed over at the door", now)


def trouble(case: Case, now: datetime) -> None:
    _report(case, TrackingStatus.PROBLEM, "Address not found; parcel kept at the depot", now)


def expire(case: Case, now: datetime) -> None:
    expire_order(order_id=case.order_id, days=14, now=now)


def cancel(case: Case, now: datetime) -> None:
    with acting(case.actor("sales")):
        cancel_order(order_id=case.order_id, reason="Customer changed their mind", now=now)


def cancel_part(case: Case, now: datetime) -> None:
    order = case.order()
    line = order.lines.order_by("-quantity", "pk").first()
    if line and order.units > 1:
        with acting(case.actor("sales")):
            cancel_order(
                order_id=order.pk, units={line.pk: 1}, reason="Customer wants one less", now=now
            )


def hold_address(case: Case, now: datetime) -> None:
    with acting(case.actor("sales")):
        hold_order(
            order_id=case.order_id,
            kind=HoldKind.ADDRESS,
            reason="No house number; customer was asked",
            now=now,
        )
        add_note(
            order_id=case.order_id,
            text="Wrote to the customer about the house number.",
            kind=NoteKind.STAFF,
            author=case.store.staff["sales"],
            now=now,
        )


def hold_fraud(case: Case, now: datetime) -> None:
    with acting(case.actor("finance")):
        hold_order(
            order_id=case.order_id,
            kind=HoldKind.FRAUD,
            reason="First order, high value, other country",
            now=now,
        )


def let_go(case: Case, now: datetime) -> None:
    with acting(case.actor("sales")):
        for hold in case.order().holds.filter(released_at=None):
            release_hold(order_id=case.order_id, hold_id=hold.pk, now=now)


def ask_return(case: Case, now: datetime) -> None:
    order = case.order()
    lines = [line for line in order.lines.all() if line.returnable]
    if lines:
        reasons = [ReturnReason.WRONG_SIZE, ReturnReason.UNWANTED, ReturnReason.DAMAGED]
        wanted = Wanted(lines[0].pk, 1, reasons[int(case.luck * len(reasons))])
        with acting(case.actor("returns")):
            request_return(order_id=order.pk, wanted=[wanted], now=now)


def _returns(case: Case) -> list[ReturnRequest]:
    return list(ReturnRequest.objects.open().filter(order_id=case.order_id))


def approve(case: Case, now: datetime) -> None:
    with acting(case.actor("returns")):
        for one in _returns(case):
            approve_return(return_id=one.pk, now=now)


def receive(case: Case, now: datetime) -> None:
    approve(case, now)
    with acting(case.actor("returns")):
        for one in _returns(case):
            receive_return(
                return_id=one.pk,
                location=case.store.locations["hamburg"],
                received={line.pk: line.quantity for line in one.lines.all()},
                now=now,
            )


def take_back(case: Case, now: datetime) -> None:
    receive(case, now)
    scrapped = case.luck > 0.7
    with acting(case.actor("returns")):
        for one in _returns(case):
            inspect_return(
                return_id=one.pk,
                results={
                    line.pk: Inspected(
                        restocked=0 if scrapped else line.received,
                        scrapped=line.received if scrapped else 0,
                        credited=line.received,
                    )
                    for line in one.lines.all()
                },
                now=now,
            )
            refund_return(return_id=one.pk, now=now)


def goodwill(case: Case, now: datetime) -> None:
    order = case.order()
    amount = quantise(min(order.captured, order.total * Decimal("0.1")), order.currency)
    with acting(case.actor("manager")):
        refund_order(
            order_id=order.pk,
            amount=amount,
            reason=f"Goodwill of {money_text(amount, order.currency)} for the late parcel",
            grants_credit=True,
            now=now,
        )


STEPS: dict[str, Callable[[Case, datetime], None]] = {
    step.__name__: step
    for step in (
        pay, start, pack, send, send_part, scan, deliver, trouble, expire, cancel, cancel_part,
        hold_address, hold_fraud, let_go, ask_return, approve, receive, take_back, goodwill,
    )
}  # fmt: skip
