"""Changes to a placed order: versioned sets of actions, and how far an edit may go by itself."""

from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django_fsm import FSMField, FSMModelMixin, transition

from core.model_fields import AmountField
from core.models import Channel
from core.models.guards import append_only
from orders.models.kits import OrderKit
from orders.models.lines import OrderLine
from orders.models.orders import Order
from orders.states import ChangeKind, ChangeState


class ChangeSet(FSMModelMixin, models.Model):
    """What somebody wants changed of an order, decided as one. Numbered per order from one.

    `based_on` is the order's version when it was asked for; `outcome` what it was shown to come to,
    as words by name. Whoever asked may not be the one who approves: keys name the person.
    """

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="change_sets")
    number = models.PositiveIntegerField()
    state = FSMField(
        max_length=10, choices=ChangeState.choices, default=ChangeState.OPEN, protected=True
    )
    reason = models.CharField(max_length=300)
    when_short = models.CharField(max_length=10)
    ships_anyway = models.BooleanField(default=False)
    based_on = models.PositiveIntegerField()
    outcome = models.JSONField(default=dict)
    why_approval = models.CharField(max_length=300, blank=True)

    requested_key = models.CharField(max_length=100, blank=True)
    requested_by = models.CharField(max_length=150)
    requested_at = models.DateTimeField()
    approved_key = models.CharField(max_length=100, blank=True)
    approved_by = models.CharField(max_length=150, blank=True)
    approved_at = models.DateTimeField(null=True, blank=True)
    declined_by = models.CharField(max_length=150, blank=True)
    declined_at = models.DateTimeField(null=True, blank=True)
    declined_reason = models.CharField(max_length=300, blank=True)
    discarded_by = models.CharField(max_length=150, blank=True)
    discarded_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.CharField(max_length=150, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-number",)
        constraints = (
            models.UniqueConstraint(fields=("order", "number"), name="orders_change_number_once"),
            models.UniqueConstraint(
                fields=("order",),
                condition=Q(state="awaiting"),
                name="orders_change_awaits_once",
            ),
            models.CheckConstraint(
                condition=Q(approved_at=None) | ~Q(approved_key=F("requested_key")),
                name="orders_change_four_eyes",
            ),
            models.CheckConstraint(
                condition=Q(state="confirmed", confirmed_at__isnull=False)
                | (~Q(state="confirmed") & Q(confirmed_at=None)),
                name="orders_change_confirmed_at",
            ),
        )

    def __str__(self) -> str:
        return f"Change {self.number} of {self.order_id}"

    @transition(field=state, source=ChangeState.OPEN, target=ChangeState.AWAITING)
    def ask(self, *, why: str) -> None:
        self.why_approval = why[:300]

    @transition(
        field=state, source=[ChangeState.OPEN, ChangeState.AWAITING], target=ChangeState.CONFIRMED
    )
    def confirm(self, *, by: str, now: datetime) -> None:
        self.confirmed_by, self.confirmed_at = by, now

    @transition(field=state, source=ChangeState.AWAITING, target=ChangeState.DECLINED)
    def decline(self, *, by: str, reason: str, now: datetime) -> None:
        self.declined_by, self.declined_reason, self.declined_at = by, reason[:300], now

    @transition(
        field=state, source=[ChangeState.OPEN, ChangeState.AWAITING], target=ChangeState.DISCARDED
    )
    def discard(self, *, by: str, now: datetime) -> None:
        self.discarded_by, self.discarded_at = by, now


class ChangeAction(models.Model):
    """One action of a change set: append-only. `values` are its primitives by name; `before` and
    `after` say in words what it does.
    """

    change_set = models.ForeignKey(ChangeSet, on_delete=models.PROTECT, related_name="actions")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=20, choices=ChangeKind.choices)
    line = models.ForeignKey(
        OrderLine, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    kit = models.ForeignKey(
        OrderKit, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    values = models.JSONField(default=dict)
    reason = models.CharField(max_length=300, blank=True)
    what = models.CharField(max_length=300)
    before = models.CharField(max_length=300, blank=True)
    after = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ("position",)
        constraints = (
            models.UniqueConstraint(
                fields=("change_set", "position"), name="orders_change_action_once"
            ),
        )
        triggers = (append_only("change_action_is_append_only"),)

    def __str__(self) -> str:
        return f"{self.what}: {self.before} → {self.after}"


class EditRule(models.Model):
    """How far a channel's orders may be edited by one person, and what may stay unpaid afterwards.

    Empty limits mean no limit; how far a price may be from the list's is the channel policy's. A
    paid order goes on while no more than `tolerance` is missing.
    """

    channel = models.OneToOneField(Channel, on_delete=models.PROTECT, related_name="edit_rule")
    amount_limit = AmountField(
        "amount that needs approval",
        null=True,
        blank=True,
        help_text="An edit that changes the order’s worth by more than this waits for a second"
        " person. Leave empty for no limit.",
    )
    percent_limit = models.PositiveSmallIntegerField(
        "percent that needs approval",
        null=True,
        blank=True,
        help_text="The same in percent of what the order was worth.",
    )
    tolerance = AmountField(
        default=0,
        help_text="An order that was paid goes on after an edit while no more than this is missing.",
    )

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(tolerance__gte=0) & (Q(amount_limit=None) | Q(amount_limit__gte=0)),
                name="orders_edit_rule_not_negative",
            ),
        )

    def __str__(self) -> str:
        return f"Edits of {self.channel}"
