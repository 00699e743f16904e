"""Filters of the lists of transfers, counts and assembly orders, and of the grid of stock."""

from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from core.listing import AnyOf, Contains, Flag, OneOf, Period
from inventory.filters.stock import PlacesFilter, category_choices
from inventory.models import CountLine, StockLevel, TransferLine
from inventory.states import AssemblyState, CountMethod, CountState, TransferState

SUPPLY = (
    ("available", "To sell somewhere"),
    ("out", "Nothing free anywhere"),
    ("short", "Below safety stock somewhere"),
)


class TransferFilter(PlacesFilter):
    state = AnyOf("state", label="State", choices=TransferState.choices)
    location = AnyOf(label="Location", choices=(), method="with_location")
    expected = Period("expected_on", label="Expected", is_date=True)
    sku = Contains(label="SKU", method="with_sku")

    def with_location(
        self, rows: "QuerySet[Any]", _name: str, chosen: list[str]
    ) -> "QuerySet[Any]":
        return rows.filter(Q(source__in=chosen) | Q(target__in=chosen)) if chosen else rows

    def with_sku(self, rows: "QuerySet[Any]", _name: str, value: str) -> "QuerySet[Any]":
        lines = TransferLine.objects.filter(transfer=OuterRef("pk"), variant__sku__iexact=value)
        return rows.filter(Exists(lines)) if value else rows


class CountFilter(PlacesFilter):
    state = AnyOf("state", label="State", choices=CountState.choices)
    location = AnyOf("location_id", label="Location", choices=())
    method = AnyOf("method", label="What was chosen", choices=CountMethod.choices)
    begun = Period("created_at", label="Begun")
    sku = Contains(label="SKU", method="with_sku")

    def with_sku(self, rows: "QuerySet[Any]", _name: str, value: str) -> "QuerySet[Any]":
        lines = CountLine.objects.filter(session=OuterRef("pk"), variant__sku__iexact=value)
        return rows.filter(Exists(lines)) if value else rows


class AssemblyFilter(PlacesFilter):
    state = AnyOf("state", label="State", choices=AssemblyState.choices)
    location = AnyOf("location_id", label="Location", choices=())
    sku = Contains("variant__sku", "iexact", label="SKU")
    apart = Flag(label="Taken apart", condition=Q(is_disassembly=True))
    begun = Period("created_at", label="Planned")


class GridFilter(PlacesFilter):
    """`location` chooses the columns of the grid, not its rows: it narrows nothing."""

    location = AnyOf(label="Location", choices=(), method="as_columns")
    supply = OneOf(label="Supply", choices=SUPPLY, method="with_supply")
    category = AnyOf("product__category_id", label="Category", choices=category_choices)
    sku = Contains("sku", "iexact", label="SKU")
    brand = Contains("product__brand", label="Brand")
    sold = Flag(label="Sold", condition=Q(is_active=True, product__is_active=True))

    def as_columns(self, rows: "QuerySet[Any]", _name: str, _chosen: list[str]) -> "QuerySet[Any]":
        return rows

    def with_supply(self, rows: "QuerySet[Any]", _name: str, value: str) -> "QuerySet[Any]":
        here = StockLevel.objects.filter(variant=OuterRef("pk"))
        claimed = F("allocated") + F("reserved")
        if value == "available":
            return rows.filter(Exists(here.filter(sellable__gt=claimed + F("safety"))))
        if value == "out":
            return rows.exclude(Exists(here.filter(sellable__gt=claimed)))
        if value == "short":
            return rows.filter(
                Exists(here.filter(safety__gt=0, sellable__lt=claimed + F("safety")))
            )
        return rows
