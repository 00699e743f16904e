"""Returns: what comes back, in which state, and what became of it."""

from datetime import datetime
from decimal import Decimal

from django.db import models
from django.db.models import F, Q
from django_fsm import FSMField, FSMModelMixin, transition

from core.model_fields import AmountField
from inventory.models import Location
from orders.models import Order, OrderLine
from returns.states import ReturnReason, ReturnState


class ReturnQuerySet(models.QuerySet["ReturnRequest"]):
    def open(self) -> "ReturnQuerySet":
        return self.filter(state__in=ReturnState.open_states())


class ReturnRequest(FSMModelMixin, models.Model):
    """Goods of one order on their way back. `credit` is what the order's worth fell by at
    inspection, `refunded` what was given back for it, both in the order's currency.
    """

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="returns")
    number = models.CharField(max_length=40, unique=True)
    state = FSMField(
        max_length=12,
        choices=ReturnState.choices,
        default=ReturnState.REQUESTED,
        protected=True,
    )
    note = models.CharField(max_length=500, blank=True)
    decision_note = models.CharField(max_length=500, blank=True)
    location = models.ForeignKey(
        Location, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    credit = AmountField(default=0)
    refunded = AmountField(default=0)
    requested_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)
    received_at = models.DateTimeField(null=True, blank=True)
    inspected_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = ReturnQuerySet.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(credit__gte=0) & Q(refunded__gte=0), name="returns_money_not_negative"
            ),
        )
        indexes = (
            models.Index(fields=("-requested_at", "-id"), name="returns_newest"),
            models.Index(
                fields=("state", "requested_at"),
                name="returns_open",
                condition=Q(state__in=("requested", "approved", "received", "inspected")),
            ),
        )

    def __str__(self) -> str:
        return self.number

    @property
    def units(self) -> int:
        return sum(line.quantity for line in self.lines.all())

    @property
    def left_to_refund(self) -> Decimal:
        left: Decimal = self.credit - self.refunded
        return left

    @transition(field=state, source=ReturnState.REQUESTED, target=ReturnState.APPROVED)
    def approve(self, *, now: datetime) -> None:
        self.decided_at = now

    @transition(field=state, source=ReturnState.REQUESTED, target=ReturnState.REJECTED)
    def reject(self, *, why: str, now: datetime) -> None:
        self.decided_at = now
        self.decision_note = why[:500]

    @transition(
        field=state,
        source=[ReturnState.REQUESTED, ReturnState.APPROVED],
        target=ReturnState.CANCELLED,
    )
    def cancel(self, *, now: datetime) -> None:
        self.closed_at = now

    @transition(field=state, source=ReturnState.APPROVED, target=ReturnState.RECEIVED)
    def receive(self, *, now: datetime) -> None:
        self.received_at = now

    @transition(field=state, source=ReturnState.RECEIVED, target=ReturnState.INSPECTED)
    def inspect(self, *, now: datetime) -> None:
        self.inspected_at = now

    @transition(field=state, source=ReturnState.INSPECTED, target=ReturnState.CLOSED)
    def close(self, *, now: datetime) -> None:
        self.closed_at = now


class ReturnLine(models.Model):
    """Units of one order line that come back. What was announced and did not come is `quantity`
    less `received`; what came is restocked or scrapped at inspection, and credited or not.
    """

    request = models.ForeignKey(ReturnRequest, on_delete=models.CASCADE, related_name="lines")
    order_line = models.ForeignKey(OrderLine, on_delete=models.PROTECT, related_name="return_lines")
    quantity = models.PositiveIntegerField()
    reason = models.CharField(max_length=20, choices=ReturnReason.choices)
    received = models.PositiveIntegerField(default=0)
    restocked = models.PositiveIntegerField(default=0)
    scrapped = models.PositiveIntegerField(default=0)
    credited = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ("order_line__position",)
        constraints = (
            models.UniqueConstraint(fields=("request", "order_line"), name="returns_line_once"),
            models.CheckConstraint(
                condition=Q(quantity__gt=0)
                & Q(received__lte=F("quantity"))
                & Q(received__gte=F("restocked") + F("scrapped"))
                & Q(credited__lte=F("received")),
                name="returns_line_counters",
            ),
        )

    def __str__(self) -> str:
        return f"{self.quantity} × {self.order_line_id}"
