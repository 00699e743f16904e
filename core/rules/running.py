"""The engine: rules run one after the other when something happened, each in its own transaction.

Nothing of it runs in the transaction that states a fact: a handler calls `run_for_fact` afterwards,
at least once. A run locks the thing, judges it as it stands, acts, and writes down what came of it,
all at once or not at all; a second delivery finds what the first wrote.
"""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, OperationalError, transaction
from django.db.models import F

from core import attention, clock, outbox
from core.actors import Actor, ActorKind, acting
from core.errors import DomainError
from core.events import RulePaused
from core.models import Rule, RuleRun, RunOutcome, StoredFact
from core.rules.definition import Definition
from core.rules.errors import BadRule
from core.rules.judging import Finding, Reading, Verdict, judge, read
from core.rules.keeping import PAUSED, definitions_of
from core.rules.registry import Doing, Subject, actions_of, subject_named, triggers_of

logger = logging.getLogger(__name__)

DEEPEST = 5
MOST_FAILURES = 5
ITSELF = "It began what led to this itself, so it is not started again."
TOO_DEEP = f"{DEEPEST} rules have led to this one after the other; no further one is started."


@dataclass(frozen=True)
class Occasion:
    """What makes rules look at a thing: a fact, or somebody who started them for it."""

    key: str
    fact: StoredFact | None = None
    chain: tuple[int, ...] = ()

    @property
    def fact_name(self) -> str:
        return self.fact.name if self.fact else ""


@dataclass
class Round:
    """One thing's turn through the rules of one occasion. What all of them ask is read at once, and
    again after one of them acted; `done` are the rules that ran for it already.
    """

    subject: Subject
    subject_id: int
    occasion: Occasion
    now: datetime
    fields: set[str]
    done: set[int]
    reading: Reading | None = None


def run_for_fact(fact: StoredFact) -> None:
    """Let every active rule that a fact starts run, in order. Told twice, it does nothing more."""
    active = Rule.objects.filter(is_active=True, trigger=fact.name).order_by("position", "id")
    by_subject: dict[str, list[tuple[Rule, Definition]]] = {}
    for rule, definition in definitions_of(list(active)):
        by_subject.setdefault(rule.subject, []).append((rule, definition))
    occasion = Occasion(f"fact:{fact.pk}", fact, tuple(fact.chain))
    for code, rules in by_subject.items():
        trigger = triggers_of(code).get(fact.name)
        found = trigger.find([fact.payload])[0] if trigger else None
        if found is not None:
            run_in_order(rules, subject_named(code), found, occasion, now=clock.now())


def run_in_order(
    rules: Sequence[tuple[Rule, Definition]],
    subject: Subject,
    subject_id: int,
    occasion: Occasion,
    *,
    now: datetime,
) -> list[RuleRun]:
    """Let these rules look at one thing, one after the other; what each came to."""
    about = RuleRun.objects.filter(subject_type=subject.code, subject_id=subject_id)
    earlier = {run.rule_id: run for run in about.filter(occasion=occasion.key)}
    done = about.filter(outcome=RunOutcome.DONE).values_list("rule_id", flat=True)
    fields = {code for _, definition in rules for code in definition.fields}
    turn = Round(subject, subject_id, occasion, now, fields, set(done))
    made: list[RuleRun] = []
    stopped_by = ""
    for rule, definition in rules:
        run = earlier.get(rule.pk)
        if run is None:
            run = _stopped(turn, rule, stopped_by) if stopped_by else _run(turn, rule, definition)
            if run is not None:
                made.append(run)
        if run is not None and run.outcome == RunOutcome.DONE and definition.stops:
            stopped_by = rule.name
    RuleRun.objects.bulk_create(
        [run for run in made if run.outcome == RunOutcome.SKIPPED], ignore_conflicts=True
    )
    return made


def _run(turn: Round, rule: Rule, definition: Definition) -> RuleRun | None:
    """What a rule comes to for a thing; None where there is nothing to tell (again). What was skipped
    is written by the caller.
    """
    if refused := _refused(rule, turn.occasion.chain):
        return _skipped(turn, rule, refused)
    if definition.is_once and rule.pk in turn.done:
        return None
    try:
        return _look(turn, rule, definition)
    except OperationalError:
        raise  # a lock that did not come in time: the delivery is tried again
    except IntegrityError:
        if not _is_told(turn, rule, definition):
            raise
        return None  # another worker ran it meanwhile
    except DomainError as refusal:
        return _fail(turn, rule, refusal.message)
    except Exception as error:
        logger.exception("rule %s failed on %s %s", rule.pk, rule.subject, turn.subject_id)
        return _fail(turn, rule, f"An error in the program: {type(error).__name__}")


def _refused(rule: Rule, chain: tuple[int, ...]) -> str:
    """Why a rule is not started by what rules led to, or nothing."""
    if rule.pk in chain:
        return ITSELF
    return TOO_DEEP if len(chain) >= DEEPEST else ""


def _look(turn: Round, rule: Rule, definition: Definition) -> RuleRun | None:
    """Judge the thing as it was read; where the rule is to run, lock it and act."""
    if turn.reading is None:
        turn.reading = read(turn.subject, turn.fields, [turn.subject_id], now=turn.now)
    verdict = next(iter(judge(definition, turn.reading)), None)
    if verdict is None or not verdict.runs:
        return _passed_over(turn, rule, verdict) if verdict else None
    return _act(turn, rule, definition)


