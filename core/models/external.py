"""Operations at machines elsewhere: intent first, then the call, then the outcome."""

from datetime import datetime

from django.db import models
from django.db.models import Q
from django_fsm import FSMField, FSMModelMixin, transition


class OperationState(models.TextChoices):
    INTENDED = "intended", "Intended"
    SENT = "sent", "Sent"
    SUCCEEDED = "succeeded", "Succeeded"
    FAILED = "failed", "Failed"
    UNKNOWN = "unknown", "Outcome unknown"
    PARKED = "parked", "Parked"


class ExternalOperation(FSMModelMixin, models.Model):
    """One operation at a provider: its key is kept before the call, so a repeat never acts twice.

    Invariant P4: one operation of a provider has at most one row (`idempotency_key`).
    `attempts` is counted and committed before each call; after five the operation is parked.
    """

    kind = models.CharField(max_length=60)
    provider = models.CharField(max_length=40)
    idempotency_key = models.CharField(max_length=120, unique=True)
    subject_type = models.CharField(max_length=40)
    subject_id = models.BigIntegerField()
    state = FSMField(
        max_length=12,
        choices=OperationState.choices,
        default=OperationState.INTENDED,
        protected=True,
    )
    request = models.JSONField(default=dict)
    response = models.JSONField(default=dict)
    provider_ref = models.CharField(max_length=120, blank=True)
    error = models.CharField(max_length=500, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(null=True)
    intended_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (
            models.Index(
                fields=("next_attempt_at", "id"),
                name="core_operation_due",
                condition=Q(state__in=("intended", "sent", "unknown")),
            ),
            models.Index(fields=("subject_type", "subject_id"), name="core_operation_subject"),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.idempotency_key} ({self.state})"

    @transition(
        field=state,
        source=[OperationState.INTENDED, OperationState.SENT, OperationState.UNKNOWN],
        target=OperationState.SENT,
    )
    def send(self, *, lease_until: datetime) -> None:
        """The call is about to be made; `lease_until` is when the sweeper may look at it again."""
        self.attempts += 1
        self.next_attempt_at = lease_until

    @transition(
        field=state,
        source=[OperationState.INTENDED, OperationState.SENT, OperationState.UNKNOWN],
        target=OperationState.SUCCEEDED,
    )
    def succeed(self, *, provider_ref: str, response: dict[str, object], now: datetime) -> None:
        self.provider_ref = provider_ref
        self.response = response
        self.error = ""
        self.settled_at = now
        self.next_attempt_at = None

    @transition(
        field=state,
        source=[OperationState.INTENDED, OperationState.SENT, OperationState.UNKNOWN],
        target=OperationState.FAILED,
    )
    def fail(self, *, error: str, now: datetime) -> None:
        self.error = error[:500]
        self.settled_at = now
        self.next_attempt_at = None

    @transition(field=state, source=OperationState.SENT, target=OperationState.UNKNOWN)
    def lose_sight(self, *, error: str, look_again_at: datetime) -> None:
        """The call's answer did not arrive: whether it had an effect has to be looked up."""
        self.error = error[:500]
        self.next_attempt_at = look_again_at

    @transition(
        field=state, source=[OperationState.SENT, OperationState.UNKNOWN], target=OperationState.PARKED
    )
    def park(self) -> None:
        self.next_attempt_at = None

    @transition(field=state, source=OperationState.PARKED, target=OperationState.INTENDED)
    def retry(self, *, now: datetime) -> None:
        self.attempts = 0
        self.next_attempt_at = now
