"""Messages to customers: the wording staff edit, and every message there ever was."""

import pgtrigger
from django.db import models
from django.db.models import Q

from core.actors import ActorKind
from core.models.business import Channel
from core.models.guards import append_only
from core.models.leased import Leased


class MessageStatus(models.TextChoices):
    QUEUED = "queued", "Queued"
    SENDING = "sending", "Being sent"
    SENT = "sent", "Sent"
    KEPT = "kept", "Kept here"
    FAILED = "failed", "Failed"
    UNKNOWN = "unknown", "Outcome unknown"
    OFF = "off", "Switched off"


class MessageTemplate(models.Model):
    """One saved version of a wording. The latest of its kind, language and channel is in force.

    Rows are never changed: the history is the table. Empty language or channel means all of them;
    `is_default` goes back to the wording that came with the system.
    """

    kind = models.CharField(max_length=60)
    language = models.CharField(max_length=10, blank=True)
    channel = models.ForeignKey(
        Channel, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    subject = models.CharField(max_length=300, blank=True)
    body = models.TextField(blank=True, max_length=20_000)
    is_default = models.BooleanField(default=False)
    is_on = models.BooleanField(default=True)
    saved_at = models.DateTimeField()
    actor_kind = models.CharField(max_length=12, choices=ActorKind.choices)
    actor_key = models.CharField(max_length=64, blank=True)
    actor_label = models.CharField(max_length=150)

    class Meta:
        indexes = (
            models.Index(
                fields=("kind", "language", "channel", "-id"), name="core_template_in_force"
            ),
        )
        triggers = (append_only("template_is_append_only"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.language}".strip()


class Message(Leased):
    """One message to one person: at most one per `dedupe` key."""

    WAITING = MessageStatus.QUEUED
    PARKED = MessageStatus.FAILED

    kind = models.CharField(max_length=60)
    label = models.CharField(max_length=120)
    subject_type = models.CharField(max_length=40)
    subject_id = models.BigIntegerField()
    to = models.CharField(max_length=254)
    language = models.CharField(max_length=10, blank=True)
    channel = models.ForeignKey(
        Channel, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    variables = models.JSONField(default=dict)
    dedupe = models.CharField(max_length=160, unique=True)
    status = models.CharField(
        max_length=10, choices=MessageStatus.choices, default=MessageStatus.QUEUED
    )
    subject = models.CharField(max_length=300, blank=True)
    body = models.TextField(blank=True)
    resent_of = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="resendings"
    )
    queued_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    actor_kind = models.CharField(max_length=12, choices=ActorKind.choices)
    actor_key = models.CharField(max_length=64, blank=True)
    actor_label = models.CharField(max_length=150)

    class Meta:
        indexes = (
            models.Index(
                fields=("next_attempt_at", "id"),
                name="core_message_due",
                condition=Q(status__in=("queued", "sending")),
            ),
            models.Index(fields=("subject_type", "subject_id", "-id"), name="core_message_subject"),
            models.Index(fields=("status", "-id"), name="core_message_status"),
        )
        triggers = (pgtrigger.Protect(name="message_is_kept_for_good", operation=pgtrigger.Delete),)

    def __str__(self) -> str:
        return f"{self.label} to {self.to}"
