"""Every move of every state machine, kept for good."""

from django.contrib.postgres.indexes import BrinIndex
from django.db import models

from core.actors import ActorKind
from core.models.guards import append_only


class StateChange(models.Model):
    """Who moved which thing's state, when, from what, to what and why."""

    subject_type = models.CharField(max_length=40)
    subject_id = models.BigIntegerField()
    field = models.CharField(max_length=30, default="state")
    before = models.CharField(max_length=30, blank=True)
    after = models.CharField(max_length=30)
    reason = models.CharField(max_length=500, blank=True)
    actor_kind = models.CharField(max_length=12, choices=ActorKind.choices)
    actor_key = models.CharField(max_length=64, blank=True)
    actor_label = models.CharField(max_length=150)
    occurred_at = models.DateTimeField()

    class Meta:
        indexes = (
            models.Index(fields=("subject_type", "subject_id", "-id"), name="core_change_subject"),
            BrinIndex(fields=("occurred_at",), name="core_change_when"),
        )
        triggers = (append_only("change_is_append_only"),)

    def __str__(self) -> str:
        return f"{self.subject_type} {self.subject_id}: {self.before} → {self.after}"
