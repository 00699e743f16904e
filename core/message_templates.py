"""The wordings of messages: which is in force, saving a new version, and going back."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils import timezone

from core import actors, wording
from core.message_kinds import MessageKind
from core.models import Channel, MessageTemplate
from core.wording import Variables, Wording


@dataclass(frozen=True)
class InForce:
    """The wording a message of a kind would have now; `saved` is None for the one it came with."""

    subject: str
    body: str
    is_on: bool
    saved: MessageTemplate | None


def in_force(kind: MessageKind, *, language: str = "", channel_id: int | None = None) -> InForce:
    """The latest wording for this channel and language, else the more general ones.

    A wording of the channel goes before one of the language.
    """
    latest = {(row.channel_id, row.language): row for row in _latest(kind)}
    for place in ((channel_id, language), (channel_id, ""), (None, language), (None, "")):
        row = latest.get(place)
        if row is not None and not (row.is_default and place != (None, "")):
            return _as_in_force(kind, row)
    return InForce(kind.subject, kind.body, is_on=True, saved=None)


def exactly(kind: MessageKind, *, language: str, channel_id: int | None) -> InForce:
    """The wording of this one place, for its editor; what it inherits when it has none."""
    row = history(kind, language=language, channel_id=channel_id).first()
    if row is None or row.is_default:
        general = in_force(kind, language=language, channel_id=channel_id)
        return InForce(general.subject, general.body, row.is_on if row else general.is_on, row)
    return _as_in_force(kind, row)


def _as_in_force(kind: MessageKind, row: MessageTemplate) -> InForce:
    if row.is_default:
        return InForce(kind.subject, kind.body, row.is_on, row)
    return InForce(row.subject, row.body, row.is_on, row)


def _latest(kind: MessageKind) -> Iterable[MessageTemplate]:
    return (
        MessageTemplate.objects.filter(kind=kind.code)
        .order_by("language", "channel_id", "-id")
        .distinct("language", "channel_id")
    )


def places(kind: MessageKind) -> list[MessageTemplate]:
    """The languages and channels that have a wording of their own."""
    rows = _latest(kind)
    return [row for row in rows if not row.is_default and (row.language or row.channel_id)]


def history(
    kind: MessageKind, *, language: str, channel_id: int | None
) -> QuerySet[MessageTemplate]:
    """Every saved version of one place, newest first."""
    rows = MessageTemplate.objects.filter(kind=kind.code, language=language)
    here = rows.filter(channel=None) if channel_id is None else rows.filter(channel_id=channel_id)
    return here.order_by("-id")


def save(
    kind: MessageKind,
    *,
    subject: str,
    body: str,
    language: str = "",
    channel: Channel | None = None,
    is_on: bool = True,
) -> MessageTemplate:
    """Put a new wording in force. Raises WordingBroken, and the old one stays."""
    body = body.replace("\r\n", "\n")
    wording.check(subject, body, kind.variables)
    return _write(kind, subject=subject, body=body, language=language, channel=channel, is_on=is_on)


def restore(
    kind: MessageKind, *, language: str = "", channel: Channel | None = None
) -> MessageTemplate:
    """Go back to the wording the system came with (or, for one place, to the general one)."""
    return _write(kind, language=language, channel=channel, is_default=True)


def _write(kind: MessageKind, **values: object) -> MessageTemplate:
    actor = actors.current().actor
    return MessageTemplate.objects.create(
        kind=kind.code,
        saved_at=timezone.now(),
        actor_kind=actor.kind,
        actor_key=actor.key,
        actor_label=actor.label[:150],
        **values,
    )


def preview(
    kind: MessageKind, *, subject: str, body: str, subject_id: int | None = None
) -> Wording:
    """The wording filled in: with a real subject where one is given, else with the examples."""
    body = body.replace("\r\n", "\n")
    examples = wording.check(subject, body, kind.variables)
    if subject_id is None or kind.sample is None:
        return examples
    variables: Variables = kind.sample(subject_id)
    return wording.render(subject, body, variables)
