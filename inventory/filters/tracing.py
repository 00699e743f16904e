"""Filters of the lists of lots, serial numbers and what third parties counted."""

from datetime import timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from core.listing import AnyOf, Contains, Flag, ListFilter, OneOf, Period
from inventory.filters.stock import PlacesFilter
from inventory.states import Condition, SerialState

EXPIRY = (
    ("expired", "Expired"),
    ("7", "Within 7 days"),
    ("30", "Within 30 days"),
    ("90", "Within 90 days"),
    ("never", "Never"),
)


def expires(chosen: str) -> Q:
    """The condition of one choice of EXPIRY."""
    today = timezone.localdate()
    if chosen == "expired":
        return Q(expires_on__lt=today)
    if chosen == "never":
        return Q(expires_on=None)
    return Q(expires_on__gte=today, expires_on__lte=today + timedelta(days=int(chosen)))


class LotFilter(ListFilter):
    expiry = OneOf(label="Expires", choices=EXPIRY, method="with_expiry")
    recalled = Flag(label="Recalled", condition=Q(recalled_at__isnull=False))
    held = Flag(label="On hand", condition=Q(on_hand__gt=0))
    expires = Period("expires_on", label="Expiry day", is_date=True)
    sku = Contains("variant__sku", "iexact", label="SKU")

    def with_expiry(self, rows: "QuerySet[Any]", _name: str, chosen: str) -> "QuerySet[Any]":
        return rows.filter(expires(chosen)) if chosen else rows


class SerialFilter(PlacesFilter):
    state = AnyOf("state", label="State", choices=SerialState.choices)
    location = AnyOf("level__location_id", label="Location", choices=())
    condition = AnyOf("condition", label="Condition", choices=Condition.choices)
    sku = Contains("variant__sku", "iexact", label="SKU")


class SnapshotFilter(PlacesFilter):
    location = AnyOf("location_id", label="Location", choices=())
    open = Flag(label="To decide", condition=Q(left__gt=0))
    taken = Period("created_at", label="Read in")
