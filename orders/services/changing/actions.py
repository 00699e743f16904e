"""The registered actions: each says whether it may be done to an order in hand, and does it."""

from collections.abc import Callable
from dataclasses import dataclass

from orders.services.changing.asking import ChangeAsked
from orders.services.changing.working import Told, Work
from orders.states import ChangeKind


@dataclass(frozen=True, slots=True)
class Action:
    """One kind of change. `validate` raises CannotEdit with the field it concerns; `apply` changes
    the work in hand and says what it did, None where nothing is different.
    """

    kind: ChangeKind
    validate: Callable[[Work, ChangeAsked], None]
    apply: Callable[[Work, ChangeAsked], Told | None]


_actions: dict[ChangeKind, Action] = {}


def register(action: Action) -> None:
    """Name an action; each kind once."""
    if action.kind in _actions:
        raise ValueError(f"the action {action.kind} is registered twice")
    _actions[action.kind] = action


def action_of(kind: ChangeKind) -> Action:
    return _actions[kind]


def in_order(asked: list[ChangeAsked]) -> list[ChangeAsked]:
    """As they are applied, whatever the order in which they were entered: prices, then units, then
    what is added, then what the whole order bears (the order of ChangeKind).
    """
    ranks = {kind: rank for rank, kind in enumerate(ChangeKind)}
    return sorted(asked, key=lambda one: ranks[one.kind])
