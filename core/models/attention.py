"""What waits for a person, as rows that home shows."""

from django.conf import settings
from django.db import models
from django.db.models import Q


class AttentionItem(models.Model):
    """One thing that needs a person: at most one open item per kind and subject."""

    kind = models.CharField(max_length=40)
    subject_type = models.CharField(max_length=40)
    subject_id = models.BigIntegerField()
    title = models.CharField(max_length=200)
    detail = models.CharField(max_length=500, blank=True)
    url = models.CharField(max_length=300, blank=True)
    raised_at = models.DateTimeField()
    resolved_at = models.DateTimeField(null=True, blank=True)
    snoozed_until = models.DateTimeField(null=True, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True
    )

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("kind", "subject_type", "subject_id"),
                condition=Q(resolved_at=None),
                name="core_attention_open_once",
            ),
        )
        indexes = (
            models.Index(
                fields=("kind", "raised_at"),
                condition=Q(resolved_at=None),
                name="core_attention_open",
            ),
        )

    def __str__(self) -> str:
        return self.title
