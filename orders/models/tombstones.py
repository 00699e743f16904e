"""Orders that a channel cancelled before it told us of them."""

from django.db import models

from core.models import Channel


class CancelledAhead(models.Model):
    """A channel's order that is to be born cancelled. It stays after that: who tells the order yet
    again is told the same.
    """

    channel = models.ForeignKey(Channel, on_delete=models.CASCADE, related_name="+")
    external_id = models.CharField(max_length=100)
    reason = models.CharField(max_length=300, blank=True)
    cancelled_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("channel", "external_id"), name="orders_cancelled_ahead_once"
            ),
            models.CheckConstraint(
                condition=~models.Q(external_id=""), name="orders_cancelled_ahead_named"
            ),
        )

    def __str__(self) -> str:
        return self.external_id
