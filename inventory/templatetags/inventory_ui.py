"""How stock's states look."""

from typing import Any

from django import template

from core.markup import BadgeSet
from inventory.states import (
    AssemblyState,
    Condition,
    CountState,
    MovementReason,
    PurchaseState,
    ReceiptState,
    SerialState,
    SnapshotDecision,
    SuggestionKind,
    SuggestionState,
    TransferState,
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
        SerialState.TO_FIND: ("warning", "search"),
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
SUGGESTION = BadgeSet(
    SuggestionState,
    {
        SuggestionState.OPEN: ("info", "clock"),
        SuggestionState.ORDERED: ("success", "check"),
        SuggestionState.DISMISSED: ("neutral", "cross"),
        SuggestionState.OUTDATED: ("neutral", "minus"),
    },
)
SUGGESTION_KIND = BadgeSet(
    SuggestionKind,
    {
        SuggestionKind.PURCHASE: ("info", "cart"),
        SuggestionKind.TRANSFER: ("accent", "truck"),
    },
)
SUGGESTION.add_to(register, "suggestion_badge")
SUGGESTION_KIND.add_to(register, "suggestion_kind_badge")
TRANSFER_STATE = BadgeSet(
    TransferState,
    {
        TransferState.DRAFT: ("neutral", "edit"),
        TransferState.SHIPPED: ("info", "truck"),
        TransferState.PARTLY_RECEIVED: ("warning", "download"),
        TransferState.RECEIVED: ("success", "check"),
        TransferState.CANCELLED: ("neutral", "blocked"),
    },
)
COUNT_STATE = BadgeSet(
    CountState,
    {
        CountState.OPEN: ("info", "scan"),
        CountState.SUBMITTED: ("warning", "clock"),
        CountState.APPROVED: ("success", "check"),
        CountState.CANCELLED: ("neutral", "blocked"),
    },
)
ASSEMBLY_STATE = BadgeSet(
    AssemblyState,
    {
        AssemblyState.DRAFT: ("neutral", "edit"),
        AssemblyState.STARTED: ("info", "play"),
        AssemblyState.DONE: ("success", "check"),
        AssemblyState.CANCELLED: ("neutral", "blocked"),
    },
)
TRANSFER_STATE.add_to(register, "transfer_badge")
COUNT_STATE.add_to(register, "count_badge")
ASSEMBLY_STATE.add_to(register, "assembly_badge")
CONDITION.add_to(register, "condition_badge")
REASON.add_to(register, "reason_badge")


@register.filter
def signed(units: int) -> str:
    """“+5”, “−3” with a real minus."""
    return f"+{units:,}" if units > 0 else f"{units:,}".replace("-", "\u2212")


DEMAND_WORDS = {
    "none": "none",
    "smooth": "smooth: nearly every day, much alike",
    "erratic": "erratic: nearly every day, very unlike",
    "intermittent": "now and then, much alike",
    "lumpy": "lumpy: now and then, very unlike",
}
METHOD_WORDS = {
    "none": "nothing was sold",
    "average": "average of the days so far",
    "sba": "Syntetos–Boylan",
    "tsb": "Teunter–Syntetos–Babai, as it fades",
    "level": "exponential smoothing",
    "trend": "exponential smoothing with a damped trend",
    "seasonal": "exponential smoothing with seasons",
}


@register.simple_tag
def demand_words(kind: str) -> str:
    """A class of demand in words."""
    return DEMAND_WORDS.get(kind, kind)


@register.simple_tag
def method_words(method: str) -> str:
    """How a rate was found, in words."""
    return METHOD_WORDS.get(method, method)


@register.filter
def at(cells: dict[str, Any], column: Any) -> Any:
    """The cell of a row of the grid that stands in this column."""
    return cells[column.code]
