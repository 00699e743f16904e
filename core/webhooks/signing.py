"""Signatures of Standard Webhooks 1.0.0: made for what goes out, checked on what comes in."""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

PREFIX = "whsec_"
OLDEST = timedelta(minutes=5)
MOST_AHEAD = timedelta(seconds=30)  # clocks differ; a date further ahead is forged


def secret_text(key: bytes) -> str:
    """A key as people copy it."""
    return PREFIX + base64.b64encode(key).decode()


def secret_key(text: str) -> bytes:
    """The key in a secret; one without our prefix is taken as it stands."""
    if not text.startswith(PREFIX):
        return text.encode()
    try:
        return base64.b64decode(text.removeprefix(PREFIX), validate=True)
    except (binascii.Error, ValueError):
        return text.encode()


def signature(key: bytes, message_id: str, timestamp: str, body: bytes) -> str:
    signed = b".".join((message_id.encode(), timestamp.encode(), body))
    return "v1," + base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()


def signed_headers(
    keys: Sequence[bytes], message_id: str, body: bytes, *, now: datetime
) -> dict[str, str]:
    """The three headers; one signature for every key, so that keys can change without a gap."""
    timestamp = str(int(now.timestamp()))
    signatures = [signature(key, message_id, timestamp, body) for key in keys]
    return {
        "webhook-id": message_id,
        "webhook-timestamp": timestamp,
        "webhook-signature": " ".join(signatures),
    }


def is_signed(
    keys: Sequence[bytes], headers: Mapping[str, str], body: bytes, *, now: datetime
) -> bool:
    """Whether one of the keys made one of the signatures, not long ago and not in the future."""
    message_id, timestamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not (message_id and timestamp.isascii() and timestamp.isdecimal() and len(timestamp) <= 11):
        return False
    age = now.timestamp() - int(timestamp)
    if not -MOST_AHEAD.total_seconds() <= age <= OLDEST.total_seconds():
        return False
    given = headers.get("webhook-signature", "").split(" ")[:20]
    wanted = [signature(key, message_id, timestamp, body).encode() for key in keys]
    return any(
        hmac.compare_digest(one.encode(errors="replace"), other)
        for one in given
        for other in wanted
    )
