"""The rows of payments."""

from payments.models.invoices import Invoice
from payments.models.limits import GoodwillLimit
from payments.models.payments import MoneyEvent, Payment

__all__ = ["GoodwillLimit", "Invoice", "MoneyEvent", "Payment"]
