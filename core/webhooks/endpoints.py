"""Verbs of endpoints: set up, change, pause, disable, and a new secret while the old one still holds."""

import hashlib
import hmac
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from core import attention, outbox, outgoing
from core.editing import refuse_stale
from core.errors import DomainError, NotPossible
from core.events import (
    WebhookEndpointChanged,
    WebhookEndpointDisabled,
    WebhookSecretRotated,
)
from core.models import Channel, EndpointStatus, WebhookEndpoint
from core.webhooks.signing import secret_text

FAILING = "webhook_failing"
OVERLAP = timedelta(hours=24)
SALT = b"core.webhooks.endpoint"


class NoSuchEndpoint(DomainError):
    """There is no endpoint of that id."""

    code = "no_such_endpoint"


def keys_of(endpoint: WebhookEndpoint, *, now: datetime) -> list[bytes]:
    """The keys that sign now: the newest first, and the one before it while that still holds."""
    numbers = [endpoint.secret_number]
    if endpoint.previous_until and endpoint.previous_until > now:
        numbers.append(endpoint.secret_number - 1)
    masters = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return [_derived(master, endpoint, number) for number in numbers for master in masters]


def _derived(master: str, endpoint: WebhookEndpoint, number: int) -> bytes:
    salted = hmac.digest(master.encode(), SALT, hashlib.sha256)
    return hmac.digest(salted, f"{endpoint.uid}:{number}".encode(), hashlib.sha256)


def secret_of(endpoint: WebhookEndpoint) -> str:
    """The newest secret as its receiver needs it."""
    return secret_text(_derived(settings.SECRET_KEY, endpoint, endpoint.secret_number))


@transaction.atomic
def add_endpoint(
    *,
    name: str,
    url: str,
    event_kinds: Sequence[str],
    channels: Iterable[Channel] = (),
    sees_personal: bool = False,
    now: datetime,
) -> WebhookEndpoint:
    """Tell an address of events from now on. Raises AddressRefused, with its field."""
    _check(url)
    endpoint = WebhookEndpoint.objects.create(
        name=name,
        url=url,
        event_kinds=sorted(event_kinds),
        sees_personal=sees_personal,
        created_at=now,
    )
    endpoint.channels.set(channels)
    outbox.publish(_changed(endpoint, "created"))
    return endpoint


@transaction.atomic
def change_endpoint(
    *,
    endpoint_id: int,
    name: str,
    url: str,
    event_kinds: Sequence[str],
    channels: Iterable[Channel],
    sees_personal: bool,
    version: int,
) -> WebhookEndpoint:
    """Change what an endpoint is told and where. Raises StaleEdit, AddressRefused."""
    endpoint = lock_endpoint(endpoint_id)
    refuse_stale(endpoint, version)
    _check(url)
    before = _shown(endpoint)
    endpoint.name, endpoint.url = name, url
    endpoint.event_kinds, endpoint.sees_personal = sorted(event_kinds), sees_personal
    endpoint.save(update_fields=["name", "url", "event_kinds", "sees_personal"])
    endpoint.channels.set(channels)
    changes = {
        field: (before[field], after)
        for field, after in _shown(endpoint).items()
        if before[field] != after
    }
    if changes:
        outbox.publish(_changed(endpoint, "changed"), changes=changes)
    return endpoint


def _check(url: str) -> None:
    try:
        outgoing.check_address(url)
    except outgoing.AddressRefused as refused:
        raise outgoing.AddressRefused(refused.message, field="url") from refused


def _shown(endpoint: WebhookEndpoint) -> dict[str, str]:
    return {
        "name": endpoint.name,
        "address": endpoint.url,
        "events": ", ".join(endpoint.event_kinds),
        "channels": ", ".join(str(one) for one in endpoint.channels.order_by("name")),
        "personal data": "yes" if endpoint.sees_personal else "no",
    }


@transaction.atomic
def rotate_secret(
    *, endpoint_id: int, overlap: timedelta = OVERLAP, now: datetime
) -> WebhookEndpoint:
    """Make a new secret; until `overlap` is over, deliveries carry a signature of the old one too."""
    endpoint = lock_endpoint(endpoint_id)
    endpoint.secret_number += 1
    endpoint.previous_until = now + overlap
    endpoint.save(update_fields=["secret_number", "previous_until"])
    outbox.publish(WebhookSecretRotated(webhookendpoint_id=endpoint.pk))
    return endpoint


@transaction.atomic
def pause(*, endpoint_id: int) -> WebhookEndpoint:
    """Send nothing for now; what happens meanwhile waits. Raises NotPossible when it is not active."""
    endpoint = lock_endpoint(endpoint_id)
    if endpoint.status != EndpointStatus.ACTIVE:
        raise NotPossible(f"{endpoint.name} is {endpoint.get_status_display().lower()} already.")
    return _set(endpoint, EndpointStatus.PAUSED, "paused")


@transaction.atomic
def resume(*, endpoint_id: int) -> WebhookEndpoint:
    """Send again, also what waited; what happened while it was disabled can be replayed."""
    endpoint = lock_endpoint(endpoint_id)
    if endpoint.status == EndpointStatus.ACTIVE:
        raise NotPossible(f"{endpoint.name} is active already.")
    endpoint.disabled_reason = endpoint.last_error = ""
    endpoint.failures, endpoint.failing_since, endpoint.rest_until = 0, None, None
    attention.resolve(kind=FAILING, subject_type="webhookendpoint", subject_ids=[endpoint.pk])
    return _set(endpoint, EndpointStatus.ACTIVE, "resumed")


@transaction.atomic
def disable(*, endpoint_id: int, reason: str) -> WebhookEndpoint:
    """Tell an endpoint of nothing more; does nothing where it is disabled already."""
    endpoint = lock_endpoint(endpoint_id)
    if endpoint.status == EndpointStatus.DISABLED:
        return endpoint
    endpoint.status, endpoint.disabled_reason = EndpointStatus.DISABLED, reason[:300]
    endpoint.save(update_fields=["status", "disabled_reason"])
    outbox.publish(WebhookEndpointDisabled(webhookendpoint_id=endpoint.pk, why=reason[:300]))
    return endpoint


def _set(endpoint: WebhookEndpoint, status: EndpointStatus, what: str) -> WebhookEndpoint:
    endpoint.status = status
    endpoint.save(
        update_fields=[
            "status",
            "disabled_reason",
            "last_error",
            "failures",
            "failing_since",
            "rest_until",
        ]
    )
    outbox.publish(_changed(endpoint, what))
    return endpoint


def _changed(endpoint: WebhookEndpoint, what: str) -> WebhookEndpointChanged:
    return WebhookEndpointChanged(webhookendpoint_id=endpoint.pk, label=endpoint.name, what=what)


def lock_endpoint(endpoint_id: int) -> WebhookEndpoint:
    """The endpoint, locked. Raises NoSuchEndpoint."""
    endpoint = WebhookEndpoint.objects.select_for_update(no_key=True).filter(pk=endpoint_id).first()
    if endpoint is None:
        raise NoSuchEndpoint("There is no such endpoint.")
    return endpoint
