"""The tags of pages about webhooks that come in."""

from typing import Any

from django import template

from core.markup import BadgeSet
from oms.models import DifferenceStatus, InboundStatus

register = template.Library()

BadgeSet(
    InboundStatus,
    {
        InboundStatus.WAITING: ("neutral", "clock"),
        InboundStatus.DONE: ("success", "check"),
        InboundStatus.IGNORED: ("neutral", "minus"),
        InboundStatus.PARKED: ("danger", "alert"),
    },
).add_to(register, "inbound_badge")
BadgeSet(
    DifferenceStatus,
    {
        DifferenceStatus.OPEN: ("warning", "split"),
        DifferenceStatus.ACCEPTED: ("success", "check"),
        DifferenceStatus.KEPT: ("neutral", "hold"),
        DifferenceStatus.SETTLED: ("neutral", "minus"),
    },
).add_to(register, "difference_badge")


@register.inclusion_tag("oms/hooks/decide.html", takes_context=True)
def decide(context: template.Context, row: Any) -> dict[str, Any]:
    """The buttons by which a difference is decided."""
    request = context["request"]
    return {
        "request": request,
        "row": row,
        "from_order": False,
        "csrf_token": context.get("csrf_token"),
    }
