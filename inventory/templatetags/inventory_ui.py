"""How stock's states look."""

from django import template

from core.markup import BadgeSet
from inventory.states import (
    Condition,
    MovementReason,
    PurchaseState,
    ReceiptState,
    SerialState,
    SnapshotDecision,
)

register = template.Library()

CONDITION = BadgeSet(
    Condition,
    {
        Condition.SELLABLE: ("success", "check"),
        Condition.QUALITY_CONTROL: ("info", "search"),
        Condition.DAMAGED: ("danger", "alert"),
    },
)
REASON = BadgeSet(
    MovementReason,
    {
        MovementReason.OPENING: ("neutral", "anchor"),
        MovementReason.RECEIPT: ("success", "download"),
        MovementReason.SHIPMENT: ("info", "truck"),
        MovementReason.SHIPMENT_UNDONE: ("warning", "undo"),
        MovementReason.RETURN: ("info", "return"),
        MovementReason.FOUND: ("success", "plus"),
        MovementReason.LOST: ("danger", "minus"),
        MovementReason.DAMAGED: ("danger", "alert"),
        MovementReason.INSPECTED: ("neutral", "search"),
        MovementReason.SCRAPPED: ("danger", "trash"),
        MovementReason.COUNT: ("neutral", "scan"),
        MovementReason.CORRECTION: ("warning", "edit"),
        MovementReason.TRANSFER_OUT: ("info", "truck"),
        MovementReason.TRANSFER_IN: ("info", "download"),
        MovementReason.USED: ("neutral", "minus"),
        MovementReason.ASSEMBLED: ("success", "plus"),
        MovementReason.SUPPLIER_RETURN: ("warning", "undo"),
    },
)
PURCHASE = BadgeSet(
    PurchaseState,
    {
        PurchaseState.DRAFT: ("neutral", "edit"),
        PurchaseState.APPROVED: ("warning", "check"),
        PurchaseState.SENT: ("info", "truck"),
        PurchaseState.PARTLY_RECEIVED: ("accent", "box"),
        PurchaseState.RECEIVED: ("success", "check-circle"),
        PurchaseState.CLOSED_SHORT: ("neutral", "minus"),
        PurchaseState.CANCELLED: ("neutral", "cross"),
    },
)
RECEIPT = BadgeSet(
    ReceiptState,
    {
        ReceiptState.COUNTING: ("warning", "scan"),
        ReceiptState.POSTED: ("success", "check"),
        ReceiptState.DISCARDED: ("neutral", "trash"),
    },
)
PURCHASE.add_to(register, "purchase_badge")
RECEIPT.add_to(register, "receipt_badge")
SERIAL = BadgeSet(
    SerialState,
    {
        SerialState.IN_STOCK: ("success", "box"),
        SerialState.SHIPPED: ("info", "truck"),
        SerialState.GONE: ("neutral", "trash"),
    },
)
DECISION = BadgeSet(
    SnapshotDecision,
    {
        SnapshotDecision.AGREES: ("success", "check"),
        SnapshotDecision.OPEN: ("warning", "question"),
        SnapshotDecision.ACCEPTED: ("info", "check-circle"),
        SnapshotDecision.REFUSED: ("neutral", "minus"),
    },
)
SERIAL.add_to(register, "serial_badge")
DECISION.add_to(register, "decision_badge")
CONDITION.add_to(register, "condition_badge")
REASON.add_to(register, "reason_badge")


@register.filter
def signed(units: int) -> str:
    """“+5”, “−3” with a real minus."""
    return f"+{units:,}" if units > 0 else f"{units:,}".replace("-", "\u2212")
