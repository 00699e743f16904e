"""Work that a row holds: who may try it, how often, and when next."""

from typing import ClassVar

from django.db import models


class Leased(models.Model):
    """A row of work that one worker at a time takes on lease (core.leases).

    `attempts` is counted and committed before the work starts. `fence` counts the times the row
    changed hands and never goes back: whoever held an earlier one may no longer mark the row.
    """

    WAITING: ClassVar[str] = "waiting"
    PARKED: ClassVar[str] = "parked"

    attempts = models.PositiveSmallIntegerField(default=0)
    fence = models.PositiveIntegerField(default=0)
    next_attempt_at = models.DateTimeField(null=True, blank=True)
    last_error = models.TextField(blank=True)

    class Meta:
        abstract = True
