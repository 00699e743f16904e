"""The verbs of payments: the doors that upper apps and pages call."""

from payments.services.accounts import open_account_payment
from payments.services.invoicing import issue_credit_note, issue_invoice
from payments.services.moving import follow_goods
from payments.services.overdue import flag_overdue
from payments.services.reacting import (
    follow_cancelled,
    follow_credit,
    follow_edited,
    invoice_shipped,
)
from payments.services.recording import (
    authorise_payment,
    cancel_payment,
    capture_payment,
    confirm_payment,
    expect_payment,
    record_notices,
    record_payment,
)
from payments.services.refunding import (
    RefundPreview,
    preview_refund,
    refund_order,
    refund_surplus,
)

__all__ = [
    "RefundPreview",
    "authorise_payment",
    "cancel_payment",
    "capture_payment",
    "confirm_payment",
    "expect_payment",
    "flag_overdue",
    "follow_cancelled",
    "follow_credit",
    "follow_edited",
    "follow_goods",
    "invoice_shipped",
    "issue_credit_note",
    "issue_invoice",
    "open_account_payment",
    "preview_refund",
    "record_notices",
    "record_payment",
    "refund_order",
    "refund_surplus",
]
