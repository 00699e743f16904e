"""What intake puts before people, and where a training store leads them."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from core import attention, menu
from core.access import staff_of
from core.attention import AttentionKind
from core.menu import MenuEntry, MenuGroup
from core.models import AttentionItem
from core.panels import plug
from core.rights import SEE_BACK_OFFICE
from core.sockets import HOME_TILES
from oms.intake.later import CHANNEL_DIFFERS
from oms.training.progress import progress_of
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


def first_hour(request: HttpRequest, _subject: Any) -> dict[str, Any] | None:
    """How far the user has come in the guided first hour; nothing outside a training store."""
    if not settings.IS_TRAINING:
        return None
    return {"progress": progress_of(staff_of(request))}


plug(
    HOME_TILES,
    template="oms/first_hour_panel.html",
    context=first_hour,
    position=5,
    right=SEE_BACK_OFFICE,
)
if settings.IS_TRAINING:
    menu.add(MenuEntry("First hour", "first_hour", "compass", MenuGroup.WORK, SEE_BACK_OFFICE, 15))
