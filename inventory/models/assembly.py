"""Wholes made from their parts at a location, and taken apart again."""

from datetime import datetime

from django.db import models
from django.db.models import Q
from django_fsm import FSMField, FSMModelMixin, transition

from core.model_fields import CostField
from inventory.models.catalogue import Variant
from inventory.models.locations import Location
from inventory.states import AssemblyState


class AssemblyOrder(FSMModelMixin, models.Model):
    """Make `quantity` units of a variant from its parts; or, the other way round, take them apart.

    Started: what goes in has left stock. Done: what comes out lies there at the cost of what went
    in; `made` may be less than planned, and then each unit cost more.
    """

    number = models.CharField(max_length=30, unique=True)
    variant = models.ForeignKey(Variant, on_delete=models.PROTECT, related_name="assembly_orders")
    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="assembly_orders")
    is_disassembly = models.BooleanField("take apart", default=False)
    quantity = models.PositiveIntegerField()
    made = models.PositiveIntegerField(default=0)
    lot = models.ForeignKey(
        "inventory.Lot", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    unit_cost = CostField()
    state = FSMField(
        max_length=10, choices=AssemblyState.choices, default=AssemblyState.DRAFT, protected=True
    )
    note = models.CharField(max_length=300, blank=True)
    created_by = models.CharField(max_length=150)
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(quantity__gt=0), name="inventory_assembly_positive"),
        )
        indexes = (models.Index(fields=("created_at", "id"), name="inventory_assembly_created"),)

    def __str__(self) -> str:
        return self.number

    @transition(field=state, source=AssemblyState.DRAFT, target=AssemblyState.STARTED)
    def start(self, *, now: datetime) -> None:
        """What goes in was taken from stock."""
        self.started_at = now

    @transition(field=state, source=AssemblyState.STARTED, target=AssemblyState.DONE)
    def finish(self, *, made: int, now: datetime) -> None:
        """What comes out lies in stock."""
        self.made = made
        self.done_at = now

    @transition(
        field=state,
        source=[AssemblyState.DRAFT, AssemblyState.STARTED],
        target=AssemblyState.CANCELLED,
    )
    def cancel(self) -> None:
        """What was taken lies in stock again."""


class AssemblyPart(models.Model):
    """One component of an assembly order, as the parts list said when it was planned; after the start
    one row for each lot it was taken from. `used` units moved at `unit_cost` each.
    """

    order = models.ForeignKey(AssemblyOrder, on_delete=models.CASCADE, related_name="parts")
    variant = models.ForeignKey(Variant, on_delete=models.PROTECT, related_name="+")
    lot = models.ForeignKey(
        "inventory.Lot", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    quantity = models.PositiveIntegerField(help_text="For the whole order.")
    used = models.PositiveIntegerField(default=0)
    unit_cost = CostField()
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ("position", "id")
        constraints = (
            models.CheckConstraint(
                condition=Q(quantity__gt=0), name="inventory_assembly_part_positive"
            ),
        )

    def __str__(self) -> str:
        return f"{self.quantity} × {self.variant_id}"
