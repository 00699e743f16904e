"""What was bought together, the rules of what is suggested, and what was suggested and bought."""

from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from core.model_fields import AmountField, CurrencyField
from core.models import Channel
from core.models.guards import append_only
from inventory.models import Variant
from orders.models.orders import Order
from orders.recommending import Limits
from orders.states import RecommendationPlace


class RecommendationRules(models.Model):
    """What a suggestion has to reach: one row for the shop; without it the defaults here hold."""

    is_only = models.BooleanField(default=True, unique=True, editable=False)
    window_days = models.PositiveSmallIntegerField(
        "days looked at",
        default=180,
        validators=[MinValueValidator(7), MaxValueValidator(1095)],
        help_text="Orders of so many days are counted, once a night.",
    )
    least_together = models.PositiveSmallIntegerField(
        "orders at least",
        default=5,
        validators=[MinValueValidator(2), MaxValueValidator(1000)],
        help_text="So many orders must have had both.",
    )
    least_lift = models.DecimalField(
        "lift at least",
        max_digits=5,
        decimal_places=2,
        default=Decimal("1.2"),
        validators=[MinValueValidator(0), MaxValueValidator(100)],
        help_text="How much more often both are bought than by chance: 1 is chance.",
    )
    least_margin = models.DecimalField(
        "margin at least, in percent",
        max_digits=5,
        decimal_places=2,
        default=Decimal(5),
        validators=[MinValueValidator(0), MaxValueValidator(100)],
        help_text="Of the price without tax. What has no cost on record is let through.",
    )

    class Meta:
        verbose_name_plural = "recommendation rules"
        constraints = (
            models.CheckConstraint(condition=Q(is_only=True), name="orders_recommendation_one_row"),
            models.CheckConstraint(
                condition=Q(
                    window_days__range=(7, 1095),
                    least_together__gte=2,
                    least_lift__gte=0,
                    least_margin__range=(0, 100),
                ),
                name="orders_recommendation_in_bounds",
            ),
        )

    def __str__(self) -> str:
        return "What is suggested"

    @property
    def limits(self) -> Limits:
        return Limits(
            together=self.least_together, lift=float(self.least_lift), margin=self.least_margin
        )


class PairCount(models.Model):
    """One counting of what was bought together: over which orders, and how long it took."""

    counted_from = models.DateTimeField()
    orders = models.PositiveIntegerField()
    goods = models.PositiveIntegerField()
    pairs = models.PositiveIntegerField()
    took_ms = models.PositiveIntegerField()
    counted_at = models.DateTimeField()

    class Meta:
        ordering = ("-id",)

    def __str__(self) -> str:
        return f"{self.pairs} pairs in {self.orders} orders"


class Bought(models.Model):
    """In how many orders a variant was bought, as of the last counting."""

    variant = models.OneToOneField(
        Variant, on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    orders = models.PositiveIntegerField()

    class Meta:
        verbose_name_plural = "bought"

    def __str__(self) -> str:
        return f"{self.variant_id} in {self.orders} orders"


class BoughtTogether(models.Model):
    """How many orders had both, as of the last counting; every pair stands here both ways round."""

    anchor = models.ForeignKey(Variant, on_delete=models.CASCADE, related_name="+", db_index=False)
    other = models.ForeignKey(Variant, on_delete=models.CASCADE, related_name="+")
    orders = models.PositiveIntegerField()

    class Meta:
        verbose_name_plural = "bought together"
        constraints = (
            models.UniqueConstraint(fields=("anchor", "other"), name="orders_pair_once"),
            models.CheckConstraint(condition=~Q(anchor=F("other")), name="orders_pair_of_two"),
        )

    def __str__(self) -> str:
        return f"{self.anchor_id} with {self.other_id} in {self.orders} orders"


class RecommendationShown(models.Model):
    """Something was suggested for a basket, and why: `orders` of `of` orders with the anchor (none: of
    all) had it. Never changed; once for each basket, which `basket_key` names.
    """

    basket_key = models.CharField(max_length=100)
    place = models.CharField(max_length=10, choices=RecommendationPlace.choices)
    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="+")
    variant = models.ForeignKey(Variant, on_delete=models.PROTECT, related_name="+")
    anchor = models.ForeignKey(
        Variant, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    position = models.PositiveSmallIntegerField()
    orders = models.PositiveIntegerField()
    of = models.PositiveIntegerField()
    shown_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "recommendations shown"
        constraints = (
            models.UniqueConstraint(
                fields=("basket_key", "variant"), name="orders_recommendation_shown_once"
            ),
        )
        indexes = (models.Index(fields=("shown_at",), name="orders_recommended_at"),)
        triggers = (append_only("recommendations_shown_are_append_only"),)

    def __str__(self) -> str:
        return f"{self.variant_id} in {self.basket_key}"


class RecommendationTaken(models.Model):
    """The order of a basket has what was suggested for it: how much of it, and what it came to."""

    shown = models.OneToOneField(
        RecommendationShown, on_delete=models.PROTECT, primary_key=True, related_name="taken"
    )
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="+")
    units = models.PositiveIntegerField()
    amount = AmountField()
    currency = CurrencyField()
    taken_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "recommendations taken"
        triggers = (append_only("recommendations_taken_are_append_only"),)

    def __str__(self) -> str:
        return f"{self.units} of what was shown"
