"""Automation rules for programs: which there are, and what they came to for an order."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from ninja import Query

from core.api.client import client_of
from core.api.paging import Paged, read_page
from core.api.rooms import Room
from core.api.shapes import Output, Page, PathId, answer
from core.models import Rule, RuleRun, RunOutcome
from core.rights import EDIT_RULES
from core.rules import reading
from orders.rights import SEE_ORDERS
from orders.selectors.scoped import order_within

room = Room("Rules")


class RuleOut(Output):
    """A rule; `trigger` is the kind of event that starts it, `position` its place in the order."""

    id: int
    name: str
    trigger: str
    position: int
    version: int
    is_active: bool
    paused_reason: str
    failures: int


class FindingOut(Output):
    """One condition as it stood: what it says, what was found, whether it was met."""

    words: str
    found: str
    is_met: bool


class RuleRunOut(Output):
    """What a rule came to for an order: `why` it did nothing, or what it did."""

    id: int
    rule_id: int
    rule: str
    version: int
    outcome: RunOutcome
    why: str
    effects: list[str]
    findings: list[FindingOut]
    event_id: int | None
    at: datetime


def _rule_out(rule: Rule) -> RuleOut:
    return RuleOut(
        id=rule.pk,
        name=rule.name,
        trigger=rule.trigger,
        position=rule.position,
        version=rule.number,
        is_active=rule.is_active,
        paused_reason=rule.paused_reason,
        failures=rule.failures,
    )


def _run_out(run: RuleRun) -> RuleRunOut:
    return RuleRunOut(
        id=run.pk,
        rule_id=run.rule_id,
        rule=run.rule.name,
        version=run.number,
        outcome=RunOutcome(run.outcome),
        why=run.why,
        effects=run.effects,
        findings=[FindingOut(**one) for one in run.reasons],
        event_id=run.fact_id,
        at=run.at,
    )


@room.reads("/rules", EDIT_RULES, Page[RuleOut])
def list_rules(request: HttpRequest, filters: Query[Paged]) -> HttpResponse:
    """List the automation rules in the order in which they run."""
    rows = Rule.objects.filter(removed_at=None)
    return answer(read_page(rows, filters, _rule_out, order=("position", "id")))


@room.reads("/orders/{order_id}/rule-runs", SEE_ORDERS, Page[RuleRunOut])
def list_rule_runs(request: HttpRequest, order_id: PathId, filters: Query[Paged]) -> HttpResponse:
    """List what rules came to for an order, the latest first: what ran, what was skipped, and why."""
    order = order_within(client_of(request).channel_id, order_id)
    return answer(read_page(reading.runs_about("order", order.pk), filters, _run_out))
