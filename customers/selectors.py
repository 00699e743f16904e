"""Customers within one channel: whom a machine that sells there may see."""

from django.db.models import Q, QuerySet
from django.http import Http404

from customers.models import Customer, CustomerIdentity
from customers.sockets import CHANNEL_CUSTOMERS


def customers_within(channel_id: int | None) -> QuerySet[Customer]:
    """Customers whom the channel calls by an id of its own, or who bought in it; all for None."""
    customers = Customer.objects.current()
    if channel_id is None:
        return customers
    named = CustomerIdentity.objects.filter(channel=channel_id).values("customer")
    known = Q(pk__in=named)
    for ids in CHANNEL_CUSTOMERS.ask(channel_id):
        known |= Q(pk__in=ids)
    return customers.filter(known)


def customer_within(channel_id: int | None, customer_id: int) -> Customer:
    """One customer with company and addresses; Http404 when the channel knows no such one."""
    found = (
        customers_within(channel_id)
        .select_related("company")
        .prefetch_related("addresses", "identities__channel")
        .filter(pk=customer_id)
        .first()
    )
    if found is None:
        raise Http404("No such customer in this channel.")
    return found
