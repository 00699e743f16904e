"""Sending what is due: one lane an endpoint, so that one that is down holds up nobody else.

A lane is taken on lease and serves one delivery after the other. After a failure the endpoint rests,
longer each time; its deliveries keep their own schedule of ten attempts over three days. Every mark
names the fence of its lease: a worker that froze and wakes up overrules nobody.
"""

import random
import time
from collections.abc import Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from django.db import connections, transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.urls import reverse

from core import attention, clock, leases, outgoing
from core.models import (
    EndpointStatus,
    WebhookAttempt,
    WebhookDelivery,
    WebhookEndpoint,
    WebhookStatus,
)
from core.outgoing import AddressRefused, Answer, Unreachable
from core.webhooks import endpoints, payloads, signing

WAITS = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    *(timedelta(hours=hours) for hours in (2, 5, 10, 14, 20, 24)),
)
MOST_ATTEMPTS = len(WAITS) + 1
LEASE = timedelta(minutes=1)
TURN = 25  # deliveries before a lane is given back
LANES = 8  # endpoints served at the same time by one worker
ROUND_SECONDS = 60
REST = (timedelta(seconds=5), timedelta(seconds=30), timedelta(minutes=2), timedelta(minutes=10))
LONGEST_REST = timedelta(hours=1)
FAILS_FOR = timedelta(days=5)
KEPT_RESPONSE = 2_000
SLOW_DOWN = frozenset({429, 502, 503, 504})
_jitter = random.SystemRandom()


@dataclass(frozen=True)
class Result:
    """What came of one attempt; without an error it was taken."""

    error: str = ""
    answer: Answer | None = None
    rest: timedelta | None = None
    is_gone: bool = False


def due_lanes(*, limit: int, now: datetime) -> list[int]:
    """Endpoints that have something due, are not served at this moment and do not rest."""
    due = WebhookDelivery.objects.filter(
        endpoint=OuterRef("pk"), status=WebhookStatus.WAITING, next_attempt_at__lte=now
    )
    free = WebhookEndpoint.objects.filter(_is_free(now), Exists(due))
    return list(free.order_by("lane_fence", "id").values_list("pk", flat=True)[:limit])


def _is_free(now: datetime) -> Q:
    return (
        Q(status=EndpointStatus.ACTIVE)
        & (Q(lane_until=None) | Q(lane_until__lte=now))
        & (Q(rest_until=None) | Q(rest_until__lte=now))
    )


def send_due() -> int:
    """Serve every lane that has something due, one after the other; how many attempts were made."""
    return sum(serve(pk) for pk in due_lanes(limit=1_000, now=clock.now()))


def send_in_parallel() -> int:
    """Serve lanes side by side until nothing is due; a slow one keeps only its own thread."""
    until = time.monotonic() + ROUND_SECONDS
    served: dict[Future[int], int] = {}
    sent = 0
    with ThreadPoolExecutor(max_workers=LANES, thread_name_prefix="webhooks") as pool:
        while True:
            if time.monotonic() < until:
                due = due_lanes(limit=LANES + len(served), now=clock.now())
                for pk in [pk for pk in due if pk not in served.values()][: LANES - len(served)]:
                    served[pool.submit(_serve_in_thread, pk)] = pk
            if not served:
                return sent
            done, _ = wait(served, timeout=1, return_when=FIRST_COMPLETED)
            for future in done:
                del served[future]
                sent += future.result()


def _serve_in_thread(endpoint_id: int) -> int:
    try:
        return serve(endpoint_id)
    finally:
        connections.close_all()


def serve(endpoint_id: int) -> int:
    """Take the endpoint's lane and send what is due until something fails; attempts made."""
    endpoint = _take_lane(endpoint_id)
    if endpoint is None:
        return 0
    made = 0
    while made < TURN and (delivery := _claim(endpoint)) is not None:
        if not _is_wanted(delivery, endpoint):
            leases.mark(delivery, status=WebhookStatus.SKIPPED)
            continue
        made += 1
        result = _attempt(delivery, endpoint)
        _settle(delivery, endpoint, result, now=clock.now())
        if result.error:
            break
    _lane(endpoint).update(lane_until=None)
    return made


def _take_lane(endpoint_id: int) -> WebhookEndpoint | None:
    now = clock.now()
    taken = WebhookEndpoint.objects.filter(_is_free(now), pk=endpoint_id).update(
        lane_until=now + LEASE, lane_fence=F("lane_fence") + 1
    )
    if not taken:
        return None
    return WebhookEndpoint.objects.prefetch_related("channels").get(pk=endpoint_id)


def _lane(endpoint: WebhookEndpoint) -> "QuerySet[WebhookEndpoint]":
    """The endpoint's row while its lane is still ours."""
    return WebhookEndpoint.objects.filter(pk=endpoint.pk, lane_fence=endpoint.lane_fence)


def _claim(endpoint: WebhookEndpoint) -> WebhookDelivery | None:
    """The next delivery that is due, and the lane for another minute; None when the lane was lost."""
    now = clock.now()
    if not _lane(endpoint).filter(status=EndpointStatus.ACTIVE).update(lane_until=now + LEASE):
        return None
    due = WebhookDelivery.objects.filter(
        endpoint=endpoint, status=WebhookStatus.WAITING
    ).select_related("fact")
    claimed = leases.claim(due, limit=1, now=now, lease=LEASE, most=MOST_ATTEMPTS)
    return claimed[0] if claimed else None


