"""Customers for machines: listed, read, added and changed."""

from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Query
from pydantic import Field, StringConstraints

from core.api.client import channel_within, client_of
from core.api.paging import Paged, read_page
from core.api.rooms import Room
from core.api.shapes import NO_NUL, Country, Id, Input, Output, Page, PathId, answer, version_asked
from core.api.texts import Word, text_field
from core.clock import now
from core.custom_fields import merged
from core.editing import refuse_stale, version_of
from core.forms.custom import told_by_machine
from customers.errors import BadCustomer
from customers.models import Customer, CustomerIdentity
from customers.rights import EDIT_CUSTOMERS, SEE_CUSTOMERS
from customers.selectors import customer_within, customers_within
from customers.services import add_address, save_customer
from customers.services.naming import name_customer

room = Room("Customers")
SUBJECT = "customers.customer"
Email = Annotated[
    str,
    StringConstraints(max_length=254, pattern=r"^([^@\s\x00]{1,64}@[^@\s\x00]+\.[^@\s\x00]+)?$"),
]
Language = Annotated[str, StringConstraints(max_length=8, pattern=r"^[A-Za-z-]{2,8}$")]


class BookAddressIn(Input):
    """A postal address for the customer's book."""

    name: str = text_field(200)
    company: str = text_field(200)
    line1: str = text_field(200)
    line2: str = text_field(200)
    postal_code: str = text_field(20)
    city: str = text_field(100)
    region: str = text_field(100)
    country: Country = ""
    phone: str = text_field(40)


class BookAddressOut(Output):
    id: int
    name: str
    company: str
    line1: str
    line2: str
    postal_code: str
    city: str
    region: str
    country: str
    phone: str


class IdentityOut(Output):
    """What a channel calls the customer."""

    channel: str
    external_id: str


class CustomerRow(Output):
    id: int
    name: str
    email: str
    phone: str
    language: str
    company: str | None
    accepts_marketing: bool
    tags: list[str]
    created_at: datetime


class CustomerOut(CustomerRow):
    """A customer with addresses; `version` is also the ETag. `identities` are of the key's channels."""

    version: int
    custom: dict[str, Any]
    identities: list[IdentityOut]
    addresses: list[BookAddressOut]


class CustomerFilters(Paged):
    email: Word | None = None
    external_id: Word | None = Field(None, description="What the key's channel calls them.")
    company_id: Id | None = None


class CustomerIn(Input):
    """A customer to be added. A key with a channel says what its channel calls them."""

    name: Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=NO_NUL)]
    email: Email = ""
    phone: str = text_field(40)
    language: Language = "en"
    accepts_marketing: bool = False
    channel: str = text_field(30)
    external_id: str = text_field(100)
    custom: dict[str, str | int | float | bool | None] = Field({}, max_length=100)


class CustomerPatch(Input):
    """What is to change; what is not named stays."""

    name: Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=NO_NUL)] | None = (
        None
    )
    email: Email | None = None
    phone: Annotated[str, StringConstraints(max_length=40, pattern=NO_NUL)] | None = None
    language: Language | None = None
    accepts_marketing: bool | None = None
    custom: dict[str, str | int | float | bool | None] | None = Field(None, max_length=100)


ROW = tuple(name for name in CustomerRow.model_fields if name not in {"id", "company"})
ADDRESS = tuple(BookAddressIn.model_fields)


def _row(customer: Customer) -> dict[str, Any]:
    told = {name: getattr(customer, name) for name in ROW}
    company = customer.company.name if customer.company else None
    return {"id": customer.pk, "company": company, **told}


def customer_row(customer: Customer) -> CustomerRow:
    return CustomerRow(**_row(customer))


def _out(customer: Customer, channel_id: int | None) -> CustomerOut:
    return CustomerOut(
        **_row(customer),
        version=version_of(customer),
        custom=customer.custom,
        identities=[
            IdentityOut(channel=one.channel.code, external_id=one.external_id)
            for one in customer.identities.all()
            if channel_id in {None, one.channel_id}
        ],
        addresses=[
            BookAddressOut(id=one.pk, **{name: getattr(one, name) for name in ADDRESS})
            for one in customer.addresses.all()
        ],
    )


def _told(request: HttpRequest, customer_id: int, *, status: int = 200) -> HttpResponse:
    channel_id = client_of(request).channel_id
    out = _out(customer_within(channel_id, customer_id), channel_id)
    return answer(out, status=status, version=out.version)


@room.reads("/customers", SEE_CUSTOMERS, Page[CustomerRow])
def list_customers(request: HttpRequest, filters: Query[CustomerFilters]) -> HttpResponse:
    """List customers, the newest first."""
    channel_id = client_of(request).channel_id
    rows = customers_within(channel_id).select_related("company")
    if filters.email is not None:
        rows = rows.filter(email__iexact=filters.email)
    if filters.company_id is not None:
        rows = rows.filter(company_id=filters.company_id)
    if filters.external_id is not None:
        named = CustomerIdentity.objects.filter(external_id=filters.external_id)
        if channel_id is not None:
            named = named.filter(channel=channel_id)
        rows = rows.filter(pk__in=named.values("customer"))
    return answer(read_page(rows, filters, customer_row, order=("-created_at", "-id")))


@room.reads("/customers/{customer_id}", SEE_CUSTOMERS, CustomerOut)
def read_customer(request: HttpRequest, customer_id: PathId) -> HttpResponse:
    """Read a customer with addresses."""
    return _told(request, customer_id)


@room.changes("/customers", EDIT_CUSTOMERS, CustomerOut, status=201)
def add_customer(request: HttpRequest, body: CustomerIn) -> HttpResponse:
    """Add a customer."""
    client = client_of(request)
    channel = channel_within(client, body.channel) if body.channel or client.channel else None
    if body.channel and channel is None:
        raise BadCustomer("Name a channel of this key by its code.", field="channel")
    if bool(body.external_id) != (channel is not None):
        raise BadCustomer(
            "Give a channel and what it calls the customer, or neither.", field="external_id"
        )
    values = body.model_dump(exclude={"channel", "external_id", "custom"})
    values["custom"] = told_by_machine(SUBJECT, body.custom)
    made = save_customer(customer=None, values=values, now=now())
    if channel is not None:
        name_customer(customer=made, channel=channel, external_id=body.external_id)
    return _told(request, made.pk, status=201)


@room.changes(
    "/customers/{customer_id}", EDIT_CUSTOMERS, CustomerOut, method="PATCH", is_versioned=True
)
def change_customer(request: HttpRequest, customer_id: PathId, body: CustomerPatch) -> HttpResponse:
    """Change a customer."""
    customer = customer_within(client_of(request).channel_id, customer_id)
    version = version_asked(request)
    if version is not None:
        refuse_stale(customer, version)
    values = body.model_dump(exclude_none=True, exclude={"custom"})
    values.setdefault("email", customer.email)
    if body.custom is not None:
        values["custom"] = merged(customer.custom, told_by_machine(SUBJECT, body.custom))
    save_customer(customer=customer, values=values, now=now())
    return _told(request, customer_id)


@room.changes("/customers/{customer_id}/addresses", EDIT_CUSTOMERS, CustomerOut, status=201)
def add_to_book(request: HttpRequest, customer_id: PathId, body: BookAddressIn) -> HttpResponse:
    """Put an address into a customer's book."""
    customer = customer_within(client_of(request).channel_id, customer_id)
    add_address(customer=customer, values=body.model_dump(), now=now())
    return _told(request, customer_id, status=201)
