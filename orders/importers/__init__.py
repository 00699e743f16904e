"""Imports of orders' own tables."""

from orders.importers.price_lists import PRICE_LISTS, preview_prices

__all__ = ["PRICE_LISTS", "preview_prices"]
