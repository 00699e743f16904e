"""The decision: facts and a version to a score, its reasons and what follows; the same every time."""

from dataclasses import dataclass
from typing import Any

from orders.risk.facts import Facts
from orders.risk.rules import rule_named
from orders.risk.versions import Version
from orders.states import RiskOutcome


@dataclass(frozen=True, slots=True)
class Reason:
    """One rule that applied, what it gave and why."""

    code: str
    points: int
    sentence: str

    def as_json(self) -> dict[str, Any]:
        return {"code": self.code, "points": self.points, "sentence": self.sentence}


@dataclass(frozen=True, slots=True)
class Decision:
    """The score (never below zero), its reasons with the heaviest first, and the outcome."""

    score: int
    reasons: tuple[Reason, ...]
    outcome: RiskOutcome


def decide(facts: Facts, version: Version) -> Decision:
    """Add up what every rule of the version gives."""
    found = []
    for weight in version.weights:
        rule = rule_named(weight.code)
        sentence = rule.finds(facts, weight.limit) if rule and weight.points else ""
        if sentence:
            found.append(Reason(weight.code, weight.points, sentence))
    score = max(0, sum(reason.points for reason in found))
    reasons = tuple(sorted(found, key=lambda one: (-one.points, one.code)))
    return Decision(score, reasons, _outcome(score, version))


def _outcome(score: int, version: Version) -> RiskOutcome:
    if score >= version.hold_at:
        return RiskOutcome.HOLD
    return RiskOutcome.REVIEW if score >= version.review_at else RiskOutcome.PASS
