"""Webhooks: who is told of events, which event is on its way to whom, and every attempt."""

import uuid

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from core.models.business import Channel
from core.models.leased import Leased
from core.models.outbox import StoredFact

PAYLOAD_VERSION = 1


class EndpointStatus(models.TextChoices):
    ACTIVE = "active", "Active"
    PAUSED = "paused", "Paused"
    DISABLED = "disabled", "Disabled"


class WebhookEndpoint(models.Model):
    """An address elsewhere that is told of events.

    Paused, its events are kept for later; disabled, it is told of nothing. Its secret is derived from
    the installation's own key, `uid` and `secret_number`: no table holds it. One worker at a time
    serves it (`lane_until`, `lane_fence`), and after a failure it rests until `rest_until`.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(max_length=100)
    url = models.CharField("address", max_length=500)
    event_kinds = ArrayField(models.CharField(max_length=80))
    channels = models.ManyToManyField(Channel, blank=True, related_name="+")
    sees_personal = models.BooleanField(default=False)
    payload_version = models.PositiveSmallIntegerField(default=PAYLOAD_VERSION)
    status = models.CharField(
        max_length=10, choices=EndpointStatus.choices, default=EndpointStatus.ACTIVE
    )
    disabled_reason = models.CharField(max_length=300, blank=True)
    secret_number = models.PositiveIntegerField(default=1)
    previous_until = models.DateTimeField(null=True, blank=True)
    lane_until = models.DateTimeField(null=True, blank=True)
    lane_fence = models.PositiveIntegerField(default=0)
    rest_until = models.DateTimeField(null=True, blank=True)
    failures = models.PositiveIntegerField(default=0)
    failing_since = models.DateTimeField(null=True, blank=True)
    succeeded_at = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class WebhookStatus(models.TextChoices):
    WAITING = "waiting", "Waiting"
    DELIVERED = "delivered", "Delivered"
    PARKED = "parked", "Given up"
    SKIPPED = "skipped", "Not for this endpoint"


class WebhookDelivery(Leased):
    """One event on its way to one endpoint: at least once, ten tries over three days."""

    endpoint = models.ForeignKey(
        WebhookEndpoint, on_delete=models.PROTECT, related_name="deliveries"
    )
    fact = models.ForeignKey(StoredFact, on_delete=models.PROTECT, related_name="+")
    status = models.CharField(
        max_length=10, choices=WebhookStatus.choices, default=WebhookStatus.WAITING
    )
    delivered_at = models.DateTimeField(null=True, blank=True)
    replayed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("endpoint", "fact"), name="core_webhook_once"),
        )
        indexes = (
            models.Index(
                fields=("endpoint", "next_attempt_at", "id"),
                name="core_webhook_due",
                condition=Q(status="waiting"),
            ),
            models.Index(fields=("endpoint", "-id"), name="core_webhook_newest"),
            models.Index(fields=("delivered_at",), name="core_webhook_done"),
        )
        verbose_name_plural = "webhook deliveries"

    def __str__(self) -> str:
        return self.key

    @property
    def key(self) -> str:
        """The webhook-id: the same for every attempt."""
        return f"evt_{self.fact_id}"


class WebhookAttempt(models.Model):
    """One call that was made for a delivery, and what came of it."""

    delivery = models.ForeignKey(WebhookDelivery, on_delete=models.CASCADE, related_name="tries")
    at = models.DateTimeField()
    status_code = models.PositiveSmallIntegerField(null=True)
    milliseconds = models.PositiveIntegerField(null=True)
    error = models.CharField(max_length=300, blank=True)
    response = models.TextField(blank=True)

    class Meta:
        triggers = (pgtrigger.Protect(name="attempt_stays", operation=pgtrigger.Update),)

    def __str__(self) -> str:
        return self.error or str(self.status_code)
