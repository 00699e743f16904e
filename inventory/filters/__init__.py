"""Filters of inventory's lists, a theme a module."""

from inventory.filters.stock import (
    CONDITIONS,
    MovementFilter,
    PlacesFilter,
    ProductFilter,
    StockFilter,
    category_choices,
    waits,
)

__all__ = [
    "CONDITIONS",
    "MovementFilter",
    "PlacesFilter",
    "ProductFilter",
    "StockFilter",
    "category_choices",
    "waits",
]
