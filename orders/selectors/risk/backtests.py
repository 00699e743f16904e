"""What a version weighs and did in its back-tests, beside the live one, as pages show it."""

from dataclasses import dataclass

from core.models import User
from orders.models import RiskBacktest, RiskBacktestChange, RiskRuleSet
from orders.risk import RULES
from orders.selectors.reading import orders_seen_by
from orders.states import RiskOutcome

STEP = 10
LATEST, MOST_SHOWN = 10, 100


@dataclass(frozen=True)
class WeightShown:
    """One rule in a version and in the live one; `limit` in words, empty where it knows none."""

    label: str
    points: int
    limit: str
    live_points: int | None
    live_limit: str

    @property
    def is_changed(self) -> bool:
        has_live = self.live_points is not None
        return has_live and (self.points, self.limit) != (self.live_points, self.live_limit)


def weights_beside(rules: RiskRuleSet, live: RiskRuleSet | None) -> list[WeightShown]:
    """Every rule with what it weighs here and in the live version."""
    other = live if live and live != rules else None
    shown = []
    for rule in RULES:
        mine = rules.weights.get(rule.code, {})
        theirs = other.weights.get(rule.code, {}) if other else {}
        words = rule.limit_label
        shown.append(
            WeightShown(
                rule.label,
                mine.get("points", 0),
                f"{words.lower()} {mine.get('limit', 0)}" if words else "",
                theirs.get("points", 0) if other else None,
                f"{words.lower()} {theirs.get('limit', 0)}" if words and other else "",
            )
        )
    return shown


def backtests_of(rules: RiskRuleSet) -> list[RiskBacktest]:
    """The latest back-tests of a version. One query."""
    return list(rules.backtests.select_related("beside", "job", "asked_by")[:LATEST])


def has_proof(rules: RiskRuleSet) -> bool:
    """Whether it was back-tested as it is now. One query."""
    tests = rules.backtests.filter(digest=rules.version.digest, finished_at__isnull=False)
    return tests.exists()


@dataclass(frozen=True)
class OutcomeShown:
    """How many orders came to an outcome by a version, and by the live one."""

    outcome: RiskOutcome
    orders: int
    beside: int
    share: float
    share_beside: float


def outcomes_beside(test: RiskBacktest) -> list[OutcomeShown]:
    of = max(test.orders, 1)
    shown = []
    for outcome in (RiskOutcome.HOLD, RiskOutcome.REVIEW, RiskOutcome.PASS):
        mine = test.outcomes.get(outcome.value, 0)
        theirs = test.outcomes_beside.get(outcome.value, 0)
        shown.append(OutcomeShown(outcome, mine, theirs, 100 * mine / of, 100 * theirs / of))
    return shown


def bars_shown(test: RiskBacktest) -> list[tuple[str, int]]:
    """The orders that people would have to see, by this version and by the one beside it."""
    bars = []
    for shown in outcomes_beside(test)[:2]:
        bars.append((f"{shown.outcome.label}, {str(test.rule_set).lower()}", shown.orders))
        bars.append((f"{shown.outcome.label}, before", shown.beside))
    return bars


def scores_shown(test: RiskBacktest) -> list[tuple[str, int]]:
    """How many orders scored how much, in steps."""
    last = len(test.scores) - 1
    return [
        (f"{i * STEP}–{i * STEP + STEP - 1}" if i < last else f"{i * STEP} and more", count)
        for i, count in enumerate(test.scores)
    ]


def changes_shown(user: User, test: RiskBacktest) -> list[RiskBacktestChange]:
    """The orders decided otherwise, the highest score first. One query."""
    rows = test.changes.filter(order__in=orders_seen_by(user)).select_related("order")
    return list(rows[:MOST_SHOWN])
