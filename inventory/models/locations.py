"""Places where stock lies, which channels they serve and who may work there."""

from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import models

from core.model_fields import CountryField
from core.models import Channel
from core.models.business import validate_time_zone
from inventory.states import LocationKind


class LocationQuerySet(models.QuerySet["Location"]):
    def active(self) -> "LocationQuerySet":
        return self.filter(is_active=True)


class Location(models.Model):
    """A place with stock. `cut_off` is the last moment of a working day, in the location's zone, at
    which an order still leaves that day.
    """

    code = models.SlugField(max_length=20, unique=True)
    name = models.CharField(max_length=100)
    kind = models.CharField(
        max_length=20, choices=LocationKind.choices, default=LocationKind.WAREHOUSE
    )
    line1 = models.CharField("street", max_length=200, blank=True)
    postal_code = models.CharField(max_length=20, blank=True)
    city = models.CharField(max_length=100, blank=True)
    country = CountryField()
    time_zone = models.CharField(
        max_length=50, default="Europe/Berlin", validators=[validate_time_zone]
    )
    cut_off = models.TimeField(default="14:00")
    is_active = models.BooleanField(default=True)

    objects = LocationQuerySet.as_manager()

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)


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
