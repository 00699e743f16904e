"""Versions of the rules: drafted from the live one, changed while drafts, live after a back-test."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max

from core import actors
from core.audit import record_move
from core.models import Channel
from core.outbox import Changes, publish
from orders.errors import BadRiskRules, CannotGoLive
from orders.events.risk import RiskRulesChanged
from orders.locks import lock_rule_sets
from orders.models import RiskRuleSet
from orders.risk import first_weights, rule_named
from orders.selectors.risk.reading import live_rule_set
from orders.services.screening.blocking import begin_lists
from orders.services.screening.usual import refresh_usual
from orders.states import RiskRuleSetState

MOST_POINTS = 200


@transaction.atomic
def draft_rules(*, channel: Channel | None, note: str = "", now: datetime) -> RiskRuleSet:
    """A new draft for a channel (None: for all), beginning with what is live there now. A shop's first
    version brings its list of throw-away mail providers.
    """
    every = lock_rule_sets()
    if not every:
        begin_lists(now=now)
    live = live_rule_set(channel.pk if channel else None)
    draft = RiskRuleSet.objects.create(
        number=(RiskRuleSet.objects.aggregate(last=Max("number"))["last"] or 0) + 1,
        channel=channel,
        note=note.strip()[:200],
        weights={**first_weights(), **live.weights} if live else first_weights(),
        review_at=live.review_at if live else 30,
        hold_at=live.hold_at if live else 60,
        review_hours=live.review_hours if live else 24,
        made_by=actors.current().actor.label[:150],
        made_at=now,
    )
    _tell(draft, f"drafted for {draft.covers.lower()}")
    return draft


@transaction.atomic
def save_rules(
    *,
    rule_set_id: int,
    weights: Mapping[str, Mapping[str, int]],
    review_at: int,
    hold_at: int,
    review_hours: int,
    note: str = "",
) -> RiskRuleSet:
    """Say what a draft weighs. Raises BadRiskRules, also for what is no draft any more."""
    draft = _draft(rule_set_id)
    _check(weights, review_at, hold_at, review_hours)
    before = _plain(draft)
    draft.weights = {code: dict(told) for code, told in sorted(weights.items())}
    draft.review_at, draft.hold_at, draft.review_hours = review_at, hold_at, review_hours
    draft.note = note.strip()[:200]
    draft.save()
    after = _plain(draft)
    changes = {key: (before.get(key), new) for key, new in after.items() if before.get(key) != new}
    if changes:
        _tell(draft, "changed", changes)
    return draft


def _draft(rule_set_id: int) -> RiskRuleSet:
    found = [one for one in lock_rule_sets() if one.pk == rule_set_id]
    if not found or found[0].state != RiskRuleSetState.DRAFT:
        raise BadRiskRules("Only a draft can be changed; draft a new version from the live one.")
    return found[0]


def _check(
    weights: Mapping[str, Mapping[str, int]], review_at: int, hold_at: int, review_hours: int
) -> None:
    if not 0 < review_at < hold_at:
        raise BadRiskRules(
            "Orders are held from more points on than they are looked at.", field="hold_at"
        )
    if not 0 < review_hours <= 720:
        raise BadRiskRules("Give from 1 to 720 hours for a review.", field="review_hours")
    for code, told in weights.items():
        _check_rule(code, told)


def _check_rule(code: str, told: Mapping[str, int]) -> None:
    rule = rule_named(code)
    if rule is None:
        raise BadRiskRules(f"There is no rule “{code}”.")
    points, limit = told["points"], told.get("limit", 0)
    low, high = (0, MOST_POINTS) if rule.points > 0 else (-MOST_POINTS, 0)
    if not low <= points <= high:
        raise BadRiskRules(
            f"{rule.label}: give from {low} to {high} points.", field=f"points_{code}"
        )
    if rule.limit and limit < 1:
        raise BadRiskRules(f"{rule.label}: give a limit of 1 or more.", field=f"limit_{code}")


def _plain(rules: RiskRuleSet) -> dict[str, Any]:
    plain: dict[str, Any] = {
        code: f"{told['points']} points" + (f" from {told['limit']}" if told.get("limit") else "")
        for code, told in rules.weights.items()
    }
    return {
        **plain,
        "review_at": rules.review_at,
        "hold_at": rules.hold_at,
        "review_hours": rules.review_hours,
    }


@transaction.atomic
def go_live(*, rule_set_id: int, now: datetime) -> RiskRuleSet:
    """Let a draft score from now on; the version that did is retired. Raises CannotGoLive where it was
    not back-tested as it is now.
    """
    every = lock_rule_sets()
    draft = next((one for one in every if one.pk == rule_set_id), None)
    if draft is None or draft.state != RiskRuleSetState.DRAFT:
        raise CannotGoLive("Only a draft can go live; reload the page.")
    tested = draft.backtests.filter(digest=draft.version.digest, finished_at__isnull=False)
    if not tested.exists():
        raise CannotGoLive(
            "Back-test this version as it is now first: nobody has seen what it would do."
        )
    for other in every:
        if other.state == RiskRuleSetState.LIVE and other.channel_id == draft.channel_id:
            _retire(other, now=now)
    draft.go_live(now=now)
    draft.save()
    record_move(draft, RiskRuleSetState.DRAFT, draft.state)
    _tell(draft, f"live for {draft.covers.lower()}")
    refresh_usual(now=now)
    return draft


@transaction.atomic
def retire_rules(*, rule_set_id: int, now: datetime) -> RiskRuleSet:
    """End a version: a draft that is not wanted, or the live one, after which nothing scores what it
    covered but the shop's own. Raises BadRiskRules for one that has ended.
    """
    found = next((one for one in lock_rule_sets() if one.pk == rule_set_id), None)
    if found is None or found.state == RiskRuleSetState.RETIRED:
        raise BadRiskRules("This version has ended already; reload the page.")
    _retire(found, now=now)
    return found


def _retire(rules: RiskRuleSet, *, now: datetime) -> None:
    before = rules.state
    rules.retire(now=now)
    rules.save()
    record_move(rules, before, rules.state)
    _tell(rules, "retired")


def _tell(rules: RiskRuleSet, what: str, changes: Changes | None = None) -> None:
    fact = RiskRulesChanged(riskruleset_id=rules.pk, label=str(rules), what=what)
    publish(fact, changes=changes)
