"""Pages that say what went wrong, who may help and what to do next."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from core.access import RightMissing, safe_path
from core.errors import DomainError, StaleEdit
from core.rights import Role

BANNERS = "#banners"


def _answer(request: HttpRequest, *, status: int, **context: Any) -> HttpResponse:
    """A whole page, or for a fragment's request a banner at the top of the page it stands on."""
    is_fragment = bool(getattr(request, "htmx", False))
    context |= {"status": status, "back": safe_path(request, request.headers.get("Referer", ""))}
    template = "core/refusal_banner.html" if is_fragment else "core/refusal.html"
    response = render(request, template, context, status=status)
    if is_fragment:
        # a denial or a busy database is swapped in as a refusal is; htmx leaves other codes alone
        response.status_code = status if status in {409, 422} else 422
        response["HX-Retarget"] = BANNERS
        response["HX-Reswap"] = "innerHTML show:window:top"
    return response


def refused(request: HttpRequest, error: DomainError) -> HttpResponse:
    """A verb refused: 409 when somebody else was faster, otherwise 422; nothing was changed."""
    if isinstance(error, StaleEdit):
        return _answer(
            request,
            status=409,
            heading="Somebody else changed this meanwhile",
            message=error.message,
            changes=error.changes,
            code=error.code,
        )
    return _answer(
        request, status=422, heading="That was not done", message=error.message, code=error.code
    )


def busy(request: HttpRequest) -> HttpResponse:
    """Another transaction holds what this one needs."""
    return _answer(
        request,
        status=409,
        heading="Somebody else is editing this",
        message="Nothing was changed. Try again in a moment.",
        code="busy",
    )


def too_slow(request: HttpRequest) -> HttpResponse:
    """The database was stopped in the middle of a statement."""
    return _answer(
        request,
        status=503,
        heading="That took too long",
        message="Nothing was changed. Narrow the filter or try again in a minute.",
        code="too_slow",
    )


def unstorable(request: HttpRequest) -> HttpResponse:
    """A form's value is well-formed and yet nothing that the database can hold."""
    return _answer(
        request,
        status=422,
        heading="That cannot be stored",
        message="Something given is too long, too large or holds a character that does not print;"
        " nothing was changed. Shorten or retype it, then send it again.",
        code="unstorable",
    )


def denied(request: HttpRequest, exception: PermissionDenied | None = None) -> HttpResponse:
    """403: which roles may do this, so that people know whom to ask."""
    right = exception.right if isinstance(exception, RightMissing) else None
    names = [str(role.label) for role in Role if right and role in right.roles]
    message = (
        f"“{right.label}” is for: {', '.join(names)}."
        if right
        else "Your account may not open this."
    )
    return _answer(
        request,
        status=403,
        heading="You may not do this",
        message=message,
        hint="An admin can give you the role under Settings, Users.",
        code="denied",
    )


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    """404, the same words whether a thing never was or is not for these eyes."""
    return _answer(
        request,
        status=404,
        heading="There is nothing here",
        message="The address is mistyped, or the thing was removed or is not yours to see.",
        code="not_found",
    )


def broken(request: HttpRequest) -> HttpResponse:
    """500: no database and no session may be needed to say so."""
    request_id = getattr(request, "request_id", "")
    return render(None, "core/broken.html", {"request_id": request_id}, status=500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001
    """The form's token does not belong to this session, most often after signing in elsewhere."""
    return _answer(
        request,
        status=403,
        heading="This page is too old",
        message="Nothing was changed. Reload the page and send the form again.",
        code="csrf",
    )
