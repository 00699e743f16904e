"""Promotions, their coupons, and who used which."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from core.model_fields import AmountField, CurrencyField
from core.models import Channel
from customers.models import Customer, CustomerGroup
from inventory.models import Category
from orders.models.orders import Order
from orders.states import PromotionKind


class Promotion(models.Model):
    """Something taken off orders that fulfil its conditions; an empty condition holds for all.

    `percent` is what is taken off (of the units given, where some are bought and some given),
    `amount` the fixed amount, `cap` the most it takes off one order. Orders keep what they got.
    """

    name = models.CharField(max_length=100, unique=True)
    kind = models.CharField(max_length=20, choices=PromotionKind.choices)
    percent = models.DecimalField(max_digits=6, decimal_places=3, default=0)
    amount = AmountField(default=0)
    currency = CurrencyField(blank=True)
    buy_quantity = models.PositiveIntegerField(default=0)
    get_quantity = models.PositiveIntegerField(default=0)

    channels = models.ManyToManyField(Channel, blank=True, related_name="+")
    groups = models.ManyToManyField(CustomerGroup, blank=True, related_name="+")
    categories = models.ManyToManyField(Category, blank=True, related_name="+")
    skus = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    valid_from = models.DateField(null=True, blank=True)
    valid_until = models.DateField(null=True, blank=True)
    minimum = AmountField(default=0)
    cap = AmountField(null=True, blank=True)

    needs_coupon = models.BooleanField(default=False)
    is_stackable = models.BooleanField(default=True)
    priority = models.SmallIntegerField(default=0)
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ("name",)
        constraints = (
            models.CheckConstraint(
                condition=Q(percent__gte=0)
                & Q(percent__lte=100)
                & Q(amount__gte=0)
                & Q(minimum__gte=0)
                & (Q(cap=None) | Q(cap__gte=0)),
                name="orders_promotion_in_bounds",
            ),
            models.CheckConstraint(
                condition=~Q(currency="") | (Q(amount=0) & Q(minimum=0) & Q(cap=None)),
                name="orders_promotion_amounts_have_currency",
            ),
            models.CheckConstraint(
                condition=(Q(kind="percent") & Q(percent__gt=0))
                | (Q(kind="fixed") & Q(amount__gt=0))
                | (
                    Q(kind="buy_x_get_y")
                    & Q(buy_quantity__gt=0)
                    & Q(get_quantity__gt=0)
                    & Q(percent__gt=0)
                )
                | Q(kind="free_shipping"),
                name="orders_promotion_gives_something",
            ),
            models.CheckConstraint(
                condition=Q(valid_from=None)
                | Q(valid_until=None)
                | Q(valid_from__lte=F("valid_until")),
                name="orders_promotion_dates",
            ),
        )

    def __str__(self) -> str:
        return self.name


class Coupon(models.Model):
    """A code that asks for a promotion. `used` counts the orders that hold it now; the CHECK keeps
    the last one from being taken twice.
    """

    promotion = models.ForeignKey(Promotion, on_delete=models.PROTECT, related_name="coupons")
    code = models.CharField(max_length=40, unique=True)
    total_limit = models.PositiveIntegerField(null=True, blank=True)
    customer_limit = models.PositiveIntegerField(null=True, blank=True)
    used = models.PositiveIntegerField(default=0)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("code",)
        constraints = (
            models.CheckConstraint(
                condition=Q(code__regex="^[^a-z[:space:]]+$"), name="orders_coupon_in_capitals"
            ),
            models.CheckConstraint(
                condition=Q(total_limit=None) | Q(used__lte=F("total_limit")),
                name="orders_coupon_within_limit",
            ),
        )

    def __str__(self) -> str:
        return self.code


class CouponRedemption(models.Model):
    """One order's use of a coupon; given back when the order is cancelled whole. Without a customer,
    the e-mail address stands for one.
    """

    coupon = models.ForeignKey(Coupon, on_delete=models.PROTECT, related_name="redemptions")
    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="redemptions")
    customer = models.ForeignKey(
        Customer, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    email = models.EmailField(blank=True)
    redeemed_at = models.DateTimeField()
    returned_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("coupon", "order"), name="orders_redemption_once"),
        )

    def __str__(self) -> str:
        return f"{self.coupon_id} for order {self.order_id}"
