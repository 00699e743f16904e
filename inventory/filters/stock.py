"""Filters of the stock, ledger and product lists."""

from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from core.listing import AnyOf, Contains, Flag, ListFilter, NumberRange, OneOf, Period
from inventory.models import Category, Demand, StockLevel, Variant
from inventory.selectors import visible_locations
from inventory.states import Condition, MovementReason

CLAIMED = F("allocated") + F("reserved")
FREE = F("sellable") - CLAIMED
TO_SELL = FREE - F("safety")
SHORT = (
    ("available", "To sell"),
    ("low", "Low: only safety stock is left"),
    ("out", "Out: nothing is free"),
)
CONDITIONS = {
    "available": Q(sellable__gt=CLAIMED + F("safety")),
    "low": Q(sellable__gt=CLAIMED, sellable__lte=CLAIMED + F("safety")),
    "out": Q(sellable__lte=CLAIMED),
}


def waits() -> Exists:
    """Whether demand for the level's variant waits for stock."""
    return Exists(Demand.objects.backordered().order_by().filter(variant=OuterRef("variant_id")))


def category_choices() -> list[tuple[str, str]]:
    return [(str(pk), name) for pk, name in Category.objects.values_list("pk", "name")]


class PlacesFilter(ListFilter):
    """A list whose locations are those that the user sees."""

    def __init__(self, data: Any, queryset: "QuerySet[Any]", *, user: Any) -> None:
        super().__init__(data, queryset, user=user)
        places = visible_locations(user).order_by("name").values_list("pk", "name")
        self.filters["location"].extra["choices"] = [(str(pk), name) for pk, name in places]


class StockFilter(PlacesFilter):
    location = AnyOf("location_id", label="Location", choices=())
    supply = AnyOf(label="Supply", choices=SHORT, method="with_supply")
    waiting = Flag(label="Demand waits", method="with_waiting")
    category = AnyOf("variant__product__category_id", label="Category", choices=category_choices)
    aside = Flag(
        label="In quality control or damaged", condition=Q(quality_control__gt=0) | Q(damaged__gt=0)
    )
    held = Flag(label="Allocated", condition=Q(allocated__gt=0))
    sellable = NumberRange("sellable", label="Sellable")
    variant = Contains("variant__sku", "iexact", label="SKU")
    active = Flag(
        label="Sold", condition=Q(variant__is_active=True, variant__product__is_active=True)
    )

    def with_supply(
        self, rows: "QuerySet[StockLevel]", _name: str, chosen: list[str]
    ) -> "QuerySet[StockLevel]":
        wanted = Q()
        for one in chosen:
            wanted |= CONDITIONS[one]
        return rows.filter(wanted)

    def with_waiting(
        self, rows: "QuerySet[StockLevel]", _name: str, value: str
    ) -> "QuerySet[StockLevel]":
        if not value:
            return rows
        return rows.filter(waits() if value == "yes" else ~waits())


class MovementFilter(PlacesFilter):
    location = AnyOf("level__location_id", label="Location", choices=())
    reason = AnyOf("reason", label="Reason", choices=MovementReason.choices)
    moved = Period("moved_at", label="Time")
    condition = AnyOf("condition", label="Condition", choices=Condition.choices)
    sku = Contains("level__variant__sku", "iexact", label="SKU")
    lot = Contains("lot__code", "iexact", label="Lot")
    reference = Contains("reference", "iexact", label="Reference")
    units = NumberRange("quantity", label="Units")


class ProductFilter(ListFilter):
    category = AnyOf("category_id", label="Category", choices=category_choices)
    active = OneOf(
        label="State", choices=[("yes", "Sold"), ("no", "No longer sold")], method="with_active"
    )
    brand = Contains("brand", label="Brand")
    sku = Contains(label="SKU", method="with_sku")

    def with_active(self, rows: "QuerySet[Any]", _name: str, value: str) -> "QuerySet[Any]":
        return rows.filter(is_active=value == "yes") if value else rows

    def with_sku(self, rows: "QuerySet[Any]", _name: str, value: str) -> "QuerySet[Any]":
        found = Variant.objects.filter(product=OuterRef("pk"), sku__iexact=value)
        return rows.filter(Exists(found)) if value else rows
