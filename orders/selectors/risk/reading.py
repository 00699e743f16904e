"""Versions of the rules, decisions and reviews, as verbs and pages ask for them."""

from datetime import timedelta

from django.db.models import F, Q, QuerySet

from core.models import Channel, User
from orders.models import Order, RiskDecision, RiskListEntry, RiskReview, RiskRuleSet
from orders.selectors.reading import orders_seen_by
from orders.selectors.risk.listed import blockable
from orders.states import OrderState, RiskLevel, RiskListKind, RiskRuleSetState

EARLIER = 10
NEAR, MOST_LIKE = timedelta(days=1), 100


def live_rule_set(channel_id: int | None) -> RiskRuleSet | None:
    """The version that scores a channel's orders: its own, or the shop's. One query."""
    live = RiskRuleSet.objects.filter(state=RiskRuleSetState.LIVE)
    asked = live.filter(Q(channel=channel_id) | Q(channel=None))
    return asked.order_by(F("channel").asc(nulls_last=True)).first()


def latest_decision(order: Order) -> RiskDecision | None:
    return order.risk_decisions.select_related("rule_set").first()


def open_review_of(order: Order) -> RiskReview | None:
    """The review that an order waits for. One query."""
    found = RiskReview.objects.filter(order=order, closed_at=None)
    return found.select_related("decision__rule_set", "hold").first()


def reviews_of(order: Order) -> tuple[RiskReview | None, list[RiskReview]]:
    """The review that an order waits for, and how its earlier ones ended, the latest first. One query."""
    rows = list(order.risk_reviews.order_by("-closed_at", "-pk"))
    waiting = next((one for one in rows if one.closed_at is None), None)
    return waiting, [one for one in rows if one.closed_at is not None]


def reviews_seen_by(user: User) -> QuerySet[RiskReview]:
    """Reviews of orders that the user may see."""
    rows = RiskReview.objects.filter(order__in=orders_seen_by(user))
    return rows.select_related("order__channel", "decision__rule_set", "hold")


def earlier_orders(user: User, order: Order) -> list[Order]:
    """The buyer's other orders, by customer, e-mail or phone, the latest first. One query."""
    same = Q()
    if order.customer_id:
        same |= Q(customer=order.customer_id)
    if order.email:
        same |= Q(email__iexact=order.email)
    if order.phone:
        same |= Q(phone=order.phone)
    if not same:
        return []
    rows = orders_seen_by(user).filter(same).exclude(pk=order.pk).select_related("channel")
    return list(rows.order_by("-placed_at", "-pk")[:EARLIER])


def blocked_already(order: Order) -> list[RiskListKind]:
    """What of an order stands on the list of the blocked. One query."""
    values = blockable(order)
    rows = RiskListEntry.objects.filter(kind__in=values, value__in=values.values())
    found = set(rows.values_list("kind", "value"))
    return [kind for kind, value in values.items() if (kind.value, value) in found]


def like_it(order: Order) -> list[int]:
    """Open orders that came within a day of this one by the same e-mail, phone or network address and
    passed: what makes many of them speaks against each. One query.
    """
    same = Q()
    if order.email:
        same |= Q(email__iexact=order.email)
    if order.phone:
        same |= Q(phone=order.phone)
    origin = getattr(order, "origin", None)
    if origin and origin.network_key:
        same |= Q(origin__network_key=origin.network_key)
    if not same or order.placed_at is None:
        return []
    rows = Order.objects.filter(
        same,
        state=OrderState.OPEN,
        risk_level=RiskLevel.PASS,
        placed_at__gt=order.placed_at - NEAR,
        placed_at__lt=order.placed_at + NEAR,
    ).exclude(pk=order.pk)
    return list(rows.order_by("placed_at", "pk").values_list("pk", flat=True)[:MOST_LIKE])


def screened_channels() -> list[Channel]:
    """The channels whose orders are scored. One query."""
    return list(Channel.objects.filter(is_screened=True))


def rule_sets() -> list[RiskRuleSet]:
    """Every version, the newest first. One query."""
    return list(RiskRuleSet.objects.select_related("channel"))
