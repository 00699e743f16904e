"""Replenishment: rules by which stock is ordered again, what demand is foretold, what is suggested."""

from datetime import date, datetime
from decimal import Decimal

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django_fsm import FSMField, FSMModelMixin, transition

from core.model_fields import AmountField, CostField, CurrencyField
from inventory.models.catalogue import Variant
from inventory.models.locations import Location
from inventory.models.suppliers import SupplierItem
from inventory.states import SuggestionKind, SuggestionState

USUAL_TARGET = Decimal("95.00")


class ReorderRule(models.Model):
    """How a variant is ordered again at a location; without a variant, how everything there is that
    has no rule of its own. What neither covers is not planned.

    `target_fill` is the share of demand served from the shelf, in per cent. `order_cost` is what one
    order costs to make, in the location's currency; with it orders are at least of the economic
    quantity.
    """

    variant = models.ForeignKey(
        Variant, on_delete=models.CASCADE, null=True, blank=True, related_name="reorder_rules"
    )
    location = models.ForeignKey(Location, on_delete=models.CASCADE, related_name="reorder_rules")
    target_fill = models.DecimalField(
        "served from stock, in %",
        max_digits=5,
        decimal_places=2,
        default=USUAL_TARGET,
        validators=[MinValueValidator(50), MaxValueValidator(Decimal("99.90"))],
    )
    review_days = models.PositiveSmallIntegerField(
        "days from one order to the next",
        default=7,
        validators=[MinValueValidator(1), MaxValueValidator(180)],
    )
    minimum = models.PositiveIntegerField("at least, in units", default=0)
    maximum = models.PositiveIntegerField("at most, in units", null=True, blank=True)
    order_cost = AmountField("cost of making one order", default=0)
    is_automatic = models.BooleanField("orders without asking", default=False)
    is_active = models.BooleanField("planned", default=True)

    class Meta:
        ordering = ("location__name", "variant__sku", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("variant", "location"),
                name="inventory_reorder_rule_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=Q(target_fill__gte=50, target_fill__lte=Decimal("99.9"))
                & Q(review_days__gte=1, review_days__lte=180)
                & Q(order_cost__gte=0),
                name="inventory_reorder_rule_sensible",
            ),
            models.CheckConstraint(
                condition=Q(maximum__isnull=True) | Q(maximum__gte=models.F("minimum")),
                name="inventory_reorder_rule_maximum",
            ),
        )

    def __str__(self) -> str:
        return f"{self.variant or 'Everything'} at {self.location}"


class BuyingLimit(models.Model):
    """What may be ordered for a location without anybody being asked, in its currency. Without a row
    nothing is.
    """

    location = models.OneToOneField(Location, on_delete=models.CASCADE, related_name="buying_limit")
    per_order = AmountField("at most per order")
    per_day = AmountField("at most per day")

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(per_order__gte=0) & Q(per_day__gte=0), name="inventory_buying_limit"
            ),
        )

    def __str__(self) -> str:
        return f"Limit of {self.location}"


class Forecast(models.Model):
    """What is foretold for a variant at a location, and the stock that follows from it. Days are the
    unit of time; `weeks` are the units wanted in the last weeks, oldest first.
    """

    variant = models.ForeignKey(Variant, on_delete=models.CASCADE, related_name="forecasts")
    location = models.ForeignKey(Location, on_delete=models.CASCADE, related_name="forecasts")
    kind = models.CharField(max_length=12)
    method = models.CharField(max_length=10)
    rate = models.FloatField()
    variance = models.FloatField()
    interval = models.FloatField(null=True)
    variability = models.FloatField()
    weeks = ArrayField(models.PositiveIntegerField(), default=list)
    lead_days = models.FloatField()
    lead_variance = models.FloatField(default=0)
    target_fill = models.DecimalField(max_digits=5, decimal_places=2)
    reorder_point = models.PositiveIntegerField()
    order_up_to = models.PositiveIntegerField()
    z_level = models.PositiveIntegerField()
    made_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("variant", "location"), name="inventory_forecast_once"),
        )

    def __str__(self) -> str:
        return f"{self.rate:.2f} a day of {self.variant_id} at {self.location_id}"


class SuggestionQuerySet(models.QuerySet["Suggestion"]):
    def open(self) -> "SuggestionQuerySet":
        return self.filter(state=SuggestionState.OPEN)


class Suggestion(FSMModelMixin, models.Model):
    """Units that should be bought, or sent from a location that has too many. `reasons` are the
    figures behind it, as they were when it was made; `covered_days` how long what is free lasts.
    """

    kind = models.CharField(max_length=10, choices=SuggestionKind.choices)
    variant = models.ForeignKey(Variant, on_delete=models.CASCADE, related_name="suggestions")
    location = models.ForeignKey(Location, on_delete=models.CASCADE, related_name="suggestions")
    supplier_item = models.ForeignKey(
        SupplierItem, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    source = models.ForeignKey(
        Location, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    quantity = models.PositiveIntegerField()
    unit_cost = CostField()
    currency = CurrencyField()
    covered_days = models.FloatField(null=True)
    reasons = models.JSONField(default=dict)
    state = FSMField(
        max_length=10,
        choices=SuggestionState.choices,
        default=SuggestionState.OPEN,
        protected=True,
    )
    made_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.CharField(max_length=150, blank=True)
    quiet_until = models.DateField(null=True, blank=True)
    reference = models.CharField(max_length=30, blank=True)

    objects = SuggestionQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("variant", "location", "kind", "source"),
                condition=Q(state="open"),
                nulls_distinct=False,
                name="inventory_suggestion_open_once",
            ),
            models.CheckConstraint(
                condition=Q(kind="transfer", source__isnull=False)
                | Q(kind="purchase", source__isnull=True),
                name="inventory_suggestion_source",
            ),
            models.CheckConstraint(
                condition=Q(quantity__gt=0), name="inventory_suggestion_positive"
            ),
        )
        indexes = (
            models.Index(fields=("state", "covered_days", "id"), name="inventory_suggestion_state"),
        )

    def __str__(self) -> str:
        return f"{self.quantity} × {self.variant_id} for {self.location_id}"

    @property
    def value(self) -> Decimal:
        return Decimal(self.unit_cost * self.quantity)

    @transition(field=state, source=SuggestionState.OPEN, target=SuggestionState.ORDERED)
    def order(self, *, reference: str, by: str, now: datetime) -> None:
        """It became a purchase order or a transfer."""
        self.reference = reference
        self.decided_by = by[:150]
        self.decided_at = now

    @transition(field=state, source=SuggestionState.OPEN, target=SuggestionState.DISMISSED)
    def dismiss(self, *, until: date, by: str, now: datetime) -> None:
        """Somebody knows better; it is not suggested again until that day."""
        self.quiet_until = until
        self.decided_by = by[:150]
        self.decided_at = now

    @transition(field=state, source=SuggestionState.OPEN, target=SuggestionState.OUTDATED)
    def outdate(self, *, now: datetime) -> None:
        """It is no longer needed, as stock or demand changed."""
        self.decided_at = now
