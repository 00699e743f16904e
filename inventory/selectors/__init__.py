"""Reads of stock and the catalogue, within what a user may see."""

from inventory.selectors.scope import (
    is_bound_to_locations,
    location_seen_by,
    visible_levels,
    visible_locations,
)
from inventory.selectors.stock import (
    Place,
    Waiting,
    places_of,
    references_of,
    variant_with_product,
    variants_with_stock,
    waiting_for,
    waiting_units,
)

__all__ = [
    "Place",
    "Waiting",
    "is_bound_to_locations",
    "location_seen_by",
    "places_of",
    "references_of",
    "variant_with_product",
    "variants_with_stock",
    "visible_levels",
    "visible_locations",
    "waiting_for",
    "waiting_units",
]
