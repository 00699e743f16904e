"""The door for shops, and the pages of sources, of what they sent and of what differs."""

import json
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core import clock, editing
from core.access import public, requires, staff_of
from core.errors import DomainError, StaleEdit
from core.rights import EDIT_WEBHOOKS
from oms.intake import deciding
from oms.intake.hooks import sources, working
from oms.intake.hooks.forms import SecretForm, SourceChangeForm, SourceForm
from oms.intake.hooks.receiving import MOST_BYTES, Received, receive
from oms.intake.hooks.tables import DifferenceList, InboundList, SourceList
from oms.models import InboundDelivery, InboundStatus, OrderDifference, SourceKind, WebhookSource
from orders.rights import EDIT_ORDERS
from orders.selectors import order_seen_by

NEWEST = 10
TOPICS = {
    SourceKind.SHOPIFY: ("orders/create", "orders/updated", "orders/cancelled", "refunds/create"),
    SourceKind.WOOCOMMERCE: ("order.created", "order.updated", "order.deleted"),
    SourceKind.STANDARD: ("order.created", "order.updated", "order.cancelled", "order.refunded"),
}


@public
@csrf_exempt
@require_POST
def hook(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Take a delivery in; the status alone answers, and at once."""
    body = request.read(MOST_BYTES + 1)
    headers = {name.lower(): value for name, value in request.headers.items()}
    received = receive(uid=uid, headers=headers, body=body, now=timezone.now())
    words = "" if received is Received.KEPT else received.name.lower()
    return HttpResponse(words, status=received.value, content_type="text/plain")


@requires(EDIT_WEBHOOKS)
@require_GET
def source_list(request: HttpRequest) -> HttpResponse:
    return SourceList(request).respond()


@requires(EDIT_WEBHOOKS)
@require_http_methods(["GET", "POST"])
def source_new(request: HttpRequest) -> HttpResponse:
    """Let a shop in; the answer shows what to enter there."""
    form = SourceForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            source = sources.add_source(**form.cleaned_data, now=timezone.now())
        except DomainError as refusal:
            form.add_error(refusal.field, refusal.message)
        else:
            return _secret(request, source, is_ours=not form.cleaned_data["secret"])
    status = 422 if request.method == "POST" else 200
    return render(request, "oms/hooks/source_form.html", {"form": form}, status=status)


def _secret(request: HttpRequest, source: WebhookSource, *, is_ours: bool) -> HttpResponse:
    """The secret that we made, this once; one that the shop made is not shown at all."""
    if not is_ours:
        messages.success(request, "Saved. Enter the address in the shop.")
        return redirect("source_detail", source.pk)
    context = {"source": source, "address": address_of(source)}
    return render(request, "oms/hooks/secret.html", context)


def address_of(source: WebhookSource) -> str:
    """The address to enter in the shop."""
    return f"{settings.BASE_URL}{reverse('hook', args=[source.uid])}"


@requires(EDIT_WEBHOOKS)
@require_http_methods(["GET", "POST"])
def source_detail(request: HttpRequest, source_id: int) -> HttpResponse:
    """What to enter in the shop, how it fares, and what of it can be changed."""
    source = get_object_or_404(WebhookSource.objects.select_related("channel"), pk=source_id)
    initial = {"name": source.name, "is_active": source.is_active}
    form = SourceChangeForm(request.POST or None, initial=initial)
    status = 200
    version = str(editing.version_of(source))
    if request.method == "POST":
        sent = request.POST.get("version", "0")
        version = sent if sent.isdecimal() else "0"
        status = _save(source, form, int(version))
        if status == 302:
            messages.success(request, "Saved.")
            return redirect("source_detail", source.pk)
    return render(
        request, "oms/hooks/source_detail.html", _shown(source, form, version), status=status
    )


def _save(source: WebhookSource, form: SourceChangeForm, version: int) -> int:
    if not form.is_valid():
        return 422
    try:
        sources.change_source(source_id=source.pk, **form.cleaned_data, version=version)
    except StaleEdit as stale:
        form.add_error(None, " ".join([stale.message, *stale.changes]))
        return 409
    return 302


def _shown(source: WebhookSource, form: SourceChangeForm, version: str) -> dict[str, object]:
    rows = source.deliveries.defer("body").select_related("order")
    now = timezone.now()
    return {
        "source": source,
        "address": address_of(source),
        "topics": TOPICS[SourceKind(source.kind)],
        "form": form,
        "secret_form": SecretForm(),
        "version": version,
        "rotates": bool(source.previous_until and source.previous_until > now),
        "newest": rows.order_by("-id")[:NEWEST],
        "waiting": rows.filter(status=InboundStatus.WAITING).count(),
        "parked": rows.filter(status=InboundStatus.PARKED).count(),
    }


@requires(EDIT_WEBHOOKS)
@require_POST
def source_secret(request: HttpRequest, source_id: int) -> HttpResponse:
    """Change the secret; the one before it holds for another day."""
    source = get_object_or_404(WebhookSource, pk=source_id)
    form = SecretForm(request.POST)
    try:
        secret = form.cleaned_data["secret"] if form.is_valid() else ""
        source = sources.rotate_secret(source_id=source.pk, secret=secret, now=timezone.now())
    except DomainError as refusal:
        messages.error(request, refusal.message)
        return redirect("source_detail", source.pk)
    return _secret(request, source, is_ours=not secret)


@requires(EDIT_WEBHOOKS)
@require_GET
def inbound_list(request: HttpRequest) -> HttpResponse:
    return InboundList(request).respond()


@requires(EDIT_WEBHOOKS)
@require_GET
def inbound_detail(request: HttpRequest, delivery_id: int) -> HttpResponse:
    """One delivery as it came, and what became of it."""
    delivery = get_object_or_404(
        InboundDelivery.objects.select_related("source", "order"), pk=delivery_id
    )
    context = {"delivery": delivery, "body": _readable(bytes(delivery.body))}
    return render(request, "oms/hooks/inbound_detail.html", context)


def _readable(body: bytes) -> str:
    """The body with line breaks where it is JSON, else as it stands."""
    text = body.decode(errors="replace")
    try:
        return json.dumps(json.loads(text), indent=2, ensure_ascii=False)
    except (ValueError, RecursionError):
        return text


@requires(EDIT_WEBHOOKS)
@require_POST
def inbound_retry(request: HttpRequest, delivery_id: int) -> HttpResponse:
    delivery = get_object_or_404(InboundDelivery.objects.defer("body"), pk=delivery_id)
    if working.retry(delivery_ids=[delivery.pk], now=timezone.now()):
        messages.success(request, "It is taken in again; reload to see what became of it.")
    else:
        messages.error(request, "It was not set aside.")
    return redirect("inbound_detail", delivery.pk)


@requires(EDIT_ORDERS)
@require_GET
def difference_list(request: HttpRequest) -> HttpResponse:
    return DifferenceList(request).respond()


@requires(EDIT_ORDERS)
@require_POST
def difference_decide(request: HttpRequest, difference_id: int) -> HttpResponse:
    """Take over what the channel told, or keep ours, as the pressed button says."""
    row = get_object_or_404(OrderDifference.objects.defer("document"), pk=difference_id)
    order_seen_by(staff_of(request), row.order_id)
    try:
        if "accept" in request.POST:
            deciding.accept_difference(difference_id=row.pk, now=clock.now())
            messages.success(request, "Taken over.")
        else:
            deciding.keep_differences(difference_ids=[row.pk], now=clock.now())
            messages.success(request, "Kept as it is here.")
    except DomainError as refusal:
        messages.error(request, refusal.message)
    if "order" in request.POST:
        return redirect("orders:order_detail", row.order_id)
    return redirect(f"{reverse('difference_list')}?status=open")
