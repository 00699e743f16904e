"""Fulfilments: the instruction to one location which units of an order to send."""

from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django_fsm import FSMField, FSMModelMixin, transition

from inventory.models import Location
from orders.models.lines import OrderLine
from orders.models.orders import Order
from orders.states import FulfilmentState


class FulfilmentQuerySet(models.QuerySet["Fulfilment"]):
    def open(self) -> "FulfilmentQuerySet":
        return self.filter(state__in=FulfilmentState.open_states())


class Fulfilment(FSMModelMixin, models.Model):
    """Which units a location is to send for an order, and by when."""

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="fulfilments")
    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="fulfilments")
    number = models.CharField(max_length=40, unique=True)
    state = FSMField(
        max_length=12,
        choices=FulfilmentState.choices,
        default=FulfilmentState.READY,
        protected=True,
    )
    ship_by = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True, blank=True)
    packed_at = models.DateTimeField(null=True, blank=True)
    shipped_at = models.DateTimeField(null=True, blank=True)
    delivered_at = models.DateTimeField(null=True, blank=True)

    objects = FulfilmentQuerySet.as_manager()

    class Meta:
        indexes = (
            models.Index(
                fields=("location", "ship_by", "id"),
                name="orders_fulfilment_open",
                condition=Q(state__in=("ready", "picking", "packed")),
            ),
        )

    def __str__(self) -> str:
        return self.number

    @transition(field=state, source=FulfilmentState.READY, target=FulfilmentState.PICKING)
    def start(self, *, now: datetime) -> None:
        self.started_at = now

    @transition(
        field=state,
        source=[FulfilmentState.READY, FulfilmentState.PICKING],
        target=FulfilmentState.PACKED,
    )
    def pack(self, *, now: datetime) -> None:
        self.started_at = self.started_at or now
        self.packed_at = now

    @transition(field=state, source=FulfilmentState.PACKED, target=FulfilmentState.PICKING)
    def unpack(self) -> None:
        self.packed_at = None

    @transition(field=state, source=FulfilmentState.PICKING, target=FulfilmentState.READY)
    def put_back(self) -> None:
        self.started_at = None

    @transition(
        field=state,
        source=[FulfilmentState.READY, FulfilmentState.PICKING, FulfilmentState.PACKED],
        target=FulfilmentState.SHIPPED,
    )
    def ship(self, *, now: datetime) -> None:
        """All its units have left (or were taken off it)."""
        self.shipped_at = now

    @transition(field=state, source=FulfilmentState.SHIPPED, target=FulfilmentState.DELIVERED)
    def deliver(self, *, now: datetime) -> None:
        self.delivered_at = now

    @transition(
        field=state,
        source=[FulfilmentState.READY, FulfilmentState.PICKING, FulfilmentState.PACKED],
        target=FulfilmentState.CANCELLED,
    )
    def cancel(self) -> None:
        """None of its units will leave from here."""


class FulfilmentLine(models.Model):
    """How many units of an order line the location is to send. `short` units were not found or were
    taken off the instruction; they are on their way to another one or to backorder.
    """

    fulfilment = models.ForeignKey(Fulfilment, on_delete=models.CASCADE, related_name="lines")
    order_line = models.ForeignKey(
        OrderLine, on_delete=models.PROTECT, related_name="fulfilment_lines"
    )
    quantity = models.PositiveIntegerField()
    shipped = models.PositiveIntegerField(default=0)
    short = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ("order_line__position", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("fulfilment", "order_line"), name="orders_fulfilment_line_once"
            ),
            models.CheckConstraint(
                condition=Q(quantity__gt=0) & Q(quantity__gte=F("shipped") + F("short")),
                name="orders_fulfilment_line_counters",
            ),
        )

    def __str__(self) -> str:
        return f"{self.quantity} × {self.order_line_id}"

    @property
    def open(self) -> int:
        return self.quantity - self.shipped - self.short
