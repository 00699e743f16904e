"""Picking: one person's way through the shelves for one fulfilment, and every scan on it."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django_fsm import FSMField, FSMModelMixin, transition

from core.models.guards import append_only
from orders.models import Fulfilment, FulfilmentLine
from shipping.states import PickState, ScanOutcome, ScanStage


class PickQuerySet(models.QuerySet["Pick"]):
    def live(self) -> "PickQuerySet":
        return self.filter(state__in=PickState.live_states())


class Pick(FSMModelMixin, models.Model):
    """The picking of one fulfilment. One that was put back stays as a record; a new one begins."""

    fulfilment = models.ForeignKey(Fulfilment, on_delete=models.PROTECT, related_name="picks")
    state = FSMField(
        max_length=10, choices=PickState.choices, default=PickState.OPEN, protected=True
    )
    picker = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    picker_label = models.CharField(max_length=150)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    put_back_at = models.DateTimeField(null=True, blank=True)

    objects = PickQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("fulfilment",),
                condition=Q(state__in=("open", "done")),
                name="shipping_pick_live_once",
            ),
        )

    def __str__(self) -> str:
        return f"Pick of {self.fulfilment_id} by {self.picker_label}"

    @transition(field=state, source=PickState.OPEN, target=PickState.DONE)
    def finish(self, *, now: datetime) -> None:
        self.finished_at = now

    @transition(field=state, source=PickState.DONE, target=PickState.OPEN)
    def reopen(self) -> None:
        self.finished_at = None

    @transition(field=state, source=[PickState.OPEN, PickState.DONE], target=PickState.PUT_BACK)
    def put_back(self, *, now: datetime) -> None:
        """What was picked lies in its bin again."""
        self.put_back_at = now

    @transition(field=state, source=[PickState.OPEN, PickState.DONE], target=PickState.CLOSED)
    def close(self, *, now: datetime) -> None:
        """Nothing is in hand any more, and nothing is to be taken."""
        self.finished_at = self.finished_at or now


class PickLine(models.Model):
    """Counters of one fulfilment line: units taken from the shelf, of these in parcels (sent ones
    included), and units that were not found. What is wanted stands on the fulfilment line alone.
    """

    bin: str  # where it lies; set by selectors.work.pick_lines

    pick = models.ForeignKey(Pick, on_delete=models.CASCADE, related_name="lines")
    fulfilment_line = models.ForeignKey(
        FulfilmentLine, on_delete=models.PROTECT, related_name="pick_lines"
    )
    picked = models.PositiveIntegerField(default=0)
    packed = models.PositiveIntegerField(default=0)
    short = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("pick", "fulfilment_line"), name="shipping_pick_line_once"
            ),
            models.CheckConstraint(
                condition=Q(packed__lte=F("picked")), name="shipping_packed_within_picked"
            ),
        )

    def __str__(self) -> str:
        return f"{self.picked} of line {self.fulfilment_line_id}"

    @property
    def wanted(self) -> int:
        """Units to take in all, sent ones included. Reads the fulfilment line: select it along."""
        return self.fulfilment_line.quantity - self.fulfilment_line.short

    @property
    def to_pick(self) -> int:
        return max(0, self.wanted - self.picked)

    @property
    def to_pack(self) -> int:
        """Units in hand that are in no parcel yet and are still wanted."""
        return max(0, min(self.picked, self.wanted) - self.packed)

    @property
    def surplus(self) -> int:
        """Units in hand that nobody wants any more: cancelled since they were picked."""
        return max(0, self.picked - self.wanted)


class PickScan(models.Model):
    """One scan, typed quantity or step back: append-only."""

    pick = models.ForeignKey(Pick, on_delete=models.PROTECT, related_name="scans")
    line = models.ForeignKey(PickLine, on_delete=models.PROTECT, null=True, related_name="scans")
    stage = models.CharField(max_length=4, choices=ScanStage.choices)
    outcome = models.CharField(max_length=10, choices=ScanOutcome.choices)
    code = models.CharField(max_length=100, blank=True)
    quantity = models.IntegerField(default=0)
    text = models.CharField(max_length=300)
    actor_label = models.CharField(max_length=150)
    scanned_at = models.DateTimeField()

    class Meta:
        ordering = ("-id",)
        indexes = (models.Index(fields=("pick", "-id"), name="shipping_scan_pick"),)
        triggers = (append_only("scan_is_append_only"),)

    def __str__(self) -> str:
        return self.text

    @property
    def is_refused(self) -> bool:
        return self.outcome in ScanOutcome.refused()
