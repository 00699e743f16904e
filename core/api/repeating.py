"""Requests sent again: the first answer is kept under the client's Idempotency-Key for a day.

What a request does and its kept answer are one transaction. While it runs, an advisory lock says
so; a crash takes lock and changes with it, so that the same request can simply be sent again.
"""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse

from core import clock
from core.api.client import Client
from core.api.errors import Refused

HEADER = "Idempotency-Key"
REPLAYED = "Idempotent-Replayed"
KEPT_FOR = timedelta(hours=24)
KEPT_HEADERS = ("Content-Type", "ETag", "Location")
NOT_KEPT = frozenset({401, 403, 409, 412, 413, 429})
LOOK = """
    SELECT pg_try_advisory_xact_lock(hashtextextended(%s, %s)),
           fingerprint, status, headers, body
    FROM (SELECT 1) AS always
    LEFT JOIN core_storedanswer
    ON api_key_id = %s AND key = %s AND answered_at > %s
"""
KEEP = """
    INSERT INTO core_storedanswer
    (api_key_id, key, fingerprint, status, headers, body, answered_at)
    VALUES (%s, %s, %s, %s, %s, %s, %s)
    ON CONFLICT (api_key_id, key) DO UPDATE SET
    fingerprint = EXCLUDED.fingerprint, status = EXCLUDED.status, headers = EXCLUDED.headers,
    body = EXCLUDED.body, answered_at = EXCLUDED.answered_at
    WHERE core_storedanswer.answered_at <= %s
"""

Act = Callable[[], HttpResponse]


@dataclass(frozen=True, slots=True)
class _Asked:
    """One request under its key."""

    client_id: int
    key: str
    fingerprint: str
    now: datetime


def act_once(request: HttpRequest, client: Client, act: Act) -> HttpResponse:
    """Do what a changing request asks in one transaction, taken back unless it succeeds; under a key
    it is done once, and whoever sends it again gets the first answer. Raises Refused: 422 for
    another request under the same key, 409 while the first still runs.
    """
    key = request.headers.get(HEADER, "")
    if not key:
        with transaction.atomic():
            return _kept_only_if_good(act())
    if len(key) > 200 or not key.isprintable() or not key.isascii():
        raise Refused(
            400,
            "bad_idempotency_key",
            "An Idempotency-Key has 1 to 200 printable ASCII characters.",
        )
    asked = _Asked(client.key.pk, key, _fingerprint(request), clock.now())
    with transaction.atomic():
        earlier = _look(asked)
        if earlier is not None:
            return earlier
        response = _kept_only_if_good(act())
        if response.status_code < 400 and not _keep(asked, response):
            raise _in_flight()  # it was answered between our look and our lock
    if 400 <= response.status_code < 500 and response.status_code not in NOT_KEPT:
        _keep(asked, response)
    return response


def _kept_only_if_good(response: HttpResponse) -> HttpResponse:
    if response.status_code >= 400:
        transaction.set_rollback(True)
    return response


def _fingerprint(request: HttpRequest) -> str:
    digest = hashlib.sha256(f"{request.method} {request.get_full_path()}\n".encode())
    digest.update(request.body)
    return digest.hexdigest()


def _look(asked: _Asked) -> HttpResponse | None:
    """Take the lock and the answer that is kept, if any. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            LOOK,
            [
                asked.key,
                asked.client_id,
                asked.client_id,
                asked.key,
                asked.now - KEPT_FOR,
            ],
        )
        row = cursor.fetchone()
    assert row is not None  # noqa: S101  (one row always)
    is_free, fingerprint, status, headers, body = row
    if fingerprint is None:
        if not is_free:
            raise _in_flight()
        return None
    if fingerprint != asked.fingerprint:
        raise Refused(
            422,
            "idempotency_key_reused",
            "This Idempotency-Key was used for another request; use a new key for a new request.",
        )
    response = HttpResponse(body, status=status)
    for name, value in json.loads(headers).items():
        response[name] = value
    response[REPLAYED] = "true"
    return response


def _keep(asked: _Asked, response: HttpResponse) -> bool:
    headers = {name: response[name] for name in KEPT_HEADERS if name in response}
    with connection.cursor() as cursor:
        cursor.execute(
            KEEP,
            [
                asked.client_id,
                asked.key,
                asked.fingerprint,
                response.status_code,
                json.dumps(headers),
                response.content.decode(),
                asked.now,
                asked.now - KEPT_FOR,
            ],
        )
        return bool(cursor.rowcount)


def _in_flight() -> Refused:
    return Refused(
        409,
        "in_flight",
        "The first request with this Idempotency-Key is still at work; ask again in a moment.",
        headers={"Retry-After": "1"},
    )
