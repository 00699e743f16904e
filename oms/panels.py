"""What intake puts before people, and shows on the page of an order that is told otherwise."""

from typing import Any

from django.http import HttpRequest

from core import attention
from core.attention import AttentionKind
from core.models import AttentionItem
from core.panels import plug
from oms.intake.later import CHANNEL_DIFFERS
from orders.models import Order
from orders.rights import EDIT_ORDERS
from orders.sockets import ORDER_PAGE

attention.register(
    AttentionKind(
        CHANNEL_DIFFERS,
        "The channel tells it otherwise",
        "Compare the order with what was told later, and change here or there.",
        EDIT_ORDERS,
        "import",
    )
)


def told_otherwise(_request: HttpRequest, order: Order) -> dict[str, Any] | None:
    """The differences that wait for a person; nothing where there are none. One query."""
    item = AttentionItem.objects.filter(
        kind=CHANNEL_DIFFERS, subject_type="order", subject_id=order.pk, resolved_at=None
    ).first()
    if item is None:
        return None
    return {"order": order, "item": item, "differences": item.detail.split("; ")}


plug(
    ORDER_PAGE,
    template="oms/told_otherwise.html",
    context=told_otherwise,
    position=5,
    right=EDIT_ORDERS,
)
