"""Credit of companies: set by people, taken when they order on account, given back when they pay."""

from decimal import Decimal

from django.db import transaction
from django.db.models import F

from core.money import ZERO, exponent, in_words, quantise
from core.outbox import publish
from customers.errors import BadCreditLimit, CreditExceeded, NoCreditAccount
from customers.events import CreditSet
from customers.locks import lock_account, lock_company
from customers.models import CreditAccount

MOST_DAYS = 365


@transaction.atomic
def set_credit(
    *, company_id: int, currency: str, limit: Decimal, net_days: int, why: str
) -> CreditAccount:
    """Open a company's credit account in a currency, or change its limit and days. Raises
    BadCreditLimit for a limit below what is taken already, UnknownCurrency.
    """
    exponent(currency)
    company = lock_company(company_id)
    account = lock_account(company.pk, currency) or CreditAccount(
        company=company, currency=currency, limit=ZERO, net_days=0
    )
    _check(account, limit, net_days)
    before = (account.limit, account.net_days)
    account.limit, account.net_days = quantise(limit, currency), net_days
    is_new = account.pk is None
    if not is_new and before == (account.limit, account.net_days):
        return account
    account.save()
    fact = CreditSet(
        company_id=company.pk,
        currency=currency,
        limit=str(account.limit),
        net_days=net_days,
        why=why,
    )
    changes = {"limit": (before[0], account.limit), "net days": (before[1], net_days)}
    publish(
        fact,
        changes={} if is_new else {k: pair for k, pair in changes.items() if pair[0] != pair[1]},
        reason=why,
    )
    return account


def _check(account: CreditAccount, limit: Decimal, net_days: int) -> None:
    if limit < account.exposure:
        raise BadCreditLimit(
            f"{in_words(account.exposure, account.currency)} of it is taken already, so the limit"
            " cannot be lower; block the company from ordering until it has paid.",
            field="limit",
        )
    if not 0 <= net_days <= MOST_DAYS:
        raise BadCreditLimit(
            f"Give the days to pay as a whole number up to {MOST_DAYS}.", field="net_days"
        )


def take_exposure(*, company_id: int | None, currency: str, amount: Decimal) -> None:
    """Take `amount` of the company's credit, in the open transaction; the account is locked after the
    order, before stock. Raises NoCreditAccount, or CreditExceeded with what is left.
    """
    account = lock_account(company_id, currency)
    if account is None:
        raise NoCreditAccount(
            f"This customer has no account in {currency}; open one for the company or let the"
            " order be paid in advance.",
            field="payment_terms",
        )
    if amount > account.left:
        raise CreditExceeded(
            f"The order comes to {in_words(amount, currency)}, but only"
            f" {in_words(account.left, currency)} of the credit limit of"
            f" {in_words(account.limit, currency)} is left; ask for payment in advance, make the order"
            " smaller, or raise the limit.",
            field="payment_terms",
        )
    CreditAccount.objects.filter(pk=account.pk).update(exposure=F("exposure") + amount)


def give_back_exposure(*, company_id: int | None, currency: str, amount: Decimal) -> None:
    """Give credit back, never below nothing taken; where no account is left, nothing is owed to it."""
    account = lock_account(company_id, currency)
    if account is None:
        return
    CreditAccount.objects.filter(pk=account.pk).update(
        exposure=max(ZERO, account.exposure - amount)
    )
