"""Rules as tests write them: conditions and steps in a few words."""

from core.models import Rule
from core.rules import keeping
from core.rules.definition import Condition, Definition, Group, Step
from tests.cast import NOON

PLACED = "orders.OrderPlaced"


def cond(field: str, op: str, *values: str, currency: str = "", which: str = "any") -> Condition:
    return Condition(field, op, tuple(values), currency, which)


def over(amount: str) -> Condition:
    return cond("order.total", "over", amount, currency="EUR")


def group(match: str, *parts) -> Group:
    return Group(match, tuple(parts))


def step(action: str, **values: str) -> Step:
    return Step(action, values)


TAG = step("orders.tag", tags="large")


def says(*parts, then=(TAG,), when: str = PLACED, match: str = "all", **more) -> Definition:
    return Definition("order", when, Group(match, tuple(parts)), tuple(then), **more)


def write(name: str = "Large orders", *parts, on: bool = True, **more) -> Rule:
    """A rule that is on."""
    rule = keeping.add_rule(name=name, definition=says(*parts, **more), now=NOON)
    return keeping.switch_on(rule_id=rule.pk) if on else rule
