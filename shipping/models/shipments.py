"""Shipments: what leaves a location together, in which parcels."""

from datetime import datetime

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django_fsm import FSMField, FSMModelMixin, transition

from core.address import Address
from core.model_fields import AmountField, CountryField, CurrencyField
from orders.models import Fulfilment, FulfilmentLine, Order, ShippingService
from shipping.states import LabelState, ShipmentState, TrackingStatus

# the last line behind the lock on the order: no more units in parcels than the line asks for
REFUSE_TOO_MANY = """
    IF (
        SELECT coalesce(sum(pl.quantity), 0) FROM shipping_parcelline pl
        JOIN shipping_parcel p ON p.id = pl.parcel_id
        JOIN shipping_shipment s ON s.id = p.shipment_id
        WHERE pl.fulfilment_line_id = NEW.fulfilment_line_id AND s.state <> 'cancelled'
    ) > (SELECT quantity FROM orders_fulfilmentline WHERE id = NEW.fulfilment_line_id) THEN
        RAISE EXCEPTION 'fulfilment line % has more units in parcels than it asks for',
            NEW.fulfilment_line_id USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""


class ShipmentQuerySet(models.QuerySet["Shipment"]):
    def open(self) -> "ShipmentQuerySet":
        """Those still in the house."""
        return self.filter(state__in=ShipmentState.open_states())

    def live(self) -> "ShipmentQuerySet":
        return self.exclude(state=ShipmentState.CANCELLED)


class Shipment(FSMModelMixin, models.Model):
    """What one location sends of a fulfilment at one time. At most one of a fulfilment is open.

    Everything before `dispatch` can be undone; with it the goods have left, and only a return
    brings them back.
    """

    number = models.CharField(max_length=30, unique=True)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="shipments")
    fulfilment = models.ForeignKey(Fulfilment, on_delete=models.PROTECT, related_name="shipments")
    service = models.ForeignKey(
        ShippingService, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    state = FSMField(
        max_length=12,
        choices=ShipmentState.choices,
        default=ShipmentState.PREPARING,
        protected=True,
    )
    ship_to = models.JSONField(default=dict, blank=True)
    ship_country = CountryField(blank=True)
    acknowledged_notes = ArrayField(models.BigIntegerField(), default=list, blank=True)
    cost = AmountField(default=0, help_text="What the carrier takes for all labels.")
    currency = CurrencyField(blank=True)
    created_at = models.DateTimeField()
    packed_at = models.DateTimeField(null=True, blank=True)
    packed_by = models.CharField(max_length=150, blank=True)
    labelled_at = models.DateTimeField(null=True, blank=True)
    dispatched_at = models.DateTimeField(null=True, blank=True)
    delivered_at = models.DateTimeField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancel_reason = models.CharField(max_length=300, blank=True)

    objects = ShipmentQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("fulfilment",),
                condition=Q(state__in=("preparing", "packed", "labelled")),
                name="shipping_shipment_open_once",
            ),
        )
        indexes = (
            models.Index(fields=("-created_at", "-id"), name="shipping_shipment_newest"),
            models.Index(fields=("state", "-created_at"), name="shipping_shipment_state"),
        )
        triggers = (
            pgtrigger.FSM(
                name="shipment_moves",
                field="state",
                transitions=[
                    ("preparing", "packed"),
                    ("packed", "preparing"),
                    ("packed", "labelled"),
                    ("labelled", "packed"),
                    ("labelled", "dispatched"),
                    ("preparing", "cancelled"),
                    ("packed", "cancelled"),
                ],
            ),
        )

    def __str__(self) -> str:
        return self.number

    @property
    def address(self) -> Address:
        return Address.from_json(self.ship_to)

    @property
    def is_open(self) -> bool:
        return self.state in ShipmentState.open_states()

    @transition(field=state, source=ShipmentState.PREPARING, target=ShipmentState.PACKED)
    def pack(self, *, now: datetime, by: str) -> None:
        self.packed_at = now
        self.packed_by = by[:150]

    @transition(field=state, source=ShipmentState.PACKED, target=ShipmentState.PREPARING)
    def unpack(self) -> None:
        """Its parcels are open again."""
        self.packed_at = None
        self.packed_by = ""

    @transition(field=state, source=ShipmentState.PACKED, target=ShipmentState.LABELLED)
    def label(self, *, now: datetime) -> None:
        self.labelled_at = now

    @transition(field=state, source=ShipmentState.LABELLED, target=ShipmentState.PACKED)
    def unlabel(self) -> None:
        self.labelled_at = None

    @transition(field=state, source=ShipmentState.LABELLED, target=ShipmentState.DISPATCHED)
    def dispatch(self, *, now: datetime) -> None:
        """The point of no return."""
        self.dispatched_at = now

    @transition(
        field=state,
        source=[ShipmentState.PREPARING, ShipmentState.PACKED],
        target=ShipmentState.CANCELLED,
    )
    def cancel(self, *, now: datetime, reason: str) -> None:
        """Its goods are out of the parcels again."""
        self.cancelled_at = now
        self.cancel_reason = reason[:300]


class Parcel(models.Model):
    """One box. Weight in grams, sides in millimetres; zero means not measured.

    The tracking columns are reduced from its events (shipping.projections), never set otherwise.
    """

    shipment = models.ForeignKey(Shipment, on_delete=models.PROTECT, related_name="parcels")
    position = models.PositiveSmallIntegerField()
    weight_g = models.PositiveIntegerField("weight in grams", default=0)
    length_mm = models.PositiveIntegerField(default=0)
    width_mm = models.PositiveIntegerField(default=0)
    height_mm = models.PositiveIntegerField(default=0)
    carrier = models.SlugField(max_length=30, blank=True)
    tracking_number = models.CharField(max_length=60, blank=True)
    tracking_status = models.CharField(
        max_length=20, choices=TrackingStatus.choices, default=TrackingStatus.EXPECTED
    )
    tracked_at = models.DateTimeField(null=True, blank=True)
    delivered_at = models.DateTimeField(null=True, blank=True)
    quiet_after = models.DateTimeField(
        null=True, blank=True, help_text="From then on silence of the carrier is a stall."
    )

    class Meta:
        ordering = ("shipment_id", "position")
        constraints = (
            models.UniqueConstraint(
                fields=("shipment", "position"), name="shipping_parcel_position_once"
            ),
        )
        indexes = (
            models.Index(
                fields=("tracking_number",),
                name="shipping_parcel_tracking",
                condition=~Q(tracking_number=""),
            ),
            models.Index(
                fields=("quiet_after",),
                name="shipping_parcel_quiet",
                condition=Q(quiet_after__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return self.tracking_number or f"Parcel {self.position}"

    @property
    def live_label(self) -> "models.Model | None":
        """The label that counts. Reads `labels`: prefetch it."""
        return next(
            (label for label in self.labels.all() if label.state in LabelState.live_states()), None
        )

    @property
    def size_text(self) -> str:
        sides = (self.length_mm, self.width_mm, self.height_mm)
        return " × ".join(f"{side / 10:g}" for side in sides) + " cm" if all(sides) else ""


class ParcelLine(models.Model):
    """Units of one fulfilment line in one parcel."""

    parcel = models.ForeignKey(Parcel, on_delete=models.CASCADE, related_name="lines")
    fulfilment_line = models.ForeignKey(
        FulfilmentLine, on_delete=models.PROTECT, related_name="parcel_lines"
    )
    quantity = models.PositiveIntegerField()

    class Meta:
        ordering = ("fulfilment_line__order_line__position", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("parcel", "fulfilment_line"), name="shipping_parcel_line_once"
            ),
            models.CheckConstraint(
                condition=Q(quantity__gt=0), name="shipping_parcel_line_positive"
            ),
        )
        triggers = (
            pgtrigger.Trigger(
                name="no_more_than_asked",
                when=pgtrigger.After,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func=REFUSE_TOO_MANY,
            ),
        )

    def __str__(self) -> str:
        return f"{self.quantity} × line {self.fulfilment_line_id}"
