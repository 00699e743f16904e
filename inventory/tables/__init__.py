"""The lists of inventory, a theme a module."""

from inventory.tables.grid import StockGrid
from inventory.tables.moving import AssemblyList, CountList, TransferList
from inventory.tables.planning import CoverList, RuleList, SuggestionList
from inventory.tables.purchasing import DifferenceList, PurchaseList, SupplierList
from inventory.tables.stock import (
    MovementList,
    ProductList,
    StockList,
    variant_named,
    variant_url,
)
from inventory.tables.valuation import AgeingList, ValuationList

__all__ = [
    "AgeingList",
    "AssemblyList",
    "CountList",
    "CoverList",
    "DifferenceList",
    "MovementList",
    "ProductList",
    "PurchaseList",
    "RuleList",
    "StockGrid",
    "StockList",
    "SuggestionList",
    "SupplierList",
    "TransferList",
    "ValuationList",
    "variant_named",
    "variant_url",
]
