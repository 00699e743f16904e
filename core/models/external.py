"""Operations at machines elsewhere: intent first, then the call, then the outcome."""

from datetime import datetime

from django.db import models
from django.db.models import Q
from django_fsm import FSMField, FSMModelMixin, transition

from core.models.leased import Leased


class OperationState(models.TextChoices):
    INTENDED = "intended", "Intended"
    SENT = "sent", "Sent"
    SUCCEEDED = "succeeded", "Succeeded"
    FAILED = "failed", "Failed"
    UNKNOWN = "unknown", "Outcome unknown"
    PARKED = "parked", "Parked"


class ExternalOperation(FSMModelMixin, Leased):
    """One operation at a provider: its key is kept before the call, so a repeat never acts twice.

    Invariant P4: one operation of a provider has at most one row (`idempotency_key`).
    `attempts` is counted and committed before each call and each look-up; after five of them the
    operation is parked. `outcome` is kept when it is known but could not be settled yet.
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
    outcome = models.JSONField(null=True, blank=True)
    was_sent = models.BooleanField(default=False)
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
        self.hold(lease_until=lease_until)
        self.was_sent = True

    @transition(
        field=state,
        source=[OperationState.INTENDED, OperationState.SENT, OperationState.UNKNOWN],
        target=OperationState.SUCCEEDED,
    )
    def succeed(self, *, provider_ref: str, response: dict[str, object], now: datetime) -> None:
        self.provider_ref = provider_ref
        self.response = response
        self.last_error = ""
        self.settled_at = now
        self.next_attempt_at = None

    @transition(
        field=state,
        source=[OperationState.INTENDED, OperationState.SENT, OperationState.UNKNOWN],
        target=OperationState.FAILED,
    )
    def fail(self, *, error: str, now: datetime) -> None:
        self.last_error = error
        self.settled_at = now
        self.next_attempt_at = None

    @transition(
        field=state,
        source=[OperationState.SENT, OperationState.UNKNOWN],
        target=OperationState.UNKNOWN,
    )
    def lose_sight(self, *, error: str, look_again_at: datetime) -> None:
        """The call's answer did not arrive: whether it had an effect has to be looked up."""
        self.last_error = error
        self.next_attempt_at = look_again_at

    @transition(field=state, source=OperationState.SENT, target=OperationState.INTENDED)
    def put_back(self, *, error: str, at: datetime) -> None:
        """The call was certainly not taken up: it may be made again."""
        self.last_error = error
        self.next_attempt_at = at
        self.was_sent = False

    @transition(
        field=state,
        source=[OperationState.INTENDED, OperationState.SENT, OperationState.UNKNOWN],
        target=OperationState.PARKED,
    )
    def park(self, *, error: str) -> None:
        self.last_error = error
        self.next_attempt_at = None

    @transition(field=state, source=OperationState.PARKED, target=OperationState.INTENDED)
    def retry(self, *, now: datetime) -> None:
        """Send again although nobody knows whether the earlier call had an effect."""
        self.start_over(now=now)

    @transition(field=state, source=OperationState.PARKED, target=OperationState.UNKNOWN)
    def look_again(self, *, now: datetime) -> None:
        """Ask the provider once more what became of the earlier call."""
        self.start_over(now=now)

    def hold(self, *, lease_until: datetime) -> None:
        """Count an attempt and keep others away until the lease ends."""
        self.attempts += 1
        self.fence += 1
        self.next_attempt_at = lease_until

    def start_over(self, *, now: datetime) -> None:
        self.attempts = 0
        self.fence += 1
        self.next_attempt_at = now
