"""Stock levels that differ from what they sum up, found and mended."""

from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction

from core.invariants import all_invariants
from inventory.locks import lock_levels

CODES = ("S1", "S2", "S2b", "S3")

MEND_ON_HAND = """
    UPDATE inventory_stocklevel level SET sellable = moved.sellable,
        quality_control = moved.quality_control, damaged = moved.damaged
    FROM (
        SELECT l.id,
               coalesce(sum(m.quantity) FILTER (WHERE m.condition = 'sellable'), 0) AS sellable,
               coalesce(sum(m.quantity) FILTER (WHERE m.condition = 'quality_control'), 0)
                   AS quality_control,
               coalesce(sum(m.quantity) FILTER (WHERE m.condition = 'damaged'), 0) AS damaged
        FROM inventory_stocklevel l LEFT JOIN inventory_movement m ON m.level_id = l.id
        WHERE l.variant_id = ANY(%s) GROUP BY l.id
    ) moved WHERE moved.id = level.id
"""
MEND_ALLOCATED = """
    UPDATE inventory_stocklevel level SET allocated = held.units
    FROM (
        SELECT l.id, coalesce(sum(a.quantity - a.consumed - a.released), 0) AS units
        FROM inventory_stocklevel l LEFT JOIN inventory_allocation a ON a.level_id = l.id
        WHERE l.variant_id = ANY(%s) GROUP BY l.id
    ) held WHERE held.id = level.id
"""


@dataclass(frozen=True)
class Difference:
    """One row that is off, under the invariant that it breaks."""

    code: str
    sentence: str
    row: dict[str, Any]


def differences() -> list[Difference]:
    """Everything about stock that is not the sum it should be."""
    return [
        Difference(one.code, one.sentence, row)
        for one in all_invariants()
        if one.code in CODES
        for row in one.check()
    ]


def mend(found: list[Difference]) -> set[int]:
    """Set the levels of the variants found to what ledger and allocations say; the ledger is never
    touched. Returns the variants. A CHECK refuses the whole when more is allocated than is there:
    count that variant instead.
    """
    variants = {row["variant_id"] for one in found if "variant_id" in (row := one.row)}
    if variants:
        with transaction.atomic():
            lock_levels(variants)
            with connection.cursor() as cursor:
                cursor.execute(MEND_ON_HAND, [sorted(variants)])
                cursor.execute(MEND_ALLOCATED, [sorted(variants)])
    return variants
