"""The one way to lock stock: rows by id, in one statement.

Whoever changes a demand or an allocation of a variant first locks that variant's levels; so the
levels stand for everything below them, and no two verbs can wait for each other. Orders and credit
accounts are locked before, counters after.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import connection

LOCK_LEVELS = """
    SELECT id, variant_id, location_id, sellable, quality_control, damaged, allocated, safety
    FROM inventory_stocklevel WHERE variant_id = ANY(%s) {location} ORDER BY id FOR UPDATE
"""


@dataclass(slots=True)
class LockedLevel:
    """A stock level under lock, as a working copy: change it, then write what was changed."""

    id: int
    variant_id: int
    location_id: int
    sellable: int
    quality_control: int
    damaged: int
    allocated: int
    safety: int

    def available(self, buffer: int = 0) -> int:
        """Units that may still be promised: never below zero, thresholds kept."""
        return max(0, self.sellable - self.allocated - self.safety - buffer)


Levels = dict[tuple[int, int], LockedLevel]


def lock_levels(variant_ids: Iterable[int], *, location_ids: Sequence[int] | None = None) -> Levels:
    """Lock the levels of these variants (at these locations, or everywhere) until the transaction
    ends; by (variant, location). Levels that do not exist are left out. One statement.
    """
    wanted = sorted(set(variant_ids))
    if not wanted:
        return {}
    narrowed = location_ids is not None
    sql = LOCK_LEVELS.format(location="AND location_id = ANY(%s)" if narrowed else "")
    with connection.cursor() as cursor:
        cursor.execute(sql, [wanted, list(location_ids or ())] if narrowed else [wanted])
        rows = [LockedLevel(*row) for row in cursor.fetchall()]
    return {(row.variant_id, row.location_id): row for row in rows}


def ensure_levels(pairs: Iterable[tuple[int, int]]) -> None:
    """Make the levels that are missing, empty, for (variant, location) pairs. One statement."""
    ordered = sorted(set(pairs))
    if not ordered:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO inventory_stocklevel (variant_id, location_id, sellable, quality_control,"
            " damaged, allocated, safety, bin)"
            " SELECT v, l, 0, 0, 0, 0, 0, '' FROM unnest(%s::bigint[], %s::bigint[]) AS pair(v, l)"
            " ON CONFLICT (variant_id, location_id) DO NOTHING",
            [[variant for variant, _ in ordered], [location for _, location in ordered]],
        )


def write_levels(levels: Iterable[LockedLevel]) -> None:
    """Write working copies back. One statement; the CHECK constraints have the last word."""
    rows = sorted(levels, key=lambda level: level.id)
    if not rows:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE inventory_stocklevel AS level SET sellable = new.sellable,"
            " quality_control = new.quality_control, damaged = new.damaged,"
            " allocated = new.allocated"
            " FROM unnest(%s::bigint[], %s::int[], %s::int[], %s::int[], %s::int[])"
            " AS new(id, sellable, quality_control, damaged, allocated) WHERE level.id = new.id",
            [
                [row.id for row in rows],
                [row.sellable for row in rows],
                [row.quality_control for row in rows],
                [row.damaged for row in rows],
                [row.allocated for row in rows],
            ],
        )
