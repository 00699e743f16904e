"""Facts as they are kept, and their way to each handler."""

from typing import Any

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import Q

from core.actors import ActorKind
from core.models.guards import append_only
from core.models.leased import Leased

NUMBER_WITHIN_SUBJECT = """
    IF NEW.sequence IS NOT NULL THEN
        SELECT coalesce(max(sequence), 0) + 1 INTO NEW.sequence FROM core_storedfact
        WHERE subject_type = NEW.subject_type AND subject_id = NEW.subject_id;
    END IF;
    RETURN NEW;
"""

# Runs inside the transaction that states the facts: what is committed is on its way to those
# elsewhere who want to be told (core.models.webhooks), and to the engine where it starts an active
# rule (core.models.rules). Where there is nobody to tell, asking so is all it costs.
QUEUE_FOR_THOSE_TOLD = """
    IF EXISTS (SELECT FROM core_webhookendpoint WHERE status <> 'disabled') THEN
        INSERT INTO core_webhookdelivery
            (endpoint_id, fact_id, status, attempts, fence, next_attempt_at, last_error)
        SELECT endpoint.id, fact.id, 'waiting', 0, 0, clock_timestamp(), ''
        FROM new_facts fact
        JOIN core_webhookendpoint endpoint
            ON endpoint.status <> 'disabled' AND fact.name = ANY (endpoint.event_kinds)
        ORDER BY fact.id, endpoint.id
        ON CONFLICT DO NOTHING;
    END IF;
    IF EXISTS (SELECT FROM core_rule WHERE is_active) THEN
        INSERT INTO core_delivery
            (fact_id, handler, status, attempts, fence, next_attempt_at, last_error)
        SELECT fact.id, 'core.handlers.run_rules', 'waiting', 0, 0,
            least(clock_timestamp(), fact.occurred_at), ''
        FROM new_facts fact
        WHERE EXISTS (
            SELECT FROM core_rule rule WHERE rule.is_active AND rule.trigger = fact.name
        )
        ORDER BY fact.id
        ON CONFLICT DO NOTHING;
    END IF;
    RETURN NULL;
"""


class StoredFact(models.Model):
    """One fact: the timeline's row, the handlers' message and the webhooks' feed.

    `sequence` counts the facts of one subject without a gap where the writer holds that subject's
    lock; it is null for facts told about a subject that nobody locks. `subject_version` is the version
    that the subject came to with it, null where none came. `changes` maps a field to
    [before, after]. `chain` are the automation rules that led to it, the first first.
    """

    name = models.CharField(max_length=80)
    subject_type = models.CharField(max_length=40)
    subject_id = models.BigIntegerField()
    sequence = models.PositiveIntegerField(null=True)
    subject_version = models.PositiveIntegerField(null=True)
    payload = models.JSONField(default=dict)
    changes = models.JSONField(default=dict)
    sentence = models.CharField(max_length=500)
    reason = models.CharField(max_length=500, blank=True)
    actor_kind = models.CharField(max_length=12, choices=ActorKind.choices)
    actor_key = models.CharField(max_length=64, blank=True)
    actor_label = models.CharField(max_length=150)
    request_id = models.CharField(max_length=64, blank=True)
    chain = ArrayField(models.BigIntegerField(), default=list, db_default=models.Value("{}"))
    occurred_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("subject_type", "subject_id", "sequence"), name="core_fact_sequence_once"
            ),
        )
        indexes = (
            models.Index(fields=("subject_type", "subject_id", "-id"), name="core_fact_subject"),
            models.Index(fields=("name", "-id"), name="core_fact_name"),
            BrinIndex(fields=("occurred_at",), name="core_fact_when"),
        )
        triggers = (
            append_only("fact_is_append_only"),
            pgtrigger.Trigger(
                name="number_within_subject",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=NUMBER_WITHIN_SUBJECT,
            ),
            pgtrigger.Trigger(
                name="queue_for_those_told",
                level=pgtrigger.Statement,
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                referencing=pgtrigger.Referencing(new="new_facts"),  # type: ignore[no-untyped-call]
                func=QUEUE_FOR_THOSE_TOLD,
            ),
        )

    def __str__(self) -> str:
        return self.sentence or self.name


class DeliveryStatus(models.TextChoices):
    WAITING = "waiting", "Waiting"
    DONE = "done", "Done"
    PARKED = "parked", "Parked"


class Delivery(Leased):
    """One fact on its way to one handler: at least once, five tries, then parked for people to see."""

    fact = models.ForeignKey(StoredFact, on_delete=models.PROTECT, related_name="deliveries")
    handler = models.CharField(max_length=120)
    status = models.CharField(
        max_length=10, choices=DeliveryStatus.choices, default=DeliveryStatus.WAITING
    )
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("fact", "handler"), name="core_delivery_once"),
        )
        indexes = (
            models.Index(
                fields=("next_attempt_at", "id"),
                name="core_delivery_due",
                condition=Q(status="waiting"),
            ),
            models.Index(
                fields=("-id",), name="core_delivery_parked", condition=Q(status="parked")
            ),
        )
        verbose_name_plural = "deliveries"

    def __str__(self) -> str:
        return f"{self.fact_id} → {self.handler} ({self.status})"

    def as_row(self) -> dict[str, Any]:
        return {"id": self.pk, "handler": self.handler, "attempts": self.attempts}
