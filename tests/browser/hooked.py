"""Webhooks in every state that looks different: endpoints that work, fail and ended, and their logs."""

from collections.abc import Iterator
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from core import outbox
from core.events import ChannelChanged
from core.models import WebhookAttempt, WebhookDelivery, WebhookEndpoint, WebhookStatus
from core.webhooks import endpoints
from oms.intake.hooks import working
from oms.models import InboundDelivery, OrderDifference, WebhookSource
from tests.cast import Shop
from tests.intake.hooked import make_source, send
from tests.intake.test_hook_pages import differ

WITHOUT_ARGUMENTS = (
    "webhook_endpoint_list",
    "webhook_endpoint_new",
    "webhook_delivery_list",
    "source_list",
    "source_new",
    "inbound_list",
    "difference_list",
)


def hook(shop: Shop) -> None:
    """One endpoint that took its events, one that fails, one that was disabled."""
    now = timezone.now()
    made = [
        endpoints.add_endpoint(
            name=name,
            url=f"https://hooks.example.com/{number}",
            event_kinds=["core.ChannelChanged", "orders.OrderHeld"],
            channels=[shop.web] if number else [],
            now=now,
        )
        for number, name in enumerate(("Warehouse system", "Bookkeeping", "Old shop"))
    ]
    with transaction.atomic():
        outbox.publish(ChannelChanged(channel_id=shop.web.pk, label="Web shop", what="changed"))
    endpoints.rotate_secret(endpoint_id=made[0].pk, now=now)
    endpoints.disable(endpoint_id=made[2].pk, reason="It failed for 5 days. It answered 500.")
    deliveries = WebhookDelivery.objects.order_by("endpoint_id")
    for delivery, status, code, error in zip(
        deliveries,
        (WebhookStatus.DELIVERED, WebhookStatus.WAITING, WebhookStatus.PARKED),
        (204, None, 500),
        ("", "No whole answer came within 15 seconds.", "It answered 500."),
        strict=True,
    ):
        WebhookAttempt.objects.create(
            delivery=delivery, at=now, status_code=code, error=error, response="<h1>Oh</h1>" * 9
        )
        WebhookDelivery.objects.filter(pk=delivery.pk).update(
            status=status, attempts=1, last_error=error, next_attempt_at=now + timedelta(days=1)
        )
    source = make_source(shop.web)
    differ(source, 2)
    send(source, b'{"type": "order.created", "data": {"id": 5}}', "odd")
    working.drain()
    make_source(shop.web, "shopify", name="Second shop")
    WebhookEndpoint.objects.filter(pk=made[1].pk).update(
        failing_since=now, last_error=error, rest_until=now + timedelta(minutes=9)
    )


def pages(page) -> Iterator[tuple[str, str]]:
    """The pages of each of them."""
    for endpoint in WebhookEndpoint.objects.all():
        yield page("webhook_endpoint_detail", endpoint.pk)
    yield page("webhook_endpoint_edit", WebhookEndpoint.objects.first().pk)
    for delivery in WebhookDelivery.objects.all():
        yield page("webhook_delivery_detail", delivery.pk)
    for source in WebhookSource.objects.all():
        yield page("source_detail", source.pk)
    for delivery in InboundDelivery.objects.order_by("-id")[:2]:
        yield page("inbound_detail", delivery.pk)
    yield page("orders:order_detail", OrderDifference.objects.first().order_id)
