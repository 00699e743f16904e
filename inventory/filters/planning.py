"""Filters of suggestions, reorder rules and the figures of stock."""

from typing import Any

from django.db.models import F, Q, QuerySet

from core.listing import AnyOf, Contains, Flag, NumberRange, OneOf
from inventory.filters.stock import PlacesFilter, category_choices
from inventory.forecasting.classes import DemandClass
from inventory.models import Supplier
from inventory.states import SuggestionKind, SuggestionState

DEMAND_KINDS = [
    (DemandClass.SMOOTH.value, "Smooth"),
    (DemandClass.ERRATIC.value, "Erratic"),
    (DemandClass.INTERMITTENT.value, "Now and then"),
    (DemandClass.LUMPY.value, "Lumpy"),
    (DemandClass.NONE.value, "None"),
]


def supplier_choices() -> list[tuple[str, str]]:
    return [(str(pk), name) for pk, name in Supplier.objects.values_list("pk", "name")]


class SuggestionFilter(PlacesFilter):
    location = AnyOf("location_id", label="For", choices=())
    kind = OneOf("kind", label="How", choices=SuggestionKind.choices)
    supplier = OneOf("supplier_item__supplier_id", label="Supplier", choices=supplier_choices)
    state = AnyOf("state", label="State", choices=SuggestionState.choices)
    out = Flag(label="Sold out", condition=Q(covered_days=0))
    lacking = Flag(
        label="Nobody sells it",
        condition=Q(kind=SuggestionKind.PURCHASE, supplier_item__isnull=True),
    )
    sku = Contains("variant__sku", "iexact", label="SKU")


class RuleFilter(PlacesFilter):
    location = AnyOf("location_id", label="Location", choices=())
    automatic = Flag(label="Orders without asking", condition=Q(is_automatic=True))
    planned = Flag(label="Planned", condition=Q(is_active=True))
    sku = Contains("variant__sku", "iexact", label="SKU")


class CoverFilter(PlacesFilter):
    location = AnyOf("location_id", label="Location", choices=())
    demand = AnyOf("kind", label="Demand", choices=DEMAND_KINDS)
    cover = NumberRange("cover_days", label="Days of cover")
    late = Flag(label="Runs out before an order comes", condition=Q(cover_days__lt=F("lead_days")))
    category = AnyOf("variant__product__category_id", label="Category", choices=category_choices)


class HeldStockFilter(PlacesFilter):
    """Levels with something on them."""

    location = AnyOf("location_id", label="Location", choices=())
    category = AnyOf("variant__product__category_id", label="Category", choices=category_choices)
    costed = Flag(label="Cost is known", condition=Q(average_cost__gt=0))
    sku = Contains("variant__sku", "iexact", label="SKU")


class AgeingFilter(PlacesFilter):
    location = AnyOf("location_id", label="Location", choices=())
    category = AnyOf("variant__product__category_id", label="Category", choices=category_choices)
    idle = OneOf(
        label="Nothing left for",
        choices=[("30", "30 days"), ("90", "90 days"), ("180", "180 days"), ("365", "a year")],
        method="with_idle",
    )
    sku = Contains("variant__sku", "iexact", label="SKU")

    def with_idle(self, rows: "QuerySet[Any]", _name: str, value: str) -> "QuerySet[Any]":
        if value not in {"30", "90", "180", "365"}:
            return rows
        return rows.filter(idle_days__gte=int(value))
