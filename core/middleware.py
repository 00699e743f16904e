"""What happens round every request: its id, its log line, who acts, and refusals as proper pages."""

import re
import time
import uuid
from collections.abc import Callable

import psycopg.errors
import structlog
from django.contrib.auth import logout
from django.core.exceptions import ImproperlyConfigured
from django.db import DataError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import patch_cache_control, patch_vary_headers

from core import metrics
from core.access import Door, RightMissing, mark_of, to_login
from core.actors import acting
from core.errors import DomainError
from core.logs import redact
from core.views import errors, health

GetResponse = Callable[[HttpRequest], HttpResponseBase]
logger = structlog.get_logger("oms.requests")

SANE_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
# machines that watch ask by whatever host name they know, have no session and are not worth a line
PROBES = {"/healthz": health.healthz, "/readyz": health.readyz, "/metrics": health.metrics_page}
PERMISSIONS_POLICY = (
    "accelerometer=(), autoplay=(), browsing-topics=(), camera=(self), display-capture=(), "
    "geolocation=(), gyroscope=(), hid=(), microphone=(), midi=(), payment=(), serial=(), usb=()"
)


def request_identity(get_response: GetResponse) -> GetResponse:
    """Give every request an id and one log line, and count it."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        request.request_id = _request_id(request)  # type: ignore[attr-defined]
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request.request_id)  # type: ignore[attr-defined]
        started = time.perf_counter()
        response = PROBES.get(request.path, get_response)(request)
        seconds = time.perf_counter() - started
        response["X-Request-ID"] = request.request_id  # type: ignore[attr-defined]
        _note(request, response, seconds)
        return response

    return middleware


def _request_id(request: HttpRequest) -> str:
    given = request.headers.get("X-Request-ID", "")
    return given if SANE_REQUEST_ID.fullmatch(given) else uuid.uuid4().hex


def _note(request: HttpRequest, response: HttpResponseBase, seconds: float) -> None:
    match = request.resolver_match
    metrics.count_request(
        view=match.view_name if match else "",
        method=request.method or "",
        status=response.status_code,
        seconds=seconds,
    )
    if request.path in PROBES:
        return
    write = logger.error if response.status_code >= 500 else logger.info
    write(
        "request",
        method=request.method,
        path=redact(request.path),
        status=response.status_code,
        ms=round(seconds * 1000, 1),
    )


def response_headers(get_response: GetResponse) -> GetResponse:
    """What browsers and caches must know of every answer."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        if response.headers.get("Content-Type", "").startswith("text/html"):
            # without these Chromium shows a naked fragment after Back
            patch_vary_headers(response, ["HX-Request", "HX-History-Restore-Request"])
            if "Cache-Control" not in response.headers:
                patch_cache_control(response, no_store=True, private=True)
        return response

    return middleware


def acting_user(get_response: GetResponse) -> GetResponse:
    """Let whoever is signed in be the actor of all that this request changes.

    A session that never passed the second factor of a user who has one is ended: whatever way it
    came about, it opens nothing.
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        request_id: str = getattr(request, "request_id", "")
        if not request.user.is_authenticated:
            with acting(request_id=request_id):
                return get_response(request)
        user = request.user
        verified = getattr(user, "is_verified", None)  # django_otp puts it there
        if getattr(user, "has_second_factor", False) and not (verified and verified()):
            logout(request)
            return to_login(request)
        structlog.contextvars.bind_contextvars(actor=f"user:{user.pk}")
        with acting(user.actor, request_id=request_id):
            return get_response(request)

    return middleware


class Refusals:
    """Closes what carries no mark, and turns refusals of verbs and of the database into pages."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self,
        request: HttpRequest,
        view: Callable[..., HttpResponseBase],
        _args: object,
        _kwargs: object,
    ) -> HttpResponseBase | None:
        match = request.resolver_match
        mark = mark_of(view, match.app_name if match else "")
        if mark is None:
            raise ImproperlyConfigured(
                f"{request.path} carries no mark; put core.access.requires, personal or public on it"
            )
        if mark.door is Door.ADMIN:
            if not request.user.is_authenticated:
                return to_login(request)
            if not request.user.is_staff:
                raise RightMissing
        return None

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, DomainError):
            return errors.refused(request, error)
        if isinstance(error, DataError):
            logger.warning("unstorable", path=redact(request.path), exc_info=error)
            return errors.unstorable(request)
        if isinstance(error, OperationalError):
            cause = error.__cause__
            if isinstance(cause, psycopg.errors.LockNotAvailable | psycopg.errors.DeadlockDetected):
                return errors.busy(request)
            if isinstance(cause, psycopg.errors.QueryCanceled):
                return errors.too_slow(request)
        return None
