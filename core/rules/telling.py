"""A rule in words, for its page and its history; and the check that it can be understood."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils import timezone

from core.errors import DomainError
from core.rules.definition import Condition, Definition, Group, Match, Step
from core.rules.errors import BadRule
from core.rules.judging import check_group, understood
from core.rules.kinds import ValueKind
from core.rules.registry import Action, Reader, actions_of, readers_of, subject_named, triggers_of

JOINED = {Match.ALL: "all of", Match.ANY: "any of", Match.SAME: "for one and the same line, all of"}


@dataclass(frozen=True)
class ToldGroup:
    """A group in words: how its parts add up, and each of them (a sentence, or a group again)."""

    match: str
    parts: "list[str | ToldGroup]"


def check(definition: Definition) -> None:
    """Refuse what cannot be understood. Raises BadRule, with the field."""
    subject_named(definition.subject)
    if definition.trigger not in triggers_of(definition.subject):
        raise BadRule("Choose the event that starts the rule.", field="trigger")
    readers = readers_of(definition.subject)
    check_group(definition.conditions, readers)
    for part in definition.conditions.parts:
        if isinstance(part, Group):
            check_group(part, readers)
            if any(isinstance(one, Group) for one in part.parts):
                raise BadRule("Groups stand one level deep; take the inner one out.", field="match")
    for condition in definition.conditions.conditions():
        understood(condition, readers, timezone.localdate())
    actions = actions_of(definition.subject)
    for step in definition.steps:
        check_step(step, actions)


def check_step(step: Step, actions: Mapping[str, Action]) -> Action:
    """The action of a step whose values fit. Raises BadRule, with the field among the action's."""
    action = actions.get(step.action)
    if action is None:
        raise BadRule("Choose what the rule does.", field="action")
    for field in action.fields:
        value = step.values.get(field.name, "").strip()
        if field.is_required and not value:
            raise BadRule(f"{action.label}: fill in “{field.label}”.", field=field.name)
        if len(value) > field.longest:
            raise BadRule(f"Write {field.longest} characters at most.", field=field.name)
        if value and field.kind == ValueKind.NUMBER and not _is_whole(value):
            raise BadRule("Give a whole number, 0 or more.", field=field.name)
        if value and field.choices and value not in dict(field.choices()):
            raise BadRule("This choice is gone; choose another.", field=field.name)
    action.check(step.values)
    return action


def _is_whole(value: str) -> bool:
    return value.isascii() and value.isdecimal() and len(value) < 7


def when(definition: Definition) -> str:
    """The trigger in words."""
    trigger = triggers_of(definition.subject).get(definition.trigger)
    return trigger.label if trigger else definition.trigger


def conditions(definition: Definition) -> ToldGroup:
    """The conditions in words."""
    return _told(definition.conditions, readers_of(definition.subject))


def _told(group: Group, readers: Mapping[str, Reader]) -> ToldGroup:
    return ToldGroup(
        JOINED[Match(group.match)],
        [
            _told(part, readers)
            if isinstance(part, Group)
            else _said(part, readers, is_same=group.match == Match.SAME)
            for part in group.parts
        ],
    )


def _said(condition: Condition, readers: Mapping[str, Reader], *, is_same: bool) -> str:
    try:
        leaf = understood(condition, readers, timezone.localdate())
        return leaf.bare if is_same else leaf.words
    except DomainError:
        return f"{condition.field} (not known any more)"


def steps(definition: Definition, actions: Mapping[str, Action] | None = None) -> list[str]:
    """What is done, a sentence each; `actions` are those of its subject, where they are at hand."""
    actions = actions or actions_of(definition.subject)
    return [_step(step, actions) for step in definition.steps]


def _step(step: Step, actions: Mapping[str, Action]) -> str:
    action = actions.get(step.action)
    if action is None:
        return f"{step.action} (not known any more)"
    parts = []
    for field in action.fields:
        value = step.values.get(field.name, "")
        if field.choices and value:
            value = dict(field.choices()).get(value, value)
        if value:
            parts.append(f"{field.label.lower()}: {value}")
    return action.label + (f" ({'; '.join(parts)})" if parts else "")


def in_words(definition: Definition) -> dict[str, str]:
    """The whole rule, part by part, for the history of its changes."""
    told = conditions(definition)
    return {
        "when": when(definition),
        "if": _joined(told),
        "then": "; ".join(steps(definition)),
        "once": "yes" if definition.is_once else "no",
        "stops": "yes" if definition.stops else "no",
    }


def _joined(group: ToldGroup) -> str:
    parts = [f"({_joined(part)})" if isinstance(part, ToldGroup) else part for part in group.parts]
    return f"{group.match} {'; '.join(parts)}" if parts else "always"
