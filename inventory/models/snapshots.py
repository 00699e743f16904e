"""What others who keep our stock say that they have, beside what we think."""

from django.db import models
from django.db.models import F, Q

from inventory.models.catalogue import Variant
from inventory.models.locations import Location
from inventory.states import SnapshotDecision


class StockSnapshot(models.Model):
    """A file of counted units from a location that somebody else runs; nothing is booked by it."""

    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="snapshots")
    name = models.CharField("file", max_length=200)
    made_by = models.CharField(max_length=150)
    created_at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=("-created_at", "-id"), name="inventory_snapshot_newest"),)

    def __str__(self) -> str:
        return f"{self.name} ({self.location_id})"


class SnapshotLine(models.Model):
    """One SKU of a snapshot: `counted` there, `expected` sellable by our books when it was read.

    Accepted, the difference between the two is booked, so that what moved since stays moved.
    """

    snapshot = models.ForeignKey(StockSnapshot, on_delete=models.CASCADE, related_name="lines")
    variant = models.ForeignKey(Variant, on_delete=models.PROTECT, related_name="+")
    expected = models.PositiveIntegerField()
    counted = models.PositiveIntegerField()
    decision = models.CharField(
        max_length=10, choices=SnapshotDecision.choices, default=SnapshotDecision.OPEN
    )
    decided_by = models.CharField(max_length=150, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("snapshot", "variant"), name="inventory_snapshot_line_once"
            ),
            models.CheckConstraint(
                condition=~Q(decision=SnapshotDecision.OPEN) | ~Q(expected=F("counted")),
                name="inventory_snapshot_open_differs",
            ),
        )
        indexes = (
            models.Index(
                fields=("snapshot",),
                name="inventory_snapshot_open",
                condition=Q(decision=SnapshotDecision.OPEN),
            ),
        )

    def __str__(self) -> str:
        return f"{self.variant_id}: {self.counted} for {self.expected}"

    @property
    def difference(self) -> int:
        return self.counted - self.expected
