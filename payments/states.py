"""The words for how money moves, what was reported of it and where a payment stands."""

from enum import StrEnum

from django.db import models


class Method(models.TextChoices):
    """By which way money moves."""

    CASH = "cash", "Cash"
    BANK_TRANSFER = "bank_transfer", "Bank transfer"
    CHEQUE = "cheque", "Cheque"
    ELSEWHERE = "elsewhere", "Paid in the shop’s own checkout"
    ON_ACCOUNT = "on_account", "On account"
    CARD = "card", "Card"
    MOVED = "moved", "Moved between orders"

    @classmethod
    def by_hand(cls) -> list["Method"]:
        """Those that a person records."""
        return [cls.BANK_TRANSFER, cls.CASH, cls.CHEQUE, cls.ELSEWHERE]


class Operation(StrEnum):
    """What is done with money."""

    EXPECT = "expect"
    DROP = "drop"
    AUTHORISE = "authorise"
    CAPTURE = "capture"
    VOID = "void"
    REFUND = "refund"


class Step(StrEnum):
    """How far an operation got."""

    REQUESTED = "requested"
    SUCCEEDED = "succeeded"
    FAILED = "failed"


class MoneyKind(models.TextChoices):
    """One reported step of one operation."""

    EXPECTED = "expected", "Expected"
    DROPPED = "dropped", "No longer expected"
    AUTHORISATION_REQUESTED = "authorise_requested", "Authorisation asked for"
    AUTHORISED = "authorised", "Authorised"
    AUTHORISATION_FAILED = "authorise_failed", "Authorisation failed"
    CAPTURE_REQUESTED = "capture_requested", "Capture asked for"
    CAPTURED = "captured", "Received"
    CAPTURE_FAILED = "capture_failed", "Capture failed"
    VOID_REQUESTED = "void_requested", "Release asked for"
    VOIDED = "voided", "Authorisation released"
    VOID_FAILED = "void_failed", "Release failed"
    REFUND_REQUESTED = "refund_requested", "Refund asked for"
    REFUNDED = "refunded", "Given back"
    REFUND_FAILED = "refund_failed", "Refund failed"

    @property
    def operation(self) -> Operation:
        return _PARTS[self][0]

    @property
    def step(self) -> Step:
        return _PARTS[self][1]

    @classmethod
    def of(cls, operation: Operation, step: Step) -> "MoneyKind":
        """The kind that tells a step of an operation. KeyError where there is none."""
        return _KINDS[operation, step]


_PARTS: dict[MoneyKind, tuple[Operation, Step]] = {
    MoneyKind.EXPECTED: (Operation.EXPECT, Step.SUCCEEDED),
    MoneyKind.DROPPED: (Operation.DROP, Step.SUCCEEDED),
    MoneyKind.AUTHORISATION_REQUESTED: (Operation.AUTHORISE, Step.REQUESTED),
    MoneyKind.AUTHORISED: (Operation.AUTHORISE, Step.SUCCEEDED),
    MoneyKind.AUTHORISATION_FAILED: (Operation.AUTHORISE, Step.FAILED),
    MoneyKind.CAPTURE_REQUESTED: (Operation.CAPTURE, Step.REQUESTED),
    MoneyKind.CAPTURED: (Operation.CAPTURE, Step.SUCCEEDED),
    MoneyKind.CAPTURE_FAILED: (Operation.CAPTURE, Step.FAILED),
    MoneyKind.VOID_REQUESTED: (Operation.VOID, Step.REQUESTED),
    MoneyKind.VOIDED: (Operation.VOID, Step.SUCCEEDED),
    MoneyKind.VOID_FAILED: (Operation.VOID, Step.FAILED),
    MoneyKind.REFUND_REQUESTED: (Operation.REFUND, Step.REQUESTED),
    MoneyKind.REFUNDED: (Operation.REFUND, Step.SUCCEEDED),
    MoneyKind.REFUND_FAILED: (Operation.REFUND, Step.FAILED),
}
_KINDS = {parts: kind for kind, parts in _PARTS.items()}


class PaymentStanding(models.TextChoices):
    """Where a payment stands: a projection of its amounts, kept so that lists can filter."""

    EXPECTED = "expected", "Expected"
    PENDING = "pending", "In progress"
    AUTHORISED = "authorised", "Authorised"
    PARTLY_RECEIVED = "partly_received", "Partly received"
    RECEIVED = "received", "Received"
    PARTLY_REFUNDED = "partly_refunded", "Partly given back"
    REFUNDED = "refunded", "Given back"
    FAILED = "failed", "Failed"
    CANCELLED = "cancelled", "Cancelled"


class InvoiceKind(models.TextChoices):
    INVOICE = "invoice", "Invoice"
    CREDIT_NOTE = "credit_note", "Credit note"
