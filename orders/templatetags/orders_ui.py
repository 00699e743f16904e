"""Badges of orders: each status with its words, icon and colour."""

from django import template

from core.markup import BadgeSet
from orders.states import (
    ChangeState,
    FulfilmentState,
    FulfilmentStatus,
    OrderState,
    PaymentStatus,
    QuotationState,
    ReturnStatus,
    RiskLevel,
    RiskOutcome,
    RiskRuleSetState,
    RunOutcome,
    StandingState,
)

register = template.Library()

ORDER = BadgeSet(
    OrderState,
    {
        OrderState.DRAFT: ("neutral", "edit"),
        OrderState.OPEN: ("info", "orders"),
        OrderState.COMPLETED: ("success", "check"),
        OrderState.CANCELLED: ("neutral", "blocked"),
        OrderState.EXPIRED: ("neutral", "clock"),
    },
)
PAYMENT = BadgeSet(
    PaymentStatus,
    {
        PaymentStatus.PENDING: ("warning", "clock"),
        PaymentStatus.AUTHORISED: ("info", "lock"),
        PaymentStatus.PARTIALLY_PAID: ("warning", "split"),
        PaymentStatus.PAID: ("success", "check"),
        PaymentStatus.OVERPAID: ("danger", "alert"),
        PaymentStatus.PARTIALLY_REFUNDED: ("neutral", "refund"),
        PaymentStatus.REFUNDED: ("neutral", "refund"),
        PaymentStatus.NOT_DUE: ("neutral", "minus"),
    },
)
FULFILMENT = BadgeSet(
    FulfilmentStatus,
    {
        FulfilmentStatus.UNFULFILLED: ("warning", "clock"),
        FulfilmentStatus.BACKORDERED: ("danger", "clock"),
        FulfilmentStatus.ALLOCATED: ("info", "box"),
        FulfilmentStatus.IN_PROGRESS: ("info", "scan"),
        FulfilmentStatus.PARTIALLY_SHIPPED: ("warning", "split"),
        FulfilmentStatus.SHIPPED: ("success", "truck"),
        FulfilmentStatus.DELIVERED: ("success", "check"),
        FulfilmentStatus.NOT_NEEDED: ("neutral", "minus"),
    },
)
RETURN = BadgeSet(
    ReturnStatus,
    {
        ReturnStatus.NONE: ("neutral", "minus"),
        ReturnStatus.REQUESTED: ("warning", "return"),
        ReturnStatus.PARTIALLY_RETURNED: ("neutral", "return"),
        ReturnStatus.RETURNED: ("neutral", "return"),
    },
)
WORK = BadgeSet(
    FulfilmentState,
    {
        FulfilmentState.READY: ("info", "box"),
        FulfilmentState.PICKING: ("info", "scan"),
        FulfilmentState.PACKED: ("accent", "package"),
        FulfilmentState.SHIPPED: ("success", "truck"),
        FulfilmentState.DELIVERED: ("success", "check"),
        FulfilmentState.CANCELLED: ("neutral", "blocked"),
    },
)
CHANGE = BadgeSet(
    ChangeState,
    {
        ChangeState.OPEN: ("neutral", "edit"),
        ChangeState.AWAITING: ("warning", "clock"),
        ChangeState.CONFIRMED: ("success", "check"),
        ChangeState.DECLINED: ("danger", "blocked"),
        ChangeState.DISCARDED: ("neutral", "minus"),
    },
)

QUOTE = BadgeSet(
    QuotationState,
    {
        QuotationState.DRAFT: ("neutral", "edit"),
        QuotationState.SENT: ("info", "mail"),
        QuotationState.ACCEPTED: ("warning", "check"),
        QuotationState.DECLINED: ("neutral", "cross"),
        QuotationState.EXPIRED: ("neutral", "clock"),
        QuotationState.CONVERTED: ("success", "orders"),
        QuotationState.WITHDRAWN: ("neutral", "blocked"),
    },
)

STANDING = BadgeSet(
    StandingState,
    {
        StandingState.ACTIVE: ("success", "play"),
        StandingState.PAUSED: ("warning", "pause"),
        StandingState.ENDED: ("neutral", "blocked"),
    },
)
RUN = BadgeSet(
    RunOutcome,
    {
        RunOutcome.PLACED: ("success", "check"),
        RunOutcome.REFUSED: ("danger", "alert"),
        RunOutcome.SKIPPED: ("neutral", "minus"),
    },
)

RISK = BadgeSet(
    RiskLevel,
    {
        RiskLevel.UNSCORED: ("neutral", "clock"),
        RiskLevel.PASS: ("success", "check"),
        RiskLevel.REVIEW: ("warning", "eye"),
        RiskLevel.HOLD: ("danger", "hold"),
        RiskLevel.APPROVED: ("success", "check-circle"),
        RiskLevel.REFUSED: ("neutral", "blocked"),
        RiskLevel.OVER: ("neutral", "minus"),
    },
)
OUTCOME = BadgeSet(
    RiskOutcome,
    {
        RiskOutcome.PASS: ("success", "check"),
        RiskOutcome.REVIEW: ("warning", "eye"),
        RiskOutcome.HOLD: ("danger", "hold"),
    },
)
RULES = BadgeSet(
    RiskRuleSetState,
    {
        RiskRuleSetState.DRAFT: ("neutral", "edit"),
        RiskRuleSetState.LIVE: ("success", "play"),
        RiskRuleSetState.RETIRED: ("neutral", "minus"),
    },
)

RISK.add_to(register, "risk_badge")
OUTCOME.add_to(register, "outcome_badge")
RULES.add_to(register, "rules_badge")
STANDING.add_to(register, "standing_badge")
RUN.add_to(register, "run_badge")
QUOTE.add_to(register, "quote_badge")
ORDER.add_to(register, "order_badge")
PAYMENT.add_to(register, "payment_badge")
FULFILMENT.add_to(register, "fulfilment_badge")
RETURN.add_to(register, "return_badge")
WORK.add_to(register, "work_badge")
CHANGE.add_to(register, "change_badge")


@register.filter
def less(whole: int, part: int) -> int:
    """What is left of a count."""
    return whole - part
