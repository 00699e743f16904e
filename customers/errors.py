"""Refusals about customers, worded once."""

from core.errors import DomainError


class CreditExceeded(DomainError):
    code = "credit_exceeded"


class NoCreditAccount(DomainError):
    code = "no_credit_account"


class BadCustomer(DomainError):
    code = "bad_customer"
