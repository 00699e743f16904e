"""What-ifs: past orders decided again in another network, and what that came to."""

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

CONTENT = ("name", "days", "asked_at", "finished_at", "scenario", "changes", "result")


def _is_changed() -> pgtrigger.Q:
    changed = pgtrigger.Q()
    for name in CONTENT:
        changed |= pgtrigger.Q(**{f"old__{name}__df": pgtrigger.F(f"new__{name}")})
    return changed


class WhatIf(models.Model):
    """A question asked of the past: `scenario` says what is otherwise (Scenario.as_json), `changes` the
    same in words; `result` is both replays side by side (Comparison.as_json). Once it is there
    nothing of it changes.
    """

    name = models.CharField(max_length=100)
    days = models.PositiveSmallIntegerField()
    scenario = models.JSONField()
    changes = ArrayField(models.CharField(max_length=200), default=list)
    job = models.ForeignKey(
        "core.Job", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    asked_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    result = models.JSONField(null=True, blank=True)

    class Meta:
        verbose_name = "what-if"
        ordering = ("-asked_at", "-id")
        constraints = (
            models.CheckConstraint(
                condition=Q(finished_at=None, result=None)
                | Q(finished_at__isnull=False, result__isnull=False),
                name="orders_what_if_is_done_with_result",
            ),
            models.CheckConstraint(
                condition=Q(days__gte=1, days__lte=365), name="orders_what_if_days"
            ),
        )
        triggers = (
            pgtrigger.Protect(
                name="what_if_is_fixed_once_done",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__finished_at__isnull=False) & _is_changed(),
            ),
        )

    def __str__(self) -> str:
        return self.name
