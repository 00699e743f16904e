"""The outbox: facts are written with the change they tell of, and reach their handlers afterwards.

PostgreSQL holds the record; Celery is only woken. Deliveries are taken on lease (core.leases).
"""

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from core import actors, clock, leases
from core.actors import Actor, ActorKind, acting
from core.bulk import insert_all
from core.errors import OutsideTransaction
from core.facts import Fact, fact_class
from core.handling import handler_named, handlers_of
from core.models import Delivery, DeliveryStatus, StoredFact
from core.queue import wake_on_commit

logger = logging.getLogger(__name__)

LEASE = timedelta(minutes=5)

Changes = Mapping[str, tuple[Any, Any]]


def publish(fact: Fact, *, changes: Changes | None = None, reason: str | None = None) -> StoredFact:
    """Write one fact in the open transaction; see `publish_all`."""
    return publish_all([fact], changes=[changes or {}], reason=reason)[0]


def publish_all(
    facts: Sequence[Fact],
    *,
    changes: Sequence[Changes] = (),
    moments: Sequence[datetime] = (),
    versions: Sequence[int | None] = (),
    reason: str | None = None,
) -> list[StoredFact]:
    """Write facts and their deliveries in the open transaction: two statements, however many.

    `moments` says of each fact when it happened, where that was not now: what an import brings;
    `versions` to which version its subject came with it.
    The actor, reason and request come from core.actors. Raises OutsideTransaction when no
    transaction is open, since a fact without its change would be a lie.
    """
    if not facts:
        return []
    if not connection.in_atomic_block:
        raise OutsideTransaction(f"{facts[0].name} was published outside a transaction")
    now = clock.now()
    rows = insert_all(
        _row(
            fact,
            changes[i] if changes else {},
            reason,
            moments[i] if moments else now,
            versions[i] if versions else None,
        )
        for i, fact in enumerate(facts)
    )
    deliveries = [
        Delivery(fact=row, handler=handler.name, next_attempt_at=now)
        for row in rows
        for handler in handlers_of(row.name)
    ]
    if deliveries:
        insert_all(deliveries)
        wake_on_commit("core.relay_outbox")
    return rows


def _row(
    fact: Fact, changes: Changes, reason: str | None, at: datetime, version: int | None
) -> StoredFact:
    who = actors.current()
    payload = fact.payload()
    return StoredFact(
        name=fact.name,
        subject_type=fact.subject,
        subject_id=fact.subject_id,
        sequence=0 if fact.is_sequenced else None,
        subject_version=version,
        payload=payload,
        changes={
            field: [_plain(before), _plain(after)] for field, (before, after) in changes.items()
        },
        sentence=fact.wording()[:500],
        reason=(who.reason if reason is None else reason)[:500],
        actor_kind=who.actor.kind,
        actor_key=who.actor.key,
        actor_label=who.actor.label[:150],
        request_id=who.request_id,
        chain=list(who.chain),
        occurred_at=at,
    )


def _plain(value: object) -> object:
    return value if isinstance(value, str | int | bool | list | dict | None) else str(value)


def claim(*, limit: int, now: datetime) -> list[Delivery]:
    """Take up to `limit` due deliveries on lease; see core.leases."""
    due = Delivery.objects.filter(status=DeliveryStatus.WAITING).select_related("fact")
    return leases.claim(due, limit=limit, now=now, lease=LEASE)


def relay(*, limit: int = 100) -> int:
    """Claim and hand over what is due; returns how many deliveries were tried."""
    claimed = claim(limit=limit, now=clock.now())
    for delivery in claimed:
        hand_over(delivery)
    return len(claimed)


def hand_over(delivery: Delivery) -> None:
    """Call the handler of one claimed delivery and mark how it ended."""
    handler, fact = handler_named(delivery.handler), delivery.fact
    try:
        if handler is not None:
            with acting(
                _actor_of(fact), request_id=fact.request_id, reason="", chain=tuple(fact.chain)
            ):
                handler.react(fact if handler.takes_row else as_fact(fact))
    except Exception as error:  # one handler's failure must hold up nobody else's
        logger.exception("handler %s failed on fact %s", delivery.handler, delivery.fact_id)
        leases.put_off(delivery, leases.explain(error), now=clock.now())
    else:
        leases.mark(delivery, status=DeliveryStatus.DONE, done_at=clock.now(), last_error="")


def as_fact(row: StoredFact) -> Fact | StoredFact:
    """The fact as its class states it today; the row itself when payload and class no longer fit."""
    stated = fact_class(row.name)
    if stated is None:
        return row
    try:
        return stated(**row.payload)
    except TypeError:
        return row


def _actor_of(row: StoredFact) -> Actor:
    return Actor(ActorKind(row.actor_kind), row.actor_key, row.actor_label)


def retry(delivery_ids: Sequence[int]) -> int:
    """Let parked deliveries run again from the start; returns how many were parked."""
    return leases.retry(Delivery, delivery_ids, now=clock.now())


def drain(*, rounds: int = 20) -> int:
    """Relay until nothing is due, for tests and for commands that end with all done."""
    done = 0
    for _ in range(rounds):
        tried = relay(limit=500)
        done += tried
        if not tried:
            break
    return done
