"""Stock levels and the append-only ledger of movements they are the sum of."""

from django.db import models
from django.db.models import F, Q

from core.actors import ActorKind
from core.model_fields import CostField
from core.models.guards import append_only
from inventory.models.catalogue import Variant
from inventory.models.locations import Location
from inventory.states import Condition, MovementReason


class StockLevel(models.Model):
    """Units of one variant at one location. Written only by inventory.services.

    Available to sell = max(0, sellable - allocated - reserved - safety - the channel's buffer). The
    CHECK is the last line behind the row lock: nobody can promise a unit twice. `average_cost` is
    the moving average of what the units cost, in the location's currency.
    """

    variant = models.ForeignKey(Variant, on_delete=models.PROTECT, related_name="levels")
    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="levels")
    sellable = models.PositiveIntegerField(default=0)
    quality_control = models.PositiveIntegerField(default=0)
    damaged = models.PositiveIntegerField(default=0)
    allocated = models.PositiveIntegerField(default=0)
    reserved = models.PositiveIntegerField(default=0)
    safety = models.PositiveIntegerField("safety stock", default=0)
    bin = models.CharField(max_length=30, blank=True)
    average_cost = CostField()
    counted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("variant", "location"), name="inventory_level_once"),
            models.CheckConstraint(
                condition=Q(sellable__gte=F("allocated") + F("reserved")),
                name="inventory_claims_within_sellable",
            ),
        )

    def __str__(self) -> str:
        return f"{self.variant_id} at {self.location_id}: {self.sellable}"

    @property
    def on_hand(self) -> int:
        return self.sellable + self.quality_control + self.damaged

    @property
    def available(self) -> int:
        """What may still be promised here, before any channel's buffer."""
        return max(0, self.sellable - self.allocated - self.reserved - self.safety)


class Movement(models.Model):
    """Units came, went or changed condition: append-only, its balance written with it.

    Invariant S1: per level and condition, the sum of `quantity` is the level's figure.
    `reference` names what caused it for people (“SO-1042”); `balance` is the figure afterwards;
    `unit_cost` what each unit cost on its way in, and the average on its way out.
    """

    level = models.ForeignKey(StockLevel, on_delete=models.PROTECT, related_name="movements")
    condition = models.CharField(
        max_length=20, choices=Condition.choices, default=Condition.SELLABLE
    )
    lot = models.ForeignKey(
        "inventory.Lot", on_delete=models.PROTECT, null=True, blank=True, related_name="movements"
    )
    quantity = models.IntegerField()
    balance = models.PositiveIntegerField()
    reason = models.CharField(max_length=20, choices=MovementReason.choices)
    reference = models.CharField(max_length=60, blank=True)
    note = models.CharField(max_length=300, blank=True)
    unit_cost = CostField()
    actor_kind = models.CharField(max_length=12, choices=ActorKind.choices)
    actor_key = models.CharField(max_length=64, blank=True)
    actor_label = models.CharField(max_length=150)
    moved_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(condition=~Q(quantity=0), name="inventory_movement_not_zero"),
        )
        indexes = (
            models.Index(fields=("level", "-id"), name="inventory_movement_level"),
            models.Index(fields=("reference",), name="inventory_movement_ref"),
            models.Index(fields=("-moved_at", "-id"), name="inventory_movement_time"),
        )
        triggers = (append_only("movement_is_append_only"),)

    def __str__(self) -> str:
        return f"{self.quantity:+d} ({self.reason})"
