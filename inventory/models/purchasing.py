"""Purchase orders: what is bought from a supplier for a location, and what its way in costs."""

from datetime import datetime

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django_fsm import FSMField, FSMModelMixin, transition

from core.address import Address
from core.model_fields import AmountField, CostField, CurrencyField
from inventory.models.catalogue import Variant
from inventory.models.locations import Location
from inventory.models.suppliers import Supplier
from inventory.states import PurchaseState, SplitBy

COMING = (PurchaseState.SENT, PurchaseState.PARTLY_RECEIVED)


class PurchaseOrderQuerySet(models.QuerySet["PurchaseOrder"]):
    def coming(self) -> "PurchaseOrderQuerySet":
        """The supplier has it, and goods are still to come."""
        return self.filter(state__in=PurchaseState.coming_states())


class PurchaseOrder(FSMModelMixin, models.Model):
    """Goods bought from a supplier. `exchange_rate` is what one unit of its currency is worth in the
    location's currency. `ship_to` is where the goods go, as it was when the order was made;
    `ship_to_reference` names whose order it is where they go straight to a customer.
    """

    number = models.CharField(max_length=20, unique=True)
    supplier = models.ForeignKey(Supplier, on_delete=models.PROTECT, related_name="orders")
    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="purchase_orders")
    state = FSMField(
        max_length=16,
        choices=PurchaseState.choices,
        default=PurchaseState.DRAFT,
        protected=True,
    )
    currency = CurrencyField()
    exchange_rate = models.DecimalField(max_digits=18, decimal_places=8, default=1)
    total = AmountField(default=0)
    expected_on = models.DateField(null=True, blank=True)
    ship_to = models.JSONField(default=dict, blank=True)
    ship_to_reference = models.CharField(max_length=60, blank=True)
    supplier_reference = models.CharField(max_length=60, blank=True)
    note = models.TextField(blank=True)
    buyer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    close_reason = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField()
    approved_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = PurchaseOrderQuerySet.as_manager()

    class Meta:
        ordering = ("-created_at", "-id")
        constraints = (
            models.CheckConstraint(
                condition=Q(exchange_rate__gt=0), name="inventory_purchase_rate_positive"
            ),
        )
        indexes = (
            models.Index(fields=("-created_at", "-id"), name="inventory_purchase_newest"),
            models.Index(
                fields=("location", "expected_on"),
                name="inventory_purchase_coming",
                condition=Q(state__in=("sent", "partly_received")),
            ),
        )
        triggers = (
            pgtrigger.FSM(
                name="purchase_order_moves",
                field="state",
                transitions=[
                    ("draft", "approved"),
                    ("approved", "draft"),
                    ("approved", "sent"),
                    ("sent", "partly_received"),
                    ("sent", "received"),
                    ("partly_received", "received"),
                    ("sent", "closed_short"),
                    ("partly_received", "closed_short"),
                    ("draft", "cancelled"),
                    ("approved", "cancelled"),
                    ("sent", "cancelled"),
                ],
            ),
        )

    def __str__(self) -> str:
        return self.number

    @property
    def address(self) -> Address:
        return Address.from_json(self.ship_to)

    @property
    def is_coming(self) -> bool:
        return self.state in PurchaseState.coming_states()

    @property
    def is_direct(self) -> bool:
        """The goods go straight to a customer and never lie at the location."""
        return bool(self.ship_to_reference)

    @transition(field=state, source=PurchaseState.DRAFT, target=PurchaseState.APPROVED)
    def approve(self, *, by: int | None, now: datetime) -> None:
        self.approved_by_id = by
        self.approved_at = now

    @transition(field=state, source=PurchaseState.APPROVED, target=PurchaseState.DRAFT)
    def reopen(self) -> None:
        """It may be changed again, and wants a new approval."""
        self.approved_by_id = None
        self.approved_at = None

    @transition(field=state, source=PurchaseState.APPROVED, target=PurchaseState.SENT)
    def send(self, *, now: datetime) -> None:
        self.sent_at = now

    @transition(field=state, source=PurchaseState.SENT, target=PurchaseState.PARTLY_RECEIVED)
    def receive_part(self) -> None:
        """Some of it is here."""

    @transition(field=state, source=COMING, target=PurchaseState.RECEIVED)
    def receive_rest(self, *, now: datetime) -> None:
        """Nothing more is to come."""
        self.closed_at = now

    @transition(field=state, source=COMING, target=PurchaseState.CLOSED_SHORT)
    def close_short(self, *, reason: str, now: datetime) -> None:
        """The rest is not waited for."""
        self.close_reason = reason[:300]
        self.closed_at = now

    @transition(
        field=state,
        source=[PurchaseState.DRAFT, PurchaseState.APPROVED, PurchaseState.SENT],
        target=PurchaseState.CANCELLED,
    )
    def cancel(self, *, reason: str, now: datetime) -> None:
        self.close_reason = reason[:300]
        self.closed_at = now


