"""Printed documents of orders: the confirmation."""

from typing import Any

from core.documents import DocumentKind, register_kind
from orders.models import Order
from orders.rights import SEE_ORDERS


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
