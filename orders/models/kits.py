"""Kits on orders: what was ordered as one thing and is sent as its components."""

from django.db import models
from django.db.models import Q

from core.model_fields import AmountField
from inventory.models import Variant
from orders.models.orders import Order


class OrderKit(models.Model):
    """A kit as it was bought: `quantity` wholes at `unit_price`, `amount` before discounts.

    It groups the order lines of its components, which carry its money and its units; so nothing
    is set aside, sent or taken back for a kit but for its lines.
    """

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="kits")
    variant = models.ForeignKey(
        Variant, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    sku = models.CharField("SKU", max_length=60, blank=True)
    name = models.CharField(max_length=300)
    quantity = models.PositiveIntegerField()
    unit_price = AmountField()
    amount = AmountField()
    discount = AmountField(default=0)
    total = AmountField()

    class Meta:
        ordering = ("id",)
        constraints = (
            models.CheckConstraint(condition=Q(quantity__gt=0), name="orders_kit_quantity"),
        )

    def __str__(self) -> str:
        return f"{self.quantity} × {self.sku or self.name}"
