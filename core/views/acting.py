"""What pages of work share: doing one verb, and leading back to where the person was."""

from collections.abc import Callable
from typing import TypeVar
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers

from core.errors import DomainError

T = TypeVar("T")


def attempt(request: HttpRequest, verb: Callable[[], T], *, done: str = "") -> T | None:
    """Do it and say so; a refusal becomes a message and None."""
    try:
        result = verb()
    except DomainError as refusal:
        messages.error(request, refusal.message)
        return None
    if done:
        messages.success(request, done)
    return result


def lead(url_name: str, *args: int, **query: int | str | None) -> HttpResponse:
    """Redirect to a page, with a query."""
    kept = {name: value for name, value in query.items() if value}
    address = reverse(url_name, args=args)
    return redirect(f"{address}?{urlencode(kept)}" if kept else address)


def explain(request: HttpRequest, form: forms.Form) -> None:
    """Say what is wrong with a small form that has no page of its own."""
    for name, errors in form.errors.items():
        label = form.fields[name].label or name.title() if name in form.fields else ""
        messages.error(request, f"{label}: {errors[0]}" if label else str(errors[0]))


def show(
    request: HttpRequest, page: str, fragment: str, context: dict[str, object], *, status: int = 200
) -> HttpResponse:
    """The whole page, or for a scan the part of it that changes."""
    htmx = getattr(request, "htmx", None)
    is_fragment = bool(htmx and not htmx.history_restore_request and not htmx.boosted)
    template = fragment if is_fragment else page
    response = render(request, template, {**context, "is_fragment": is_fragment}, status=status)
    patch_vary_headers(response, ("HX-Request", "HX-History-Restore-Request"))
    return response


def number_of(request: HttpRequest, name: str) -> int | None:
    """A whole number of the query; None when there is none."""
    text = request.GET.get(name, "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else None
