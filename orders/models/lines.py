"""Order lines: what was bought, as it was when it was bought."""

from decimal import Decimal

from django.db import models
from django.db.models import F, Q

from core.model_fields import AmountField, RateField
from core.money import quantise
from inventory.models import Demand, Variant
from orders.models.kits import OrderKit
from orders.models.orders import Order


class OrderLine(models.Model):
    """One line. Catalogue data is a copy; the variant may vanish, the line stays.

    `amount` is quantity × unit price, `total` what the customer pays for the line: amount less
    `discount`, with the tax where prices do not contain it. `credited` was taken back of it.
    `list_price` is what the unit would have cost by list (None: not asked), `price_source` where
    its price comes from, `price_reason` why it was given by hand. Adjustments explain the discount.
    Invariant O1: ordered = open + cancelled + shipped, and no more returns than was shipped.
    """

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="lines")
    position = models.PositiveSmallIntegerField()
    variant = models.ForeignKey(
        Variant, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    demand = models.OneToOneField(
        Demand, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    kit = models.ForeignKey(
        OrderKit, on_delete=models.CASCADE, null=True, blank=True, related_name="lines"
    )
    origin = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="offspring",
        help_text="The line of another order whose units these were, or whose units they replace.",
    )
    sku = models.CharField("SKU", max_length=60, blank=True)
    name = models.CharField(max_length=300)
    barcode = models.CharField(max_length=40, blank=True)
    weight_g = models.PositiveIntegerField(default=0)
    is_physical = models.BooleanField(default=True)

    quantity = models.PositiveIntegerField()
    cancelled = models.PositiveIntegerField(default=0)
    shipped = models.PositiveIntegerField(default=0)
    delivered = models.PositiveIntegerField(default=0)
    return_requested = models.PositiveIntegerField(default=0)
    returned = models.PositiveIntegerField(default=0)

    unit_price = AmountField()
    list_price = AmountField(null=True, blank=True)
    price_source = models.CharField(max_length=160, blank=True, default="", db_default="")
    price_reason = models.CharField(max_length=200, blank=True, default="", db_default="")
    amount = AmountField()
    discount = AmountField(default=0)
    tax_rate = RateField(default=0)
    tax = AmountField(default=0)
    tax_included = models.BooleanField(default=True)
    total = AmountField()
    credited = AmountField(default=0)

    class Meta:
        ordering = ("position",)
        constraints = (
            models.UniqueConstraint(fields=("order", "position"), name="orders_line_position_once"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="orders_line_quantity"),
            models.CheckConstraint(
                condition=Q(quantity__gte=F("cancelled") + F("shipped"))
                & Q(delivered__lte=F("shipped"))
                & Q(shipped__gte=F("returned") + F("return_requested")),
                name="orders_line_counters",
            ),
            models.CheckConstraint(
                condition=Q(credited__gte=0) & Q(credited__lte=F("total")),
                name="orders_line_credit_within_total",
            ),
        )
        indexes = (models.Index(fields=("sku", "-order"), name="orders_line_sku"),)

    def __str__(self) -> str:
        return f"{self.quantity} × {self.sku or self.name}"

    @property
    def open(self) -> int:
        """Units still to be sent."""
        return self.quantity - self.cancelled - self.shipped

    @property
    def returnable(self) -> int:
        return self.shipped - self.returned - self.return_requested

    def credit_for(self, units: int, currency: str) -> Decimal:
        """The value of taking `units` more of this line back, from its stored total.

        The last unit takes whatever is left, so that taking back all gives exactly the total.
        """
        taken_back = self.cancelled + self.returned
        if taken_back + units >= self.quantity:
            rest: Decimal = self.total - self.credited
            return rest
        upto = quantise(self.total * (taken_back + units) / self.quantity, currency)
        share: Decimal = min(upto - self.credited, self.total - self.credited)
        return max(Decimal(0), share)
