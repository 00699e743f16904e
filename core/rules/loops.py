"""Loops: whether what a rule does can start it again, by itself or by way of other rules."""

from collections.abc import Mapping
from dataclasses import dataclass

from core.rules.definition import Definition
from core.rules.errors import RuleLoops
from core.rules.registry import actions_of, words_of


@dataclass(frozen=True)
class Named:
    """A rule that is at work, as the search for loops sees it."""

    name: str
    definition: Definition


def caused_by(definition: Definition) -> dict[str, str]:
    """The facts that a rule may lead to, each with the label of the action that does."""
    actions = actions_of(definition.subject)
    return {
        name: actions[step.action].label
        for step in reversed(definition.steps)
        if step.action in actions
        for name in actions[step.action].cause_names
    }


def refuse_loop(definition: Definition, others: Mapping[int, Named]) -> None:
    """Refuse a rule that can start itself, `others` being at work beside it. The shortest way round is
    told. Raises RuleLoops.
    """
    ways: list[tuple[str, str]] = [
        (fact, f"“{label}” leads to “{words_of(fact)}”")
        for fact, label in caused_by(definition).items()
    ]
    seen: set[int] = set()
    while ways:
        further: list[tuple[str, str]] = []
        for fact, told in ways:
            if fact == definition.trigger:
                raise RuleLoops(
                    f"{told}, which starts this rule again, without an end. Choose another event or"
                    " another action.",
                    field="trigger",
                )
            for pk, other in others.items():
                if pk not in seen and other.definition.trigger == fact:
                    seen.add(pk)
                    further += [
                        (
                            led,
                            f"{told}, which starts the rule “{other.name}”, whose action “{label}”"
                            f" leads to “{words_of(led)}”",
                        )
                        for led, label in caused_by(other.definition).items()
                    ]
        ways = further
