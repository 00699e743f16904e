"""Rows of intake: the shops that tell us of orders, what they sent, what they told, and what differs."""

import uuid

import pgtrigger
from django.db import models
from django.db.models import Q

from core.models import Channel, Leased
from orders.models import Order


class SourceKind(models.TextChoices):
    SHOPIFY = "shopify", "Shopify"
    WOOCOMMERCE = "woocommerce", "WooCommerce"
    STANDARD = "standard", "Any system, by Standard Webhooks"


class WebhookSource(models.Model):
    """A shop that tells us of its orders by webhooks, at an address of its own.

    `secret` is what its signatures are checked with, `previous_secret` the one before it, which
    holds until `previous_until`. What comes while it is not active is kept and waits.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(max_length=100)
    kind = models.CharField(max_length=12, choices=SourceKind.choices)
    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="+")
    secret = models.CharField(max_length=200)
    previous_secret = models.CharField(max_length=200, blank=True)
    previous_until = models.DateTimeField(null=True, blank=True)
    is_active = models.BooleanField(default=True)
    refused = models.PositiveIntegerField(default=0)
    refused_at = models.DateTimeField(null=True, blank=True)
    repeated = models.PositiveIntegerField(default=0)
    received_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = (models.CheckConstraint(condition=~Q(secret=""), name="oms_source_secret"),)

    def __str__(self) -> str:
        return self.name


class InboundStatus(models.TextChoices):
    WAITING = "waiting", "Waiting"
    DONE = "done", "Done"
    IGNORED = "ignored", "Nothing to do"
    PARKED = "parked", "Not understood"


class InboundDelivery(Leased):
    """One delivery as it came, and what became of it. Its body and its name stay as they are for
    good, so that none is taken twice.
    """

    source = models.ForeignKey(WebhookSource, on_delete=models.PROTECT, related_name="deliveries")
    event_id = models.CharField(max_length=200)
    topic = models.CharField(max_length=60)
    body = models.BinaryField()
    received_at = models.DateTimeField()
    status = models.CharField(
        max_length=10, choices=InboundStatus.choices, default=InboundStatus.WAITING
    )
    external_id = models.CharField(max_length=100, blank=True)
    outcome = models.CharField(max_length=500, blank=True)
    order = models.ForeignKey(
        Order, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    processed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("source", "event_id"), name="oms_inbound_once"),
        )
        indexes = (
            models.Index(
                fields=("next_attempt_at", "id"),
                name="oms_inbound_due",
                condition=Q(status="waiting"),
            ),
            models.Index(fields=("source", "-id"), name="oms_inbound_newest"),
            models.Index(fields=("source", "external_id"), name="oms_inbound_of_order"),
        )
        triggers = (
            pgtrigger.ReadOnly(
                name="inbound_stays", fields=["source", "event_id", "topic", "body", "received_at"]
            ),
            pgtrigger.Protect(name="inbound_is_kept", operation=pgtrigger.Delete),
        )
        verbose_name_plural = "inbound deliveries"

    def __str__(self) -> str:
        return f"{self.topic} {self.external_id or self.event_id}"


class ToldOrder(models.Model):
    """All that one channel told of one order, reduced: the newest version (`version_at`, then
    `version_key`), every refund by its id, and whether it was cancelled. It may stand here before the
    order does. `base` is what was told last, field by field.
    """

    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="+")
    external_id = models.CharField(max_length=100)
    document = models.JSONField(null=True, blank=True)
    version_at = models.DateTimeField(null=True, blank=True)
    version_key = models.CharField(max_length=200, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancel_reason = models.CharField(max_length=200, blank=True)
    refunds = models.JSONField(default=dict, blank=True)
    base = models.JSONField(default=dict, blank=True)
    order = models.ForeignKey(
        Order, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("channel", "external_id"), name="oms_told_once"),
        )

    def __str__(self) -> str:
        return self.external_id


class DifferenceStatus(models.TextChoices):
    OPEN = "open", "Open"
    ACCEPTED = "accepted", "Taken over"
    KEPT = "kept", "Kept as it is here"
    SETTLED = "settled", "No longer differs"


class OrderDifference(models.Model):
    """One field of an order that its channel tells otherwise, for people to decide on."""

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="+")
    field = models.CharField(max_length=30)
    here = models.CharField(max_length=500, blank=True)
    there = models.CharField(max_length=500, blank=True)
    document = models.JSONField()
    may_accept = models.BooleanField()
    status = models.CharField(
        max_length=10, choices=DifferenceStatus.choices, default=DifferenceStatus.OPEN
    )
    told_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.CharField(max_length=150, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("order", "field"), condition=Q(status="open"), name="oms_difference_once"
            ),
        )
        indexes = (models.Index(fields=("status", "-id"), name="oms_difference_open"),)

    def __str__(self) -> str:
        return f"{self.order_id}: {self.field}"
