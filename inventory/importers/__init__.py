"""Imports of inventory, a theme a module."""

from inventory.importers.counts import SNAPSHOT, STOCK, SUPPLIER_PRICES
from inventory.importers.products import PRODUCTS, Previewed, preview_products

__all__ = [
    "PRODUCTS",
    "SNAPSHOT",
    "STOCK",
    "SUPPLIER_PRICES",
    "Previewed",
    "preview_products",
]