def _is_wanted(delivery: WebhookDelivery, endpoint: WebhookEndpoint) -> bool:
    return payloads.concerns(delivery.fact, [one.pk for one in endpoint.channels.all()])


def _attempt(delivery: WebhookDelivery, endpoint: WebhookEndpoint) -> Result:
    """Make one call, outside any transaction."""
    now = clock.now()
    body = payloads.body_of(delivery.fact, endpoint)
    headers = {
        "Content-Type": "application/json",
        **signing.signed_headers(endpoints.keys_of(endpoint, now=now), delivery.key, body, now=now),
    }
    try:
        answer = outgoing.post(endpoint.url, body, headers)
    except AddressRefused as refused:
        return Result(refused.message)
    except Unreachable as silent:
        return Result(str(silent))
    return _read(answer, now=now)


def _read(answer: Answer, *, now: datetime) -> Result:
    if answer.is_ok:
        return Result(answer=answer)
    words = f"It answered {answer.status}."
    if 300 <= answer.status < 400:
        words = f"It answered {answer.status}; redirects are not followed."
    rest = _retry_after(answer.headers, now=now) if answer.status in SLOW_DOWN else None
    return Result(words, answer, rest, is_gone=answer.status == 410)


def _retry_after(headers: Mapping[str, str], *, now: datetime) -> timedelta | None:
    """How long the receiver asks to be left alone: seconds or a date; an hour at most."""
    words = headers.get("retry-after", "").strip()
    if words.isascii() and words.isdecimal() and len(words) < 10:
        return min(timedelta(seconds=int(words)), LONGEST_REST)
    try:
        until = parsedate_to_datetime(words)
    except (ValueError, TypeError, IndexError):
        return None
    until = until if until.tzinfo else until.replace(tzinfo=UTC)
    return min(max(until - now, timedelta()), LONGEST_REST)


@transaction.atomic
def _settle(
    delivery: WebhookDelivery, endpoint: WebhookEndpoint, result: Result, *, now: datetime
) -> None:
    """Write down what came of an attempt; where the lease was lost, only that it was made."""
    _log(delivery, result, now=now)
    if not result.error:
        leases.mark(delivery, status=WebhookStatus.DELIVERED, delivered_at=now, last_error="")
        _recover(endpoint, now=now)
        return
    if result.is_gone:
        is_ours = leases.mark(delivery, status=WebhookStatus.PARKED, last_error=result.error)
    else:
        is_ours = leases.put_off(delivery, result.error, now=now, waits=_waits(result.rest))
    if is_ours:
        _suffer(delivery, endpoint, result, now=now)


def _waits(rest: timedelta | None) -> list[timedelta]:
    """The schedule with up to a tenth more, so that not all come back at once."""
    least = rest or timedelta()
    return [max(one * (1 + _jitter.random() / 10), least) for one in WAITS]


def _log(delivery: WebhookDelivery, result: Result, *, now: datetime) -> None:
    answer = result.answer
    text = answer.body[:KEPT_RESPONSE].decode(errors="replace") if answer else ""
    WebhookAttempt.objects.create(
        delivery=delivery,
        at=now,
        status_code=answer.status if answer else None,
        milliseconds=answer.milliseconds if answer else None,
        error=result.error[:300],
        response=text.replace("\x00", "\ufffd"),
    )


def _recover(endpoint: WebhookEndpoint, *, now: datetime) -> None:
    _lane(endpoint).update(
        succeeded_at=now, failures=0, failing_since=None, rest_until=None, last_error=""
    )
    if endpoint.failing_since:
        attention.resolve(
            kind=endpoints.FAILING, subject_type="webhookendpoint", subject_ids=[endpoint.pk]
        )
        endpoint.failing_since, endpoint.failures = None, 0


def _suffer(
    delivery: WebhookDelivery, endpoint: WebhookEndpoint, result: Result, *, now: datetime
) -> None:
    """The endpoint failed: let it rest, and tell people when it is given up, or an event is."""
    since = endpoint.failing_since or now
    rest = result.rest or REST[min(endpoint.failures, len(REST) - 1)]
    _lane(endpoint).update(
        failures=F("failures") + 1,
        failing_since=since,
        rest_until=now + rest,
        last_error=result.error[:300],
    )
    reason = ""
    if result.is_gone:
        reason = "It answered 410: it wants no more."
    elif now - since >= FAILS_FOR:
        reason = f"It failed for {FAILS_FOR.days} days. {result.error}"
    if reason:
        endpoints.disable(endpoint_id=endpoint.pk, reason=reason)
        _tell_people(endpoint, f"{endpoint.name} was disabled", reason)
    elif delivery.status == WebhookStatus.PARKED:
        _tell_people(endpoint, f"{endpoint.name} does not take its events", result.error)


def _tell_people(endpoint: WebhookEndpoint, title: str, detail: str) -> None:
    attention.raise_item(
        kind=endpoints.FAILING,
        subject_type="webhookendpoint",
        subject_id=endpoint.pk,
        title=title,
        detail=detail,
        url=reverse("webhook_endpoint_detail", args=[endpoint.pk]),
    )
