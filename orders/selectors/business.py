"""What a company may order now: its credit, whether it is blocked, and numbers it used before."""

from dataclasses import dataclass
from decimal import Decimal

from core.money import ZERO
from customers.models import Company, CreditAccount, Customer
from orders.models import Order
from orders.states import OrderState


@dataclass(frozen=True, slots=True)
class BuyerTerms:
    """The company behind a buyer, what of its credit an order would take, and what is odd about it."""

    company: Company
    account: CreditAccount | None
    currency: str
    amount: Decimal
    earlier: Order | None

    @property
    def over(self) -> Decimal:
        """By how much the order would go beyond what is left; never below zero."""
        if self.account is None:
            return ZERO
        return max(ZERO, self.amount - self.account.left)

    @property
    def left_after(self) -> Decimal:
        return max(ZERO, self.account.left - self.amount) if self.account else ZERO


def terms_of(
    customer_id: int | None, *, currency: str, amount: Decimal, purchase_order: str = ""
) -> BuyerTerms | None:
    """The terms of the company a customer buys for; None for who buys for themselves. Two queries,
    and one more where a purchase-order number is given and watched.
    """
    company = company_of(customer_id)
    if company is None:
        return None
    account = company.credit_accounts.filter(currency=currency).first()
    earlier = None
    if purchase_order and company.warns_of_repeats:
        earlier = orders_named(company.pk, purchase_order)
    return BuyerTerms(company, account, currency, amount, earlier)


def company_of(customer_id: int | None) -> Company | None:
    """The company a customer buys for."""
    if not customer_id:
        return None
    customer = Customer.objects.filter(pk=customer_id).select_related("company").first()
    return customer.company if customer else None


def orders_named(
    company_id: int, purchase_order: str, *, besides: int | None = None
) -> Order | None:
    """The newest order of a company under this purchase-order number, cancelled ones left out."""
    found = Order.objects.filter(company=company_id, purchase_order=purchase_order).exclude(
        state__in=[OrderState.CANCELLED, OrderState.EXPIRED]
    )
    return found.exclude(pk=besides or 0).order_by("-placed_at", "-pk").first()
