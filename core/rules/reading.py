"""Reads of rules and their runs, for pages, programs and the thing that a rule was about."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Max, Q, QuerySet

from core import attention
from core.models import AttentionItem, Rule, RuleRun, RunOutcome
from core.rules import telling
from core.rules.acting import TOLD
from core.rules.keeping import definitions_of
from core.rules.registry import actions_asked_once

MOST_OF_ONE = 30
MOST_PASSED = 300
RECENT = timedelta(days=30)


@dataclass(frozen=True)
class Listed:
    """A rule as its list shows it: in words, and how it fared in the last 30 days."""

    rule: Rule
    when: str
    steps: list[str]
    ran: int
    failed: int
    last_ran_at: datetime | None


def listed_rules(*, now: datetime) -> list[Listed]:
    """All rules that are kept, in their order. Three queries, and those of choices in words."""
    rules = list(Rule.objects.filter(removed_at=None))
    counted = _counts(rules, since=now - RECENT)
    actions = {code: actions_asked_once(code) for code in {rule.subject for rule in rules}}
    return [
        Listed(
            rule,
            telling.when(definition),
            telling.steps(definition, actions[rule.subject]),
            *counted.get(rule.pk, (0, 0, None)),
        )
        for rule, definition in definitions_of(rules)
    ]


def _counts(
    rules: Iterable[Rule], *, since: datetime
) -> dict[int, tuple[int, int, datetime | None]]:
    """Of each rule that did anything: how often it ran and failed, and when it ran last."""
    rows = (
        RuleRun.objects.filter(rule__in=rules, at__gte=since)
        .exclude(outcome=RunOutcome.SKIPPED)
        .values("rule")
        .annotate(
            ran=Count("id", filter=Q(outcome=RunOutcome.DONE)),
            failed=Count("id", filter=Q(outcome=RunOutcome.FAILED)),
            last=Max("at", filter=Q(outcome=RunOutcome.DONE)),
        )
        .order_by("rule_id")
    )
    return {row["rule"]: (row["ran"], row["failed"], row["last"]) for row in rows}


def runs_about(subject_type: str, subject_id: int) -> QuerySet[RuleRun]:
    """What rules came to for one thing, newest first."""
    runs = RuleRun.objects.filter(subject_type=subject_type, subject_id=subject_id)
    return runs.select_related("rule", "fact").order_by("-id")


@dataclass(frozen=True)
class About:
    """The rules' part on a thing's page: what ran, what was passed over, what waits for people."""

    ran: list[RuleRun]
    passed: list[RuleRun]
    waiting: AttentionItem | None


def about(subject_type: str, subject_id: int) -> About | None:
    """Why rules did what they did here: what ran or failed, and of every other rule the last time it
    passed the thing over. None where no rule looked at it. Three queries.
    """
    runs = runs_about(subject_type, subject_id)
    ran = list(runs.exclude(outcome=RunOutcome.SKIPPED)[:MOST_OF_ONE])
    skipped = runs.filter(outcome=RunOutcome.SKIPPED).exclude(rule__in=[run.rule_id for run in ran])
    passed = list(skipped.order_by("rule_id", "-id").distinct("rule_id")[:MOST_PASSED])
    if not ran and not passed:
        return None
    told = AttentionItem.objects.filter(
        kind=TOLD, subject_type=subject_type, subject_id=subject_id, resolved_at=None
    )
    passed.sort(key=lambda run: run.pk, reverse=True)
    return About(ran, passed, told.first())


def settle_told(subject_type: str, ids: Iterable[int]) -> int:
    """What rules put before people about these things no longer waits; returns how many did."""
    return attention.resolve(kind=TOLD, subject_type=subject_type, subject_ids=list(ids))
