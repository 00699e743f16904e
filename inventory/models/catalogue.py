"""The catalogue: products and the variants of them that are sold and stocked."""

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.db.models.functions import Upper

from core.model_fields import CostField, CountryField
from core.models import HasCustomFields
from inventory.states import Tracking, VariantKind


class Category(models.Model):
    """A shelf of the catalogue."""

    name = models.CharField(max_length=100, unique=True)

    class Meta:
        ordering = ("name",)
        verbose_name_plural = "categories"

    def __str__(self) -> str:
        return self.name


class Product(HasCustomFields):
    """A thing as shoppers know it; what is stocked are its variants."""

    name = models.CharField(max_length=200)
    description = models.TextField(blank=True)
    brand = models.CharField(max_length=100, blank=True)
    category = models.ForeignKey(
        Category, on_delete=models.SET_NULL, null=True, blank=True, related_name="products"
    )
    tax_class = models.SlugField(max_length=30, default="standard")
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("name", "id")

    def __str__(self) -> str:
        return self.name


class VariantQuerySet(models.QuerySet["Variant"]):
    def active(self) -> "VariantQuerySet":
        return self.filter(is_active=True, product__is_active=True)


class Variant(HasCustomFields):
    """One SKU. Weight in grams, sides in millimetres; zero means unknown."""

    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="variants")
    sku = models.CharField("SKU", max_length=60, unique=True)
    name = models.CharField(
        max_length=120, blank=True, help_text="What tells it from its siblings: “Blue, M”."
    )
    barcode = models.CharField(max_length=40, blank=True)
    weight_g = models.PositiveIntegerField("weight in grams", default=0)
    length_mm = models.PositiveIntegerField(default=0)
    width_mm = models.PositiveIntegerField(default=0)
    height_mm = models.PositiveIntegerField(default=0)
    hs_code = models.CharField("HS code", max_length=12, blank=True)
    origin_country = CountryField(blank=True)
    kind = models.CharField(max_length=10, choices=VariantKind.choices, default=VariantKind.STOCKED)
    tracking = models.CharField(max_length=10, choices=Tracking.choices, default=Tracking.NONE)
    shelf_life_days = models.PositiveIntegerField(
        null=True, blank=True, help_text="Days from making to expiry, where it expires."
    )
    cost = CostField("standard cost", help_text="What a unit costs where no purchase tells it.")
    can_backorder = models.BooleanField("may be sold when short", default=False)
    backorder_limit = models.PositiveIntegerField(
        null=True, blank=True, help_text="Units that may wait for stock at most; empty: no limit."
    )
    available_from = models.DateField(
        null=True, blank=True, help_text="Sold ahead of this day: a pre-order."
    )
    preorder_limit = models.PositiveIntegerField(
        null=True, blank=True, help_text="Units sold ahead of that day at most; empty: no limit."
    )
    order_minimum = models.PositiveIntegerField(
        "companies take at least",
        default=1,
        help_text="Units; orders of companies with fewer are refused.",
    )
    order_multiple = models.PositiveIntegerField(
        "companies take it in steps of",
        default=1,
        help_text="Units, such as a case; orders of companies for a part of it are refused.",
    )
    tax_class = models.SlugField(
        "tax class of its own",
        max_length=30,
        blank=True,
        help_text="Where it is taxed otherwise than its product; empty: as the product.",
    )
    is_hazardous = models.BooleanField(
        "hazardous goods",
        default=False,
        db_default=False,
        help_text="Leaves only from locations that may send it.",
    )
    is_active = models.BooleanField(default=True)

    objects = VariantQuerySet.as_manager()

    class Meta:
        ordering = ("sku",)
        constraints = (
            models.UniqueConstraint(
                "barcode", name="inventory_barcode_once", condition=~Q(barcode="")
            ),
            models.CheckConstraint(
                condition=Q(order_minimum__gte=1, order_multiple__gte=1),
                name="inventory_packs_hold_units",
            ),
        )
        indexes = (
            models.Index(Upper("sku"), name="inventory_sku_upper"),
            GinIndex(fields=("sku",), name="inventory_sku_trgm", opclasses=("gin_trgm_ops",)),
        )

    def __str__(self) -> str:
        return self.sku

    @property
    def full_name(self) -> str:
        """“Rain jacket, Blue, M”. Reads the product: select it along."""
        return f"{self.product.name}, {self.name}" if self.name else self.product.name

    @property
    def taxed_as(self) -> str:
        """The class whose tax rates apply. Reads the product: select it along."""
        return self.tax_class or self.product.tax_class

    def next_pack(self, quantity: int) -> int:
        """The smallest number of units, `quantity` or more, that companies may take."""
        wanted = max(quantity, self.order_minimum, 1)
        return -(-wanted // self.order_multiple) * self.order_multiple

    def pack_problem(self, quantity: int) -> str:
        """Why a company may not take so many, and what it may; nothing where it may."""
        if quantity < 1 or (fitting := self.next_pack(quantity)) == quantity:
            return ""
        terms = []
        if self.order_minimum > 1:
            terms.append(f"from {self.order_minimum} units")
        if self.order_multiple > 1:
            terms.append(f"in steps of {self.order_multiple}")
        return (
            f"Companies buy {self.sku} {' '.join(terms)}; {fitting} is the next quantity that fits."
        )
