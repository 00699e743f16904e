"""Refusals as problem details (RFC 9457): one shape, a code for machines, a pointer for each field."""

import json
import logging
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

import psycopg.errors
from django.db import DatabaseError, DataError
from django.http import Http404, HttpRequest, HttpResponse
from ninja import Schema
from ninja.errors import HttpError, ValidationError
from pydantic import Field

from core.api.errors import FieldError, Refused
from core.errors import DomainError, NotPossible, StaleEdit
from core.logs import redact

logger = logging.getLogger(__name__)
MEDIA_TYPE = "application/problem+json"
RETRY = {"Retry-After": "1"}


class FieldProblem(Schema):
    """What is wrong with one part of the request."""

    detail: str
    code: str
    pointer: str | None = Field(None, description="JSON pointer into the body, as a fragment.")
    parameter: str | None = Field(None, description="The parameter's name.")


class Problem(Schema):
    """Why a request was refused. Nothing was changed."""

    type: str
    title: str
    status: int
    detail: str
    code: str = Field(description="A stable word for programs.")
    errors: list[FieldProblem] = []
    changes: list[str] = Field([], description="After 412: what happened meanwhile.")
    existing: str | None = Field(None, description="After 409: where the thing is already.")
    request_id: str


def problem(
    request: HttpRequest,
    refusal: Refused,
    *,
    changes: Sequence[str] = (),
) -> HttpResponse:
    """The answer to a request that is refused."""
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(refusal.status).phrase,
        "status": refusal.status,
        "detail": redact(refusal.detail),
        "code": refusal.code,
        "errors": [_shown(one) for one in refusal.errors],
        "changes": list(changes),
        "existing": refusal.existing or None,
        "request_id": getattr(request, "request_id", ""),
    }
    response = HttpResponse(
        json.dumps(body, ensure_ascii=False), status=refusal.status, content_type=MEDIA_TYPE
    )
    for name, value in refusal.headers.items():
        response[name] = value
    return response


def _shown(error: FieldError) -> dict[str, str | None]:
    return {
        "detail": error.detail,
        "code": error.code,
        "pointer": error.pointer or None,
        "parameter": error.parameter or None,
    }


def answer_to(request: HttpRequest, error: Exception) -> HttpResponse:
    """The problem that an exception is; what nobody foresaw is logged and says nothing of itself."""
    if isinstance(error, DomainError):
        return _domain(request, error)
    cause = error.__cause__
    if isinstance(error, HttpError) and isinstance(cause, Refused):
        return problem(request, cause)  # what the body's parser refused
    refusal = _foreseen(error)
    if refusal is None:
        logger.error("an API request failed", exc_info=error)
        refusal = Refused(
            500, "broken", "Something broke on our side; nothing was changed. It was logged."
        )
    return problem(request, refusal)


def _foreseen(error: Exception) -> Refused | None:
    if isinstance(error, Refused):
        return error
    if isinstance(error, Http404):
        return Refused(404, "not_found", "There is nothing here, or it is not this key's to see.")
    if isinstance(error, ValidationError):
        return Refused(
            422,
            "invalid",
            "The request does not have the shape that this address takes; see errors.",
            errors=[_field_error(one) for one in error.errors],
        )
    if isinstance(error, HttpError):
        return Refused(error.status_code, "refused", str(error))
    return _of_database(error) if isinstance(error, DatabaseError) else None


def _of_database(error: DatabaseError) -> Refused | None:
    cause = error.__cause__
    if isinstance(error, DataError):
        return Refused(422, "not_storable", "A value is larger than its field can hold.")
    if isinstance(cause, psycopg.errors.LockNotAvailable | psycopg.errors.DeadlockDetected):
        detail = "Somebody else is changing this; nothing was changed. Try again in a moment."
        return Refused(409, "busy", detail, headers=RETRY)
    if isinstance(cause, psycopg.errors.QueryCanceled):
        detail = "That took too long; nothing was changed. Narrow the filter or try again."
        return Refused(503, "too_slow", detail, headers=RETRY)
    return None


def _domain(request: HttpRequest, error: DomainError) -> HttpResponse:
    errors = []
    if error.field:
        told_as: Mapping[str, str] = getattr(request, "api_told_as", {})
        pointer = pointer_of(told_as.get(error.field, error.field))
        errors = [FieldError(error.message, error.code, pointer)]
    refusal = Refused(_status_of(error), error.code, error.message, errors)
    changes = error.changes if isinstance(error, StaleEdit) else ()
    return problem(request, refusal, changes=changes)


def _status_of(error: DomainError) -> int:
    if isinstance(error, StaleEdit):
        return 412
    if error.code.endswith("_not_found"):
        return 404
    return 409 if isinstance(error, NotPossible) else 422


def pointer_of(field: str) -> str:
    """A verb's field as a pointer into the body: “lines.2.quantity” counts from one, JSON from none."""
    parts = [str(int(part) - 1) if part.isdigit() else part for part in field.split(".")]
    return "#/" + "/".join(parts)


def _field_error(error: Mapping[str, Any]) -> FieldError:
    source, *place = error["loc"]
    detail = str(error["msg"])
    code = str(error["type"])
    if source == "body":
        inner = "/".join(str(one).replace("~", "~0").replace("/", "~1") for one in place[1:])
        return FieldError(detail, code, pointer=f"#/{inner}" if inner else "#")
    return FieldError(detail, code, parameter=str(place[-1]) if place else str(source))
