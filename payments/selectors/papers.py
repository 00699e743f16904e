"""What an order's papers need once it was changed."""

from enum import StrEnum

from core.money import ZERO
from orders.models import Order
from payments.models import Invoice
from payments.selectors.composing import Composition, compose, difference
from payments.states import InvoiceKind


class PaperChange(StrEnum):
    """What brings an order's papers up to date."""

    NOTHING = "nothing"
    CREDIT = "credit"
    REPLACE = "replace"


def standing_invoice(order: Order) -> Invoice | None:
    """The invoice that stands for the order; None where none was issued. One query."""
    return order.invoices.filter(kind=InvoiceKind.INVOICE).order_by("-pk").first()


def paper_change(order: Order) -> PaperChange:
    """A credit note where every row came to less, a new invoice where any came to more."""
    latest = order.invoices.order_by("-pk").first()
    if latest is None:
        return PaperChange.NOTHING
    before = Composition.from_json(latest.snapshot["after"])
    rows = difference(before, compose(order, order.lines.select_related("kit"))).rows
    if not rows:
        return PaperChange.NOTHING
    is_less = all(row.gross >= ZERO and row.quantity >= 0 for row in rows)
    return PaperChange.CREDIT if is_less else PaperChange.REPLACE
