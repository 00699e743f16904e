"""Back-tests: a version run over past orders beside the one that is live, before it goes live."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from django.db import transaction

from core import clock, jobs
from core.jobs import Handle
from core.models import Channel, User
from core.outbox import publish
from orders.errors import BadRiskRules
from orders.events.risk import RiskRulesChanged
from orders.models import (
    Order,
    RiskBacktest,
    RiskBacktestChange,
    RiskDecision,
    RiskRuleSet,
)
from orders.rights import EDIT_RISK
from orders.risk import Decision, Facts, Version, decide
from orders.selectors.risk.facts import facts_of, usual_amount
from orders.selectors.risk.reading import live_rule_set
from orders.states import OrderState, RiskOutcome

CHUNK = 250
MOST_DAYS = 365
MOST_CHANGES = 2_000
STEP, STEPS = 10, 12
NOTHING = Decision(0, (), RiskOutcome.PASS)


@transaction.atomic
def request_backtest(
    *, rule_set_id: int, days: int, user: User | None, now: datetime
) -> RiskBacktest:
    """Run a version over the orders of the last days, as a job. Raises BadRiskRules."""
    if not 0 < days <= MOST_DAYS:
        raise BadRiskRules(f"Give from 1 to {MOST_DAYS} days.", field="days")
    rules = RiskRuleSet.objects.select_related("channel").filter(pk=rule_set_id).first()
    if rules is None:
        raise BadRiskRules("There is no such version; reload the page.")
    live = live_rule_set(rules.channel_id)
    test = RiskBacktest.objects.create(
        rule_set=rules,
        beside=live if live != rules else None,
        digest=rules.version.digest,
        days=days,
        asked_by=user,
        asked_at=now,
    )
    title = f"Back-test {str(rules).lower()} over {days} days"
    test.job = jobs.start(
        "orders.backtest_risk", params={"backtest_id": test.pk}, title=title, right=EDIT_RISK
    )
    test.save(update_fields=["job"])
    return test


def run_backtest(handle: Handle, *, backtest_id: int) -> str:
    """Score every order of the days by both versions, in chunks; what a version would have done stands
    in the back-test afterwards. Where an order was scored when it came, that score's inputs are
    taken; else they are gathered as of then. Started twice, it is run anew.
    """
    test = RiskBacktest.objects.select_related("rule_set", "beside").get(pk=backtest_id)
    test.changes.all().delete()
    since = test.asked_at - timedelta(days=test.days)
    ids = _orders(test, since)
    version = test.rule_set.version
    beside = test.beside.version if test.beside else None
    usual = _usual(since)
    tally = _Tally()
    for start in range(0, len(ids), CHUNK):
        chunk = ids[start : start + CHUNK]
        for order_id, facts in _facts(chunk, usual):
            tally.take(test, order_id, decide(facts, version), _beside(facts, beside))
        RiskBacktestChange.objects.bulk_create(tally.fresh)
        tally.fresh.clear()
        handle.progress(start + len(chunk), len(ids), "Orders scored")
    _finish(test, tally, len(ids))
    return (
        f"{len(ids)} orders: {tally.mine[RiskOutcome.HOLD]} held,"
        f" {tally.mine[RiskOutcome.REVIEW]} to review, {tally.changed} decided otherwise."
    )


class _Tally:
    """What both versions came to so far."""

    def __init__(self) -> None:
        self.mine: Counter[str] = Counter()
        self.theirs: Counter[str] = Counter()
        self.scores: Counter[int] = Counter()
        self.fresh: list[RiskBacktestChange] = []
        self.changed = 0

    def take(self, test: RiskBacktest, order_id: int, mine: Decision, theirs: Decision) -> None:
        self.mine[mine.outcome] += 1
        self.theirs[theirs.outcome] += 1
        self.scores[min(mine.score // STEP, STEPS - 1)] += 1
        if mine.outcome == theirs.outcome:
            return
        self.changed += 1
        if self.changed > MOST_CHANGES:
            return
        self.fresh.append(
            RiskBacktestChange(
                backtest=test,
                order_id=order_id,
                score=mine.score,
                outcome=mine.outcome,
                reasons=[reason.as_json() for reason in mine.reasons],
                score_beside=theirs.score,
                outcome_beside=theirs.outcome,
            )
        )


def _orders(test: RiskBacktest, since: datetime) -> list[int]:
    rows = Order.objects.filter(placed_at__gte=since, placed_at__lt=test.asked_at).exclude(
        state=OrderState.DRAFT
    )
    if test.rule_set.channel_id:
        rows = rows.filter(channel=test.rule_set.channel_id)
    return list(rows.order_by("placed_at", "pk").values_list("pk", flat=True))


def _usual(since: datetime) -> dict[int, Decimal | None]:
    """What was usual in each channel before the days began."""
    channels = Channel.objects.values_list("pk", flat=True)
    return {pk: usual_amount(pk, before=since).most for pk in channels}


def _facts(order_ids: Sequence[int], usual: dict[int, Decimal | None]) -> list[tuple[int, Facts]]:
    """The facts of each order when it came, the first scoring's where there is one."""
    first = RiskDecision.objects.filter(order__in=order_ids).order_by("order", "pk")
    kept = dict(first.distinct("order").values_list("order_id", "inputs"))
    found = {order_id: Facts.from_json(inputs) for order_id, inputs in kept.items()}
    found |= facts_of([pk for pk in order_ids if pk not in found], usual=usual)
    return sorted(found.items())


def _beside(facts: Facts, version: Version | None) -> Decision:
    return decide(facts, version) if version else NOTHING


def _finish(test: RiskBacktest, tally: _Tally, orders: int) -> None:
    test.orders = orders
    test.outcomes = {one.value: tally.mine[one] for one in RiskOutcome}
    test.outcomes_beside = {one.value: tally.theirs[one] for one in RiskOutcome}
    test.scores = [tally.scores[step] for step in range(STEPS)]
    test.changed = tally.changed
    test.finished_at = clock.now()
    with transaction.atomic():
        test.save()
        what = f"back-tested over {test.days} days: {tally.changed} of {orders} decided otherwise"
        fact = RiskRulesChanged(
            riskruleset_id=test.rule_set_id, label=str(test.rule_set), what=what
        )
        publish(fact)
