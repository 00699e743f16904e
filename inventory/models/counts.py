"""Counting what lies at a location, part by part, while work goes on."""

from datetime import datetime

from django.db import models
from django.db.models import Q
from django_fsm import FSMField, FSMModelMixin, transition

from inventory.models.catalogue import Variant
from inventory.models.locations import Location
from inventory.states import Condition, CountMethod, CountState


class CountSession(FSMModelMixin, models.Model):
    """One count of chosen SKUs at a location. Blind: who counts does not see what should be there.

    A difference of more than `tolerance_units` and of more than `tolerance_percent` of what should
    be there needs approval before it is booked.
    """

    number = models.CharField(max_length=30, unique=True)
    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="counts")
    state = FSMField(
        max_length=10, choices=CountState.choices, default=CountState.OPEN, protected=True
    )
    method = models.CharField(max_length=10, choices=CountMethod.choices)
    scope = models.CharField(max_length=200, blank=True, help_text="What was chosen, in words.")
    condition = models.CharField(
        max_length=20, choices=Condition.choices, default=Condition.SELLABLE
    )
    is_blind = models.BooleanField(default=True)
    tolerance_units = models.PositiveIntegerField(default=2)
    tolerance_percent = models.PositiveSmallIntegerField(default=5)
    note = models.CharField(max_length=300, blank=True)
    created_by = models.CharField(max_length=150)
    created_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True, blank=True)
    approved_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.CharField(max_length=150, blank=True)

    class Meta:
        indexes = (
            models.Index(fields=("created_at", "id"), name="inventory_count_created"),
            models.Index(
                fields=("location",),
                name="inventory_count_open",
                condition=Q(state__in=("open", "submitted")),
            ),
        )

    def __str__(self) -> str:
        return self.number

    @transition(field=state, source=CountState.OPEN, target=CountState.SUBMITTED)
    def submit(self, *, now: datetime) -> None:
        self.submitted_at = now

    @transition(field=state, source=CountState.SUBMITTED, target=CountState.OPEN)
    def recount(self) -> None:
        """Some of it is to be counted once more."""
        self.submitted_at = None

    @transition(field=state, source=CountState.SUBMITTED, target=CountState.APPROVED)
    def approve(self, *, by: str, now: datetime) -> None:
        """The differences are booked."""
        self.approved_at = now
        self.approved_by = by

    @transition(
        field=state, source=[CountState.OPEN, CountState.SUBMITTED], target=CountState.CANCELLED
    )
    def cancel(self) -> None:
        """Nothing of it is booked."""

    def exceeds_tolerance(self, expected: int, difference: int) -> bool:
        return abs(difference) > max(self.tolerance_units, expected * self.tolerance_percent / 100)


class CountLine(models.Model):
    """One SKU (and lot) of a count. `expected` is what the level showed at the moment of `counted`, so
    what moves afterwards changes both alike and the difference stays true. `earlier` keeps counts
    that a recount replaced. `booked` is the difference that was posted, once.
    """

    session = models.ForeignKey(CountSession, on_delete=models.CASCADE, related_name="lines")
    variant = models.ForeignKey(Variant, on_delete=models.PROTECT, related_name="count_lines")
    lot = models.ForeignKey(
        "inventory.Lot", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    bin = models.CharField(max_length=30, blank=True)
    counted = models.PositiveIntegerField(null=True, blank=True)
    expected = models.PositiveIntegerField(null=True, blank=True)
    counted_at = models.DateTimeField(null=True, blank=True)
    counted_by = models.CharField(max_length=150, blank=True)
    earlier = models.JSONField(default=list, blank=True)
    is_unexpected = models.BooleanField(default=False)
    booked = models.IntegerField(null=True, blank=True)

    class Meta:
        ordering = ("bin", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("session", "variant", "lot"),
                name="inventory_count_line_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=Q(counted__isnull=True, expected__isnull=True, counted_at__isnull=True)
                | Q(counted__isnull=False, expected__isnull=False, counted_at__isnull=False),
                name="inventory_count_line_whole",
            ),
        )

    def __str__(self) -> str:
        return f"{self.counted} × {self.variant_id}"

    @property
    def difference(self) -> int | None:
        if self.counted is None or self.expected is None:
            return None
        return self.counted - self.expected
