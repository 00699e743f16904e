"""Purchase orders on their way: approved, sent, closed short, cancelled."""

from datetime import datetime

from django.db import transaction

from core import documents, messages, outbox
from core.documents import DocumentKind
from core.markup.values import money_text
from core.models import Document
from inventory.errors import CannotBuy
from inventory.events import (
    PurchaseApproved,
    PurchaseCancelled,
    PurchaseClosedShort,
    PurchaseReopened,
    PurchaseSent,
)
from inventory.locks import lock_purchase
from inventory.messages import PURCHASE_ORDER_SENT, purchase_variables
from inventory.models import PurchaseOrder, PurchaseOrderLine
from inventory.services.buying import move_purchase
from inventory.services.lateness import forget_lateness
from inventory.states import PurchaseState, ReceiptState

PAPER = "purchase_order"


@transaction.atomic
def approve_purchase(*, order_id: int, by: int | None = None, now: datetime) -> PurchaseOrder:
    """Decide to buy. Raises CannotBuy for an order without lines, or one that is no draft."""
    order = lock_purchase(order_id)
    if not order.lines.exists():
        raise CannotBuy(f"{order.number} has no lines; add what is to be bought.")
    move_purchase(order, "approve", by=by, now=now)
    total = money_text(order.total, order.currency, explicit=True)
    outbox.publish(PurchaseApproved(purchaseorder_id=order.pk, number=order.number, total=total))
    return order


@transaction.atomic
def reopen_purchase(*, order_id: int) -> PurchaseOrder:
    """Take an approved order back to draft, to change it. Raises CannotBuy once it was sent."""
    order = lock_purchase(order_id)
    move_purchase(order, "reopen")
    outbox.publish(PurchaseReopened(purchaseorder_id=order.pk, number=order.number))
    return order


@transaction.atomic
def send_purchase(*, order_id: int, by_mail: bool = True, now: datetime) -> PurchaseOrder:
    """Give the order to the supplier: its paper is made, and mailed where `by_mail`.

    Raises CannotBuy when it is not approved, or is to be mailed to a supplier without an address.
    """
    order = lock_purchase(order_id)
    to = order.supplier.email if by_mail else ""
    if by_mail and not to:
        raise CannotBuy(
            f"{order.supplier.name} has no e-mail address; add one, or send the paper yourself and"
            " mark the order as sent.",
            field="by_mail",
        )
    move_purchase(order, "send", now=now)
    documents.request(PAPER, order.pk)
    if to:
        messages.queue(
            PURCHASE_ORDER_SENT,
            subject_id=order.pk,
            to=to,
            variables=purchase_variables(order.pk),
            dedupe=f"purchase_order:{order.pk}:{now:%Y%m%d%H%M%S%f}",
        )
    how = f"by mail to {to}" if to else "by hand"
    fact = PurchaseSent(purchaseorder_id=order.pk, number=order.number, to=to, how=how)
    outbox.publish(fact)
    return order


@transaction.atomic
def close_purchase_short(*, order_id: int, reason: str, now: datetime) -> PurchaseOrder:
    """Wait no longer for what has not come. Raises CannotBuy when nothing is to come, or a delivery
    is being counted.
    """
    order = lock_purchase(order_id)
    refuse_while_counted(order)
    units = cancel_rest(order)
    move_purchase(order, "close_short", reason=reason, now=now)
    fact = PurchaseClosedShort(purchaseorder_id=order.pk, number=order.number, units=units)
    outbox.publish(fact, reason=reason or None)
    forget_lateness(order, now=now)
    return order


@transaction.atomic
def cancel_purchase(*, order_id: int, reason: str, now: datetime) -> PurchaseOrder:
    """Call the order off before any of it came. Raises CannotBuy."""
    order = lock_purchase(order_id)
    if order.state == PurchaseState.PARTLY_RECEIVED:
        raise CannotBuy(f"Some of {order.number} is here already; close it short instead.")
    refuse_while_counted(order)
    move_purchase(order, "cancel", reason=reason, now=now)
    cancel_rest(order)
    fact = PurchaseCancelled(purchaseorder_id=order.pk, number=order.number)
    outbox.publish(fact, reason=reason or None)
    forget_lateness(order, now=now)
    return order


@transaction.atomic
def request_paper(*, order_id: int, kind: DocumentKind) -> Document:
    """The order's PDF as it reads now."""
    return documents.request(kind, lock_purchase(order_id).pk)


def refuse_while_counted(order: PurchaseOrder) -> None:
    counted = order.receipts.filter(state=ReceiptState.COUNTING).first()
    if counted:
        raise CannotBuy(
            f"A delivery of {order.number} is being counted ({counted.number}); post or discard it"
            " first."
        )


def cancel_rest(order: PurchaseOrder) -> int:
    """All that is still to come is not waited for; returns how many units."""
    rows = [line for line in order.lines.all() if line.open]
    units = sum(line.open for line in rows)
    for line in rows:
        line.cancelled += line.open
    PurchaseOrderLine.objects.bulk_update(rows, ["cancelled"])
    return units
