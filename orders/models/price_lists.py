"""Prices other than everybody's: by channel, customer group, quantity and date."""

from django.db import models
from django.db.models import F, Q

from core.model_fields import AmountField, CurrencyField
from core.models import Channel
from customers.models import CustomerGroup
from inventory.models import Variant


class PriceList(models.Model):
    """Prices in one currency for some channels, groups, or both. One that names neither holds only
    where a channel's policy names it. Which of several holds: orders.pricing.lists.
    """

    name = models.CharField(max_length=100, unique=True)
    currency = CurrencyField()
    channels = models.ManyToManyField(Channel, blank=True, related_name="+")
    groups = models.ManyToManyField(CustomerGroup, blank=True, related_name="+")
    priority = models.SmallIntegerField(default=0)
    valid_from = models.DateField(null=True, blank=True)
    valid_until = models.DateField(null=True, blank=True)
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ("name",)
        constraints = (
            models.CheckConstraint(
                condition=Q(valid_from=None)
                | Q(valid_until=None)
                | Q(valid_from__lte=F("valid_until")),
                name="orders_price_list_dates",
            ),
        )

    def __str__(self) -> str:
        return self.name


class PriceListItem(models.Model):
    """What one unit costs from a quantity on, and between which days (both included)."""

    price_list = models.ForeignKey(PriceList, on_delete=models.CASCADE, related_name="items")
    variant = models.ForeignKey(Variant, on_delete=models.CASCADE, related_name="+")
    min_quantity = models.PositiveIntegerField(default=1)
    amount = AmountField()
    valid_from = models.DateField(null=True, blank=True)
    valid_until = models.DateField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("price_list", "variant", "min_quantity", "valid_from"),
                nulls_distinct=False,
                name="orders_price_list_item_once",
            ),
            models.CheckConstraint(
                condition=Q(amount__gte=0) & Q(min_quantity__gte=1),
                name="orders_price_list_item_in_bounds",
            ),
            models.CheckConstraint(
                condition=Q(valid_from=None)
                | Q(valid_until=None)
                | Q(valid_from__lte=F("valid_until")),
                name="orders_price_list_item_dates",
            ),
        )

    def __str__(self) -> str:
        return f"{self.price_list_id}: {self.variant_id} from {self.min_quantity}"
