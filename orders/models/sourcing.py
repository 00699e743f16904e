"""What sending from a location costs, the rules of sourcing, and each decision as it was taken."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from core.model_fields import AmountField, CurrencyField
from core.models import Channel
from core.models.guards import append_only
from customers.models import CustomerGroup
from inventory.models import Category, Location, Variant
from orders.models.orders import Order
from orders.models.shipping_services import ShippingService
from orders.sourcing import Criterion, Method
from orders.states import GoodsKind, KeepTogether, Places, SourcingCause


class SendingTerms(models.Model):
    """What a location takes for sending and whom it may send to; one that has none sends anywhere,
    at no cost of its own. `service` is what it sends with (None: what the customer chose), so that
    the freight is that service's; `countries` empty: anywhere.
    """

    location = models.OneToOneField(Location, on_delete=models.CASCADE, related_name="+")
    currency = CurrencyField(default="EUR")
    per_parcel = AmountField(default=0)
    per_unit = AmountField(default=0)
    service = models.ForeignKey(
        ShippingService, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    countries = ArrayField(models.CharField(max_length=2), default=list, blank=True)
    sends_hazardous = models.BooleanField(default=True)

    class Meta:
        verbose_name_plural = "sending terms"
        constraints = (
            models.CheckConstraint(
                condition=Q(per_parcel__gte=0) & Q(per_unit__gte=0),
                name="orders_sending_costs_something",
            ),
        )

    def __str__(self) -> str:
        return str(self.location)


class SourcingRule(models.Model):
    """Which orders it speaks of, and what it says of where they are sent from. Rules are asked by
    `position`; the first that applies and says something of an aspect decides it. What is empty
    asks nothing, or says nothing.
    """

    name = models.CharField(max_length=100)
    position = models.PositiveIntegerField()
    is_active = models.BooleanField(default=True)

    channel = models.ForeignKey(Channel, on_delete=models.CASCADE, null=True, blank=True)
    countries = ArrayField(models.CharField(max_length=2), default=list, blank=True)
    tags = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    group = models.ForeignKey(CustomerGroup, on_delete=models.CASCADE, null=True, blank=True)
    category = models.ForeignKey(Category, on_delete=models.CASCADE, null=True, blank=True)
    goods = models.CharField(max_length=10, choices=GoodsKind.choices, blank=True)
    total_from = AmountField(null=True, blank=True)
    total_below = AmountField(null=True, blank=True)
    currency = CurrencyField(blank=True)

    places = models.CharField(max_length=4, choices=Places.choices, blank=True)
    locations = models.ManyToManyField(Location, blank=True, related_name="+")
    criteria = ArrayField(
        models.CharField(max_length=10, choices=[(one.value, one.value) for one in Criterion]),
        default=list,
        blank=True,
    )
    most_parcels = models.PositiveSmallIntegerField(null=True, blank=True)
    is_complete = models.BooleanField(null=True, blank=True)
    keep_together = models.CharField(max_length=10, choices=KeepTogether.choices, blank=True)
    leaves_within = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        ordering = ("position", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("position",),
                name="orders_sourcing_rule_position_once",
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.CheckConstraint(
                condition=Q(most_parcels=None) | Q(most_parcels__gte=1, most_parcels__lte=20),
                name="orders_sourcing_rule_sends_some_parcel",
            ),
            models.CheckConstraint(
                condition=Q(total_from=None, total_below=None) | ~Q(currency=""),
                name="orders_sourcing_rule_names_currency",
            ),
            models.CheckConstraint(
                condition=Q(total_from=None)
                | Q(total_below=None)
                | Q(total_from__lt=F("total_below")),
                name="orders_sourcing_rule_range",
            ),
        )

    def __str__(self) -> str:
        return self.name


class SourcingDecision(models.Model):
    """Where an order was decided to be sent from, and why; append-only.

    `inputs` is the problem as it was asked (Problem.as_json): deciding it again gives the same
    `plans`, the best three first. `taken` is what was set aside then: item, location, units; an item
    is a line by its position. `skipped` says of each other location why not.
    """

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="sourcing_decisions")
    decided_at = models.DateTimeField()
    cause = models.CharField(max_length=12, choices=SourcingCause.choices)
    method = models.CharField(max_length=10, choices=[(one.value, one.value) for one in Method])
    why = models.CharField(max_length=500)
    reason = models.CharField(max_length=300, blank=True)
    decided_by = models.CharField(max_length=150)
    inputs = models.JSONField()
    plans = models.JSONField()
    taken = models.JSONField()
    skipped = models.JSONField()
    rules = ArrayField(models.CharField(max_length=100), default=list)

    class Meta:
        ordering = ("-pk",)
        indexes = (models.Index(fields=("order", "-id"), name="orders_decisions_of_order"),)
        constraints = (
            models.CheckConstraint(
                condition=~Q(cause=SourcingCause.OVERRIDDEN) | ~Q(reason=""),
                name="orders_override_has_reason",
            ),
        )
        triggers = (append_only("sourcing_decision_is_append_only"),)

    def __str__(self) -> str:
        return self.why


class StockWorth(models.Model):
    """What one unit at a location saves later orders: a shadow price, with the time it is of."""

    location = models.ForeignKey(Location, on_delete=models.CASCADE, related_name="+")
    variant = models.ForeignKey(Variant, on_delete=models.CASCADE, related_name="+")
    currency = CurrencyField()
    amount = AmountField()
    computed_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("variant", "location", "currency"), name="orders_stock_worth_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.amount} {self.currency} at {self.location_id}"
