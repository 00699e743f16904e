"""What replenishment shows in the navigation, under settings and on a variant."""

from typing import Any

from django.http import HttpRequest

from core import attention, menu, settings_pages, subjects
from core.access import staff_of
from core.attention import AttentionKind
from core.menu import MenuEntry, MenuGroup
from core.panels import plug
from core.rights import EDIT_SETTINGS
from core.settings_pages import SettingsPage
from core.subjects import SubjectKind, page
from core.timeline import dress
from inventory.models import (
    BuyingLimit,
    ReorderRule,
    Variant,
)
from inventory.rights import (
    BUY,
    SEE_PURCHASES,
    SEE_STOCK,
)
from inventory.selectors.planning import suggestions_seen_by
from inventory.selectors.suggesting import outlooks_of
from inventory.services.alerting import LOW_STOCK
from inventory.services.automatic_ordering import ORDER_HELD
from inventory.sockets import VARIANT_PAGE

menu.add(
    MenuEntry(
        "Replenishment",
        "inventory:suggestion_list",
        "refresh",
        MenuGroup.STOCK,
        SEE_PURCHASES,
        49,
        badge=lambda user: suggestions_seen_by(user).open(),
    )
)
menu.add(
    MenuEntry("Stock reports", "inventory:cover_list", "chart", MenuGroup.STOCK, SEE_STOCK, 60)
)

attention.register(
    AttentionKind(
        LOW_STOCK,
        "Running low",
        "It is sold out before an order made today would be here: order it, or send some.",
        SEE_PURCHASES,
        "box",
    )
)
attention.register(
    AttentionKind(
        ORDER_HELD,
        "Automatic orders that wait",
        "Order by hand what is beyond a limit, or send what is only approved.",
        BUY,
        "bolt",
    )
)

settings_pages.add(
    SettingsPage(
        "Reorder rules",
        "How stock is ordered again: the share to be served, how often, and without asking or not.",
        "inventory:reorder_rule_list",
        "refresh",
        group="Stock",
        right=BUY,
        position=30,
    )
)
settings_pages.add(
    SettingsPage(
        "Limits of automatic orders",
        "What may be ordered for a location without anybody being asked.",
        "inventory:buying_limit_list",
        "bolt",
        group="Stock",
        position=31,
    )
)

for fact, icon, role in (
    ("inventory.SuggestionOrdered", "cart", "info"),
    ("inventory.SuggestionDismissed", "cross", "neutral"),
    ("inventory.ReorderRuleChanged", "refresh", "neutral"),
    ("inventory.BuyingLimitChanged", "bolt", "neutral"),
):
    dress(fact, icon, role)

for kind in (
    SubjectKind(ReorderRule, "Reorder rule", page("inventory:reorder_rule_edit"), BUY),
    SubjectKind(BuyingLimit, "Limit", page("inventory:buying_limit_edit"), EDIT_SETTINGS),
):
    subjects.register(kind)


def forecast_panel(request: HttpRequest, variant: Variant) -> dict[str, Any] | None:
    """What is foretold of a variant, where, and what is suggested. Two queries."""
    user = staff_of(request)
    outlooks = outlooks_of(user, variant)
    return {"variant": variant, "outlooks": outlooks} if outlooks else None


plug(VARIANT_PAGE, template="inventory/panels/forecast.html", context=forecast_panel, position=30)
