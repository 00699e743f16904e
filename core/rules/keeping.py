"""Verbs of rules: written, changed, switched on and off, put in order, copied and removed."""

from datetime import datetime

from django.db import transaction
from django.db.models import F

from core import actors, attention, outbox
from core.editing import refuse_stale
from core.events import RuleChanged
from core.models import Rule, RuleVersion
from core.rules import telling
from core.rules.definition import Definition, from_json
from core.rules.errors import BadRule, NoSuchRule
from core.rules.loops import Named, refuse_loop

PAUSED = "rule_paused"
MOST_CONDITIONS = 60
MOST_STEPS = 20


@transaction.atomic
def add_rule(*, name: str, definition: Definition, now: datetime) -> Rule:
    """Write a rule; it comes last and is off until somebody switches it on. Raises BadRule, RuleLoops,
    each with its field.
    """
    rules = lock_rules()
    _check(name, definition, rules)
    rule = Rule.objects.create(
        name=name.strip(),
        subject=definition.subject,
        trigger=definition.trigger,
        position=1 + max((one.position for one in rules.values()), default=0),
        created_at=now,
    )
    _write_version(rule, definition, now=now)
    outbox.publish(_changed(rule, "written"))
    return rule


@transaction.atomic
def change_rule(
    *, rule_id: int, name: str, definition: Definition, version: int, now: datetime
) -> Rule:
    """Let a rule say something else from now on. Raises StaleEdit, BadRule, RuleLoops."""
    rules = lock_rules()
    rule = _of(rules, rule_id)
    refuse_stale(rule, version)
    _check(name, definition, rules, but=rule)
    before = {"name": rule.name, **telling.in_words(definition_of(rule))}
    rule.name, rule.trigger = name.strip(), definition.trigger
    is_other = definition != definition_of(rule)
    if is_other:
        rule.number += 1
        _write_version(rule, definition, now=now)
    rule.save(update_fields=["name", "trigger", "number"])
    after = {"name": rule.name, **telling.in_words(definition)}
    changes = {
        part: (before.get(part, ""), after.get(part, ""))
        for part in {**before, **after}
        if before.get(part) != after.get(part)
    }
    if changes or is_other:
        outbox.publish(_changed(rule, "changed"), changes=changes)
    return rule


def _check(
    name: str, definition: Definition, rules: dict[int, Rule], but: Rule | None = None
) -> None:
    words = name.strip()
    if not words:
        raise BadRule("Give the rule a name that says what it is for.", field="name")
    if any(one.name == words and one != but for one in rules.values()):
        raise BadRule(f"A rule is called “{words}” already; choose another name.", field="name")
    if not definition.steps:
        raise BadRule("Add at least one thing that the rule does.", field="steps")
    if len(definition.steps) > MOST_STEPS:
        raise BadRule(f"A rule does {MOST_STEPS} things at most; make two of it.", field="steps")
    if len(definition.conditions.conditions()) > MOST_CONDITIONS:
        raise BadRule(
            f"A rule has {MOST_CONDITIONS} conditions at most; make two of it.", field="conditions"
        )
    telling.check(definition)
    refuse_loop(definition, _at_work(rules, but=but))


def _at_work(rules: dict[int, Rule], *, but: Rule | None) -> dict[int, Named]:
    active = [one for one in rules.values() if one.is_active and one != but]
    return {rule.pk: Named(rule.name, definition) for rule, definition in definitions_of(active)}


@transaction.atomic
def switch_on(*, rule_id: int) -> Rule:
    """Let a rule run from now on, with its failures forgotten. Raises RuleLoops, BadRule."""
    rules = lock_rules()
    rule = _of(rules, rule_id)
    if rule.is_active:
        return rule
    definition = definition_of(rule)
    telling.check(definition)
    refuse_loop(definition, _at_work(rules, but=rule))
    rule.is_active, rule.failures, rule.paused_reason = True, 0, ""
    rule.save(update_fields=["is_active", "failures", "paused_reason"])
    attention.resolve(kind=PAUSED, subject_type="rule", subject_ids=[rule.pk])
    outbox.publish(_changed(rule, "switched on"))
    return rule


