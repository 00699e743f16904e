"""Versions of the risk rules, the decisions made by them, and the reviews people owe."""

from datetime import datetime

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django_fsm import FSMField, FSMModelMixin, transition

from core import clock
from core.model_fields import CurrencyField
from core.models import Channel
from core.models.guards import append_only
from orders.models.orders import Order
from orders.risk import Version, version_of
from orders.states import (
    RiskListKind,
    RiskOutcome,
    RiskRuleSetState,
    RiskSignalKind,
    RiskVerdict,
)

CONTENT = ("number", "channel_id", "weights", "review_at", "hold_at", "review_hours")


def _is_changed() -> pgtrigger.Q:
    changed = pgtrigger.Q()
    for name in CONTENT:
        changed |= pgtrigger.Q(**{f"old__{name}__df": pgtrigger.F(f"new__{name}")})
    return changed


class RiskRuleSet(FSMModelMixin, models.Model):
    """One version of the rules, of one channel or (None) of every channel that has none of its own.

    `weights` is {code of a rule: {points, limit}}. A version that was live once stays as it is: what
    was decided by it can be decided again. At most one is live for a channel.
    """

    number = models.PositiveIntegerField(unique=True)
    channel = models.ForeignKey(
        Channel, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    note = models.CharField(max_length=200, blank=True)
    state = FSMField(
        max_length=10,
        choices=RiskRuleSetState.choices,
        default=RiskRuleSetState.DRAFT,
        protected=True,
    )
    weights = models.JSONField(default=dict)
    review_at = models.PositiveIntegerField(default=30)
    hold_at = models.PositiveIntegerField(default=60)
    review_hours = models.PositiveSmallIntegerField(default=24)
    made_by = models.CharField(max_length=150)
    made_at = models.DateTimeField()
    live_at = models.DateTimeField(null=True, blank=True)
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-number",)
        constraints = (
            models.UniqueConstraint(
                fields=("channel",),
                condition=Q(state="live"),
                nulls_distinct=False,
                name="orders_risk_one_live",
            ),
            models.CheckConstraint(
                condition=Q(review_at__gt=0) & Q(hold_at__gt=F("review_at")),
                name="orders_risk_thresholds_rise",
            ),
            models.CheckConstraint(condition=Q(review_hours__gt=0), name="orders_risk_has_clock"),
        )
        triggers = (
            pgtrigger.Protect(
                name="risk_rules_are_fixed_once_live",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__state__in=("live", "retired")) & _is_changed(),
            ),
            pgtrigger.Protect(
                name="risk_rules_stay_once_live",
                operation=pgtrigger.Delete,
                condition=pgtrigger.Q(old__state__in=("live", "retired")),
            ),
            pgtrigger.FSM(
                name="risk_rules_go_one_way",
                field="state",
                transitions=[("draft", "live"), ("draft", "retired"), ("live", "retired")],
            ),
        )

    def __str__(self) -> str:
        return f"Version {self.number}"

    @property
    def version(self) -> Version:
        return version_of(self.weights, self.review_at, self.hold_at)

    @property
    def covers(self) -> str:
        """For whom it is, as people say it."""
        return self.channel.name if self.channel else "All channels"

    @transition(field=state, source=RiskRuleSetState.DRAFT, target=RiskRuleSetState.LIVE)
    def go_live(self, *, now: datetime) -> None:
        self.live_at = now

    @transition(
        field=state,
        source=[RiskRuleSetState.DRAFT, RiskRuleSetState.LIVE],
        target=RiskRuleSetState.RETIRED,
    )
    def retire(self, *, now: datetime) -> None:
        self.retired_at = now


class RiskDecision(models.Model):
    """One scoring of an order; never changed, never deleted. `inputs` are its Facts: with the version
    they give the same score and reasons again (invariant O41).
    """

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="risk_decisions")
    rule_set = models.ForeignKey(RiskRuleSet, on_delete=models.PROTECT, related_name="decisions")
    score = models.PositiveIntegerField()
    outcome = models.CharField(max_length=10, choices=RiskOutcome.choices)
    reasons = models.JSONField(default=list)
    inputs = models.JSONField()
    why = models.CharField(max_length=60, help_text="What it was scored after.")
    decided_at = models.DateTimeField()

    class Meta:
        ordering = ("-decided_at", "-id")
        indexes = (models.Index(fields=("order", "-id"), name="orders_risk_of_order"),)
        triggers = (append_only("risk_decisions_are_append_only"),)

    def __str__(self) -> str:
        return f"{self.score} points"


