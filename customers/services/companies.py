"""Companies made and edited, their contacts and addresses, and whether they may order."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from core.editing import refuse_stale
from core.outbox import publish
from core.vat_ids import checked_vat_id
from customers.errors import BadCompany
from customers.events import (
    CompanyAdded,
    CompanyChanged,
    ContactAdded,
    ContactRemoved,
    OrderingAllowed,
    OrderingBlocked,
)
from customers.locks import lock_company, lock_customer
from customers.models import Company, CompanyAddress, Customer
from customers.services.editing import save_customer
from customers.states import CompanyRole


@transaction.atomic
def save_company(*, company_id: int | None, values: Mapping[str, Any], version: int = 0) -> Company:
    """Add a company, or change one; `values` are its columns. Raises StaleEdit, BadVatId."""
    company = lock_company(company_id) if company_id else Company()
    if company_id:
        refuse_stale(company, version)
    wanted = dict(values)
    if wanted.get("vat_id", company.vat_id) != company.vat_id:
        wanted["vat_id"] = checked_vat_id(wanted["vat_id"])
    changes = {
        name: (getattr(company, name), value)
        for name, value in wanted.items()
        if getattr(company, name) != value
    }
    for name, value in wanted.items():
        setattr(company, name, value)
    if company_id and not changes:
        return company
    company.save()
    if not company_id:
        publish(CompanyAdded(company_id=company.pk))
        return company
    named = {_label(name): pair for name, pair in changes.items()}
    publish(CompanyChanged(company_id=company.pk, fields=", ".join(named)), changes=named)
    return company


def _label(name: str) -> str:
    return str(Company._meta.get_field(name).verbose_name)  # type: ignore[union-attr]


@transaction.atomic
def add_contact(
    *, company_id: int, name: str, email: str, phone: str, role: str, now: datetime
) -> Customer:
    """Let a person buy for a company: the customer with this e-mail address, or a new one. Raises
    BadCompany for one of another company.
    """
    company = lock_company(company_id)
    known = Customer.objects.current().filter(email__iexact=email).first() if email else None
    if known is None:
        known = save_customer(
            customer=None, values={"name": name, "email": email, "phone": phone}, now=now
        )
    return _join(company, known.pk, role)


@transaction.atomic
def set_role(*, company_id: int, customer_id: int, role: str) -> Customer:
    """Say what a contact does in the company."""
    return _join(lock_company(company_id), customer_id, role)


def _join(company: Company, customer_id: int, role: str) -> Customer:
    customer = lock_customer(customer_id)
    if customer.company_id not in {None, company.pk}:
        raise BadCompany(
            f"{customer} buys for another company already; take them out of that one first.",
            field="email",
        )
    if customer.company_id == company.pk and customer.company_role == role:
        return customer
    customer.company, customer.company_role = company, role
    customer.save(update_fields=["company", "company_role"])
    words = f": {CompanyRole(role).label.lower()}" if role else ""
    publish(
        ContactAdded(
            company_id=company.pk, customer_id=customer.pk, contact=str(customer), role=words
        )
    )
    return customer


@transaction.atomic
def remove_contact(*, company_id: int, customer_id: int) -> None:
    """A person buys for the company no longer; what they ordered for it stays the company's."""
    company = lock_company(company_id)
    customer = lock_customer(customer_id)
    if customer.company_id != company.pk:
        return
    customer.company, customer.company_role = None, ""
    customer.save(update_fields=["company", "company_role"])
    publish(ContactRemoved(company_id=company.pk, customer_id=customer.pk, contact=str(customer)))


@transaction.atomic
def add_company_address(*, company_id: int, values: Mapping[str, Any]) -> CompanyAddress:
    """Put an address into a company's book; one for bills takes that from the other."""
    company = lock_company(company_id)
    if values.get("is_for_bills"):
        company.addresses.update(is_for_bills=False)
    address = CompanyAddress.objects.create(of_company=company, **values)
    publish(CompanyChanged(company_id=company.pk, fields="a new address"))
    return address


@transaction.atomic
def remove_company_address(*, company_id: int, address_id: int) -> None:
    """Take an address out of a company's book; orders keep their own copies."""
    company = lock_company(company_id)
    if company.addresses.filter(pk=address_id).delete()[0]:
        publish(CompanyChanged(company_id=company.pk, fields="an address removed"))


@transaction.atomic
def block_ordering(*, company_id: int, why: str, now: datetime) -> Company:
    """Let nothing be ordered for the company until it is allowed again. What is ordered stays."""
    company = lock_company(company_id)
    if not why.strip():
        raise BadCompany("Say why the company may not order.", field="why")
    if company.blocked_at is None:
        company.blocked_at, company.blocked_why = now, why.strip()
        company.save(update_fields=["blocked_at", "blocked_why"])
        publish(OrderingBlocked(company_id=company.pk, why=why.strip()), reason=why.strip())
    return company


@transaction.atomic
def allow_ordering(*, company_id: int) -> Company:
    """Let the company order again."""
    company = lock_company(company_id)
    if company.blocked_at is not None:
        company.blocked_at, company.blocked_why = None, ""
        company.save(update_fields=["blocked_at", "blocked_why"])
        publish(OrderingAllowed(company_id=company.pk))
    return company
