"""The lists of inventory, a theme a module."""

from inventory.tables.purchasing import DifferenceList, PurchaseList, SupplierList
from inventory.tables.stock import (
    MovementList,
    ProductList,
    StockList,
    variant_named,
    variant_url,
)

__all__ = [
    "DifferenceList",
    "MovementList",
    "ProductList",
    "PurchaseList",
    "StockList",
    "SupplierList",
    "variant_named",
    "variant_url",
]
