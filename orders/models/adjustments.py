"""Why a line, or the shipping of an order, costs less."""

from django.db import models
from django.db.models import Q

from core.model_fields import AmountField
from core.models.guards import append_only
from orders.models.lines import OrderLine
from orders.models.orders import Order
from orders.models.promotions import Promotion
from orders.states import AdjustmentKind


class Adjustment(models.Model):
    """One reason. A line's add up to its discount (invariant O9); an order's own say what was taken
    off its shipping before it was charged. Rows are never changed: what changes a discount later
    adds one, below zero where the discount shrinks.
    """

    line = models.ForeignKey(
        OrderLine, on_delete=models.CASCADE, null=True, blank=True, related_name="adjustments"
    )
    order = models.ForeignKey(
        Order, on_delete=models.CASCADE, null=True, blank=True, related_name="adjustments"
    )
    kind = models.CharField(max_length=12, choices=AdjustmentKind.choices)
    promotion = models.ForeignKey(
        Promotion, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    label = models.CharField(max_length=160)
    code = models.CharField(max_length=60, blank=True)
    amount = AmountField()

    class Meta:
        triggers = (append_only("orders_adjustment_append_only"),)
        constraints = (
            models.CheckConstraint(
                condition=Q(line=None, order__isnull=False) | Q(line__isnull=False, order=None),
                name="orders_adjustment_of_one",
            ),
        )

    def __str__(self) -> str:
        return f"{self.label}: {self.amount}"
