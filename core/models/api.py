"""Keys of machines that call the API, and the answers they were given once."""

from datetime import datetime

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from core.actors import Actor, ActorKind
from core.models.business import Channel


class ApiKey(models.Model):
    """A machine that may call the API. Of its secret only the SHA-256 is kept; `prefix` is what people
    know it by. `scopes` are codes of rights; with a channel it sees and changes nothing of another.
    After a rotation the secret before works until `previous_until`.
    """

    name = models.CharField(max_length=100)
    prefix = models.CharField(max_length=12, unique=True)
    secret_hash = models.CharField(max_length=64, unique=True)
    previous_hash = models.CharField(max_length=64, unique=True, null=True, blank=True)
    previous_until = models.DateTimeField(null=True, blank=True)
    scopes = ArrayField(models.CharField(max_length=60), default=list)
    channel = models.ForeignKey(
        Channel, on_delete=models.PROTECT, null=True, blank=True, related_name="api_keys"
    )
    per_minute = models.PositiveIntegerField(
        "requests a minute",
        default=1_200,
        validators=[MinValueValidator(1), MaxValueValidator(10_000_000)],
        help_text="More than this are refused with 429 until the minute goes on.",
    )
    created_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("name", "id")
        verbose_name = "API key"
        constraints = (
            models.CheckConstraint(
                condition=Q(previous_hash=None, previous_until=None)
                | Q(previous_hash__isnull=False, previous_until__isnull=False),
                name="core_apikey_previous_whole",
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def actor(self) -> Actor:
        return Actor(ActorKind.API_CLIENT, str(self.pk), self.name)

    def has_overlap(self, now: datetime) -> bool:
        """Whether the secret before the last rotation still opens."""
        return self.previous_until is not None and self.previous_until > now


class StoredAnswer(models.Model):
    """The answer to a request that carried an Idempotency-Key, for whoever sends it again.

    It is written in the transaction of what the request did, so neither stands without the other.
    """

    api_key = models.ForeignKey(ApiKey, on_delete=models.CASCADE, related_name="answers")
    key = models.CharField(max_length=200)
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    headers = models.JSONField(default=dict)
    body = models.TextField(blank=True)
    answered_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("api_key", "key"), name="core_answer_once"),)
        indexes = (models.Index(fields=("answered_at",), name="core_answer_age"),)

    def __str__(self) -> str:
        return f"{self.api_key_id}: {self.key}"
