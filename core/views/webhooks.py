"""Webhooks out: their endpoints, and the log of what was sent to them."""

import json

from django.contrib import messages as notices
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core import editing
from core.access import requires
from core.errors import DomainError, StaleEdit
from core.forms.webhooks import EndpointForm, ReplayForm
from core.models import WebhookDelivery, WebhookEndpoint
from core.rights import EDIT_WEBHOOKS
from core.tables import WebhookDeliveryList, WebhookEndpointList
from core.webhooks import endpoints, payloads, replaying

NEWEST = 10


@requires(EDIT_WEBHOOKS)
@require_GET
def endpoint_list(request: HttpRequest) -> HttpResponse:
    return WebhookEndpointList(request).respond()


@requires(EDIT_WEBHOOKS)
@require_GET
def delivery_list(request: HttpRequest) -> HttpResponse:
    return WebhookDeliveryList(request).respond()


@requires(EDIT_WEBHOOKS)
@require_http_methods(["GET", "POST"])
def endpoint_new(request: HttpRequest) -> HttpResponse:
    """Set up an endpoint; its secret is shown on the answer and never again."""
    form = EndpointForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            endpoint = endpoints.add_endpoint(**form.as_values(), now=timezone.now())
        except DomainError as refusal:
            form.add_error(refusal.field, refusal.message)
        else:
            return _secret(request, endpoint)
    status = 422 if request.method == "POST" else 200
    return render(request, "core/webhooks/endpoint_form.html", {"form": form}, status=status)


def _secret(request: HttpRequest, endpoint: WebhookEndpoint) -> HttpResponse:
    context = {"endpoint": endpoint, "secret": endpoints.secret_of(endpoint)}
    return render(request, "core/webhooks/secret.html", context)


@requires(EDIT_WEBHOOKS)
@require_GET
def endpoint_detail(request: HttpRequest, endpoint_id: int) -> HttpResponse:
    """How an endpoint fares, and what may be done with it."""
    endpoint = get_object_or_404(WebhookEndpoint, pk=endpoint_id)
    return render(request, "core/webhooks/endpoint_detail.html", _shown(endpoint, ReplayForm()))


def _shown(endpoint: WebhookEndpoint, form: ReplayForm) -> dict[str, object]:
    now = timezone.now()
    return {
        "endpoint": endpoint,
        "channels": list(endpoint.channels.order_by("name")),
        "rotates": bool(endpoint.previous_until and endpoint.previous_until > now),
        "rests": bool(endpoint.rest_until and endpoint.rest_until > now),
        "newest": endpoint.deliveries.select_related("fact").order_by("-id")[:NEWEST],
        "form": form,
    }


@requires(EDIT_WEBHOOKS)
@require_http_methods(["GET", "POST"])
def endpoint_edit(request: HttpRequest, endpoint_id: int) -> HttpResponse:
    endpoint = get_object_or_404(WebhookEndpoint, pk=endpoint_id)
    changes: tuple[str, ...] = ()
    if request.method == "GET":
        form, status = EndpointForm.of(endpoint), 200
        version = str(editing.version_of(endpoint))
    else:
        form = EndpointForm(request.POST, endpoint=endpoint)
        sent = request.POST.get("version", "0")
        version = sent if sent.isdecimal() else "0"
        status, changes = _save(endpoint, form, int(version))
        if status == 302:
            notices.success(request, "Saved. Events from now on are sent so.")
            return redirect("webhook_endpoint_detail", endpoint.pk)
    context = {"form": form, "endpoint": endpoint, "version": version, "changes": changes}
    return render(request, "core/webhooks/endpoint_form.html", context, status=status)


def _save(
    endpoint: WebhookEndpoint, form: EndpointForm, version: int
) -> tuple[int, tuple[str, ...]]:
    """Save what was sent; the status to answer with, and for 409 what others changed meanwhile."""
    if not form.is_valid():
        return 422, ()
    try:
        endpoints.change_endpoint(endpoint_id=endpoint.pk, **form.as_values(), version=version)
    except StaleEdit as stale:
        form.add_error(None, stale.message)
        return 409, stale.changes
    except DomainError as refusal:
        form.add_error(refusal.field, refusal.message)
        return 422, ()
    return 302, ()


@requires(EDIT_WEBHOOKS)
@require_POST
def secret_rotate(request: HttpRequest, endpoint_id: int) -> HttpResponse:
    """Make a new secret, shown on the answer and never again."""
    endpoint = get_object_or_404(WebhookEndpoint, pk=endpoint_id)
    return _secret(request, endpoints.rotate_secret(endpoint_id=endpoint.pk, now=timezone.now()))


@requires(EDIT_WEBHOOKS)
@require_POST
def endpoint_act(request: HttpRequest, endpoint_id: int) -> HttpResponse:
    """Pause, resume or disable, as the pressed button says."""
    endpoint = get_object_or_404(WebhookEndpoint, pk=endpoint_id)
    try:
        if "pause" in request.POST:
            endpoints.pause(endpoint_id=endpoint.pk)
            notices.success(request, "Paused: events are kept until it is resumed.")
        elif "resume" in request.POST:
            endpoints.resume(endpoint_id=endpoint.pk)
            notices.success(request, "Resumed: what waited is sent now.")
        elif "disable" in request.POST:
            endpoints.disable(endpoint_id=endpoint.pk, reason="By hand")
            notices.success(request, "Disabled: it is told of nothing more.")
    except DomainError as refusal:
        notices.error(request, refusal.message)
    return redirect("webhook_endpoint_detail", endpoint.pk)


@requires(EDIT_WEBHOOKS)
@require_POST
def range_replay(request: HttpRequest, endpoint_id: int) -> HttpResponse:
    """Send all events of some days again."""
    endpoint = get_object_or_404(WebhookEndpoint, pk=endpoint_id)
    form = ReplayForm(request.POST)
    if form.is_valid():
        since, until = form.period()
        try:
            count = replaying.replay_range(
                endpoint_id=endpoint.pk, since=since, until=until, now=timezone.now()
            )
        except DomainError as refusal:
            form.add_error(refusal.field, refusal.message)
        else:
            words = "1 event is" if count == 1 else f"{count:,} events are"
            notices.success(request, f"{words} on the way (again).")
            return redirect("webhook_endpoint_detail", endpoint.pk)
    context = _shown(endpoint, form)
    return render(request, "core/webhooks/endpoint_detail.html", context, status=422)


@requires(EDIT_WEBHOOKS)
@require_GET
def delivery_detail(request: HttpRequest, delivery_id: int) -> HttpResponse:
    """One event on its way to one endpoint: what is sent, and every attempt."""
    delivery = get_object_or_404(
        WebhookDelivery.objects.select_related("endpoint", "fact"), pk=delivery_id
    )
    body = json.loads(payloads.body_of(delivery.fact, delivery.endpoint))
    context = {
        "delivery": delivery,
        "payload": json.dumps(body, indent=2, ensure_ascii=False),
        "attempts": delivery.tries.order_by("-id")[:50],
    }
    return render(request, "core/webhooks/delivery_detail.html", context)


@requires(EDIT_WEBHOOKS)
@require_POST
def delivery_replay(request: HttpRequest, delivery_id: int) -> HttpResponse:
    delivery = get_object_or_404(WebhookDelivery, pk=delivery_id)
    try:
        sent = replaying.replay(delivery_ids=[delivery.pk], now=timezone.now())
    except DomainError as refusal:
        notices.error(request, refusal.message)
    else:
        notices.success(request, "It is sent again." if sent else "It waits to be sent already.")
    return redirect("webhook_delivery_detail", delivery_id)
