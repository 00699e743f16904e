"""The one way out by HTTP to addresses that people enter: public addresses only, and never for long.

The name is resolved once and the connection goes to that very address (requests-hardened), so a name
that answers differently a moment later leads nowhere. Redirects are not followed, proxies of the
environment are not used, and the whole exchange ends by a deadline, however slowly bytes drip.
"""

import socket
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any
from urllib.parse import SplitResult, urlsplit

import requests
from django.conf import settings
from requests_hardened import Config, HTTPSession
from requests_hardened.ip_filter_adapter import IPFilterAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from core import brand, transactions
from core.errors import DomainError

CONNECT_SECONDS = 5
ANSWER_SECONDS = 15
MOST_BYTES = 16 * 1024
PORTS = frozenset({443, 8443})
TOO_SLOW = f"No whole answer came within {ANSWER_SECONDS} seconds."


class AddressRefused(DomainError):
    """Nothing may be sent to this address."""

    code = "address_refused"


class Unreachable(Exception):
    """No answer came: the sentence says why."""


@dataclass(frozen=True)
class Answer:
    """What came back; `body` holds its first 16 kB and no more was read."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    milliseconds: int

    @property
    def is_ok(self) -> bool:
        return 200 <= self.status < 300


def check_address(url: str) -> str:
    """The address, if something may ever be sent there; where its name leads is checked at every
    call. Raises AddressRefused.
    """
    parts = _parts(url)
    if not parts.hostname:
        raise AddressRefused("Write the whole address, such as https://example.com/hook.")
    if parts.username is not None or parts.password is not None:
        raise AddressRefused("Leave user name and password out of the address.")
    if parts.fragment:
        raise AddressRefused("Leave out what stands behind the #.")
    if settings.OMS_LOOPBACK_RECEIVERS and parts.scheme in {"http", "https"}:
        return url
    if parts.scheme != "https":
        raise AddressRefused("The address must begin with https://.")
    if (parts.port or 443) not in PORTS:
        raise AddressRefused("Only the ports 443 and 8443 can be called.")
    if _is_inside(parts.hostname):
        raise AddressRefused("What lies inside a network is never called; give a public address.")
    return url


def _is_inside(host: str) -> bool:
    """Whether a host says by itself that it is not public; most names only tell when they are called."""
    if host.rstrip(".") == "localhost" or host.rstrip(".").endswith(".localhost"):
        return True
    with suppress(ValueError):
        return not ip_address(host).is_global
    return False


def _parts(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError as error:
        raise AddressRefused("This is no address that can be called.") from error
    if any(character.isspace() or character == "\\" for character in url):
        raise AddressRefused("An address has no blanks and no backslashes.")
    return parts


def post(url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
    """Send a body and return what came back, whatever its status.

    Raises AddressRefused where nothing may be sent, Unreachable where no answer came. Never inside a
    transaction.
    """
    transactions.refuse("a machine elsewhere was called")
    check_address(url)
    started = time.monotonic()
    watch = _Watch(ANSWER_SECONDS)
    try:
        with _session(watch) as session, watch:
            response = session.post(
                url, data=body, headers=dict(headers), stream=True, allow_redirects=False
            )
            content = _first_bytes(response)
            response.close()
    except requests.exceptions.InvalidURL as error:
        raise AddressRefused("This is no address that can be called.") from error
    except (requests.RequestException, OSError, UnicodeError, ValueError) as error:
        raise _explained(error, watch) from error
    if watch.is_over:  # cut off, it looks like a short answer
        raise Unreachable(TOO_SLOW)
    return Answer(
        response.status_code,
        {name.lower(): value for name, value in response.headers.items()},
        content,
        round((time.monotonic() - started) * 1000),
    )


def _first_bytes(response: requests.Response) -> bytes:
    """At most MOST_BYTES as they come over the wire: unpacking could make much of little."""
    return bytes(response.raw.read(MOST_BYTES, decode_content=False) or b"")


def _explained(error: Exception, watch: "_Watch") -> Exception:
    if type(error).__name__ == "InvalidIPAddress":
        return AddressRefused("The name leads to an address inside a network; nothing was sent.")
    if watch.is_over or isinstance(error, requests.Timeout):
        return Unreachable(TOO_SLOW)
    if isinstance(error, requests.exceptions.SSLError):
        return Unreachable("Its certificate is not valid for this name.")
    if isinstance(error, requests.ConnectionError):
        return Unreachable("It could not be reached, or hung up.")
    return Unreachable(f"No answer that can be read came ({type(error).__name__}).")


class _Watch:
    """Ends the exchange at its deadline by closing the connection under it."""

    def __init__(self, seconds: float) -> None:
        self.is_over = False
        self._socket: socket.socket | None = None
        self._timer = threading.Timer(seconds, self._end)
        self._timer.daemon = True

    def __enter__(self) -> None:
        self._timer.start()

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()

    def hold(self, connected: socket.socket | None) -> None:
        self._socket = connected

    def _end(self) -> None:
        self.is_over = True
        if self._socket is not None:
            with suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)


def _session(watch: _Watch) -> requests.Session:
    loopback = bool(settings.OMS_LOOPBACK_RECEIVERS)
    session: requests.Session = HTTPSession(
        Config(
            ip_filter_enable=True,
            ip_filter_allow_loopback_ips=loopback,
            never_redirect=True,
            default_timeout=(CONNECT_SECONDS, ANSWER_SECONDS),
            user_agent_override=f"{brand.PRODUCT}/1.0 (webhooks)",
        )
    )
    session.trust_env = False
    session.mount("http://", _WatchedAdapter(watch, is_https_proto=False, allow_loopback=loopback))
    session.mount("https://", _WatchedAdapter(watch, is_https_proto=True, allow_loopback=loopback))
    return session


class _WatchedAdapter(IPFilterAdapter):  # type: ignore[misc]
    """The filtering adapter, with connections that tell the watch of their sockets."""

    def __init__(self, watch: _Watch, **options: Any) -> None:
        self._watch = watch
        super().__init__(**options)

    def init_poolmanager(self, *args: Any, **options: Any) -> None:
        super().init_poolmanager(*args, **options)
        watch = self._watch

        class Plain(HTTPConnection):
            def connect(self) -> None:
                super().connect()
                watch.hold(self.sock)

        class Secured(HTTPSConnection):
            def connect(self) -> None:
                super().connect()
                watch.hold(self.sock)

        class PlainPool(HTTPConnectionPool):
            ConnectionCls = Plain

        class SecuredPool(HTTPSConnectionPool):
            ConnectionCls = Secured

        self.poolmanager.pool_classes_by_scheme = {"http": PlainPool, "https": SecuredPool}
