"""Forms that move money or stock act once, however often they are sent."""

import uuid
from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect

from core import clock
from core.models import FormToken

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]
FIELD = "_once"


def new_token() -> str:
    """A token for one rendered form; `{% once %}` puts it in."""
    return str(uuid.uuid4())


class _Unsuccessful(Exception):
    """Rolls a refused form back, token included, so that it may be sent again."""

    def __init__(self, response: HttpResponseBase) -> None:
        self.response = response


def once(view: View[P]) -> View[P]:
    """Run the view's POST in one transaction together with its form token.

    A second sending waits for the first and is led where that one led. An answer that is no redirect
    (a refusal, an error list) rolls everything back.
    """

    @wraps(view)
    def wrapped(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if request.method != "POST":
            return view(request, *args, **kwargs)
        try:
            token = uuid.UUID(request.POST.get(FIELD, ""))
        except ValueError:
            return HttpResponse("This form is incomplete; reload the page.", status=400)
        try:
            with transaction.atomic():
                if (earlier := _take(token, request)) is not None:
                    return redirect(earlier)
                response = view(request, *args, **kwargs)
                location = response.headers.get("Location") or response.headers.get("HX-Redirect")
                if not location or response.status_code >= 400:
                    raise _Unsuccessful(response)
                FormToken.objects.filter(token=token).update(location=location[:500])
                return response
        except _Unsuccessful as refused:
            return refused.response

    return wrapped


def _take(token: uuid.UUID, request: HttpRequest) -> str | None:
    """Claim the token; None when it is ours, else where its first sending led."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO core_formtoken (token, user_id, location, sent_at)"
            " VALUES (%s, %s, '', %s) ON CONFLICT (token) DO NOTHING",
            [token, request.user.pk, clock.now()],
        )
        if cursor.rowcount:
            return None
    return FormToken.objects.get(token=token).location or request.path
