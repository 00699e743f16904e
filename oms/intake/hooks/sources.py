"""Verbs of sources: a shop is let in, changed, stopped, and given a new secret."""

import secrets
from datetime import datetime, timedelta

from django.db import transaction

from core import outbox
from core.editing import refuse_stale
from core.errors import DomainError
from core.models import Channel
from core.webhooks.signing import secret_text
from oms.events import WebhookSourceChanged
from oms.intake.hooks.locks import lock_source
from oms.models import SourceKind, WebhookSource

OVERLAP = timedelta(hours=24)


class SecretNeeded(DomainError):
    """A shop that makes its own secret must be asked for it."""

    code = "secret_needed"


def new_secret(kind: str) -> str:
    """A secret for a shop that takes ours. Shopify makes its own: raises SecretNeeded."""
    if kind == SourceKind.SHOPIFY:
        raise SecretNeeded(
            "Copy the secret that Shopify shows below its list of webhooks.", field="secret"
        )
    return secret_text(secrets.token_bytes(32))


@transaction.atomic
def add_source(
    *, name: str, kind: str, channel: Channel, secret: str = "", now: datetime
) -> WebhookSource:
    """Let a shop tell us of its orders; without a `secret` one is made. Raises SecretNeeded."""
    source = WebhookSource.objects.create(
        name=name,
        kind=kind,
        channel=channel,
        secret=secret or new_secret(kind),
        created_at=now,
    )
    outbox.publish(_changed(source, "created"))
    return source


@transaction.atomic
def change_source(*, source_id: int, name: str, is_active: bool, version: int) -> WebhookSource:
    """Rename a source, or stop taking what it sends: that is kept and waits. Raises StaleEdit."""
    source = lock_source(source_id)
    refuse_stale(source, version)
    changes: dict[str, tuple[object, object]] = {}
    if source.name != name:
        changes["name"] = (source.name, name)
    if source.is_active != is_active:
        changes["takes orders"] = (_yes(source.is_active), _yes(is_active))
    source.name, source.is_active = name, is_active
    source.save(update_fields=["name", "is_active"])
    if changes:
        outbox.publish(_changed(source, "changed"), changes=changes)
    return source


def _yes(value: bool) -> str:
    return "yes" if value else "no"


@transaction.atomic
def rotate_secret(
    *, source_id: int, secret: str = "", overlap: timedelta = OVERLAP, now: datetime
) -> WebhookSource:
    """Change the secret; the one before it holds until `overlap` is over. Raises SecretNeeded."""
    source = lock_source(source_id)
    source.previous_secret, source.previous_until = source.secret, now + overlap
    source.secret = secret or new_secret(source.kind)
    source.save(update_fields=["secret", "previous_secret", "previous_until"])
    outbox.publish(_changed(source, "secret changed"))
    return source


def _changed(source: WebhookSource, what: str) -> WebhookSourceChanged:
    return WebhookSourceChanged(webhooksource_id=source.pk, label=source.name, what=what)
