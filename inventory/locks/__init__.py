"""The locks of stock: levels by id for all that lies there, and what verbs are about, before them."""

from inventory.locks.levels import (
    Levels,
    LockedLevel,
    LockedLot,
    Part,
    ensure_levels,
    lock_levels,
    write_levels,
    write_lots,
)
from inventory.locks.papers import (
    lock_assembly,
    lock_buying_limit,
    lock_count,
    lock_location,
    lock_purchase,
    lock_reorder_rules,
    lock_serials,
    lock_snapshot,
    lock_suggestions,
    lock_supplier,
    lock_transfer,
    lock_variants,
)

__all__ = [
    "Levels",
    "LockedLevel",
    "LockedLot",
    "Part",
    "ensure_levels",
    "lock_assembly",
    "lock_buying_limit",
    "lock_count",
    "lock_levels",
    "lock_location",
    "lock_purchase",
    "lock_reorder_rules",
    "lock_serials",
    "lock_snapshot",
    "lock_suggestions",
    "lock_supplier",
    "lock_transfer",
    "lock_variants",
    "write_levels",
    "write_lots",
]
