"""Places where stock lies, which channels they serve and who may work there."""

from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from core.model_fields import CountryField, CurrencyField
from core.models import Channel, HasCustomFields
from core.models.business import validate_time_zone
from inventory.states import LocationKind


def monday_to_friday() -> list[int]:
    return [0, 1, 2, 3, 4]


class LocationQuerySet(models.QuerySet["Location"]):
    def active(self) -> "LocationQuerySet":
        return self.filter(is_active=True)


class Location(HasCustomFields):
    """A place with stock. `cut_off` is the last moment of a working day, in the location's zone, at
    which an order still leaves that day; `working_days` are weekdays from Monday, 0. What its stock
    costs is told in `currency`.
    """

    code = models.SlugField(max_length=20, unique=True)
    name = models.CharField(max_length=100)
    kind = models.CharField(
        max_length=20, choices=LocationKind.choices, default=LocationKind.WAREHOUSE
    )
    line1 = models.CharField("street", max_length=200, blank=True)
    line2 = models.CharField("building, floor", max_length=200, blank=True)
    postal_code = models.CharField(max_length=20, blank=True)
    city = models.CharField(max_length=100, blank=True)
    region = models.CharField("state or region", max_length=100, blank=True)
    country = CountryField()
    latitude = models.DecimalField(
        max_digits=8,
        decimal_places=5,
        null=True,
        blank=True,
        validators=[MinValueValidator(-90), MaxValueValidator(90)],
    )
    longitude = models.DecimalField(
        max_digits=8,
        decimal_places=5,
        null=True,
        blank=True,
        validators=[MinValueValidator(-180), MaxValueValidator(180)],
    )
    currency = CurrencyField(default="EUR", help_text="What its stock costs is told in this.")
    time_zone = models.CharField(
        max_length=50, default="Europe/Berlin", validators=[validate_time_zone]
    )
    cut_off = models.TimeField(default="14:00")
    working_days = ArrayField(models.PositiveSmallIntegerField(), default=monday_to_friday)
    handling_days = models.PositiveSmallIntegerField(
        default=0,
        db_default=0,
        validators=[MaxValueValidator(60)],
        help_text="Working days between an order’s day and the one on which it leaves.",
    )
    capacity_per_day = models.PositiveIntegerField(
        "orders a day",
        null=True,
        blank=True,
        help_text="What it can send at most; empty: no limit.",
    )
    is_pickup = models.BooleanField("customers may collect here", default=False)
    is_active = models.BooleanField(default=True)

    objects = LocationQuerySet.as_manager()

    class Meta:
        ordering = ("name",)
        constraints = (
            models.CheckConstraint(
                condition=Q(working_days__len__gt=0)
                & Q(working_days__contained_by=[0, 1, 2, 3, 4, 5, 6]),
                name="inventory_location_works_some_day",
            ),
            models.CheckConstraint(
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                | Q(latitude__range=(-90, 90), longitude__range=(-180, 180)),
                name="inventory_location_on_earth",
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)


class Closure(models.Model):
    """A day on which a location, or every location, does not work."""

    location = models.ForeignKey(
        Location, on_delete=models.CASCADE, null=True, blank=True, related_name="closures"
    )
    day = models.DateField()
    name = models.CharField("reason", max_length=100)

    class Meta:
        ordering = ("day", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("location", "day"),
                name="inventory_closure_once",
                nulls_distinct=False,
                violation_error_message="This day is closed there already.",
            ),
        )
        indexes = (models.Index(fields=("day",), name="inventory_closure_day"),)

    def __str__(self) -> str:
        return f"{self.day}: {self.name}"


class Bin(models.Model):
    """A place within a location: a shelf, a pallet position, a drawer. Stock levels name theirs by
    `code`; a location without bins takes any name.
    """

    location = models.ForeignKey(Location, on_delete=models.CASCADE, related_name="bins")
    code = models.CharField("bin", max_length=30)
    zone = models.CharField(max_length=30, blank=True)
    aisle = models.CharField(max_length=30, blank=True)
    shelf = models.CharField(max_length=30, blank=True)

    class Meta:
        ordering = ("code", "id")
        constraints = (
            models.UniqueConstraint(fields=("location", "code"), name="inventory_bin_once"),
            models.CheckConstraint(condition=~Q(code=""), name="inventory_bin_named"),
        )

    def __str__(self) -> str:
        return self.code


class ChannelLocation(models.Model):
    """A channel sells from a location; the lowest priority is asked first."""

    channel = models.ForeignKey(Channel, on_delete=models.CASCADE, related_name="locations")
    location = models.ForeignKey(Location, on_delete=models.CASCADE, related_name="channels")
    priority = models.PositiveSmallIntegerField(default=10)

    class Meta:
        ordering = ("priority", "location_id")
        constraints = (
            models.UniqueConstraint(
                fields=("channel", "location"), name="inventory_channel_location_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.channel_id} ← {self.location_id} ({self.priority})"


class LocationAccess(models.Model):
    """A member of the warehouse works at a location and sees no other."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="location_access"
    )
    location = models.ForeignKey(Location, on_delete=models.CASCADE, related_name="access")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("user", "location"), name="inventory_access_once"),
        )
        verbose_name_plural = "location access"

    def __str__(self) -> str:
        return f"{self.user_id} at {self.location_id}"