@transaction.atomic
def switch_off(*, rule_id: int) -> Rule:
    """Let a rule rest; nothing where it rests already."""
    rule = _of(lock_rules(), rule_id)
    if not rule.is_active:
        return rule
    rule.is_active = False
    rule.save(update_fields=["is_active"])
    outbox.publish(_changed(rule, "switched off"))
    return rule


@transaction.atomic
def move_rule(*, rule_id: int, is_up: bool) -> Rule:
    """Let a rule run one place earlier or later; nothing at the end of the list."""
    rules = list(lock_rules().values())
    at = next((place for place, one in enumerate(rules) if one.pk == rule_id), None)
    if at is None:
        raise NoSuchRule("There is no such rule any more; reload the list.")
    to = at - 1 if is_up else at + 1
    if not 0 <= to < len(rules):
        return rules[at]
    rules[at], rules[to] = rules[to], rules[at]
    for place, one in enumerate(rules, start=1):
        one.position = place
    Rule.objects.bulk_update(rules, ["position"])
    outbox.publish(_changed(rules[to], f"moved to place {to + 1}"))
    return rules[to]


@transaction.atomic
def copy_rule(*, rule_id: int, now: datetime) -> Rule:
    """Write a rule like another, under a name of its own; it is off."""
    rules = lock_rules()
    rule = _of(rules, rule_id)
    taken = {one.name for one in rules.values()}
    stem = f"{rule.name[:90]} (copy"
    name = next(
        name
        for name in (f"{stem})", *(f"{stem} {count})" for count in range(2, 1_000)))
        if name not in taken
    )
    return add_rule(name=name, definition=definition_of(rule), now=now)


@transaction.atomic
def remove_rule(*, rule_id: int, now: datetime) -> None:
    """End a rule for good; what it did stays told."""
    rule = _of(lock_rules(), rule_id)
    rule.is_active, rule.paused_reason, rule.removed_at = False, "", now
    rule.save(update_fields=["is_active", "paused_reason", "removed_at"])
    attention.resolve(kind=PAUSED, subject_type="rule", subject_ids=[rule.pk])
    outbox.publish(_changed(rule, "removed"))


def lock_rules() -> dict[int, Rule]:
    """All rules that are kept, in their order, locked: they are few, and one way round is decided over
    all of them.
    """
    rows = Rule.objects.select_for_update(no_key=True).filter(removed_at=None)
    return {rule.pk: rule for rule in rows.order_by("position", "id")}


def _of(rules: dict[int, Rule], rule_id: int) -> Rule:
    rule = rules.get(rule_id)
    if rule is None:
        raise NoSuchRule("There is no such rule any more; reload the list.")
    return rule


def definition_of(rule: Rule) -> Definition:
    """What a rule says now. One query."""
    return from_json(RuleVersion.objects.get(rule=rule, number=rule.number).definition)


def definitions_of(rules: list[Rule]) -> list[tuple[Rule, Definition]]:
    """What each of these rules says now, in their order. One query."""
    newest = {
        row.rule_id: row
        for row in RuleVersion.objects.filter(rule__in=rules, number=F("rule__number"))
    }
    found = []
    for rule in rules:
        row = newest[rule.pk]
        rule.number = row.number  # where it was changed since it was read
        found.append((rule, from_json(row.definition)))
    return found


def _write_version(rule: Rule, definition: Definition, *, now: datetime) -> None:
    RuleVersion.objects.create(
        rule=rule,
        number=rule.number,
        definition=definition.as_json(),
        made_by=actors.current().actor.label[:150],
        made_at=now,
    )


def _changed(rule: Rule, what: str) -> RuleChanged:
    return RuleChanged(rule_id=rule.pk, label=rule.name, what=what)
