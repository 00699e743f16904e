"""API keys under Settings: made and shown once, changed, rotated, revoked."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.access import requires
from core.api.keys import change_api_key, create_api_key, revoke_api_key, rotate_api_key
from core.clock import now
from core.errors import DomainError
from core.forms.api_keys import ApiKeyForm
from core.models import ApiKey
from core.once import once
from core.rights import EDIT_API_KEYS


@requires(EDIT_API_KEYS)
@require_GET
def api_key_list(request: HttpRequest) -> HttpResponse:
    """Every key, those that work first."""
    keys = list(ApiKey.objects.select_related("channel").order_by("name", "id"))
    keys.sort(key=lambda key: key.revoked_at is not None)
    return render(request, "core/api_key_list.html", {"keys": keys})


@requires(EDIT_API_KEYS)
@require_http_methods(["GET", "POST"])
def api_key_new(request: HttpRequest) -> HttpResponse:
    """Make a key; its secret is shown on the next page and never again."""
    form = ApiKeyForm(request.POST or None, is_new=True)
    if request.method == "POST" and form.is_valid():
        try:
            key, secret = create_api_key(**form.cleaned_data, now=now())
        except DomainError as error:
            form.add_error(error.field, error.message)
        else:
            return _shown_once(request, key, secret)
    context = {"form": form, "title": "New API key"}
    status = 422 if request.method == "POST" else 200
    return render(request, "core/api_key_form.html", context, status=status)


@requires(EDIT_API_KEYS)
@require_http_methods(["GET", "POST"])
def api_key_detail(request: HttpRequest, key_id: int) -> HttpResponse:
    """One key: what it may do, when it was used, and what happened to it."""
    key = get_object_or_404(ApiKey.objects.select_related("channel"), pk=key_id)
    shown = {"name": key.name, "scopes": key.scopes, "per_minute": key.per_minute}
    form = ApiKeyForm(request.POST or None, initial=shown, is_new=False)
    if request.method == "POST" and form.is_valid():
        try:
            change_api_key(key_id=key_id, **form.cleaned_data)
        except DomainError as error:
            form.add_error(error.field, error.message)
        else:
            messages.success(request, "Saved.")
            return redirect("api_key_detail", key_id)
    context = {"form": form, "key": key, "title": key.name, "has_overlap": key.has_overlap(now())}
    status = 422 if request.method == "POST" else 200
    return render(request, "core/api_key_form.html", context, status=status)


@requires(EDIT_API_KEYS)
@require_POST
def api_key_rotate(request: HttpRequest, key_id: int) -> HttpResponse:
    """A new secret, shown once; the one before works for a day."""
    get_object_or_404(ApiKey, pk=key_id)
    key, secret = rotate_api_key(key_id=key_id, now=now())
    return _shown_once(request, key, secret)


@requires(EDIT_API_KEYS)
@once
def api_key_revoke(request: HttpRequest, key_id: int) -> HttpResponse:
    """End a key at once, after a look at what will stop."""
    key = get_object_or_404(ApiKey.objects.select_related("channel"), pk=key_id)
    if request.method != "POST":
        return render(request, "core/api_key_revoke.html", {"key": key})
    revoke_api_key(key_id=key_id, now=now())
    messages.success(request, f"{key} opens nothing any more.")
    return redirect("api_key_list")


def _shown_once(request: HttpRequest, key: ApiKey, secret: str) -> HttpResponse:
    return render(request, "core/api_key_secret.html", {"key": key, "secret": secret})
