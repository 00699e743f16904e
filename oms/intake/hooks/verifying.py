"""Whether a delivery is from its shop, and what it calls itself: each kind of shop in its own way."""

import base64
import hashlib
import hmac
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from core.webhooks import signing
from oms.models import SourceKind, WebhookSource

Headers = Mapping[str, str]


@dataclass(frozen=True)
class Named:
    """The delivery's own name, the same when it is sent again, and what it is about."""

    event_id: str
    topic: str


def secrets_of(source: WebhookSource, *, now: datetime) -> list[str]:
    """The secrets that hold now."""
    secrets = [source.secret]
    if source.previous_secret and source.previous_until and source.previous_until > now:
        secrets.append(source.previous_secret)
    return secrets


def is_genuine(source: WebhookSource, headers: Headers, body: bytes, *, now: datetime) -> bool:
    """Whether somebody who knows the source's secret made the body."""
    secrets = secrets_of(source, now=now)
    if source.kind == SourceKind.STANDARD:
        keys = [signing.secret_key(secret) for secret in secrets]
        return signing.is_signed(keys, headers, body, now=now)
    return _has_hmac(secrets, headers.get(HMAC_HEADERS[SourceKind(source.kind)], ""), body)


def name_of(source: WebhookSource, headers: Headers, body: bytes) -> Named:
    """The delivery's name. One that names none is named by its bytes: the same again is the same."""
    named = _NAMES[SourceKind(source.kind)](headers)
    topic = " ".join(named.topic.split())[:60]
    event_id = named.event_id.strip() or f"sha256:{hashlib.sha256(body).hexdigest()}"
    return Named(f"{topic}:{event_id}"[:200].replace("\x00", ""), topic.replace("\x00", ""))


HMAC_HEADERS = {
    SourceKind.SHOPIFY: "x-shopify-hmac-sha256",
    SourceKind.WOOCOMMERCE: "x-wc-webhook-signature",
}


def _has_hmac(secrets: Sequence[str], given: str, body: bytes) -> bool:
    made = [
        base64.b64encode(hmac.digest(secret.encode(), body, hashlib.sha256)) for secret in secrets
    ]
    told = given.strip().encode(errors="replace")
    return any(hmac.compare_digest(told, one) for one in made)


def _shopify(headers: Headers) -> Named:
    event = headers.get("x-shopify-event-id") or headers.get("x-shopify-webhook-id", "")
    return Named(event, headers.get("x-shopify-topic", ""))


def _woocommerce(headers: Headers) -> Named:
    return Named(headers.get("x-wc-webhook-delivery-id", ""), headers.get("x-wc-webhook-topic", ""))


def _standard(headers: Headers) -> Named:
    return Named(headers.get("webhook-id", ""), "")


_NAMES: dict[SourceKind, Callable[[Headers], Named]] = {
    SourceKind.SHOPIFY: _shopify,
    SourceKind.WOOCOMMERCE: _woocommerce,
    SourceKind.STANDARD: _standard,
}
