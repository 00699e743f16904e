"""Refusals about customers, worded once."""

from core.errors import DomainError


class CreditExceeded(DomainError):
    code = "credit_exceeded"


class NoCreditAccount(DomainError):
    code = "no_credit_account"


class BadCustomer(DomainError):
    code = "bad_customer"


class BadCompany(DomainError):
    code = "bad_company"


class BadCreditLimit(DomainError):
    code = "bad_credit_limit"


class CompanyBlocked(DomainError):
    """Nothing may be ordered for the company now."""

    code = "company_blocked"
