"""The way in for machines: an API request needs no session, no form token and no page to refuse it."""

from collections.abc import Callable

import structlog
from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import resolve

from core.api.errors import Refused
from core.api.problems import MEDIA_TYPE, answer_to, problem

GetResponse = Callable[[HttpRequest], HttpResponseBase]
PREFIX = "/api/v"


def api_door(get_response: GetResponse) -> GetResponse:
    """Answer addresses of the API here, past sessions and all that pages need."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if not request.path_info.startswith(PREFIX):
            return get_response(request)
        try:
            match = resolve(request.path_info)
            request.resolver_match = match
            response: HttpResponseBase = match.func(request, *match.args, **match.kwargs)
        except Http404 as missing:
            response = answer_to(request, missing)
        if response.status_code == 405 and response["Content-Type"] != MEDIA_TYPE:
            allowed = {"Allow": response["Allow"]}
            detail = f"This address takes {response['Allow']}."
            response = problem(request, Refused(405, "method_not_allowed", detail, headers=allowed))
        client = getattr(request, "api_client", None)
        if client is not None:
            structlog.contextvars.bind_contextvars(actor=f"api:{client.key.pk}")
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    return middleware
