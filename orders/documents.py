"""Printed documents of orders: the confirmation, and the quote before it."""

from typing import Any

from core.documents import DocumentKind, register_kind
from orders.models import Order, Quotation
from orders.rights import SEE_ORDERS, SEE_QUOTES
from orders.services.offering import PAPER


def confirmation(order_id: int) -> dict[str, Any]:
    """What the order confirmation says."""
    order = Order.objects.select_related("channel__legal_entity").get(pk=order_id)
    return {
        "order": order,
        "lines": list(order.lines.select_related("kit")),
        "entity": order.channel.legal_entity,
        "time_zone": order.channel.time_zone,
    }


CONFIRMATION = register_kind(
    DocumentKind(
        code="order_confirmation",
        label="Order confirmation",
        subject_type="order",
        template="orders/documents/confirmation.html",
        context=confirmation,
        right=SEE_ORDERS,
    )
)


def quotation(quotation_id: int) -> dict[str, Any]:
    """What the quote on paper says."""
    quoted = Quotation.objects.select_related("channel__legal_entity", "company").get(
        pk=quotation_id
    )
    return {
        "quote": quoted,
        "lines": list(quoted.lines.all()),
        "entity": quoted.channel.legal_entity,
        "time_zone": quoted.channel.time_zone,
    }


def number_of(quotation_id: int) -> str:
    return str(Quotation.objects.get(pk=quotation_id))


QUOTATION = register_kind(
    DocumentKind(
        code=PAPER,
        label="Quote",
        subject_type="quotation",
        template="orders/documents/quotation.html",
        context=quotation,
        right=SEE_QUOTES,
        number=number_of,
    )
)
