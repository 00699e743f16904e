"""Questions about money, answered without changing anything."""

from payments.selectors.reading import (
    OrderMoney,
    goodwill_allowance,
    goodwill_given,
    has_uncredited,
    invoice_papers,
    invoice_seen_by,
    invoices_seen_by,
    methods_by_hand,
    order_money,
    payment_seen_by,
    payments_seen_by,
    ways_back,
    with_documents,
)

__all__ = [
    "OrderMoney",
    "goodwill_allowance",
    "goodwill_given",
    "has_uncredited",
    "invoice_papers",
    "invoice_seen_by",
    "invoices_seen_by",
    "methods_by_hand",
    "order_money",
    "payment_seen_by",
    "payments_seen_by",
    "ways_back",
    "with_documents",
]
