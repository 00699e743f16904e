"""Filters of inventory's lists, a theme a module."""

from inventory.filters.stock import (
    CONDITIONS,
    TO_SELL,
    MovementFilter,
    PlacesFilter,
    ProductFilter,
    StockFilter,
    category_choices,
    waits,
)

__all__ = [
    "CONDITIONS",
    "TO_SELL",
    "MovementFilter",
    "PlacesFilter",
    "ProductFilter",
    "StockFilter",
    "category_choices",
    "waits",
]
