"""Reasons why an order must wait, and what people wrote about it."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from orders.models.orders import Order
from orders.states import HoldKind


class Hold(models.Model):
    """An order waits for a reason until somebody releases it or `until` has passed."""

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="holds")
    kind = models.CharField(max_length=12, choices=HoldKind.choices)
    reason = models.CharField(max_length=300)
    placed_by = models.CharField(max_length=150)
    placed_at = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text="Who settles what keeps the order.",
    )
    released_by = models.CharField(max_length=150, blank=True)
    released_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-placed_at", "-id")
        constraints = (
            models.UniqueConstraint(
                fields=("order", "kind"), condition=Q(released_at=None), name="orders_hold_once"
            ),
        )
        indexes = (
            models.Index(
                fields=("until",), condition=Q(released_at=None), name="orders_hold_until"
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.reason}"


class NoteKind(models.TextChoices):
    STAFF = "staff", "Staff note"
    CUSTOMER = "customer", "From the customer"
    GIFT = "gift", "Gift message"
    PACKING = "packing", "Packing instruction"


class Note(models.Model):
    """Words about an order."""

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="notes")
    kind = models.CharField(max_length=10, choices=NoteKind.choices, default=NoteKind.STAFF)
    text = models.TextField(max_length=4000)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True)
    author_label = models.CharField(max_length=150)
    written_at = models.DateTimeField()

    class Meta:
        ordering = ("-written_at", "-id")

    def __str__(self) -> str:
        return self.text[:60]
