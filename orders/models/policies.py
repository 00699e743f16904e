"""How a channel prices, taxes and is paid."""

from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from core.models import Channel
from orders.models.price_lists import PriceList
from orders.states import PaymentTerms, TaxRounding


class ChannelPolicy(models.Model):
    """What orders needs to know of a channel; one that has none goes by the defaults here.

    `override_limit`: by how many percent of its list price staff may change a price by hand.
    """

    channel = models.OneToOneField(Channel, on_delete=models.CASCADE, related_name="policy")
    price_list = models.ForeignKey(
        PriceList, on_delete=models.PROTECT, null=True, blank=True, related_name="policies"
    )
    payment_terms = models.CharField(
        max_length=10, choices=PaymentTerms.choices, default=PaymentTerms.PREPAID
    )
    tax_rounding = models.CharField(
        max_length=10, choices=TaxRounding.choices, default=TaxRounding.LINE
    )
    override_limit = models.DecimalField(
        max_digits=5,
        decimal_places=2,
        default=Decimal(20),
        validators=[MinValueValidator(0), MaxValueValidator(100)],
    )

    promise_percentile = models.PositiveSmallIntegerField(
        "promises kept",
        default=90,
        db_default=90,
        validators=[MinValueValidator(50), MaxValueValidator(99)],
        help_text="How many of a hundred orders are to arrive by the day that is promised.",
    )

    class Meta:
        verbose_name_plural = "channel policies"
        constraints = (
            models.CheckConstraint(
                condition=Q(override_limit__gte=0) & Q(override_limit__lte=100),
                name="orders_override_limit_is_percent",
            ),
            models.CheckConstraint(
                condition=Q(promise_percentile__range=(50, 99)),
                name="orders_promise_percentile_in_bounds",
            ),
        )

    def __str__(self) -> str:
        return f"Policy of channel {self.channel_id}"

    @property
    def rounding(self) -> TaxRounding:
        return TaxRounding(self.tax_rounding)
