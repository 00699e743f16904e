"""How a channel prices, and who buys: what a price hangs on besides the goods."""

from dataclasses import dataclass

from core.models import Channel
from core.vat_ids import BadVatId, checked_vat_id
from customers.models import Customer
from inventory.models import ChannelLocation, Location
from orders.models import ChannelPolicy


@dataclass(frozen=True, slots=True)
class Buyer:
    """What of a customer prices and taxes look at; `vat_id` only where its check digits fit."""

    customer_id: int | None = None
    email: str = ""
    group_id: int | None = None
    is_tax_exempt: bool = False
    vat_id: str = ""
    company_id: int | None = None


def policy_of(channel: Channel) -> ChannelPolicy:
    """A channel's policy, or an unsaved one of defaults. One query."""
    found = ChannelPolicy.objects.filter(channel=channel).first()
    return found or ChannelPolicy(channel=channel)


def buyer_of(customer_id: int | None) -> Buyer:
    """The buyer; a customer's own group goes before their company's. One query, none for nobody."""
    if not customer_id:
        return Buyer()
    customer = Customer.objects.select_related("company").filter(pk=customer_id).first()
    if customer is None:
        return Buyer()
    company = customer.company
    return Buyer(
        customer_id=customer.pk,
        email=customer.email.lower(),
        group_id=customer.group_id or (company.group_id if company else None),
        is_tax_exempt=customer.is_tax_exempt or bool(company and company.is_tax_exempt),
        vat_id=_proved(company.vat_id) if company else "",
        company_id=customer.company_id,
    )


def _proved(vat_id: str) -> str:
    try:
        return checked_vat_id(vat_id)
    except BadVatId:
        return ""


def places_of(channel: Channel) -> list[Location]:
    """From where a channel sells, in the order in which they are asked. One query."""
    links = ChannelLocation.objects.filter(channel=channel).select_related("location")
    return [link.location for link in links.order_by("priority", "location_id")]
