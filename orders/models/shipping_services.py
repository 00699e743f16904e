"""What sending costs: services, the zones they reach and their rates by weight."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from core.model_fields import AmountField, CurrencyField

EVERYWHERE = "*"  # stands in a zone for all countries that no other zone names


class ShippingService(models.Model):
    """A way to send, offered to customers and bought from a carrier's gateway by `carrier`."""

    code = models.SlugField(max_length=30, unique=True)
    name = models.CharField(max_length=100)
    carrier = models.SlugField(max_length=30, default="own")
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class ShippingZone(models.Model):
    """Countries that cost the same to reach with a service; `*` stands for all others."""

    service = models.ForeignKey(ShippingService, on_delete=models.CASCADE, related_name="zones")
    name = models.CharField(max_length=60)
    countries = ArrayField(models.CharField(max_length=2))
    transit_days = models.PositiveSmallIntegerField(default=3)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("service", "name"), name="orders_zone_once"),
        )

    def __str__(self) -> str:
        return f"{self.service}: {self.name}"


class ShippingRate(models.Model):
    """What a parcel up to a weight costs in a zone: `amount` is what the customer pays,
    `cost` what the carrier takes.
    """

    zone = models.ForeignKey(ShippingZone, on_delete=models.CASCADE, related_name="rates")
    up_to_g = models.PositiveIntegerField("up to grams")
    currency = CurrencyField()
    amount = AmountField()
    cost = AmountField()

    class Meta:
        ordering = ("up_to_g",)
        constraints = (
            models.UniqueConstraint(
                fields=("zone", "currency", "up_to_g"), name="orders_shipping_rate_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.zone}, up to {self.up_to_g} g in {self.currency}"
