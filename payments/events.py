"""What happened to an order's money and its invoices; amounts are decimal strings."""

from core.facts import Fact


class PaymentExpected(Fact, subject="order", is_sequenced=True):
    sentence = "Waiting for {amount:{currency}} ({method})"
    order_id: int
    payment_id: int
    amount: str
    currency: str
    method: str


class PaymentReceived(Fact, subject="order", is_sequenced=True):
    sentence = "Received {amount:{currency}} ({method})"
    order_id: int
    payment_id: int
    amount: str
    currency: str
    method: str


class PaymentAuthorised(Fact, subject="order", is_sequenced=True):
    sentence = "Authorised {amount:{currency}} ({method})"
    order_id: int
    payment_id: int
    amount: str
    currency: str
    method: str


class PaymentReleased(Fact, subject="order", is_sequenced=True):
    """Money that was expected or authorised will not come."""

    sentence = "No longer waiting for {amount:{currency}} ({method})"
    order_id: int
    payment_id: int
    amount: str
    currency: str
    method: str


class PaymentFailed(Fact, subject="order", is_sequenced=True):
    sentence = "Payment of {amount:{currency}} ({method}) failed"
    order_id: int
    payment_id: int
    amount: str
    currency: str
    method: str


class RefundRequested(Fact, subject="order", is_sequenced=True):
    """A provider was asked to give money back and has not answered yet."""

    sentence = "Refund of {amount:{currency}} ({method}) is under way"
    order_id: int
    payment_id: int
    amount: str
    currency: str
    method: str


class MoneyRefunded(Fact, subject="order", is_sequenced=True):
    sentence = "Gave back {amount:{currency}} ({method})"
    order_id: int
    payment_id: int
    amount: str
    currency: str
    method: str


class MoneyMoved(Fact, subject="order", is_sequenced=True):
    """What was paid for goods went with them to another order; `where` says to or from which."""

    sentence = "{amount} moved {where}"
    order_id: int
    amount: str
    where: str


class RefundFailed(Fact, subject="order", is_sequenced=True):
    sentence = "Refund of {amount:{currency}} ({method}) failed"
    order_id: int
    payment_id: int
    amount: str
    currency: str
    method: str


class GoodwillGranted(Fact, subject="order", is_sequenced=True):
    sentence = "Goodwill of {amount:{currency}} granted"
    order_id: int
    amount: str
    currency: str


class InvoiceIssued(Fact, subject="order", is_sequenced=True):
    sentence = "Invoice {number} issued for {total:{currency}}"
    order_id: int
    invoice_id: int
    number: str
    total: str
    currency: str


class CreditNoteIssued(Fact, subject="order", is_sequenced=True):
    sentence = "Credit note {number} issued for {total:{currency}}"
    order_id: int
    invoice_id: int
    number: str
    total: str
    currency: str


class GoodwillLimitChanged(Fact, subject="goodwilllimit"):
    sentence = "{label}: {what}"
    goodwilllimit_id: int
    label: str
    what: str
