"""What reports shows on Home."""

import logging
from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from core import menu
from core.access import staff_of
from core.listing.paging import count_text
from core.menu import MenuEntry, MenuGroup
from core.models import User
from core.panels import plug
from core.sockets import ALL_CLEAR, HOME_TILES
from orders.tables import OrderList
from reports.rights import SEE_FIGURES, SEE_REVENUE
from reports.selectors import home_tiles, orders_per_day

logger = logging.getLogger(__name__)

menu.add(
    MenuEntry(
        "Recommendations", "reports:recommendations", "chart", MenuGroup.INSIGHT, SEE_REVENUE, 20
    )
)


def figures(request: HttpRequest, _subject: Any) -> dict[str, Any]:
    """The day's figures and the orders of the last two weeks. None of them takes the page down."""
    user, today = staff_of(request), timezone.localdate()
    try:
        per_day = orders_per_day(user, today=today)
    except Exception:
        logger.exception("the orders of the last days could not be counted")
        per_day = None
    return {
        "tiles": home_tiles(user, per_day, today=today),
        "per_day": per_day,
        "columns": [(f"{day:%a %-d %b}", count) for day, count in per_day.days] if per_day else [],
    }


@ALL_CLEAR.plug
def on_their_way(user: User) -> str | None:
    """What may be said when nothing needs attention."""
    count = OrderList.for_user(user, "state=open").count
    if not count:
        return None
    return f"{count_text(count)} {'order is' if count == 1 else 'orders are'} on track."


plug(
    HOME_TILES,
    template="reports/home_tiles.html",
    context=figures,
    position=10,
    right=SEE_FIGURES,
)
