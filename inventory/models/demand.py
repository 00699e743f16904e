"""Demand for units and what was set aside for it; inventory knows demand, not orders."""

from django.db import models
from django.db.models import F, Q

from inventory.models.catalogue import Variant
from inventory.models.stock import StockLevel


class DemandQuerySet(models.QuerySet["Demand"]):
    def backordered(self) -> "DemandQuerySet":
        """Demand that still waits for stock, in the order in which it is served."""
        return self.filter(quantity__gt=F("allocated") + F("consumed") + F("cancelled")).order_by(
            "priority", "since", "id"
        )


class Demand(models.Model):
    """Somebody wants units of a variant. Units wanted are open until consumed (they left) or
    cancelled; open units are either allocated or backordered. Lower priority is served first, then
    the older. `reference` names the wish for people and is opaque here.
    """

    variant = models.ForeignKey(Variant, on_delete=models.PROTECT, related_name="demands")
    quantity = models.PositiveIntegerField()
    allocated = models.PositiveIntegerField(default=0)
    consumed = models.PositiveIntegerField(default=0)
    cancelled = models.PositiveIntegerField(default=0)
    priority = models.PositiveSmallIntegerField(default=100)
    since = models.DateTimeField()
    reference = models.CharField(max_length=60, blank=True)
    shelf_life_days = models.PositiveIntegerField(
        default=0, help_text="Days that a unit must still be usable for when it is set aside."
    )
    channel = models.ForeignKey("core.Channel", on_delete=models.PROTECT, related_name="+")

    objects = DemandQuerySet.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(quantity__gt=0), name="inventory_demand_positive"),
            models.CheckConstraint(
                condition=Q(quantity__gte=F("allocated") + F("consumed") + F("cancelled")),
                name="inventory_demand_counters",
            ),
        )
        indexes = (
            models.Index(
                fields=("variant", "priority", "since", "id"),
                name="inventory_demand_backordered",
                condition=Q(quantity__gt=F("allocated") + F("consumed") + F("cancelled")),
            ),
        )

    def __str__(self) -> str:
        return f"{self.quantity} × {self.variant_id} for {self.reference}"

    @property
    def backordered(self) -> int:
        return self.quantity - self.allocated - self.consumed - self.cancelled


class Allocation(models.Model):
    """Units of one stock level (and lot, where lots are told apart) set aside for one demand. The
    row says where stock goes back to.

    Invariant S2: a level's `allocated` is the sum of what is open here; so is a demand's.
    """

    demand = models.ForeignKey(Demand, on_delete=models.PROTECT, related_name="allocations")
    level = models.ForeignKey(StockLevel, on_delete=models.PROTECT, related_name="allocations")
    lot = models.ForeignKey(
        "inventory.Lot", on_delete=models.PROTECT, null=True, blank=True, related_name="allocations"
    )
    quantity = models.PositiveIntegerField()
    consumed = models.PositiveIntegerField(default=0)
    released = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(quantity__gt=0), name="inventory_allocation_positive"
            ),
            models.CheckConstraint(
                condition=Q(quantity__gte=F("consumed") + F("released")),
                name="inventory_allocation_counters",
            ),
        )
        indexes = (
            models.Index(
                fields=("level", "-id"),
                name="inventory_allocation_open",
                condition=Q(quantity__gt=F("consumed") + F("released")),
            ),
        )

    def __str__(self) -> str:
        return f"{self.open} for demand {self.demand_id}"

    @property
    def open(self) -> int:
        return self.quantity - self.consumed - self.released
