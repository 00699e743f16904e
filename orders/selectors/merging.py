"""Open orders that could go together: to the same person at the same address, and what stands against."""

import unicodedata
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from core.address import Address
from core.models import User
from core.money import ZERO
from orders.models import Fulfilment, Order
from orders.promising.wording import day_words
from orders.selectors.reading import orders_seen_by
from orders.sockets import MERGE_REFUSALS
from orders.states import FulfilmentState, OrderState

MOST_COMPARED = 50


@dataclass(frozen=True, slots=True)
class MergeCheck:
    """What stands against folding `other` into the order that is kept (empty: nothing), and what the
    kept one decides where they differ.
    """

    other: Order
    refusals: tuple[str, ...]
    differences: tuple[str, ...]


def address_key(address: Address) -> tuple[str, ...]:
    """An address as it is compared: no case, accents, blanks or punctuation; “straße” is “str”."""
    fields = (address.line1, address.line2, address.postal_code, address.city, address.country)
    return tuple(bare(text) for text in fields)


def bare(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.casefold().replace("ß", "ss"))
    letters = "".join(one for one in plain if one.isalnum())
    return letters.replace("strasse", "str")


def like_orders(user: User, order: Order) -> list[Order]:
    """Other open orders that could go in one parcel with this one, the oldest first. One query, none
    where the order is not open or nobody is named on it.
    """
    who = _same_person(order)
    if order.state != OrderState.OPEN or who is None or not order.shipping_address:
        return []
    found = _alike(orders_seen_by(user), order).filter(who).exclude(pk=order.pk)
    here = address_key(order.ship_to)
    rows = found.select_related("channel").order_by("placed_at", "pk")[:MOST_COMPARED]
    return [row for row in rows if address_key(row.ship_to) == here]


def _same_person(order: Order) -> Q | None:
    if order.customer_id:
        same = Q(customer=order.customer_id)
        return same | Q(email__iexact=order.email) if order.email else same
    return Q(email__iexact=order.email) if order.email else None


def _alike(orders: QuerySet[Order], order: Order) -> QuerySet[Order]:
    return orders.filter(
        state=OrderState.OPEN,
        channel=order.channel_id,
        currency=order.currency,
        prices_include_tax=order.prices_include_tax,
        payment_terms=order.payment_terms,
        ship_country=order.ship_country,
        units_shipped=0,
    )


def merge_key(order: Order) -> tuple[object, ...]:
    """Orders with the same key may go together."""
    return (
        order.channel_id,
        order.company_id,
        (order.email or "").lower() or order.customer_id,
        order.currency,
        order.prices_include_tax,
        order.payment_terms,
        address_key(order.ship_to),
    )


def check_merge(kept: Order, other: Order) -> MergeCheck:
    """What stands against folding one order into another, all of it, and what differs."""
    refusals = [*_of_state(kept, other), *_of_terms(kept, other), *MERGE_REFUSALS.ask(kept, other)]
    return MergeCheck(other, tuple(refusals), tuple(_differences(kept, other)))


def _of_state(kept: Order, other: Order) -> list[str]:
    found = []
    for order in (kept, other):
        if order.state != OrderState.OPEN:
            found.append(f"{order.number} is {order.get_state_display().lower()}.")
        if order.units_shipped:
            found.append(f"Part of {order.number} has left already.")
        if order.unknown_lines:
            found.append(f"{order.number} has a line whose product is unknown; match it first.")
    if other.open_holds:
        found.append(f"{other.number} is on hold; release it first.")
    if other.units_open == 0:
        found.append(f"Nothing of {other.number} is left to send.")
    begun = Fulfilment.objects.filter(
        order=other, state__in=(FulfilmentState.PICKING, FulfilmentState.PACKED)
    )
    if begun.exists():
        found.append(
            f"{other.number} is being picked or packed; undo that, or merge the other way."
        )
    credited = sum((line.credited for line in other.lines.all()), ZERO)
    if other.credit_total != credited:
        found.append(f"Goodwill was given on {other.number}; it has to stay as it is.")
    return found


def _of_terms(kept: Order, other: Order) -> list[str]:
    found = []
    same_person = (
        kept.customer_id == other.customer_id
        if kept.customer_id and other.customer_id and not kept.email
        else kept.email.lower() == other.email.lower()
    )
    if not same_person and (kept.customer_id is None or kept.customer_id != other.customer_id):
        found.append(f"{other.number} is from another customer.")
    if kept.company_id != other.company_id:
        found.append(f"{other.number} is for another company.")
    if address_key(kept.ship_to) != address_key(other.ship_to):
        found.append(f"{other.number} goes to another address.")
    for name, words in (
        ("channel_id", "came by another channel"),
        ("currency", "is in another currency"),
        ("prices_include_tax", "reckons tax another way"),
        ("tax_treatment", "is taxed another way"),
        ("payment_terms", "is paid another way"),
        ("is_historical", "was brought in with its history"),
    ):
        if getattr(kept, name) != getattr(other, name):
            found.append(f"{other.number} {words}.")
    if (
        kept.shipping_total
        and other.shipping_total
        and kept.shipping_tax_rate != other.shipping_tax_rate
    ):
        found.append(f"Shipping of {other.number} bears another tax.")
    return found


def _differences(kept: Order, other: Order) -> list[str]:
    found = []
    if kept.shipping_service_id != other.shipping_service_id:
        theirs = other.shipping_method or "no service"
        found.append(
            f"{other.number} was to go by {theirs}; it goes by {kept.shipping_method or 'none'} now."
        )
    if other.deliver_by and (kept.deliver_by is None or other.deliver_by < kept.deliver_by):
        found.append(f"{kept.number} is to arrive by {day_words(other.deliver_by)} then.")
    if kept.purchase_order != other.purchase_order:
        found.append(f"The company’s number of {other.number} is kept in a note.")
    if kept.assignee_id != other.assignee_id:
        found.append(f"{kept.number} stays with whom it is assigned to.")
    return found
