"""How the API says what the risk check made of an order."""

from datetime import datetime

from core.api.shapes import Output
from orders.models import Order
from orders.selectors.risk.reading import latest_decision, open_review_of
from orders.states import RiskLevel, RiskOutcome


class ReasonOut(Output):
    """A rule that applied, what it gave and why; points below zero speak for the order."""

    code: str
    points: int
    sentence: str


class RiskOut(Output):
    """The latest scoring of an order, by which version of the rules. `review_due_at`: by when a person
    has to have looked, while one still has to.
    """

    level: RiskLevel
    score: int | None
    outcome: RiskOutcome | None
    rules: int | None
    reasons: list[ReasonOut]
    scored_at: datetime | None
    review_due_at: datetime | None


def risk_of(order: Order) -> RiskOut | None:
    """What the check made of it; None where there is none. Two queries, or none."""
    if not order.risk_level:
        return None
    decision, review = latest_decision(order), open_review_of(order)
    return RiskOut(
        level=RiskLevel(order.risk_level),
        score=order.risk_score,
        outcome=RiskOutcome(decision.outcome) if decision else None,
        rules=decision.rule_set.number if decision else None,
        reasons=[ReasonOut(**reason) for reason in decision.reasons] if decision else [],
        scored_at=decision.decided_at if decision else None,
        review_due_at=review.due_at if review else None,
    )
