"""Goods on their way from one of our locations to another."""

from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django_fsm import FSMField, FSMModelMixin, transition

from core.model_fields import CostField
from inventory.models.catalogue import Variant
from inventory.models.locations import Location
from inventory.states import LossReason, TransferState


class TransferQuerySet(models.QuerySet["Transfer"]):
    def open(self) -> "TransferQuerySet":
        return self.filter(state__in=TransferState.open_states())


class Transfer(FSMModelMixin, models.Model):
    """What one location sends to another. `exchange_rate` is how much of the target's currency one
    unit of the source's is worth, so that cost travels with the goods.
    """

    number = models.CharField(max_length=30, unique=True)
    source = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="transfers_out")
    target = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="transfers_in")
    state = FSMField(
        max_length=20, choices=TransferState.choices, default=TransferState.DRAFT, protected=True
    )
    expected_on = models.DateField("expected on", null=True, blank=True)
    exchange_rate = models.DecimalField(max_digits=18, decimal_places=8, default=1)
    note = models.CharField(max_length=300, blank=True)
    created_by = models.CharField(max_length=150)
    created_at = models.DateTimeField()
    shipped_at = models.DateTimeField(null=True, blank=True)
    received_at = models.DateTimeField(null=True, blank=True)

    objects = TransferQuerySet.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=~Q(source=F("target")), name="inventory_transfer_goes_elsewhere"
            ),
            models.CheckConstraint(
                condition=Q(exchange_rate__gt=0), name="inventory_transfer_rate_positive"
            ),
        )
        indexes = (
            models.Index(fields=("created_at", "id"), name="inventory_transfer_created"),
            models.Index(
                fields=("target", "expected_on"),
                name="inventory_transfer_coming",
                condition=Q(state__in=("draft", "shipped", "partly_received")),
            ),
        )

    def __str__(self) -> str:
        return self.number

    @transition(field=state, source=TransferState.DRAFT, target=TransferState.SHIPPED)
    def ship(self, *, now: datetime) -> None:
        """The goods left the source; nothing of them lies anywhere until they are received."""
        self.shipped_at = now

    @transition(field=state, source=TransferState.under_way(), target=TransferState.PARTLY_RECEIVED)
    def receive_some(self) -> None:
        """Some came; the rest is still on its way."""

    @transition(field=state, source=TransferState.under_way(), target=TransferState.RECEIVED)
    def finish(self, *, now: datetime) -> None:
        """All that was sent came, or is known to be lost."""
        self.received_at = now

    @transition(field=state, source=TransferState.DRAFT, target=TransferState.CANCELLED)
    def cancel(self) -> None:
        """Nothing left, and nothing will."""


class TransferLine(models.Model):
    """Units of one variant (and lot, once sent) on a transfer. Of what was shipped, what was neither
    received nor lost is in transit; `scanned` was seen at the target but is not booked in yet.
    `unit_cost` is the source's average when they left, in its currency. Invariant S5.
    """

    transfer = models.ForeignKey(Transfer, on_delete=models.CASCADE, related_name="lines")
    position = models.PositiveIntegerField(default=0)
    variant = models.ForeignKey(Variant, on_delete=models.PROTECT, related_name="transfer_lines")
    lot = models.ForeignKey(
        "inventory.Lot", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    quantity = models.PositiveIntegerField()
    shipped = models.PositiveIntegerField(default=0)
    received = models.PositiveIntegerField(default=0)
    lost = models.PositiveIntegerField(default=0)
    scanned = models.PositiveIntegerField(default=0)
    loss_reason = models.CharField(max_length=10, choices=LossReason.choices, blank=True)
    unit_cost = CostField()

    class Meta:
        ordering = ("position", "id")
        constraints = (
            models.CheckConstraint(
                condition=Q(quantity__gt=0), name="inventory_transfer_line_positive"
            ),
            models.CheckConstraint(
                condition=Q(shipped__lte=F("quantity"))
                & Q(shipped__gte=F("received") + F("lost") + F("scanned")),
                name="inventory_transfer_line_counters",
            ),
        )

    def __str__(self) -> str:
        return f"{self.quantity} × {self.variant_id}"

    @property
    def on_the_way(self) -> int:
        return self.shipped - self.received - self.lost

    @property
    def to_scan(self) -> int:
        return self.on_the_way - self.scanned
