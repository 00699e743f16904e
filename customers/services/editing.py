"""Adding and changing customers by hand."""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from core.custom_fields import differences
from core.outbox import publish
from customers.errors import BadCustomer
from customers.events import CustomerAdded, CustomerChanged
from customers.models import Customer, CustomerAddress

EDITABLE = (
    "name",
    "email",
    "phone",
    "language",
    "company",
    "group",
    "is_tax_exempt",
    "company_role",
    "accepts_marketing",
    "shelf_life_days",
    "note",
    "custom",
)


def save_customer(*, customer: Customer | None, values: dict[str, Any], now: datetime) -> Customer:
    """Add a customer, or change one; `values` are the editable fields. Raises BadCustomer when the
    e-mail address is another customer's.
    """
    values = {**values, "email": (values.get("email") or "").lower()}
    try:
        with transaction.atomic():
            if customer is None:
                added = Customer.objects.create(created_at=now, **values)
                publish(CustomerAdded(customer_id=added.pk))
                return added
            stored = Customer.objects.select_for_update(of=("self",)).get(pk=customer.pk)
            if "company" in values and values["company"] != stored.company:
                values["company_role"] = ""  # what they do in a company is told on its page
            changes = {
                field: (getattr(stored, field), values[field])
                for field in EDITABLE
                if field in values and getattr(stored, field) != values[field]
            }
            for field, (_, after) in changes.items():
                setattr(stored, field, after)
            stored.save()
            if changes:
                fact = CustomerChanged(customer_id=stored.pk, fields=", ".join(changes))
                if custom := changes.pop("custom", None):
                    changes |= differences(*custom)
                publish(fact, changes=changes)
            return stored
    except IntegrityError as error:
        if "customers_email_once" in str(error):
            raise BadCustomer(
                f"Another customer has the address {values['email']}; open that one instead.",
                field="email",
            ) from error
        raise


@transaction.atomic
def add_address(*, customer: Customer, values: dict[str, Any], now: datetime) -> CustomerAddress:
    """Put an address into a customer's book."""
    address = CustomerAddress.objects.create(customer=customer, last_used_at=now, **values)
    publish(CustomerChanged(customer_id=customer.pk, fields="a new address"))
    return address


@transaction.atomic
def remove_address(*, customer: Customer, address_id: int) -> None:
    """Take an address out of a customer's book; orders keep their own copies."""
    if CustomerAddress.objects.filter(customer=customer, pk=address_id).delete()[0]:
        publish(CustomerChanged(customer_id=customer.pk, fields="an address removed"))
