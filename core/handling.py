"""Handlers: who reacts to which fact; each app lists its reactions in handlers.py."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from core.facts import Fact

QUEUED = "queued by the database"
Reaction = Callable[[Any], None]
R = TypeVar("R", bound=Reaction)


@dataclass(frozen=True)
class Handler:
    """One reaction: `name` is kept with every delivery and must stay the same over releases.
    `takes_row` says that it is given the StoredFact, however well its class is known.
    """

    name: str
    fact_name: str
    react: Reaction
    takes_row: bool = False


_by_fact: dict[str, list[Handler]] = defaultdict(list)
_by_name: dict[str, Handler] = {}


def handles(fact: type[Fact] | str) -> Callable[[R], R]:
    """Let a function of handlers.py react to a fact, given by class or, from a floor that may not
    import it, by name. It is called at least once, outside any transaction, with the fact when its
    class is known and otherwise with the StoredFact; it must be one idempotent call.
    """
    fact_name = fact if isinstance(fact, str) else fact.name

    def register(react: R) -> R:
        _by_fact[fact_name].append(_named(fact_name, react))
        return react

    return register


def handles_queued(react: R) -> R:
    """Let a function of handlers.py react to the facts that the database itself queues for it (see
    core.models.outbox); otherwise as `handles`. It is given the StoredFact.
    """
    _named(QUEUED, react, takes_row=True)
    return react


def _named(fact_name: str, react: Reaction, *, takes_row: bool = False) -> Handler:
    handler = Handler(f"{react.__module__}.{react.__name__}", fact_name, react, takes_row)
    if handler.name in _by_name:
        raise ValueError(f"two handlers are named {handler.name}")
    _by_name[handler.name] = handler
    return handler


def handlers_of(fact_name: str) -> list[Handler]:
    """Every handler that reacts to the fact, and those that react to all facts (`*`)."""
    return [*_by_fact.get(fact_name, ()), *_by_fact.get("*", ())]


def handler_named(name: str) -> Handler | None:
    return _by_name.get(name)


def all_handlers() -> list[Handler]:
    return [_by_name[name] for name in sorted(_by_name)]
