"""What a rule says: its trigger, its conditions and its steps; written as JSON with every version."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import TextChoices


class Match(TextChoices):
    """How the conditions of a group add up. `SAME`: one and the same line (or whatever the values are
    of) meets all of them.
    """

    ALL = "all", "All of these hold"
    ANY = "any", "Any of these holds"
    SAME = "same", "All of these hold for one and the same line"


class Which(TextChoices):
    """Of which of several values a condition speaks. Where there are none, none meets it."""

    ANY = "any", "any"
    ALL = "all", "every"
    NONE = "none", "no"


@dataclass(frozen=True)
class Condition:
    """One comparison: what a reader gives, an operator, and what it is compared with."""

    field: str
    op: str
    values: tuple[str, ...] = ()
    currency: str = ""
    which: str = Which.ANY

    def as_json(self) -> dict[str, Any]:
        return {
            "field": self.field,
            "op": self.op,
            "values": list(self.values),
            "currency": self.currency,
            "which": self.which,
        }


@dataclass(frozen=True)
class Group:
    """Conditions, and in the top group further groups: one level and no more."""

    match: str = Match.ALL
    parts: tuple["Condition | Group", ...] = ()

    def as_json(self) -> dict[str, Any]:
        return {"match": self.match, "parts": [part.as_json() for part in self.parts]}

    def conditions(self) -> list[Condition]:
        """All of them, those of inner groups too."""
        found: list[Condition] = []
        for part in self.parts:
            found += part.conditions() if isinstance(part, Group) else [part]
        return found


@dataclass(frozen=True)
class Step:
    """One action with what was entered for it."""

    action: str
    values: Mapping[str, str]

    def as_json(self) -> dict[str, Any]:
        return {"action": self.action, "values": dict(self.values)}


@dataclass(frozen=True)
class Definition:
    """All of it. `is_once`: at most once for each thing; `stops`: where it ran, no later rule runs on
    the same occasion.
    """

    subject: str
    trigger: str
    conditions: Group
    steps: tuple[Step, ...]
    is_once: bool = True
    stops: bool = False

    def as_json(self) -> dict[str, Any]:
        return {
            "subject": self.subject,
            "trigger": self.trigger,
            "conditions": self.conditions.as_json(),
            "steps": [step.as_json() for step in self.steps],
            "is_once": self.is_once,
            "stops": self.stops,
        }

    @property
    def fields(self) -> set[str]:
        """The readers it needs."""
        return {condition.field for condition in self.conditions.conditions()}


def from_json(told: Mapping[str, Any]) -> Definition:
    """The definition that `as_json` wrote."""
    return Definition(
        subject=told["subject"],
        trigger=told["trigger"],
        conditions=_group(told["conditions"]),
        steps=tuple(Step(step["action"], step["values"]) for step in told["steps"]),
        is_once=told["is_once"],
        stops=told["stops"],
    )


def _group(told: Mapping[str, Any]) -> Group:
    return Group(told["match"], tuple(_part(part) for part in told["parts"]))


def _part(told: Mapping[str, Any]) -> Condition | Group:
    if "parts" in told:
        return _group(told)
    values: Sequence[str] = told["values"]
    return Condition(told["field"], told["op"], tuple(values), told["currency"], told["which"])
