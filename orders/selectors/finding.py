"""What people type when they look for an order."""

import re

from django.db.models import Q, Value
from django.db.models.lookups import Exact

from orders.models import Order
from orders.models.orders import NUMBER_DIGITS


def bears_number(text: str) -> Q:
    """Orders of this number, in capitals or not, with or without its prefix. Indexed."""
    digits = re.search("[0-9]+$", text)
    if digits is None:
        return Q(number=text)
    same_digits = Q(Exact(NUMBER_DIGITS, Value(digits.group())))
    return same_digits if digits.group() == text else same_digits & Q(number__iexact=text)


WITHIN = "customer_name__icontains"


def is_marked(text: str) -> Q:
    """Orders that bear the very word: as their number, the channel's id, the company's number or the
    e-mail. Indexed.
    """
    return (
        bears_number(text)
        | Q(external_id=text)
        | Q(purchase_order__in={text, text.upper()})
        | Q(email__iexact=text)
    )


def speaks_of(text: str) -> Q:
    """Orders that what was typed may mean: what they are marked with, or within a name. Indexed."""
    return is_marked(text) | Q(**{WITHIN: text})


def is_named(order: Order, text: str) -> bool:
    """Whether the text is the very number of the order, with or without its prefix, or the channel's
    id of it.
    """
    digits = re.search("[0-9]+$", order.number)
    names = {order.number.lower(), order.external_id.lower(), digits.group() if digits else ""}
    return bool(text) and text.lower() in names
