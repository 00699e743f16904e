"""What channels call a customer."""

from django.db import IntegrityError, transaction

from core.models import Channel
from core.outbox import publish
from customers.errors import BadCustomer
from customers.events import CustomerChanged
from customers.models import Customer, CustomerIdentity


@transaction.atomic
def name_customer(*, customer: Customer, channel: Channel, external_id: str) -> None:
    """Say what a channel calls a customer. Raises BadCustomer when it calls another one so."""
    known = CustomerIdentity.objects.filter(channel=channel, external_id=external_id).first()
    if known is not None and known.customer_id == customer.pk:
        return
    try:
        with transaction.atomic():
            CustomerIdentity.objects.create(
                customer=customer, channel=channel, external_id=external_id
            )
    except IntegrityError as error:
        raise BadCustomer(
            f"{channel.name} calls another customer “{external_id}”.", field="external_id"
        ) from error
    publish(CustomerChanged(customer_id=customer.pk, fields=f"its id in {channel.name}"))
