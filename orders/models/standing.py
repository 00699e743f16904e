"""Standing orders: the same again every so often, and what became of each day it was due."""

from calendar import monthrange
from datetime import date, timedelta

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django_fsm import FSMField, FSMModelMixin, transition

from core.address import Address
from core.model_fields import AmountField
from core.models import Channel
from customers.models import Company, Customer
from inventory.models import Variant
from orders.models.orders import Order
from orders.models.shipping_services import ShippingService
from orders.states import PaymentTerms, RunOutcome, StandingState, StandingUnit


class StandingOrder(FSMModelMixin, models.Model):
    """What is ordered every `every` days, weeks or months since `first_on`. While it is active
    `next_on` is the day it is placed next; months count from the first day's own day of the month.
    """

    number = models.CharField(max_length=30, unique=True)
    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="+")
    customer = models.ForeignKey(
        Customer, on_delete=models.PROTECT, null=True, blank=True, related_name="standing_orders"
    )
    company = models.ForeignKey(
        Company, on_delete=models.PROTECT, null=True, blank=True, related_name="standing_orders"
    )
    customer_name = models.CharField(max_length=200, blank=True)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=40, blank=True)
    state = FSMField(
        max_length=10, choices=StandingState.choices, default=StandingState.ACTIVE, protected=True
    )
    every = models.PositiveSmallIntegerField(default=1)
    unit = models.CharField(max_length=6, choices=StandingUnit.choices, default=StandingUnit.MONTHS)
    first_on = models.DateField()
    next_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    purchase_order = models.CharField("purchase-order number", max_length=60, blank=True)
    payment_terms = models.CharField(
        max_length=10, choices=PaymentTerms.choices, default=PaymentTerms.PREPAID
    )
    when_short = models.CharField(max_length=12)
    shipping_service = models.ForeignKey(
        ShippingService, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    billing_address = models.JSONField(default=dict, blank=True)
    shipping_address = models.JSONField(default=dict, blank=True)
    note = models.TextField(blank=True)
    coupons = ArrayField(
        models.CharField(max_length=40),
        default=list,
        blank=True,
        help_text="What each order asks for, as far as it holds on the day.",
    )
    created_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(every__gte=1), name="orders_standing_every"),
            models.CheckConstraint(
                condition=Q(next_on__gte=F("first_on")),
                name="orders_standing_next_not_before_first",
            ),
        )
        indexes = (
            models.Index(
                fields=("next_on",), name="orders_standing_due", condition=Q(state="active")
            ),
        )

    def __str__(self) -> str:
        return self.number

    @transition(field=state, source=StandingState.ACTIVE, target=StandingState.PAUSED)
    def pause(self) -> None:
        """Nothing is placed until it goes on."""

    @transition(field=state, source=StandingState.PAUSED, target=StandingState.ACTIVE)
    def resume(self, *, today: date) -> None:
        """What fell due while it was paused is not made up for."""
        if self.next_on <= today:
            self.next_on = self.due_after(today)

    @transition(
        field=state,
        source=[StandingState.ACTIVE, StandingState.PAUSED],
        target=StandingState.ENDED,
    )
    def end(self) -> None:
        """Nothing is placed any more."""

    @property
    def ship_to(self) -> Address:
        return Address.from_json(self.shipping_address)

    @property
    def bill_to(self) -> Address:
        return Address.from_json(self.billing_address)

    @property
    def rhythm(self) -> str:
        """“every 2 weeks”."""
        word = StandingUnit(self.unit).label
        return (
            f"every {word.removesuffix('s')}" if self.every == 1 else f"every {self.every} {word}"
        )

    def due(self, turn: int) -> date:
        """The day of a turn, the first being 0."""
        steps = turn * self.every
        if self.unit == StandingUnit.MONTHS:
            return months_on(self.first_on, steps)
        days = 7 if self.unit == StandingUnit.WEEKS else 1
        return self.first_on + timedelta(days=days * steps)

    def due_after(self, day: date) -> date:
        """The first day it is due after another; never before its first."""
        if day < self.first_on:
            return self.first_on
        if self.unit == StandingUnit.MONTHS:
            months = (day.year - self.first_on.year) * 12 + day.month - self.first_on.month
            turn = months // self.every
        else:
            days = 7 if self.unit == StandingUnit.WEEKS else 1
            turn = (day - self.first_on).days // (days * self.every)
        return self.due(turn) if self.due(turn) > day else self.due(turn + 1)


def months_on(day: date, months: int) -> date:
    """The same day so many months on; the last of a month that is too short for it."""
    year, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + year, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


class StandingOrderLine(models.Model):
    """One line; without a price it costs what the list says on the day."""

    standing_order = models.ForeignKey(
        StandingOrder, on_delete=models.CASCADE, related_name="lines"
    )
    position = models.PositiveSmallIntegerField()
    variant = models.ForeignKey(
        Variant, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    sku = models.CharField("SKU", max_length=60)
    name = models.CharField(max_length=300)
    quantity = models.PositiveIntegerField()
    unit_price = AmountField(null=True, blank=True)
    price_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ("position",)
        constraints = (
            models.UniqueConstraint(
                fields=("standing_order", "position"), name="orders_standing_position_once"
            ),
            models.CheckConstraint(
                condition=Q(quantity__gt=0), name="orders_standing_line_quantity"
            ),
        )

    def __str__(self) -> str:
        return f"{self.quantity} × {self.sku}"


class StandingRun(models.Model):
    """One day on which a standing order was due: at most one row, so at most one order."""

    standing_order = models.ForeignKey(StandingOrder, on_delete=models.CASCADE, related_name="runs")
    due_on = models.DateField()
    outcome = models.CharField(max_length=10, choices=RunOutcome.choices)
    order = models.OneToOneField(
        Order, on_delete=models.PROTECT, null=True, blank=True, related_name="standing_run"
    )
    detail = models.CharField(max_length=500, blank=True)
    ran_at = models.DateTimeField()

    class Meta:
        ordering = ("-due_on",)
        constraints = (
            models.UniqueConstraint(
                fields=("standing_order", "due_on"), name="orders_standing_run_once"
            ),
            models.CheckConstraint(
                condition=Q(outcome="placed", order__isnull=False)
                | ~Q(outcome="placed") & Q(order=None),
                name="orders_standing_run_placed_has_order",
            ),
        )

    def __str__(self) -> str:
        return f"{self.standing_order_id} on {self.due_on}"
