"""API keys: made, changed, rotated, revoked; and found by the secret that a request brings."""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q

from core import rights
from core.errors import DomainError
from core.events import ApiKeyChanged, ApiKeyCreated, ApiKeyRevoked, ApiKeyRotated
from core.models import ApiKey, Channel
from core.outbox import publish

MARK = "qs"
OVERLAP = timedelta(hours=24)
USE_NOTED_EVERY = timedelta(minutes=1)
EVERYTHING = "*"

_offered: set[str] = set()


class BadKey(DomainError):
    code = "bad_api_key"


def offer(right: rights.Right) -> rights.Right:
    """Let keys be given this right; every operation of the API offers its own."""
    _offered.add(right.code)
    return right


def offered_rights() -> list[rights.Right]:
    """The rights that some operation of the API asks for, by code."""
    return [one for one in rights.all_rights() if one.code in _offered]


def read_scopes(words: Sequence[str]) -> list[str]:
    """Codes of rights from what somebody asks for: `app.right`, `app.*` or `*`. Raises BadKey."""
    known = [one.code for one in offered_rights()]
    wanted: set[str] = set()
    for word in words:
        if word == EVERYTHING:
            found = known
        elif word.endswith(".*"):
            found = [code for code in known if code.startswith(word.removesuffix("*"))]
        else:
            found = [code for code in known if code == word]
        if not found:
            raise BadKey(
                f"“{word}” is no scope; choose among {', '.join(known)}, app.* or *.",
                field="scopes",
            )
        wanted.update(found)
    if not wanted:
        raise BadKey("A key without a scope opens nothing; choose at least one.", field="scopes")
    return sorted(wanted)


@transaction.atomic
def create_api_key(
    *,
    name: str,
    scopes: Sequence[str],
    channel: Channel | None = None,
    per_minute: int = 1_200,
    now: datetime,
) -> tuple[ApiKey, str]:
    """Make a key; returns it with its secret, which nobody can read again. Raises BadKey."""
    if not name.strip():
        raise BadKey("Give the key a name by which you will know it.", field="name")
    codes = read_scopes(scopes)
    secret, prefix = _new_secret()
    key = ApiKey.objects.create(
        name=name.strip()[:100],
        prefix=prefix,
        secret_hash=hash_of(secret),
        scopes=codes,
        channel=channel,
        per_minute=per_minute,
        created_at=now,
    )
    publish(ApiKeyCreated(apikey_id=key.pk, scopes=", ".join(codes)))
    return key, secret


@transaction.atomic
def change_api_key(*, key_id: int, name: str, scopes: Sequence[str], per_minute: int) -> ApiKey:
    """Change what a key is called, may do and how often; its channel is for good. Raises BadKey."""
    key = _locked(key_id)
    wanted: dict[str, Any] = {
        "name": name.strip()[:100],
        "scopes": read_scopes(scopes),
        "per_minute": per_minute,
    }
    changes = {
        field: (getattr(key, field), value)
        for field, value in wanted.items()
        if getattr(key, field) != value
    }
    if changes:
        for field, (_, after) in changes.items():
            setattr(key, field, after)
        key.save()
        publish(ApiKeyChanged(apikey_id=key.pk), changes=changes)
    return key


@transaction.atomic
def rotate_api_key(*, key_id: int, now: datetime) -> tuple[ApiKey, str]:
    """Give a key a new secret; the one before works for a day, so that nothing stands still."""
    key = _locked(key_id)
    secret, prefix = _new_secret()
    key.previous_hash, key.previous_until = key.secret_hash, now + OVERLAP
    key.secret_hash, key.prefix = hash_of(secret), prefix
    key.save()
    publish(ApiKeyRotated(apikey_id=key.pk, hours=int(OVERLAP.total_seconds() // 3600)))
    return key, secret


@transaction.atomic
def revoke_api_key(*, key_id: int, now: datetime) -> ApiKey:
    """End a key at once, with the secret before it. A revoked key stays so."""
    key = _locked(key_id)
    key.revoked_at, key.previous_hash, key.previous_until = now, None, None
    key.save()
    publish(ApiKeyRevoked(apikey_id=key.pk))
    return key


def _locked(key_id: int) -> ApiKey:
    key = ApiKey.objects.select_for_update().filter(pk=key_id).first()
    if key is None or key.revoked_at is not None:
        raise BadKey("This key is revoked; make a new one.")
    return key


def key_of(secret: str, *, now: datetime) -> ApiKey | None:
    """The key that a secret opens, with its channel; None for one that opens nothing. One query."""
    digest = hash_of(secret)
    return (
        ApiKey.objects.filter(
            Q(secret_hash=digest) | Q(previous_hash=digest, previous_until__gt=now),
            revoked_at=None,
        )
        .select_related("channel__legal_entity")
        .first()
    )


def note_use(key: ApiKey, *, now: datetime) -> None:
    """Remember when the key was last used, to the minute."""
    if key.last_used_at is None or key.last_used_at < now - USE_NOTED_EVERY:
        ApiKey.objects.filter(pk=key.pk).update(last_used_at=now)


def _new_secret() -> tuple[str, str]:
    """A secret of 256 bits behind its prefix, and the prefix."""
    prefix = f"{MARK}_{secrets.token_hex(4)}"
    return f"{prefix}_{secrets.token_urlsafe(32)}", prefix


def hash_of(secret: str) -> str:
    """What is kept of a secret. It is random and long, so that one fast hash is enough."""
    return hashlib.sha256(secret.encode(errors="replace")).hexdigest()
