"""Units kept for somebody who has not ordered yet: a cart, a payment link. They expire."""

from datetime import datetime

from django.db import models
from django.db.models import Q

from inventory.models.stock import StockLevel
from inventory.states import ReservationEnd


class ReservationQuerySet(models.QuerySet["Reservation"]):
    def open(self) -> "ReservationQuerySet":
        return self.filter(ended_at__isnull=True)

    def overdue(self, now: datetime) -> "ReservationQuerySet":
        return self.open().filter(expires_at__lte=now)


class Reservation(models.Model):
    """Units of one stock level kept under a key until a moment. Rows are never changed but to end.

    Invariant S2d: a level's `reserved` is the sum of what is open here.
    """

    key = models.CharField(max_length=80)
    level = models.ForeignKey(StockLevel, on_delete=models.PROTECT, related_name="reservations")
    channel = models.ForeignKey("core.Channel", on_delete=models.PROTECT, related_name="+")
    quantity = models.PositiveIntegerField()
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    end = models.CharField(max_length=10, choices=ReservationEnd.choices, blank=True)

    objects = ReservationQuerySet.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(quantity__gt=0), name="inventory_reservation_positive"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, end="")
                | (Q(ended_at__isnull=False) & ~Q(end="")),
                name="inventory_reservation_end_is_told",
            ),
        )
        indexes = (
            models.Index(
                fields=("key",), name="inventory_reservation_key", condition=Q(ended_at=None)
            ),
            models.Index(
                fields=("expires_at",), name="inventory_reservation_due", condition=Q(ended_at=None)
            ),
            models.Index(
                fields=("level",), name="inventory_reservation_level", condition=Q(ended_at=None)
            ),
        )

    def __str__(self) -> str:
        return f"{self.quantity} for {self.key}"
