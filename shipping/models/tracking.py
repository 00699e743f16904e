"""What is heard of parcels on the road, and which work was found late."""

from django.db import models

from core.actors import ActorKind
from core.models.guards import append_only
from orders.models import Fulfilment
from shipping.models.shipments import Parcel
from shipping.states import EventSource, TrackingStatus


class TrackingEvent(models.Model):
    """Something happened to a parcel at `occurred_at`: append-only, the same event kept once.

    `dedupe` is the carrier's own id of the event, or a digest of what it says.
    """

    parcel = models.ForeignKey(Parcel, on_delete=models.PROTECT, related_name="events")
    status = models.CharField(max_length=20, choices=TrackingStatus.choices)
    occurred_at = models.DateTimeField()
    text = models.CharField(max_length=300, blank=True)
    place = models.CharField(max_length=120, blank=True)
    source = models.CharField(max_length=10, choices=EventSource.choices)
    dedupe = models.CharField(max_length=100)
    recorded_at = models.DateTimeField()
    actor_kind = models.CharField(max_length=12, choices=ActorKind.choices)
    actor_key = models.CharField(max_length=64, blank=True)
    actor_label = models.CharField(max_length=150)

    class Meta:
        ordering = ("-occurred_at", "-id")
        constraints = (
            models.UniqueConstraint(fields=("parcel", "dedupe"), name="shipping_event_once"),
        )
        triggers = (append_only("tracking_is_append_only"),)

    def __str__(self) -> str:
        return f"{self.get_status_display()} {self.place}".strip()


class LateNotice(models.Model):
    """A fulfilment was found late, and that was told: once."""

    fulfilment = models.OneToOneField(
        Fulfilment, on_delete=models.PROTECT, related_name="late_notice", primary_key=True
    )
    ship_by = models.DateTimeField()
    noticed_at = models.DateTimeField()

    class Meta:
        triggers = (append_only("late_notice_is_append_only"),)

    def __str__(self) -> str:
        return f"{self.fulfilment_id} was due {self.ship_by:%d %B}"
