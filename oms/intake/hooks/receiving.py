"""Taking a delivery in: checked, kept as it came, and answered at once; the worker does the rest."""

from collections.abc import Mapping
from datetime import datetime
from enum import Enum
from uuid import UUID

from django.db import connection, transaction
from django.db.models import F

from core.queue import wake_on_commit
from oms.intake.hooks.verifying import is_genuine, name_of
from oms.models import SourceKind, WebhookSource

MOST_BYTES = 1024 * 1024


class Received(Enum):
    """What became of a delivery at the door, with the status that answers it."""

    KEPT = 200
    UNSIGNED = 401
    NOBODY = 404
    TOO_LONG = 413


@transaction.atomic
def receive(*, uid: UUID, headers: Mapping[str, str], body: bytes, now: datetime) -> Received:
    """Keep a delivery, once. Of one that is not signed by its source only the count is kept."""
    source = WebhookSource.objects.filter(uid=uid).first()
    if source is None:
        return Received.NOBODY
    if len(body) > MOST_BYTES:
        return Received.TOO_LONG
    if source.kind == SourceKind.WOOCOMMERCE and body.startswith(b"webhook_id="):
        return Received.KEPT  # it asks whether somebody listens, without a signature
    mine = WebhookSource.objects.filter(pk=source.pk)
    if not is_genuine(source, headers, body, now=now):
        mine.update(refused=F("refused") + 1, refused_at=now)
        return Received.UNSIGNED
    named = name_of(source, headers, body)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO oms_inbounddelivery (source_id, event_id, topic, body, received_at, status,"
            " attempts, fence, next_attempt_at, last_error, external_id, outcome)"
            " VALUES (%s, %s, %s, %s, %s, 'waiting', 0, 0, %s, '', '', '')"
            " ON CONFLICT (source_id, event_id) DO NOTHING",
            [source.pk, named.event_id, named.topic, body, now, now],
        )
        is_new = bool(cursor.rowcount)
    if is_new:
        mine.update(received_at=now)
        wake_on_commit("oms.take_deliveries")
    else:
        mine.update(repeated=F("repeated") + 1)
    return Received.KEPT
