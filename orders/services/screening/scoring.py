"""Scoring an order by the live rules, and what follows: it goes on, it is looked at, or it is held."""

import logging
from datetime import datetime, timedelta

from django.db import OperationalError, transaction

from core.errors import DomainError
from orders.events.risk import RiskScored
from orders.locks import lock_order
from orders.models import Hold, Order, RiskDecision, RiskReview, RiskRuleSet
from orders.risk import Decision, decide
from orders.selectors.risk.facts import facts_of
from orders.selectors.risk.reading import (
    latest_decision,
    like_it,
    live_rule_set,
    open_review_of,
)
from orders.services.holding import hold_order
from orders.services.settling import settle
from orders.states import HoldKind, OrderState, RiskLevel, RiskOutcome

logger = logging.getLogger(__name__)

PLACED = "Order placed"
LEFT_WAITING = timedelta(minutes=2)
BEFORE_LAPSE = timedelta(hours=1)
MOST_REASONS = 3
MANY = {"email", "phone", "network"}  # rules that many orders at once make


@transaction.atomic
def score_order(*, order_id: int, why: str = PLACED, now: datetime) -> RiskDecision | None:
    """Score an open order by its channel's live version, and let follow what it comes to: it goes on,
    a person is to look at it, or it is held until one did. Told twice it is scored once: the same
    inputs under the same version decide nothing new. What a person released stays so until it scores
    higher. None where the order has no risk check, is over, or no version is live.
    """
    order = lock_order(order_id)
    if not order.risk_level or order.risk_level == RiskLevel.REFUSED:
        return None
    rule_set = live_rule_set(order.channel_id)
    if rule_set is None or order.state != OrderState.OPEN:
        _let_go(order, now=now)
        return None
    facts = facts_of([order.pk], as_of=now)[order.pk]
    last = latest_decision(order)
    inputs = facts.as_json()
    if last is not None and (last.rule_set_id, last.inputs) == (rule_set.pk, inputs):
        return last
    made = decide(facts, rule_set.version)
    decision = RiskDecision.objects.create(
        order=order,
        rule_set=rule_set,
        score=made.score,
        outcome=made.outcome,
        reasons=[reason.as_json() for reason in made.reasons],
        inputs=inputs,
        why=why[:60],
        decided_at=now,
    )
    _follow(order, decision, rule_set, made, now=now)
    return decision


def _let_go(order: Order, *, now: datetime) -> None:
    """An order that waits for a score it will not get goes on."""
    if order.risk_level == RiskLevel.UNSCORED:
        order.risk_level = RiskLevel.OVER if order.state != OrderState.OPEN else ""
        settle(order, now=now)


def _follow(
    order: Order, decision: RiskDecision, rule_set: RiskRuleSet, made: Decision, *, now: datetime
) -> None:
    """Bring a locked order to where its decision leads, and say so."""
    fact = RiskScored(
        order_id=order.pk,
        decision_id=decision.pk,
        rules=rule_set.number,
        score=made.score,
        outcome=made.outcome.label.lower(),
        reasons=[reason.sentence for reason in made.reasons],
    )
    if order.risk_level == RiskLevel.APPROVED and made.score <= (order.risk_score or 0):
        settle(order, [fact], now=now)
        return
    hold = None
    if made.outcome == RiskOutcome.HOLD:
        hold = _hold(order, made, now=now)
        order = lock_order(order.pk)  # as holding it left it
    order.risk_score = made.score
    order.risk_level = _review(order, decision, rule_set, hold, now=now)
    settle(order, [fact], now=now)


def _hold(order: Order, made: Decision, *, now: datetime) -> Hold:
    """The order's hold for fraud: the one in force, or a new one. It has no end of its own, since a
    hold whose time is up lets go; the clock is the review's.
    """
    found = order.holds.filter(kind=HoldKind.FRAUD, released_at=None).first()
    if found is not None:
        return found
    words = "; ".join(one.sentence for one in made.reasons[:MOST_REASONS] if one.points > 0)
    reason = f"{made.score} points: {words}"
    return hold_order(order_id=order.pk, kind=HoldKind.FRAUD, reason=reason, now=now)


def _review(
    order: Order,
    decision: RiskDecision,
    rule_set: RiskRuleSet,
    hold: Hold | None,
    *,
    now: datetime,
) -> RiskLevel:
    """Open the review that the decision asks for, or tell the open one of it; an open one is closed
    by people only. Answers where the order stands then.
    """
    review = open_review_of(order)
    if review is None:
        if decision.outcome == RiskOutcome.PASS:
            return RiskLevel.PASS
        review = RiskReview(order=order, opened_at=now, due_at=due_at(order, rule_set, now=now))
    review.decision = decision
    review.hold = hold or review.hold
    review.save()
    return RiskLevel.HOLD if review.hold_id else RiskLevel.REVIEW


def due_at(order: Order, rule_set: RiskRuleSet, *, now: datetime) -> datetime:
    """By when a person has to have looked: within the version's hours, and while the money is still
    authorised.
    """
    due = now + timedelta(hours=rule_set.review_hours)
    lapses = order.authorised_until
    return min(due, max(now, lapses - BEFORE_LAPSE)) if lapses else due


def score_like(*, order_id: int, now: datetime) -> int:
    """Many orders came by one e-mail, phone or network address: those of them that had passed, before
    there were many, are scored again; returns how many were looked at.
    """
    order = Order.objects.select_related("origin").get(pk=order_id)
    decision = latest_decision(order)
    found = {reason["code"] for reason in decision.reasons} if decision else set()
    if not found & MANY:
        return 0
    others = like_it(order)
    for pk in others:
        score_order(order_id=pk, why=f"{order.number} came", now=now)
    return len(others)


def score_waiting(*, now: datetime) -> int:
    """Score what was left waiting, each order in a transaction of its own; returns how many."""
    waiting = Order.objects.filter(
        risk_level=RiskLevel.UNSCORED, created_at__lt=now - LEFT_WAITING
    ).order_by("placed_at", "pk")
    done = 0
    for pk in list(waiting.values_list("pk", flat=True)):
        try:
            score_order(order_id=pk, now=now)
            done += 1
        except (DomainError, OperationalError) as reason:
            logger.warning("order %s is left for the next sweep: %s", pk, reason)
    return done
