"""Who goods are bought from, and at what price."""

from django.db import models
from django.db.models import Q

from core.address import Address
from core.model_fields import AmountField, CostField, CountryField, CurrencyField
from inventory.models.catalogue import Variant


class Supplier(models.Model):
    """A company that goods are bought from. Prices and the smallest order are in its currency.

    Tolerances are per cent of a line: what may come above it, and what of it may stay out, without
    anybody having to be asked.
    """

    code = models.SlugField(max_length=20, unique=True)
    name = models.CharField(max_length=150)
    email = models.EmailField(blank=True, help_text="Purchase orders are sent there.")
    phone = models.CharField(max_length=40, blank=True)
    line1 = models.CharField("street", max_length=200, blank=True)
    postal_code = models.CharField(max_length=20, blank=True)
    city = models.CharField(max_length=100, blank=True)
    country = CountryField(blank=True)
    currency = CurrencyField(default="EUR")
    lead_time_days = models.PositiveSmallIntegerField("lead time in days", default=14)
    minimum_order = AmountField(default=0)
    over_tolerance = models.PositiveSmallIntegerField("over tolerance in %", default=0)
    short_tolerance = models.PositiveSmallIntegerField("short tolerance in %", default=0)
    inspects_goods = models.BooleanField("goods go through quality control", default=False)
    note = models.TextField(blank=True)
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ("name", "id")
        constraints = (
            models.CheckConstraint(
                condition=Q(minimum_order__gte=0), name="inventory_supplier_minimum"
            ),
            models.CheckConstraint(
                condition=Q(over_tolerance__lte=100) & Q(short_tolerance__lte=100),
                name="inventory_supplier_tolerances",
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def address(self) -> Address:
        return Address(
            name=self.name,
            line1=self.line1,
            postal_code=self.postal_code,
            city=self.city,
            country=self.country,
            phone=self.phone,
        )


class SupplierItem(models.Model):
    """What a supplier asks for a variant. Units are bought in whole packs, at least the minimum."""

    supplier = models.ForeignKey(Supplier, on_delete=models.CASCADE, related_name="items")
    variant = models.ForeignKey(Variant, on_delete=models.CASCADE, related_name="supplier_items")
    supplier_sku = models.CharField("supplier's SKU", max_length=60, blank=True)
    price = CostField()
    minimum_quantity = models.PositiveIntegerField(default=1)
    pack_size = models.PositiveIntegerField(default=1)
    lead_time_days = models.PositiveSmallIntegerField("lead time in days", null=True, blank=True)
    is_preferred = models.BooleanField("bought here first", default=False)

    class Meta:
        ordering = ("variant__sku", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("supplier", "variant"), name="inventory_supplier_item_once"
            ),
            models.UniqueConstraint(
                fields=("variant",),
                condition=Q(is_preferred=True),
                name="inventory_preferred_supplier_once",
            ),
            models.CheckConstraint(
                condition=Q(price__gte=0) & Q(minimum_quantity__gte=1) & Q(pack_size__gte=1),
                name="inventory_supplier_item_sensible",
            ),
        )

    def __str__(self) -> str:
        return f"{self.supplier_id}: {self.variant_id}"

    @property
    def days(self) -> int:
        """Days from order to delivery. Reads the supplier: select it along."""
        own = self.lead_time_days
        return self.supplier.lead_time_days if own is None else own
