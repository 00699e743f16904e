"""The one way to lock companies, their credit and their people: the company first."""

from customers.errors import BadCompany, BadCustomer
from customers.models import Company, CreditAccount, Customer


def lock_company(company_id: int) -> Company:
    """Lock one company until the transaction ends. Raises BadCompany."""
    company = Company.objects.select_for_update(of=("self",)).filter(pk=company_id).first()
    if company is None:
        raise BadCompany("This company does not exist; look it up by its name.")
    return company


def lock_account(company_id: int | None, currency: str) -> CreditAccount | None:
    """Lock a company's account in a currency; None where it has none."""
    if company_id is None:
        return None
    accounts = CreditAccount.objects.select_for_update(of=("self",))
    return accounts.filter(company_id=company_id, currency=currency).first()


def lock_customer(customer_id: int) -> Customer:
    """Lock one customer. Raises BadCustomer."""
    customer = (
        Customer.objects.current().select_for_update(of=("self",)).filter(pk=customer_id).first()
    )
    if customer is None:
        raise BadCustomer("This customer does not exist any more; look them up by name.")
    return customer
