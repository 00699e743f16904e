"""Who calls: the key behind a request, what it may do and where."""

from dataclasses import dataclass

from django.http import HttpRequest

from core.actors import Actor
from core.api.errors import FieldError, Refused
from core.api.keys import key_of, note_use
from core.api.pace import seconds_to_wait
from core.clock import now as time_now
from core.models import ApiKey, Channel
from core.rights import Right

SECRET_PARAMETERS = frozenset({"api_key", "apikey", "key", "token", "access_token", "secret"})


@dataclass(frozen=True, slots=True)
class Client:
    """The machine that calls. `channel` None: every channel is open to it."""

    key: ApiKey

    @property
    def actor(self) -> Actor:
        return self.key.actor

    @property
    def channel(self) -> Channel | None:
        return self.key.channel

    @property
    def channel_id(self) -> int | None:
        return self.key.channel_id

    def may(self, right: Right) -> bool:
        return right.code in self.key.scopes


def client_of(request: HttpRequest) -> Client:
    """Who calls, in an operation: admission put it there."""
    client: Client = request.api_client  # type: ignore[attr-defined]
    return client


def channel_within(client: Client, code: str | None) -> Channel | None:
    """The channel of a code, within the client's own; who has one need not name it. None alike for a
    channel that is another's and for none.
    """
    own = client.channel
    if own is not None:
        return own if code in {None, "", own.code} else None
    return Channel.objects.select_related("legal_entity").filter(code=code or "").first()


def channel_asked(client: Client, code: str | None) -> Channel:
    """The channel that a parameter names; Refused when there is none for this client."""
    found = channel_within(client, code)
    if found is None:
        detail = "Name a channel of this key by its code."
        error = FieldError(detail, "unknown_channel", parameter="channel")
        raise Refused(422, "unknown_channel", detail, [error])
    return found


def admit(request: HttpRequest, right: Right) -> Client:
    """Let a request in: a key that is known, not too fast, and holds the right; else Refused."""
    key = _key_of(request)
    wait = seconds_to_wait(key.secret_hash[:24], per_minute=key.per_minute)
    if wait:
        raise Refused(
            429,
            "too_many_requests",
            f"This key may send {key.per_minute:,} requests a minute; try again in {wait} s.",
            headers={"Retry-After": str(wait)},
        )
    client = Client(key)
    if not client.may(right):
        raise Refused(
            403, "scope_missing", f"This key lacks the scope {right.code} ({right.label})."
        )
    return client


def _key_of(request: HttpRequest) -> ApiKey:
    if SECRET_PARAMETERS & {name.lower() for name in request.GET}:
        raise Refused(
            400,
            "key_in_address",
            "Addresses are written to logs; send the key in the Authorization header and make a"
            " new one in place of this.",
        )
    kind, _, secret = request.headers.get("Authorization", "").partition(" ")
    if not secret or kind.lower() != "bearer":
        raise _unknown("Send your key in the header “Authorization: Bearer <key>”.", "key_missing")
    now = time_now()
    key = key_of(secret.strip(), now=now)
    if key is None:
        raise _unknown("This key opens nothing: it is mistyped, expired or revoked.", "key_unknown")
    note_use(key, now=now)
    return key


def _unknown(detail: str, code: str) -> Refused:
    return Refused(401, code, detail, headers={"WWW-Authenticate": 'Bearer realm="api"'})
