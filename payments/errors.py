"""Refusals about money."""

from decimal import Decimal

from core.errors import DomainError, NotPossible


class BadAmount(DomainError):
    code = "bad_amount"


class WrongCurrency(DomainError):
    code = "wrong_currency"


class PaymentNotFound(DomainError):
    code = "payment_not_found"


class CannotConfirm(NotPossible):
    code = "cannot_confirm"


class CannotCapture(NotPossible):
    code = "cannot_capture"


class CannotCancelPayment(NotPossible):
    code = "cannot_cancel_payment"


class OverRefund(DomainError):
    """More would be given back than is there; `possible` is how much may be."""

    code = "over_refund"

    def __init__(self, message: str, *, possible: Decimal, field: str = "amount") -> None:
        super().__init__(message, field=field)
        self.possible = possible


class BeyondGoodwillLimit(DomainError):
    code = "beyond_goodwill_limit"


class CannotInvoice(NotPossible):
    code = "cannot_invoice"


class OutOfOrder(DomainError):
    """A provider reported a step whose earlier ones are not known yet; told again later it fits."""

    code = "out_of_order"


class UnknownProvider(DomainError):
    code = "unknown_provider"
