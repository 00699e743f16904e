"""What happened in the risk check of orders, and to its rules."""

from core.facts import Fact


class RiskScored(Fact, subject="order", is_sequenced=True):
    """An order was scored; `reasons` are the sentences of the rules that applied, heaviest first."""

    sentence = "Risk check: {score:point}, {outcome}"
    order_id: int
    decision_id: int
    rules: int
    score: int
    outcome: str
    reasons: list[str]


class RiskSignalTold(Fact, subject="order", is_sequenced=True):
    """Somebody told of the order's money what speaks against it."""

    sentence = "Told for the risk check: {what}"
    order_id: int
    signal_id: int
    what: str


class RiskReviewed(Fact, subject="order", is_sequenced=True):
    sentence = "Risk review: {verdict}, because: {why}"
    order_id: int
    review_id: int
    verdict: str
    why: str


class BuyerBlocked(Fact, subject="order", is_sequenced=True):
    """What of this order is held against later ones."""

    sentence = "Blocked for later orders: {what}, because: {why}"
    order_id: int
    what: str
    why: str


class RiskRulesChanged(Fact, subject="riskruleset"):
    sentence = "{label}: {what}"
    riskruleset_id: int
    label: str
    what: str


class RiskListChanged(Fact, subject="risklistentry"):
    sentence = "{label}: {what}"
    risklistentry_id: int
    label: str
    what: str
