"""Credit of companies: taken when they order on account, given back when they pay."""

from decimal import Decimal

from django.db.models import F

from core.money import ZERO
from customers.errors import CreditExceeded, NoCreditAccount
from customers.models import CreditAccount, Customer


def _account_of(customer_id: int | None, currency: str) -> CreditAccount | None:
    """The locked account of a customer's company; locked after the order, before stock."""
    customer = Customer.objects.filter(pk=customer_id or 0).select_related("company").first()
    if customer is None or customer.company_id is None:
        return None
    return (
        CreditAccount.objects.select_for_update()
        .filter(company=customer.company, currency=currency)
        .first()
    )


def take_exposure(*, customer_id: int | None, currency: str, amount: Decimal) -> None:
    """Take `amount` of the company's credit, in the open transaction. Raises NoCreditAccount, or
    CreditExceeded with what is left.
    """
    account = _account_of(customer_id, currency)
    if account is None:
        raise NoCreditAccount(
            f"This customer has no account in {currency}; open one for the company or let the"
            " order be paid in advance.",
            field="payment_terms",
        )
    left = account.limit - account.exposure
    if amount > left:
        raise CreditExceeded(
            f"The order comes to {amount} {currency}, but only {left} {currency} of the credit"
            " limit is left; ask for payment in advance or raise the limit.",
            field="payment_terms",
        )
    CreditAccount.objects.filter(pk=account.pk).update(exposure=F("exposure") + amount)


def give_back_exposure(*, customer_id: int | None, currency: str, amount: Decimal) -> None:
    """Give credit back, never below nothing taken; where no account is left, nothing is owed to it."""
    account = _account_of(customer_id, currency)
    if account is None:
        return
    CreditAccount.objects.filter(pk=account.pk).update(
        exposure=max(ZERO, account.exposure - amount)
    )
