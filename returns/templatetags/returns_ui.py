"""Badges of returns."""

from django import template

from core.markup import BadgeSet
from returns.states import ReturnState

register = template.Library()

STATE = BadgeSet(
    ReturnState,
    {
        ReturnState.REQUESTED: ("warning", "question"),
        ReturnState.APPROVED: ("info", "truck"),
        ReturnState.REJECTED: ("neutral", "blocked"),
        ReturnState.RECEIVED: ("info", "box"),
        ReturnState.INSPECTED: ("accent", "eye"),
        ReturnState.CLOSED: ("success", "check"),
        ReturnState.CANCELLED: ("neutral", "cross"),
    },
)
STATE.add_to(register, "return_state_badge")
