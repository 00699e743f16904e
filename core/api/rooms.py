"""A room of the API: one app's operations, each behind a right, admitted and done in one way."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial, wraps
from typing import Any, TypeVar

from django.http import HttpRequest, HttpResponse
from ninja import Router
from ninja.decorators import decorate_view
from ninja.operation import Operation

from core.actors import acting
from core.api.client import admit
from core.api.errors import FieldError, Refused
from core.api.keys import offer
from core.api.problems import MEDIA_TYPE, Problem, answer_to
from core.api.reading import check_size
from core.api.repeating import HEADER, act_once
from core.rights import Right

View = TypeVar("View", bound=Callable[..., HttpResponse])
Run = Callable[..., HttpResponse]
READING = frozenset({"GET", "HEAD"})
NOTHING = frozenset({b"", b"{}", b"null"})
REFUSALS = {
    400: "The request cannot be read.",
    401: "The key is missing or opens nothing.",
    403: "The key lacks the scope.",
    404: "There is no such thing, or it is not this key's to see.",
    409: "The thing's state forbids it, it is here already, or the first request is at work.",
    412: "The thing was changed since (If-Match).",
    413: "The body is too large.",
    415: "The body is no JSON.",
    422: "A field is wrong, or the trade forbids it; see errors.",
    429: "The key is too fast; see Retry-After.",
    503: "It took too long.",
}
ONCE = {
    "in": "header",
    "name": HEADER,
    "required": False,
    "description": "Sent again within a day, the same request gets the first answer.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[ -~]+$"},
}
MATCH = {
    "in": "header",
    "name": "If-Match",
    "required": False,
    "description": "The ETag of what you read; refused with 412 when it was changed since.",
    "schema": {"type": "string", "pattern": '^"[0-9]{1,18}"$'},
}


class Room(Router):
    """The operations of one app, under one heading of the document. Fields that its verbs call
    otherwise than its bodies do stand in `told_as`.
    """

    def __init__(self, heading: str, *, told_as: Mapping[str, str] | None = None) -> None:
        super().__init__()
        self.heading = heading
        self.told_as = told_as or {}

    def reads(self, path: str, right: Right, out: Any) -> Callable[[View], View]:
        """An operation that reads, for keys that hold the right; it answers with `out`."""
        return self._opens("GET", path, right, out, status=200, headers=[])

    def changes(
        self,
        path: str,
        right: Right,
        out: Any,
        *,
        method: str = "POST",
        status: int = 200,
        is_versioned: bool = False,
    ) -> Callable[[View], View]:
        """An operation that changes: one transaction, once for each Idempotency-Key."""
        headers = [ONCE, MATCH] if is_versioned else [ONCE]
        return self._opens(method, path, right, out, status=status, headers=headers)

    def _opens(
        self, method: str, path: str, right: Right, out: Any, *, status: int, headers: list[Any]
    ) -> Callable[[View], View]:
        offer(right)
        extra = {
            "parameters": headers,
            "security": [{"key": [right.code]}],
            "responses": {code: _refusal(words) for code, words in REFUSALS.items()},
        }

        def decorate(view: View) -> View:
            lines = (view.__doc__ or "").strip().split("\n\n")
            self.add_api_operation(
                path,
                [method],
                decorate_view(partial(_guarded, right, self.told_as))(view),
                response={status: out},
                tags=[self.heading],
                operation_id=view.__name__,
                summary=" ".join(lines[0].split()),
                description=" ".join(" ".join(lines[1:]).split()) or None,
                openapi_extra=extra,
            )
            return view

        return decorate


def _refusal(words: str) -> dict[str, Any]:
    return {
        "description": words,
        "content": {MEDIA_TYPE: {"schema": {"$ref": f"#/components/schemas/{Problem.__name__}"}}},
    }


def _guarded(right: Right, told_as: Mapping[str, str], run: Run) -> Run:
    """Admit the request, let the key be the actor, and do what changes once."""
    models = _models(run)
    known = frozenset(
        name
        for one in models
        if one.__ninja_param_source__ == "query"
        for name in getattr(one, "__ninja_flatten_map__", {})
    )
    takes_body = any(one.__ninja_param_source__ == "body" for one in models)

    @wraps(run)
    def guarded(request: HttpRequest, *args: Any, **path: Any) -> HttpResponse:
        try:
            client = admit(request, right)
            _check(request, known)
            if not takes_body:
                _check_no_body(request)
            request.api_client = client  # type: ignore[attr-defined]
            request.api_told_as = told_as  # type: ignore[attr-defined]
            request_id: str = getattr(request, "request_id", "")
            with acting(client.actor, request_id=request_id):
                if request.method in READING:
                    return run(request, *args, **path)
                return act_once(request, client, partial(run, request, *args, **path))
        except Exception as error:  # noqa: BLE001  (every refusal is a problem; the rest is logged)
            return answer_to(request, error)

    return guarded


def _models(run: Run) -> Sequence[Any]:
    """What an operation takes: from its path, its parameters and its body."""
    operation = getattr(run, "__self__", None)
    assert isinstance(operation, Operation)  # noqa: S101  (each is wrapped before it is bound)
    return operation.models


def _check(request: HttpRequest, known: frozenset[str]) -> None:
    """Refuse what is too large or unstorable, and parameters that would be silently ignored."""
    check_size(request)
    if unknown := sorted(set(request.GET) - known):
        detail = f"This address takes {', '.join(sorted(known)) or 'no parameters'}."
        errors = [FieldError(detail, "extra_forbidden", parameter=name) for name in unknown]
        raise Refused(422, "invalid", "A parameter is unknown; see errors.", errors)
    if any("\x00" in text for pair in request.GET.lists() for text in (pair[0], *pair[1])):
        raise Refused(400, "bad_text", "The address holds NUL; take it out.")


def _check_no_body(request: HttpRequest) -> None:
    """Refuse a body that would be silently ignored; an empty object says nothing."""
    if request.method not in READING and request.body.strip() not in NOTHING:
        detail = "This address takes no body; leave it empty."
        errors = [FieldError(detail, "extra_forbidden", pointer="#")]
        raise Refused(422, "invalid", "A body is not taken here; see errors.", errors)
