"""Finding the customer of an order by external id or e-mail, or adding a new one."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models.functions import Lower

from core.address import Address
from core.bulk import insert_all
from core.models import Channel
from core.outbox import publish_all
from customers.events import CustomerAdded
from customers.models import Customer, CustomerAddress, CustomerIdentity


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerWish:
    """A customer as an order names them. Without external id and e-mail nobody can be found."""

    channel: Channel
    external_id: str = ""
    email: str = ""
    name: str = ""
    phone: str = ""
    accepts_marketing: bool = False
    addresses: tuple[Address, ...] = field(default=())

    @property
    def is_anonymous(self) -> bool:
        return not (self.external_id or self.email or self.name)


def find_or_add(wish: CustomerWish, *, now: datetime) -> Customer | None:
    """Find or add one customer; see `find_or_add_many`."""
    return find_or_add_many([wish], now=now)[0]


def find_or_add_many(wishes: Sequence[CustomerWish], *, now: datetime) -> list[Customer | None]:
    """The customer of each wish, in order: by the channel's external id, else by e-mail, else new.

    Wishes that name the same customer get one. Merged customers stand for those they were merged
    into. Addresses that are new are kept in the book. None for a wish that names nobody. Runs in
    the open transaction, in a constant number of statements.
    """
    known = _Known(wishes)
    added: list[Customer] = []
    found: list[Customer | None] = []
    for wish in wishes:
        customer = known.customer_of(wish)
        if customer is None and not wish.is_anonymous:
            customer = Customer(
                name=wish.name,
                email=wish.email.lower(),
                phone=wish.phone,
                accepts_marketing=wish.accepts_marketing,
                created_at=now,
            )
            added.append(customer)
            known.remember(wish, customer)
        found.append(customer)
    if not _are_added(added):  # somebody else added one of them at the same moment
        return find_or_add_many(wishes, now=now)
    _keep_identities(wishes, found, known)
    _keep_addresses(wishes, found, now=now)
    publish_all([CustomerAdded(customer_id=customer.pk) for customer in added])
    return found


def _are_added(customers: Sequence[Customer]) -> bool:
    """Add customers; False, with nothing added, when one of them is here by now."""
    if not customers:
        return True
    try:
        with transaction.atomic():
            insert_all(customers)
    except IntegrityError as error:
        if "customers_email_once" not in str(error):
            raise
        return False
    return True


class _Known:
    """Customers by the two names an order may call them."""

    def __init__(self, wishes: Sequence[CustomerWish]) -> None:
        self.by_identity: dict[tuple[int, str], Customer] = {}
        self.by_email: dict[str, Customer] = {}
        external_ids = {wish.external_id for wish in wishes if wish.external_id}
        emails = {wish.email.lower() for wish in wishes if wish.email}
        if external_ids:
            for identity in CustomerIdentity.objects.filter(
                external_id__in=external_ids, channel__in={wish.channel for wish in wishes}
            ).select_related("customer__merged_into"):
                owner = identity.customer.merged_into or identity.customer
                self.by_identity[identity.channel_id, identity.external_id] = owner
        if emails:
            matching = Customer.objects.current().annotate(lower=Lower("email"))
            for customer in matching.filter(lower__in=emails):
                self.by_email[customer.email.lower()] = customer
        self.stored = set(self.by_identity)

    def customer_of(self, wish: CustomerWish) -> Customer | None:
        by_id = self.by_identity.get((wish.channel.pk, wish.external_id))
        return by_id or self.by_email.get(wish.email.lower())

    def remember(self, wish: CustomerWish, customer: Customer) -> None:
        if wish.external_id:
            self.by_identity[wish.channel.pk, wish.external_id] = customer
        if wish.email:
            self.by_email[wish.email.lower()] = customer


def _keep_identities(
    wishes: Sequence[CustomerWish], found: Sequence[Customer | None], known: _Known
) -> None:
    new = {
        (wish.channel.pk, wish.external_id): customer
        for wish, customer in zip(wishes, found, strict=True)
        if customer and wish.external_id and (wish.channel.pk, wish.external_id) not in known.stored
    }
    CustomerIdentity.objects.bulk_create(
        (
            CustomerIdentity(channel_id=channel_id, external_id=external_id, customer=customer)
            for (channel_id, external_id), customer in new.items()
        ),
        ignore_conflicts=True,
    )


def _keep_addresses(
    wishes: Sequence[CustomerWish], found: Sequence[Customer | None], *, now: datetime
) -> None:
    wanted = {
        (customer.pk, address)
        for wish, customer in zip(wishes, found, strict=True)
        if customer
        for address in wish.addresses
        if not address.is_empty
    }
    if not wanted:
        return
    kept = {
        (row.customer_id, row.as_address())
        for row in CustomerAddress.objects.filter(customer_id__in={pk for pk, _ in wanted})
    }
    insert_all(
        CustomerAddress(customer_id=customer_id, last_used_at=now, **address.as_json())
        for customer_id, address in sorted(wanted - kept, key=lambda pair: (pair[0], str(pair[1])))
    )
