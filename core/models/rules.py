"""Automation rules: what each says, by version, and what came of it for each thing it looked at."""

import pgtrigger
from django.db import models
from django.db.models import Q

from core.models.guards import append_only
from core.models.outbox import StoredFact


class Rule(models.Model):
    """When this happens, if that holds, then these are done. What it says stands in its newest
    version; `trigger` is the fact that starts it, copied from there. Rules run in the order of
    `position`. `paused_reason` says why it was switched off by its own failures.
    """

    name = models.CharField(max_length=100)
    subject = models.CharField(max_length=40)
    trigger = models.CharField(max_length=80)
    position = models.PositiveIntegerField(default=0)
    number = models.PositiveIntegerField("version", default=1)
    is_active = models.BooleanField(default=False)
    failures = models.PositiveSmallIntegerField(default=0)
    paused_reason = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("position", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("name",), condition=Q(removed_at=None), name="core_rule_name_once"
            ),
            models.CheckConstraint(
                condition=Q(is_active=False) | Q(removed_at=None, paused_reason=""),
                name="core_rule_active_is_well",
            ),
        )
        indexes = (
            models.Index(
                fields=("trigger",), condition=Q(is_active=True), name="core_rule_by_trigger"
            ),
        )

    def __str__(self) -> str:
        return self.name


class RuleVersion(models.Model):
    """What a rule said from one change to the next (core.rules.definition)."""

    rule = models.ForeignKey(Rule, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    definition = models.JSONField()
    made_by = models.CharField(max_length=150)
    made_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("rule", "number"), name="core_rule_version_once"),
        )
        triggers = (append_only("rule_version_is_append_only"),)

    def __str__(self) -> str:
        return f"{self.rule_id}, version {self.number}"


class RunOutcome(models.TextChoices):
    """What became of a rule for one thing."""

    DONE = "done", "Ran"
    SKIPPED = "skipped", "Skipped"
    FAILED = "failed", "Failed"


class RuleRun(models.Model):
    """A rule looked at one thing on one occasion. `occasion` names what made it look: a fact, or a
    job that somebody started; the same rule looks at a thing once an occasion. `reasons` are what
    was found of each condition, `effects` what was done. Only what was skipped may be cleared away.
    """

    rule = models.ForeignKey(Rule, on_delete=models.PROTECT, related_name="runs")
    number = models.PositiveIntegerField("version")
    subject_type = models.CharField(max_length=40)
    subject_id = models.BigIntegerField()
    label = models.CharField(max_length=120, blank=True)
    fact = models.ForeignKey(StoredFact, on_delete=models.PROTECT, null=True, related_name="+")
    occasion = models.CharField(max_length=40)
    outcome = models.CharField(max_length=10, choices=RunOutcome.choices)
    is_once = models.BooleanField()
    why = models.CharField(max_length=500, blank=True)
    reasons = models.JSONField(default=list)
    effects = models.JSONField(default=list)
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("subject_type", "subject_id", "rule", "occasion"),
                name="core_rule_run_occasion_once",
            ),
            models.UniqueConstraint(
                fields=("subject_type", "subject_id", "rule"),
                condition=Q(outcome="done", is_once=True),
                name="core_rule_run_once",
            ),
        )
        indexes = (
            models.Index(fields=("subject_type", "subject_id", "-id"), name="core_rule_run_about"),
            models.Index(fields=("rule", "-id"), name="core_rule_run_newest"),
            models.Index(fields=("rule", "outcome", "-id"), name="core_rule_run_outcome"),
            models.Index(fields=("at",), condition=Q(outcome="skipped"), name="core_rule_skipped"),
        )
        triggers = (
            pgtrigger.Protect(name="rule_run_stays", operation=pgtrigger.Update),
            pgtrigger.Protect(
                name="rule_run_is_kept",
                operation=pgtrigger.Delete,
                condition=pgtrigger.Condition("OLD.outcome <> 'skipped'"),
            ),
        )

    def __str__(self) -> str:
        return f"{self.label}: {self.get_outcome_display()}"

    @property
    def told(self) -> str:
        """What it did, or why it did nothing."""
        return "; ".join(self.effects) or self.why
