"""Who may open a page: every view carries one mark, and a view without one is refused."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import wraps
from typing import Any, Concatenate, ParamSpec
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils.http import url_has_allowed_host_and_scheme

from core.models import User
from core.rights import Right

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


class Door(StrEnum):
    """How a page is closed."""

    PUBLIC = "public"  # anybody, signed in or not
    PERSONAL = "personal"  # whoever is signed in, about themselves
    RIGHT = "right"  # who holds the view's right
    ADMIN = "admin"  # who may open the admin
    KEY = "key"  # machines with an API key; see core.api


@dataclass(frozen=True)
class Mark:
    """What stands on a view: its door and, behind `Door.RIGHT`, the right."""

    door: Door
    right: Right | None = None


class RightMissing(PermissionDenied):
    """The user is known and may not do this; the 403 page says who may."""

    def __init__(self, right: Right | None = None) -> None:
        super().__init__(right.label if right else "")
        self.right = right


def requires(right: Right) -> Callable[[View[P]], View[P]]:
    """Open the view to those who hold the right; the outermost decorator of a staff view.

    A stranger is led to the login and back; who lacks the right gets a 403 page that names the roles
    which hold it.
    """

    def decorate(view: View[P]) -> View[P]:
        @wraps(view)
        def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return to_login(request)
            if not request.user.has_right(right):
                raise RightMissing(right)
            return view(request, *args, **kwargs)

        _mark(guarded, Mark(Door.RIGHT, right))
        return guarded

    return decorate


def staff_of(request: HttpRequest) -> User:
    """Who asks, in a view behind `requires` or `personal`: always a member of staff."""
    user = request.user
    assert isinstance(user, User)  # noqa: S101 - the mark of the view saw to it
    return user


def personal(view: View[P]) -> View[P]:
    """Open the view to whoever is signed in, for what concerns only themselves."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return to_login(request)
        return view(request, *args, **kwargs)

    _mark(guarded, Mark(Door.PERSONAL))
    return guarded


def public(view: View[P]) -> View[P]:
    """Open the view to anybody: login, health, a customer's own page behind its token."""
    _mark(view, Mark(Door.PUBLIC))
    return view


def _mark(view: Any, mark: Mark) -> None:
    view.mark = mark
    view.right = mark.right


def mark_of(view: Any, app_name: str = "") -> Mark | None:
    """The mark of a view; None when it carries none. Those of the admin and the API are known by the
    app that serves them.
    """
    if app_name == "admin":
        return Mark(Door.ADMIN)
    if app_name == "ninja":
        return Mark(Door.KEY)
    mark = getattr(view, "mark", None)
    return mark if isinstance(mark, Mark) else None


def to_login(request: HttpRequest) -> HttpResponse:
    """Lead a stranger to the login and afterwards back to the page they were on."""
    htmx = getattr(request, "htmx", None)
    address = f"{resolve_url(settings.LOGIN_URL)}?{urlencode({'next': _page_of(request)})}"
    if htmx:
        return HttpResponse(status=204, headers={"HX-Redirect": address})
    return HttpResponseRedirect(address)


def _page_of(request: HttpRequest) -> str:
    """The page a person looked at when this request was made: a fragment or a form is no page."""
    htmx = getattr(request, "htmx", None)
    if htmx:
        return htmx.current_url_abs_path or resolve_url(settings.LOGIN_REDIRECT_URL)
    if request.method in {"GET", "HEAD"}:
        return request.get_full_path()
    return safe_path(request, request.headers.get("Referer", ""))


def safe_path(request: HttpRequest, address: str, *, default: str = "") -> str:
    """The path of an address of this very site; otherwise `default`, or home."""
    if url_has_allowed_host_and_scheme(
        address, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        parts = urlsplit(address)
        if parts.path.startswith("/"):
            return f"{parts.path}?{parts.query}" if parts.query else parts.path
    return default or resolve_url(settings.LOGIN_REDIRECT_URL)


@dataclass(frozen=True)
class Address:
    """One address of the system: its route, its full name, the view and its mark."""

    route: str
    name: str
    view: Any
    mark: Mark | None
    pattern: tuple[Any, ...]


def addresses() -> Iterator[Address]:
    """Every address that the resolver knows."""
    yield from _walk(get_resolver().url_patterns, (), (), "")


def _walk(
    patterns: list[URLPattern | URLResolver],
    above: tuple[Any, ...],
    spaces: tuple[str, ...],
    app_name: str,
) -> Iterator[Address]:
    for entry in patterns:
        chain = (*above, entry.pattern)
        if isinstance(entry, URLResolver):
            inner = (*spaces, entry.namespace) if entry.namespace else spaces
            yield from _walk(entry.url_patterns, chain, inner, entry.app_name or app_name)
        else:
            yield Address(
                route="/" + "".join(str(part) for part in chain),
                name=":".join((*spaces, entry.name or "")),
                view=entry.callback,
                mark=mark_of(entry.callback, app_name),
                pattern=chain,
            )
