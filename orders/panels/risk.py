"""What orders shows of the risk check: the queue, the panel on the order's page, and the rules."""

from typing import Any

from django.http import HttpRequest

from core import attention, menu, settings_pages, subjects
from core.attention import AttentionKind
from core.menu import MenuEntry, MenuGroup
from core.panels import plug
from core.settings_pages import SettingsPage
from core.subjects import SubjectKind, page
from core.timeline import dress
from orders.models import Order, RiskListEntry, RiskRuleSet
from orders.rights import EDIT_RISK, REVIEW_RISK, SEE_ORDERS
from orders.selectors.risk.reading import latest_decision, reviews_of, reviews_seen_by
from orders.services.screening import REVIEW_LATE
from orders.sockets import ORDER_SIDE

menu.add(
    MenuEntry(
        "Risk review",
        "orders:risk_queue",
        "shield",
        MenuGroup.SELL,
        REVIEW_RISK,
        12,
        badge=lambda user: reviews_seen_by(user).filter(closed_at=None),
    )
)
attention.register(
    AttentionKind(
        REVIEW_LATE,
        "Risk review is late",
        "Look at why it was scored so, then release or cancel it.",
        REVIEW_RISK,
        "shield",
    )
)
settings_pages.add(
    SettingsPage(
        "Risk rules",
        "What speaks for and against an order, in versions",
        "orders:risk_rules",
        "shield",
        "Store",
        EDIT_RISK,
        61,
    )
)
settings_pages.add(
    SettingsPage(
        "Risk lists",
        "Throw-away mail, forwarders, what is blocked",
        "orders:risk_entry_list",
        "shield",
        "Store",
        EDIT_RISK,
        62,
    )
)
for fact, icon, role in (
    ("orders.RiskScored", "shield", "info"),
    ("orders.RiskSignalTold", "alert", "warning"),
    ("orders.RiskReviewed", "shield", "accent"),
    ("orders.BuyerBlocked", "blocked", "danger"),
):
    dress(fact, icon, role)


def risk_panel(_request: HttpRequest, order: Order) -> dict[str, Any] | None:
    """What the risk check made of an order, and why. Two queries, none where there is no check."""
    if not order.risk_level:
        return None
    review, closed = reviews_of(order)
    return {
        "order": order,
        "decision": latest_decision(order),
        "review": review,
        "closed": closed,
    }


plug(
    ORDER_SIDE,
    template="orders/risk/panel.html",
    context=risk_panel,
    position=5,
    right=SEE_ORDERS,
)
subjects.register(
    SubjectKind(RiskRuleSet, "Risk rules", page("orders:risk_rules_detail"), EDIT_RISK)
)
subjects.register(
    SubjectKind(RiskListEntry, "Risk list entry", page("orders:risk_entry_edit"), EDIT_RISK)
)