def _is_told(turn: Round, rule: Rule, definition: Definition) -> bool:
    if definition.is_once and ran_for(rule, [turn.subject_id]):
        return True
    return RuleRun.objects.filter(
        rule=rule,
        subject_type=rule.subject,
        subject_id=turn.subject_id,
        occasion=turn.occasion.key,
    ).exists()


def ran_for(rule: Rule, ids: Sequence[int]) -> frozenset[int]:
    """Those of these things for which a rule ran already. One query."""
    runs = RuleRun.objects.filter(
        rule=rule, subject_type=rule.subject, subject_id__in=ids, outcome=RunOutcome.DONE
    )
    return frozenset(runs.values_list("subject_id", flat=True))


@transaction.atomic
def _act(turn: Round, rule: Rule, definition: Definition) -> RuleRun | None:
    """Lock, judge again what is locked, act and write it down. A refusal takes all of it back."""
    turn.subject.lock(turn.subject_id)
    reading = read(turn.subject, definition.fields, [turn.subject_id], now=turn.now)
    verdict = next(iter(judge(definition, reading)), None)
    if verdict is None or not verdict.runs:
        return _passed_over(turn, rule, verdict) if verdict else None
    turn.reading = None
    effects = _do(turn, rule, definition, reading)
    run = _new(
        turn, rule, RunOutcome.DONE, "", verdict.findings, label=verdict.label, effects=effects
    )
    run.is_once = definition.is_once
    run.save(force_insert=True)
    if rule.failures:
        Rule.objects.filter(pk=rule.pk).update(failures=0)
    return run


def _do(turn: Round, rule: Rule, definition: Definition, reading: Reading) -> list[str]:
    actions = actions_of(rule.subject)
    subject, fact = turn.subject, turn.occasion.fact
    row = reading.batch.rows[turn.subject_id]
    doing = Doing(
        subject_id=turn.subject_id,
        label=subject.label(row),
        rule_id=rule.pk,
        rule_name=rule.name,
        occasion=turn.occasion.key,
        now=turn.now,
        fact_id=fact.pk if fact else None,
        fact_name=turn.occasion.fact_name,
        subject=subject.code,
        url=subject.page(turn.subject_id),
        channel_id=subject.channel_of(row),
    )
    actor = Actor(ActorKind.RULE, str(rule.pk), f"Rule “{rule.name}”")
    effects = []
    with acting(actor, reason="", chain=(*turn.occasion.chain, rule.pk)):
        for step in definition.steps:
            action = actions.get(step.action)
            if action is None:
                raise BadRule(f"This version knows no action “{step.action}”; change the rule.")
            effects.append(action.do(doing, step.values))
    return effects


def _stopped(turn: Round, rule: Rule, by: str) -> RuleRun:
    return _skipped(turn, rule, f"The rule “{by}” ran before it and let no later one run.")


def _passed_over(turn: Round, rule: Rule, verdict: Verdict) -> RuleRun:
    return _skipped(turn, rule, verdict.why, verdict.findings, label=verdict.label)


def _skipped(
    turn: Round, rule: Rule, why: str, findings: Sequence[Finding] = (), *, label: str = ""
) -> RuleRun:
    return _new(turn, rule, RunOutcome.SKIPPED, why, findings, label=label)


def _new(
    turn: Round,
    rule: Rule,
    outcome: RunOutcome,
    why: str,
    findings: Sequence[Finding] = (),
    **more: Any,
) -> RuleRun:
    label = more.pop("label", "") or _label(turn)
    return RuleRun(
        rule=rule,
        number=rule.number,
        subject_type=turn.subject.code,
        subject_id=turn.subject_id,
        label=label[:120],
        fact=turn.occasion.fact,
        occasion=turn.occasion.key,
        outcome=outcome,
        is_once=False,
        why=why[:500],
        reasons=[one.as_json() for one in findings],
        at=turn.now,
        **more,
    )


def _label(turn: Round) -> str:
    row: Mapping[int, Any] = turn.subject.load([turn.subject_id])
    return turn.subject.label(row[turn.subject_id]) if row else ""


@transaction.atomic
def _fail(turn: Round, rule: Rule, words: str) -> RuleRun:
    """Write down a failure; after too many in a row the rule is paused and people are told."""
    run = _new(turn, rule, RunOutcome.FAILED, words)
    run.save(force_insert=True)
    Rule.objects.filter(pk=rule.pk).update(failures=F("failures") + 1)
    rule.refresh_from_db(fields=["failures", "is_active"])
    if rule.failures >= MOST_FAILURES and rule.is_active:
        _pause(rule, words)
    return run


def _pause(rule: Rule, words: str) -> None:
    rule.is_active = False
    rule.paused_reason = f"It failed {rule.failures} times in a row. {words}"[:300]
    rule.save(update_fields=["is_active", "paused_reason"])
    attention.raise_item(
        kind=PAUSED,
        subject_type="rule",
        subject_id=rule.pk,
        title=f"The rule “{rule.name}” was paused",
        detail=rule.paused_reason,
        url=f"/rules/{rule.pk}/",
    )
    outbox.publish(RulePaused(rule_id=rule.pk, why=rule.paused_reason))
