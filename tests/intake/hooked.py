"""Shops that send webhooks, as tests play them: bodies, signatures, and what arrives."""

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta
from typing import Any

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core.models import Channel
from core.webhooks import signing
from oms.intake.hooks import sources, working
from oms.models import WebhookSource

START = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


def make_source(channel: Channel, kind: str = "standard", **more: Any) -> WebhookSource:
    secret = "" if kind == "standard" else "of the shop"
    values = {"name": "The shop", "secret": secret, **more}
    return sources.add_source(kind=kind, channel=channel, now=timezone.now(), **values)


def at(minutes: int) -> str:
    return (START + timedelta(minutes=minutes)).isoformat()


def order(minutes: int = 0, **more: Any) -> dict[str, Any]:
    """An order of two mugs in the generic format, as it stood so many minutes after it was placed."""
    return {
        "id": "77",
        "number": "W-77",
        "placed_at": at(0),
        "updated_at": at(minutes),
        "currency": "EUR",
        "prices_include_tax": True,
        "customer": {"id": "9", "email": "ada@example.com", "name": "Ada Lindqvist"},
        "shipping_address": {
            "name": "Ada Lindqvist",
            "line1": "Torstraße 1",
            "postal_code": "10119",
            "city": "Berlin",
            "country": "DE",
        },
        "lines": [{"sku": "MUG", "name": "Mug", "quantity": 2, "unit_price": "10.00"}],
        "paid": "20.00",
        "total": "20.00",
        **more,
    }


def created(**more: Any) -> dict[str, Any]:
    return {"type": "order.created", "data": order(**more)}


def updated(minutes: int, **more: Any) -> dict[str, Any]:
    return {"type": "order.updated", "data": order(minutes, **more)}


def cancelled(minutes: int, **more: Any) -> dict[str, Any]:
    data = {"id": "77", "cancelled_at": at(minutes), "reason": "Changed their mind", **more}
    return {"type": "order.cancelled", "data": data}


def refunded(minutes: int, amount: str, key: str, **more: Any) -> dict[str, Any]:
    data = {"order_id": "77", "id": key, "amount": amount, "at": at(minutes), **more}
    return {"type": "order.refunded", "data": data}


def signed(source: WebhookSource, body: bytes, key: str, *, topic: str = "") -> dict[str, str]:
    """The headers by which the source's shop signs."""
    if source.kind == "standard":
        keys = [signing.secret_key(source.secret)]
        return signing.signed_headers(keys, key, body, now=timezone.now())
    made = base64.b64encode(hmac.digest(source.secret.encode(), body, hashlib.sha256)).decode()
    if source.kind == "shopify":
        return {
            "X-Shopify-Hmac-Sha256": made,
            "X-Shopify-Topic": topic,
            "X-Shopify-Event-Id": key,
        }
    return {
        "X-WC-Webhook-Signature": made,
        "X-WC-Webhook-Topic": topic,
        "X-WC-Webhook-Delivery-ID": key,
    }


def send(
    source: WebhookSource, body: Any, key: str = "1", *, topic: str = "", **headers: str
) -> int:
    """Let the shop send a body; the status it is answered with."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    response = Client().post(
        reverse("hook", args=[source.uid]),
        raw,
        content_type="application/json",
        headers={**signed(source, raw, key, topic=topic), **headers},
    )
    return response.status_code


def arrive(source: WebhookSource, *bodies: Any, topic: str = "") -> None:
    """Let bodies arrive one after the other, each taken in before the next comes."""
    for number, body in enumerate(bodies):
        assert send(source, body, f"{number}-{hash(str(body))}", topic=topic) == 200
        working.drain()
