"""Lots and serial numbers: units that can be told apart from others of the same SKU."""

from datetime import date

from django.db import models
from django.db.models import F, Q

from core.actors import ActorKind
from core.models.guards import append_only
from inventory.models.catalogue import Variant
from inventory.models.stock import StockLevel
from inventory.states import Condition, SerialState


class LotQuerySet(models.QuerySet["Lot"]):
    def expiring_by(self, day: date) -> "LotQuerySet":
        return self.filter(expires_on__lte=day)


class Lot(models.Model):
    """Units of one variant that were made together. `expires_on` is the last day on which a unit may
    be used. A recalled lot is never allocated again.
    """

    variant = models.ForeignKey(Variant, on_delete=models.PROTECT, related_name="lots")
    code = models.CharField("lot number", max_length=60)
    made_on = models.DateField("made on", null=True, blank=True)
    expires_on = models.DateField("expires on", null=True, blank=True)
    recalled_at = models.DateTimeField(null=True, blank=True)
    recall_reason = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = LotQuerySet.as_manager()

    class Meta:
        ordering = ("expires_on", "id")
        constraints = (
            models.UniqueConstraint(fields=("variant", "code"), name="inventory_lot_once"),
            models.CheckConstraint(
                condition=Q(made_on__isnull=True)
                | Q(expires_on__isnull=True)
                | Q(made_on__lte=F("expires_on")),
                name="inventory_lot_made_before_it_expires",
            ),
        )
        indexes = (models.Index(fields=("expires_on",), name="inventory_lot_expiry"),)

    def __str__(self) -> str:
        return self.code


class LotBalance(models.Model):
    """What of a stock level belongs to one lot. Written only together with the level, under its
    lock. Invariant S6: the lots of a level add up to the level.
    """

    level = models.ForeignKey(StockLevel, on_delete=models.PROTECT, related_name="lots")
    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="balances")
    sellable = models.PositiveIntegerField(default=0)
    quality_control = models.PositiveIntegerField(default=0)
    damaged = models.PositiveIntegerField(default=0)
    allocated = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("level", "lot"), name="inventory_lot_balance_once"),
            models.CheckConstraint(
                condition=Q(allocated__lte=F("sellable")),
                name="inventory_lot_allocated_within_sellable",
            ),
        )

    def __str__(self) -> str:
        return f"{self.sellable} of lot {self.lot_id}"

    @property
    def on_hand(self) -> int:
        return self.sellable + self.quality_control + self.damaged


class Serial(models.Model):
    """One unit with a number of its own. It lies at a level while it is here, and nowhere else."""

    variant = models.ForeignKey(Variant, on_delete=models.PROTECT, related_name="serials")
    code = models.CharField("serial number", max_length=80)
    lot = models.ForeignKey(
        Lot, on_delete=models.PROTECT, null=True, blank=True, related_name="serials"
    )
    level = models.ForeignKey(
        StockLevel, on_delete=models.PROTECT, null=True, blank=True, related_name="serials"
    )
    condition = models.CharField(
        max_length=20, choices=Condition.choices, default=Condition.SELLABLE
    )
    state = models.CharField(
        max_length=12, choices=SerialState.choices, default=SerialState.IN_STOCK
    )

    class Meta:
        ordering = ("code",)
        constraints = (
            models.UniqueConstraint(fields=("variant", "code"), name="inventory_serial_once"),
            models.CheckConstraint(
                condition=Q(state=SerialState.IN_STOCK, level__isnull=False)
                | (~Q(state=SerialState.IN_STOCK) & Q(level__isnull=True)),
                name="inventory_serial_in_one_place",
            ),
        )

    def __str__(self) -> str:
        return self.code


class SerialEvent(models.Model):
    """A step in the life of a serial number, from receipt to return: append-only."""

    serial = models.ForeignKey(Serial, on_delete=models.PROTECT, related_name="events")
    state = models.CharField(max_length=12, choices=SerialState.choices)
    location = models.ForeignKey(
        "inventory.Location", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    reference = models.CharField(max_length=60, blank=True)
    actor_kind = models.CharField(max_length=12, choices=ActorKind.choices)
    actor_key = models.CharField(max_length=64, blank=True)
    actor_label = models.CharField(max_length=150)
    happened_at = models.DateTimeField()

    class Meta:
        ordering = ("id",)
        triggers = (append_only("serial_event_is_append_only"),)

    def __str__(self) -> str:
        return f"{self.serial_id}: {self.state}"
