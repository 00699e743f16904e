"""Filters of the lists of suppliers, purchase orders and differences."""

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from core import clock
from core.listing import AnyOf, Contains, Flag, ListFilter, Period
from inventory.filters.stock import PlacesFilter
from inventory.models import PurchaseOrderLine, Supplier, SupplierItem
from inventory.selectors.purchasing import late_condition
from inventory.states import Difference, PurchaseState


def supplier_choices() -> list[tuple[str, str]]:
    return [(str(pk), name) for pk, name in Supplier.objects.values_list("pk", "name")]


def is_late() -> Q:
    """Orders of which something should have come before today."""
    return late_condition(clock.now().date())


class SupplierFilter(ListFilter):
    active = Flag(label="Bought from", condition=Q(is_active=True))
    country = Contains("country", "iexact", label="Country")
    sku = Contains(label="Sells the SKU", method="with_sku")

    def with_sku(self, rows: "QuerySet[Any]", _name: str, value: str) -> "QuerySet[Any]":
        found = SupplierItem.objects.filter(supplier=OuterRef("pk"), variant__sku__iexact=value)
        return rows.filter(Exists(found)) if value else rows


class PurchaseFilter(PlacesFilter):
    state = AnyOf("state", label="State", choices=PurchaseState.choices)
    supplier = AnyOf("supplier_id", label="Supplier", choices=supplier_choices)
    location = AnyOf("location_id", label="For", choices=())
    expected = Period("expected_on", label="Expected", is_date=True)
    created = Period("created_at", label="Drafted")
    late = Flag(label="Late", method="when_late")
    sku = Contains(label="SKU", method="with_sku")

    def when_late(self, rows: "QuerySet[Any]", _name: str, value: str) -> "QuerySet[Any]":
        if not value:
            return rows
        return rows.filter(is_late()) if value == "yes" else rows.exclude(is_late())

    def with_sku(self, rows: "QuerySet[Any]", _name: str, value: str) -> "QuerySet[Any]":
        lines = PurchaseOrderLine.objects.filter(order=OuterRef("pk"), sku__iexact=value)
        return rows.filter(Exists(lines)) if value else rows


class DifferenceFilter(PlacesFilter):
    reason = AnyOf("reason", label="Reason", choices=Difference.choices)
    supplier = AnyOf("receipt__order__supplier_id", label="Supplier", choices=supplier_choices)
    location = AnyOf("receipt__order__location_id", label="At", choices=())
    posted = Period("receipt__posted_at", label="Received")
    sku = Contains("line__sku", "iexact", label="SKU")
