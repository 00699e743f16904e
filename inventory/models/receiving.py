"""Receipts: what was counted of a delivery, how it differed, and who got the units."""

from datetime import datetime

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django_fsm import FSMField, FSMModelMixin, transition

from core.model_fields import CostField
from inventory.models.demand import Demand
from inventory.models.lots import Lot
from inventory.models.purchasing import PurchaseOrder, PurchaseOrderLine, ShipNotice
from inventory.states import Condition, Difference, ReceiptState


class Receipt(FSMModelMixin, models.Model):
    """The counting of one delivery of a purchase order: it starts at zero. The `key` makes a
    receiving that is sent twice one receipt. One receipt of an order is counted at a time.
    """

    number = models.CharField(max_length=20, unique=True)
    order = models.ForeignKey(PurchaseOrder, on_delete=models.PROTECT, related_name="receipts")
    notice = models.ForeignKey(
        ShipNotice, on_delete=models.PROTECT, null=True, blank=True, related_name="receipts"
    )
    key = models.CharField(max_length=80, unique=True)
    state = FSMField(
        max_length=10,
        choices=ReceiptState.choices,
        default=ReceiptState.COUNTING,
        protected=True,
    )
    delivery_note = models.CharField(max_length=60, blank=True)
    started_by = models.CharField(max_length=150, blank=True)
    started_at = models.DateTimeField()
    posted_by = models.CharField(max_length=150, blank=True)
    posted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-id",)
        constraints = (
            models.UniqueConstraint(
                fields=("order",),
                condition=Q(state="counting"),
                name="inventory_receipt_counted_once",
            ),
        )
        triggers = (
            pgtrigger.FSM(
                name="receipt_moves",
                field="state",
                transitions=[("counting", "posted"), ("counting", "discarded")],
            ),
        )

    def __str__(self) -> str:
        return self.number

    @transition(field=state, source=ReceiptState.COUNTING, target=ReceiptState.POSTED)
    def post(self, *, by: str, now: datetime) -> None:
        self.posted_by = by[:150]
        self.posted_at = now

    @transition(field=state, source=ReceiptState.COUNTING, target=ReceiptState.DISCARDED)
    def discard(self) -> None:
        """Nothing of it counts."""


class ReceiptLine(models.Model):
    """Units of one purchase line in one condition, of one lot. `unit_cost` is what each cost with its
    way in, in the location's currency, once posted.
    """

    receipt = models.ForeignKey(Receipt, on_delete=models.CASCADE, related_name="lines")
    line = models.ForeignKey(
        PurchaseOrderLine, on_delete=models.PROTECT, related_name="receipt_lines"
    )
    quantity = models.PositiveIntegerField(default=0)
    condition = models.CharField(
        max_length=20, choices=Condition.choices, default=Condition.SELLABLE
    )
    lot_code = models.CharField("lot number", max_length=60, blank=True)
    made_on = models.DateField(null=True, blank=True)
    expires_on = models.DateField(null=True, blank=True)
    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    serials = ArrayField(models.CharField(max_length=80), default=list, blank=True)
    bin = models.CharField("put away in", max_length=30, blank=True)
    note = models.CharField(max_length=300, blank=True)
    unit_cost = CostField()

    class Meta:
        ordering = ("line__position", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("receipt", "line", "condition", "lot_code"),
                name="inventory_receipt_line_once",
            ),
        )

    def __str__(self) -> str:
        return f"{self.quantity} of {self.line_id}"


class ReceiptDifference(models.Model):
    """How a delivery differed from what was expected of a line: more (positive), less (negative) or
    damaged, and why.
    """

    receipt = models.ForeignKey(Receipt, on_delete=models.CASCADE, related_name="differences")
    line = models.ForeignKey(
        PurchaseOrderLine, on_delete=models.PROTECT, related_name="differences"
    )
    units = models.IntegerField()
    reason = models.CharField(max_length=20, choices=Difference.choices)
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ("-receipt_id", "line__position", "id")
        constraints = (
            models.CheckConstraint(
                condition=~Q(units=0), name="inventory_receipt_difference_not_zero"
            ),
        )

    def __str__(self) -> str:
        return f"{self.units:+d} of {self.line_id}"


class ReceiptFill(models.Model):
    """Units that went to somebody who waited, at once when a receipt was posted."""

    receipt = models.ForeignKey(Receipt, on_delete=models.CASCADE, related_name="fills")
    demand = models.ForeignKey(Demand, on_delete=models.PROTECT, related_name="receipt_fills")
    quantity = models.PositiveIntegerField()

    class Meta:
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(fields=("receipt", "demand"), name="inventory_receipt_fill"),
        )

    def __str__(self) -> str:
        return f"{self.quantity} for {self.demand_id}"
