"""Sending events again: one delivery, several, or all of a period, also what was never sent."""

from collections.abc import Sequence
from datetime import datetime

from django.db import connection, transaction
from django.db.models import F

from core import outbox
from core.errors import DomainError, NotPossible
from core.events import WebhooksReplayed
from core.models import EndpointStatus, StoredFact, WebhookDelivery, WebhookEndpoint, WebhookStatus
from core.queue import wake_on_commit
from core.webhooks.endpoints import lock_endpoint

MOST_EVENTS = 10_000

QUEUE_RANGE = """
    INSERT INTO core_webhookdelivery AS known
        (endpoint_id, fact_id, status, attempts, fence, next_attempt_at, last_error, replayed_at)
    SELECT %(endpoint)s, fact.id, 'waiting', 0, 0, %(now)s, '', %(now)s
    FROM core_storedfact fact
    WHERE fact.name = ANY (%(kinds)s)
        AND fact.occurred_at >= %(since)s AND fact.occurred_at < %(until)s
    ORDER BY fact.id
    ON CONFLICT (endpoint_id, fact_id) DO UPDATE
        SET status = 'waiting', attempts = 0, fence = known.fence + 1,
            next_attempt_at = excluded.next_attempt_at, replayed_at = excluded.replayed_at
        WHERE known.status <> 'waiting'
"""


class TooManyEvents(DomainError):
    """The period holds more events than are sent again at once."""

    code = "too_many_events"


@transaction.atomic
def replay(*, delivery_ids: Sequence[int], now: datetime) -> int:
    """Send these again from the start, under the same webhook-id; what waits already waits on.
    Returns how many are sent.
    """
    again = WebhookDelivery.objects.filter(pk__in=delivery_ids).exclude(
        status=WebhookStatus.WAITING
    )
    counts: dict[int, int] = {}
    for endpoint_id in again.values_list("endpoint_id", flat=True):
        counts[endpoint_id] = counts.get(endpoint_id, 0) + 1
    for endpoint_id in sorted(counts):
        _refuse_disabled(lock_endpoint(endpoint_id))
    sent = again.update(
        status=WebhookStatus.WAITING,
        attempts=0,
        fence=F("fence") + 1,
        next_attempt_at=now,
        replayed_at=now,
    )
    for endpoint_id, count in counts.items():
        outbox.publish(WebhooksReplayed(webhookendpoint_id=endpoint_id, count=count))
    wake_on_commit("core.send_webhooks")
    return sent


@transaction.atomic
def replay_range(*, endpoint_id: int, since: datetime, until: datetime, now: datetime) -> int:
    """Send all events of a period (again), also those that happened while the endpoint was disabled.

    They go out in the order in which they happened, behind each other in the endpoint's own lane;
    what happens meanwhile may overtake them. Raises TooManyEvents, NotPossible.
    """
    endpoint = lock_endpoint(endpoint_id)
    _refuse_disabled(endpoint)
    facts = StoredFact.objects.filter(
        name__in=endpoint.event_kinds, occurred_at__gte=since, occurred_at__lt=until
    )
    if facts.order_by()[: MOST_EVENTS + 1].count() > MOST_EVENTS:
        raise TooManyEvents(
            f"More than {MOST_EVENTS:,} events happened then; choose a shorter period.",
            field="until",
        )
    with connection.cursor() as cursor:
        cursor.execute(
            QUEUE_RANGE,
            {
                "endpoint": endpoint.pk,
                "kinds": endpoint.event_kinds,
                "since": since,
                "until": until,
                "now": now,
            },
        )
        count = int(cursor.rowcount)
    if count:
        outbox.publish(WebhooksReplayed(webhookendpoint_id=endpoint.pk, count=count))
        wake_on_commit("core.send_webhooks")
    return count


def _refuse_disabled(endpoint: WebhookEndpoint) -> None:
    if endpoint.status == EndpointStatus.DISABLED:
        raise NotPossible(f"{endpoint.name} is disabled; resume it first.")
