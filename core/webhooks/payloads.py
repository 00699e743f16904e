"""What an endpoint is sent about an event: the same bytes every time, and no more than it may see."""

import json
from collections.abc import Callable, Iterable
from datetime import UTC
from typing import Any

from core.facts import all_facts, fact_class
from core.models import StoredFact, WebhookEndpoint

MOST_BYTES = 20_000
# Fields that may hold words about a person, in whatever fact they stand; `Fact.personal` names more.
PERSONAL = frozenset(
    {"address", "email", "label", "line_name", "message", "name", "note", "phone", "reason", "text",
     "to", "what", "why", "words"}
)  # fmt: skip

Resolver = Callable[[int], int | None]
_channels: dict[str, Resolver] = {"channel_id": lambda channel_id: channel_id}


def tell_channel(field: str, resolve: Resolver) -> None:
    """Name how a fact's field (an id) leads to a channel; apps do so in panels.py."""
    _channels[field] = resolve


def channel_of(fact: StoredFact) -> int | None:
    """The channel that an event concerns; None where none of its fields leads to one."""
    for field, resolve in _channels.items():
        value = fact.payload.get(field)
        if isinstance(value, int) and (channel_id := resolve(value)) is not None:
            return channel_id
    return None


def concerns(fact: StoredFact, channel_ids: Iterable[int]) -> bool:
    """Whether an endpoint that is told of these channels alone (none: of all) is told of the event."""
    wanted = set(channel_ids)
    return not wanted or channel_of(fact) in wanted


def event_kinds() -> dict[str, list[tuple[str, str]]]:
    """Every kind of event by the app that states it: its name, and its first sentence."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for name, stated in all_facts().items():
        app, _, short = name.partition(".")
        words = stated.sentence or (stated.__doc__ or "").partition(".")[0]
        groups.setdefault(app, []).append((name, f"{short}: {words}" if words else short))
    return groups


def payload_of(fact: StoredFact, *, sees_personal: bool) -> dict[str, Any]:
    """The event as it is sent."""
    stated = fact_class(fact.name)
    hidden = PERSONAL | (stated.personal if stated else frozenset())
    data = fact.payload
    if not sees_personal:
        data = {name: value for name, value in data.items() if name not in hidden}
    told: dict[str, Any] = {
        "type": fact.name,
        "timestamp": fact.occurred_at.astimezone(UTC).isoformat().replace("+00:00", "Z"),
        "version": 1,
        "subject": {
            "type": fact.subject_type,
            "id": fact.subject_id,
            "sequence": fact.sequence,
        },
        "data": data,
    }
    if sees_personal:
        told |= {
            "sentence": fact.sentence,
            "reason": fact.reason,
            "actor": {"kind": fact.actor_kind, "label": fact.actor_label},
            "changes": fact.changes,
        }
    return told


def body_of(fact: StoredFact, endpoint: WebhookEndpoint) -> bytes:
    """The bytes of the payload; what makes it too long is left out, and that is said in it."""
    told = payload_of(fact, sees_personal=endpoint.sees_personal)
    body = _bytes(told)
    for part in ("changes", "sentence", "data"):
        if len(body) <= MOST_BYTES:
            break
        if told.pop(part, None) is not None:
            told["left_out"] = [*told.get("left_out", []), part]
        body = _bytes(told)
    return body


def _bytes(told: dict[str, Any]) -> bytes:
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode(
        errors="replace"
    )