class RiskReview(models.Model):
    """An order that a person has to look at by `due_at`. `hold` is the hold that keeps it meanwhile;
    a review without one keeps nothing. It ends with a verdict, once.
    """

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="risk_reviews")
    decision = models.ForeignKey(RiskDecision, on_delete=models.PROTECT, related_name="+")
    hold = models.ForeignKey(
        "orders.Hold", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField()
    verdict = models.CharField(max_length=10, choices=RiskVerdict.choices, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    closed_by = models.CharField(max_length=150, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("due_at", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("order",), condition=Q(closed_at=None), name="orders_risk_review_once"
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None, verdict="")
                | (Q(closed_at__isnull=False) & ~Q(verdict="")),
                name="orders_risk_review_ends_with_verdict",
            ),
        )
        indexes = (
            models.Index(
                fields=("due_at", "id"), name="orders_risk_to_review", condition=Q(closed_at=None)
            ),
        )

    def __str__(self) -> str:
        return f"Review of order {self.order_id}"

    @property
    def is_late(self) -> bool:
        """Whether a person should have decided by now."""
        return self.closed_at is None and self.due_at <= clock.now()


class RiskSignal(models.Model):
    """What somebody told of an order's money that speaks against it; `ref` names it, so that it is
    told once.
    """

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="risk_signals")
    kind = models.CharField(max_length=10, choices=RiskSignalKind.choices)
    ref = models.CharField(max_length=200)
    occurred_at = models.DateTimeField()
    told_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("kind", "ref"), name="orders_risk_signal_once"),
        )
        triggers = (append_only("risk_signals_are_append_only"),)

    def __str__(self) -> str:
        return self.get_kind_display()


class RiskListEntry(models.Model):
    """One entry of a list that rules look things up in. `value` is as it is compared: of a person's
    e-mail, phone, address and network address a keyed hash, with a `hint` by which people know it.
    """

    kind = models.CharField(max_length=12, choices=RiskListKind.choices)
    value = models.CharField(max_length=300)
    hint = models.CharField(max_length=40, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    added_by = models.CharField(max_length=150, blank=True)
    added_at = models.DateTimeField()

    class Meta:
        ordering = ("kind", "value")
        verbose_name_plural = "risk list entries"
        constraints = (
            models.UniqueConstraint(fields=("kind", "value"), name="orders_risk_entry_once"),
            models.CheckConstraint(
                condition=~Q(kind__in=RiskListKind.hashed()) | Q(value__regex="^[0-9a-f]{64}$"),
                name="orders_risk_entry_tells_nobody",
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.shown}"

    @property
    def shown(self) -> str:
        """What it is about, as far as the list knows."""
        if self.kind in RiskListKind.hashed():
            return self.hint or "kept as a hash"
        return self.value


class OrderOrigin(models.Model):
    """From where an order was asked for, where its channel told: the network address as a keyed hash,
    never itself, and the browser. Cleared away after settings.OMS_KEEP_DAYS["order_origins"].
    """

    order = models.OneToOneField(
        Order, on_delete=models.CASCADE, primary_key=True, related_name="origin"
    )
    network_key = models.CharField(max_length=64, blank=True)
    user_agent = models.CharField(max_length=300, blank=True)
    told_at = models.DateTimeField()

    class Meta:
        indexes = (
            models.Index(
                fields=("network_key", "told_at"),
                name="orders_origin_network",
                condition=~Q(network_key=""),
            ),
            models.Index(fields=("told_at",), name="orders_origin_told"),
        )

    def __str__(self) -> str:
        return f"Origin of order {self.order_id}"


class RiskBaseline(models.Model):
    """What is usual in a channel: the 99th percentile of its latest orders' amounts, in its currency.
    `usual_most` is empty while there are too few orders to say.
    """

    channel = models.OneToOneField(Channel, on_delete=models.CASCADE, related_name="+")
    currency = CurrencyField()
    usual_most = models.DecimalField(max_digits=19, decimal_places=4, null=True, blank=True)
    orders = models.PositiveIntegerField(default=0)
    computed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"What is usual in channel {self.channel_id}"


class RiskBacktest(models.Model):
    """A version run over past orders beside the one that was live; `digest` is what it said then."""

    rule_set = models.ForeignKey(RiskRuleSet, on_delete=models.PROTECT, related_name="backtests")
    beside = models.ForeignKey(
        RiskRuleSet, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    digest = models.CharField(max_length=64)
    days = models.PositiveSmallIntegerField()
    job = models.ForeignKey(
        "core.Job", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    asked_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    orders = models.PositiveIntegerField(default=0)
    outcomes = models.JSONField(default=dict)
    outcomes_beside = models.JSONField(default=dict)
    scores = models.JSONField(default=list)
    changed = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ("-asked_at", "-id")

    def __str__(self) -> str:
        return f"Back-test over {self.days} days"


class RiskBacktestChange(models.Model):
    """An order that a back-tested version decides otherwise than the one that was live."""

    backtest = models.ForeignKey(RiskBacktest, on_delete=models.CASCADE, related_name="changes")
    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="+")
    score = models.PositiveIntegerField()
    outcome = models.CharField(max_length=10, choices=RiskOutcome.choices)
    reasons = models.JSONField(default=list)
    score_beside = models.PositiveIntegerField()
    outcome_beside = models.CharField(max_length=10, choices=RiskOutcome.choices)

    class Meta:
        ordering = ("-score", "id")
        constraints = (
            models.UniqueConstraint(fields=("backtest", "order"), name="orders_risk_change_once"),
        )

    def __str__(self) -> str:
        return f"{self.outcome_beside} → {self.outcome}"
