"""What promises are made from: carriers’ days and measured ways; and what was promised."""

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q

from core.model_fields import CountryField
from core.models.guards import append_only
from inventory.models import Location
from orders.models.orders import Order
from orders.models.shipping_services import ShippingService, ShippingZone
from orders.states import PromiseBasis

ALL_CARRIERS = ""  # stands in a closure for every carrier


def monday_to_saturday() -> list[int]:
    return [0, 1, 2, 3, 4, 5]


class TransitTime(models.Model):
    """Working days from one location to a zone, where they differ from what the zone says."""

    zone = models.ForeignKey(ShippingZone, on_delete=models.CASCADE, related_name="times")
    location = models.ForeignKey(Location, on_delete=models.CASCADE, related_name="+")
    days = models.PositiveSmallIntegerField(validators=[MaxValueValidator(60)])

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("zone", "location"),
                name="orders_transit_time_once",
                violation_error_message="There are days from this location to the zone already.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.zone} from {self.location}"


class CarrierDays(models.Model):
    """On which weekdays a carrier collects and delivers; one without a row works Monday to Saturday."""

    carrier = models.SlugField(max_length=30, unique=True)
    working_days = ArrayField(models.PositiveSmallIntegerField(), default=monday_to_saturday)

    class Meta:
        verbose_name_plural = "carrier days"
        constraints = (
            models.CheckConstraint(
                condition=Q(working_days__len__gt=0)
                & Q(working_days__contained_by=[0, 1, 2, 3, 4, 5, 6]),
                name="orders_carrier_works_some_day",
            ),
        )

    def __str__(self) -> str:
        return self.carrier


class CarrierClosure(models.Model):
    """A day on which a carrier, or every one, neither collects nor delivers in a country, or anywhere."""

    carrier = models.SlugField(max_length=30, blank=True, default=ALL_CARRIERS)
    country = CountryField(blank=True)
    day = models.DateField()
    name = models.CharField("reason", max_length=100)

    class Meta:
        ordering = ("day", "carrier", "country")
        constraints = (
            models.UniqueConstraint(
                fields=("carrier", "country", "day"),
                name="orders_carrier_closure_once",
                violation_error_message="This day is closed there already.",
            ),
        )
        indexes = (models.Index(fields=("day",), name="orders_carrier_closure_day"),)

    def __str__(self) -> str:
        return f"{self.day}: {self.name}"


class MeasuredTransit(models.Model):
    """How long one parcel took, in working days of its carrier where it went: append-only. `key` names
    the parcel for whoever tells it, so that it counts once.
    """

    key = models.CharField(max_length=40, unique=True)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="measured")
    service = models.ForeignKey(ShippingService, on_delete=models.PROTECT, related_name="+")
    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="+")
    country = CountryField()
    handed_over_on = models.DateField()
    delivered_on = models.DateField()
    days = models.PositiveSmallIntegerField()
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(delivered_on__gte=F("handed_over_on")),
                name="orders_measured_forwards",
            ),
        )
        indexes = (models.Index(fields=("handed_over_on",), name="orders_measured_by_day"),)
        triggers = (append_only("measured_transit_is_append_only"),)

    def __str__(self) -> str:
        return f"{self.key}: {self.days} days"


class LaneStatistic(models.Model):
    """How many recent parcels took how many working days, by service on one way (location to country)
    or to a whole zone from anywhere: `counts[3]` took three. Made anew from what was measured.
    """

    service = models.ForeignKey(ShippingService, on_delete=models.CASCADE, related_name="+")
    location = models.ForeignKey(
        Location, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    country = CountryField(blank=True)
    zone = models.ForeignKey(
        ShippingZone, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    counts = ArrayField(models.PositiveIntegerField())
    deliveries = models.PositiveIntegerField()
    refreshed_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("service", "location", "country", "zone"),
                name="orders_lane_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=Q(location__isnull=False, zone__isnull=True)
                | Q(location__isnull=True, zone__isnull=False, country=""),
                name="orders_lane_or_zone",
            ),
        )

    def __str__(self) -> str:
        return f"{self.service}, {self.country or self.zone}: {self.deliveries}"


class OrderPromise(models.Model):
    """A day that was promised for an order: append-only, the newest one holds. The first is made as it
    is placed; others say why. `inputs` is all that it was decided from (orders.promising.Inputs).
    """

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="promises")
    promised_on = models.DateField()
    ship_by = models.DateTimeField(null=True, blank=True)
    percentile = models.PositiveSmallIntegerField(null=True, blank=True)
    basis = models.CharField(max_length=10, choices=PromiseBasis.choices)
    inputs = models.JSONField(default=dict, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=150)

    class Meta:
        ordering = ("order_id", "id")
        constraints = (
            models.CheckConstraint(
                condition=~Q(basis="person") | ~Q(reason=""), name="orders_promise_says_why"
            ),
            models.CheckConstraint(
                condition=Q(basis="person") | Q(percentile__isnull=False, ship_by__isnull=False),
                name="orders_promise_is_reckoned",
            ),
        )
        triggers = (append_only("promise_is_append_only"),)

    def __str__(self) -> str:
        return f"{self.order_id}: {self.promised_on}"
