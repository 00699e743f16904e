"""Who acts, and on whose request: carried beside every change, never passed through every signature."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace

from django.db import models


class ActorKind(models.TextChoices):
    USER = "user", "User"
    API_CLIENT = "api", "API client"
    IMPORT_RUN = "import", "Import"
    RULE = "rule", "Rule"
    CUSTOMER = "customer", "Customer"
    COMMAND = "command", "Command"
    SYSTEM = "system", "System"


@dataclass(frozen=True)
class Actor:
    """One actor: its kind, its key among its kind (may be empty) and the name people see."""

    kind: ActorKind
    key: str
    label: str


@dataclass(frozen=True)
class Acting:
    """What stands beside every change made now; `chain` are the automation rules that led to it."""

    actor: Actor
    reason: str = ""
    request_id: str = ""
    chain: tuple[int, ...] = ()


SYSTEM = Actor(ActorKind.SYSTEM, "", "System")
_current: ContextVar[Acting] = ContextVar("acting", default=Acting(SYSTEM))  # noqa: B039  (frozen)


def current() -> Acting:
    """Who acts at this moment; the system when nobody said otherwise."""
    return _current.get()


@contextmanager
def acting(
    actor: Actor | None = None,
    *,
    reason: str | None = None,
    request_id: str | None = None,
    chain: tuple[int, ...] | None = None,
) -> Iterator[Acting]:
    """Let `actor` be the one who acts within the block; what is left out stays as it was."""
    now_acting = _current.get()
    if actor is not None:
        now_acting = replace(now_acting, actor=actor)
    if reason is not None:
        now_acting = replace(now_acting, reason=reason)
    if request_id is not None:
        now_acting = replace(now_acting, request_id=request_id)
    if chain is not None:
        now_acting = replace(now_acting, chain=chain)
    token = _current.set(now_acting)
    try:
        yield now_acting
    finally:
        _current.reset(token)
