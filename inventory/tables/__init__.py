"""The lists of inventory, a theme a module."""

from inventory.tables.stock import (
    MovementList,
    ProductList,
    StockList,
    variant_named,
    variant_url,
)

__all__ = ["MovementList", "ProductList", "StockList", "variant_named", "variant_url"]