class PurchaseOrderLine(models.Model):
    """Units of one variant on a purchase order, named as they were when it was made. `over` units
    were taken although they were not ordered; `cancelled` ones are not waited for.
    """

    order = models.ForeignKey(PurchaseOrder, on_delete=models.CASCADE, related_name="lines")
    position = models.PositiveSmallIntegerField()
    variant = models.ForeignKey(Variant, on_delete=models.PROTECT, related_name="purchase_lines")
    sku = models.CharField("SKU", max_length=60)
    name = models.CharField(max_length=330)
    supplier_sku = models.CharField(max_length=60, blank=True)
    quantity = models.PositiveIntegerField()
    received = models.PositiveIntegerField(default=0)
    over = models.PositiveIntegerField(default=0)
    cancelled = models.PositiveIntegerField(default=0)
    unit_cost = CostField()
    expected_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ("position", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("order", "position"), name="inventory_purchase_line_place"
            ),
            models.CheckConstraint(
                condition=Q(quantity__gt=0) & Q(unit_cost__gte=0),
                name="inventory_purchase_line_sensible",
            ),
            models.CheckConstraint(
                condition=Q(quantity__gte=F("received") + F("cancelled") - F("over"))
                & Q(over__lte=F("received")),
                name="inventory_purchase_line_counters",
            ),
        )
        indexes = (
            models.Index(
                fields=("variant",),
                name="inventory_purchase_line_open",
                condition=Q(quantity__gt=F("received") + F("cancelled") - F("over")),
            ),
        )

    def __str__(self) -> str:
        return f"{self.quantity} × {self.sku}"

    @property
    def open(self) -> int:
        """Units still to come."""
        return self.quantity + self.over - self.received - self.cancelled


class LandedCost(models.Model):
    """Freight, duty or insurance of a purchase order, in its currency."""

    order = models.ForeignKey(PurchaseOrder, on_delete=models.CASCADE, related_name="landed_costs")
    label = models.CharField(max_length=60)
    amount = AmountField()
    split_by = models.CharField(max_length=10, choices=SplitBy.choices, default=SplitBy.VALUE)

    class Meta:
        ordering = ("id",)
        constraints = (
            models.CheckConstraint(condition=Q(amount__gt=0), name="inventory_landed_positive"),
        )

    def __str__(self) -> str:
        return f"{self.label}: {self.amount}"


class LandedShare(models.Model):
    """What of a landed cost falls on the `units` of a line that were to come when it was spread.

    Invariant S10: the shares of a cost add up to it.
    """

    cost = models.ForeignKey(LandedCost, on_delete=models.CASCADE, related_name="shares")
    line = models.ForeignKey(
        PurchaseOrderLine, on_delete=models.CASCADE, related_name="landed_shares"
    )
    units = models.PositiveIntegerField()
    amount = AmountField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("cost", "line"), name="inventory_landed_share_once"),
            models.CheckConstraint(condition=Q(units__gt=0), name="inventory_landed_share_units"),
        )

    def __str__(self) -> str:
        return f"{self.amount} on {self.line_id}"


class ShipNotice(models.Model):
    """The supplier says what is on its way (an advance ship notice). `arrived_at` once a receipt was
    posted for it.
    """

    order = models.ForeignKey(PurchaseOrder, on_delete=models.PROTECT, related_name="notices")
    reference = models.CharField("delivery note", max_length=60)
    expected_on = models.DateField()
    carrier = models.CharField(max_length=60, blank=True)
    tracking_number = models.CharField(max_length=80, blank=True)
    created_at = models.DateTimeField()
    arrived_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("expected_on", "id")
        constraints = (
            models.UniqueConstraint(fields=("order", "reference"), name="inventory_notice_once"),
        )

    def __str__(self) -> str:
        return self.reference


class ShipNoticeLine(models.Model):
    """Units of one line that are on their way, and of which lot."""

    notice = models.ForeignKey(ShipNotice, on_delete=models.CASCADE, related_name="lines")
    line = models.ForeignKey(
        PurchaseOrderLine, on_delete=models.PROTECT, related_name="notice_lines"
    )
    quantity = models.PositiveIntegerField()
    lot_code = models.CharField("lot number", max_length=60, blank=True)
    expires_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ("line__position", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("notice", "line", "lot_code"), name="inventory_notice_line_once"
            ),
            models.CheckConstraint(
                condition=Q(quantity__gt=0), name="inventory_notice_line_positive"
            ),
        )

    def __str__(self) -> str:
        return f"{self.quantity} of {self.line_id}"
