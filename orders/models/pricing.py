"""What things cost and which tax they bear."""

from decimal import Decimal

from django.db import models

from core.model_fields import AmountField, CountryField, CurrencyField, RateField
from inventory.models import Variant


class Price(models.Model):
    """The price of a variant in one currency."""

    variant = models.ForeignKey(Variant, on_delete=models.CASCADE, related_name="prices")
    currency = CurrencyField()
    amount = AmountField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("variant", "currency"), name="orders_price_once"),
            models.CheckConstraint(
                condition=models.Q(amount__gte=0), name="orders_price_not_negative"
            ),
        )

    def __str__(self) -> str:
        return f"{self.variant_id}: {self.amount} {self.currency}"


class TaxRate(models.Model):
    """The tax on a class of goods sent to a country (and region, where it differs). A region goes
    before its country.
    """

    country = CountryField()
    region = models.CharField(max_length=100, blank=True)
    tax_class = models.SlugField(max_length=30, default="standard")
    rate = RateField()
    name = models.CharField(max_length=40, default="VAT")

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("country", "region", "tax_class"), name="orders_tax_rate_once"
            ),
            models.CheckConstraint(
                condition=models.Q(rate__gte=0, rate__lt=1), name="orders_tax_rate_is_share"
            ),
        )

    def __str__(self) -> str:
        return f"{self.name} {self.country}, {self.tax_class}"

    @property
    def percent(self) -> Decimal:
        """The rate as people write it: 19 for 0.19, 5.5 for 0.055."""
        return Decimal(f"{(self.rate * 100).normalize():f}")
