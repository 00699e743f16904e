"""What intake puts before people, and where a training store leads them."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from core import attention, menu, settings_pages, subjects
from core.access import staff_of
from core.attention import AttentionKind
from core.menu import MenuEntry, MenuGroup
from core.panels import plug
from core.rights import EDIT_WEBHOOKS, SEE_BACK_OFFICE
from core.settings_pages import SettingsPage
from core.sockets import HOME_TILES
from oms.intake.differing import CHANNEL_DIFFERS, OPEN, label_of
from oms.intake.hooks import tables, working
from oms.models import OrderDifference, WebhookSource
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
    rows = list(OrderDifference.objects.filter(order=order, status=OPEN).defer("document"))
    if not rows:
        return None
    for row in rows:
        row.label = label_of(row.field)  # type: ignore[attr-defined]
    return {"order": order, "differences": rows, "told_at": max(row.told_at for row in rows)}


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

LISTS = (tables.SourceList, tables.InboundList, tables.DifferenceList)  # found by their names

attention.register(
    AttentionKind(
        working.NOT_UNDERSTOOD,
        "Webhooks not understood",
        "Read why, mend it here or in the shop, then try again.",
        EDIT_WEBHOOKS,
        "link",
    )
)
settings_pages.add(
    SettingsPage(
        "Webhooks in",
        "Shops that tell of their orders: the address and secret to enter there, and what they sent.",
        "source_list",
        "link",
        group="Connections",
        right=EDIT_WEBHOOKS,
        position=69,
    )
)
menu.add(MenuEntry("Told otherwise", "difference_list", "split", MenuGroup.SELL, EDIT_ORDERS, 30))
subjects.register(
    subjects.SubjectKind(WebhookSource, "Source", subjects.page("source_detail"), EDIT_WEBHOOKS)
)
