"""The one way to lock stock: rows by id, in one statement.

Whoever changes a demand, an allocation, a reservation or a lot of a variant first locks that
variant's levels; so the levels stand for everything below them, and no two verbs can wait for each
other. Orders and credit accounts are locked before, counters after.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.db import connection

from inventory.errors import BadQuantity, NotEnoughStock
from inventory.states import Condition, Tracking, VariantKind

# ids and rows come as JSON: PostgreSQL expects as many of them in a plan that it keeps as in one made
# for the occasion, and so keeps it; planning anew for an array took longer than locking
READ_LEVELS = """
    SELECT level.id, level.variant_id, level.location_id, level.sellable, level.quality_control,
           level.damaged, level.allocated, level.reserved, level.safety, level.average_cost,
           variant.tracking, variant.cost
    FROM json_array_elements_text(%s) AS wanted(id)
    JOIN inventory_stocklevel level ON level.variant_id = wanted.id::bigint
    JOIN inventory_variant variant ON variant.id = level.variant_id
    {where} ORDER BY level.id
"""
LOCK_LEVELS = f"{READ_LEVELS} FOR NO KEY UPDATE OF level"
AT_SOME = """
    WHERE level.location_id IN (SELECT told::bigint FROM json_array_elements_text(%s) AS told)
"""
ENSURE_LEVELS = """
    WITH pair AS (
        SELECT pair.location, variant.id, variant.sku, variant.kind
        FROM unnest(%s::bigint[], %s::bigint[]) AS pair(variant, location)
        JOIN inventory_variant variant ON variant.id = pair.variant
    ), made AS (
        INSERT INTO inventory_stocklevel (variant_id, location_id, sellable, quality_control,
                                          damaged, allocated, reserved, safety, bin, average_cost)
        SELECT id, location, 0, 0, 0, 0, 0, 0, '', 0 FROM pair WHERE kind = 'stocked'
        ORDER BY id, location
        ON CONFLICT (variant_id, location_id) DO NOTHING
    )
    SELECT sku, kind FROM pair WHERE kind <> 'stocked' LIMIT 1
"""
READ_LOTS = """
    SELECT balance.level_id, balance.lot_id, lot.expires_on, lot.recalled_at IS NOT NULL,
           balance.sellable, balance.quality_control, balance.damaged, balance.allocated
    FROM inventory_lotbalance balance JOIN inventory_lot lot ON lot.id = balance.lot_id
    WHERE balance.level_id = ANY(%s) ORDER BY lot.expires_on NULLS LAST, lot.id
"""


@dataclass(slots=True)
class LockedLot:
    """What of a locked level belongs to one lot."""

    lot_id: int
    expires_on: date | None
    is_recalled: bool
    sellable: int = 0
    quality_control: int = 0
    damaged: int = 0
    allocated: int = 0

    def free(self, usable_on: date) -> int:
        """Units that may be set aside for somebody who needs them usable on that day."""
        if self.is_recalled or (self.expires_on is not None and self.expires_on < usable_on):
            return 0
        return self.sellable - self.allocated


Part = tuple[int | None, int]  # units of a lot; of no lot in particular where none are told apart


@dataclass(slots=True)
class LockedLevel:
    """A stock level under lock, as a working copy: change it, then write what was changed. One that
    was only looked at is not locked: what is claimed on it is checked as it is written.
    """

    id: int
    variant_id: int
    location_id: int
    sellable: int
    quality_control: int
    damaged: int
    allocated: int
    reserved: int
    safety: int
    average_cost: Decimal
    tracking: str
    standard_cost: Decimal
    lots: dict[int, LockedLot] = field(default_factory=dict)  # first to expire first
    is_locked: bool = True

    @property
    def on_hand(self) -> int:
        return self.sellable + self.quality_control + self.damaged

    @property
    def is_by_lot(self) -> bool:
        return self.tracking == Tracking.LOT

    def available(self, buffer: int = 0, *, usable_on: date) -> int:
        """Units that may still be promised: never below zero, thresholds kept; of lots that are
        usable on that day and not recalled.
        """
        free = self.sellable - self.allocated
        if self.is_by_lot:
            free = sum(lot.free(usable_on) for lot in self.lots.values())
        return max(0, free - self.reserved - self.safety - buffer)

    def claim(self, quantity: int, *, usable_on: date) -> tuple[Part, ...]:
        """Set units aside on this copy, of the lots that expire first; says of which.

        Raises NotEnoughStock when the lots that may go do not hold as many.
        """
        self.allocated += quantity
        if not self.is_by_lot:
            return ((None, quantity),)
        parts: list[Part] = []
        for lot in self.lots.values():
            part = min(quantity, lot.free(usable_on))
            if part > 0:
                lot.allocated += part
                quantity -= part
                parts.append((lot.lot_id, part))
        if quantity:
            raise NotEnoughStock(
                f"{quantity} units are missing in lots that may still go; choose another location.",
                short={self.variant_id: quantity},
            )
        return tuple(parts)

    def unclaim(self, lot_id: int | None, quantity: int) -> None:
        """Give back units that were set aside."""
        self.allocated -= quantity
        if lot_id is not None and lot_id in self.lots:
            self.lots[lot_id].allocated -= quantity

    def lots_to_take(self, condition: Condition, quantity: int) -> list[Part]:
        """The lots that units of a condition leave from when nobody says which: what is not set
        aside first, and of that what expires first.
        """
        parts: dict[int, int] = {}
        for claimed in (False, True):
            for lot in self.lots.values():
                here = getattr(lot, condition) - parts.get(lot.lot_id, 0)
                if condition == Condition.SELLABLE and not claimed:
                    here -= lot.allocated
                part = min(quantity, here)
                if part > 0:
                    parts[lot.lot_id] = parts.get(lot.lot_id, 0) + part
                    quantity -= part
        return list(parts.items())


WRITTEN = ("id", "sellable", "quality_control", "damaged", "allocated", "reserved", "average_cost")
Levels = dict[tuple[int, int], LockedLevel]


def lock_levels(variant_ids: Iterable[int], *, location_ids: Sequence[int] | None = None) -> Levels:
    """Lock the levels of these variants (at these locations, or everywhere) until the transaction
    ends; by (variant, location). Levels that do not exist are left out. One statement, and one more
    where lots are told apart.
    """
    levels = _read(LOCK_LEVELS, variant_ids, location_ids)
    by_lot = {level.id: level for level in levels.values() if level.is_by_lot}
    if by_lot:
        with connection.cursor() as cursor:
            cursor.execute(READ_LOTS, [list(by_lot)])
            for level_id, lot_id, *rest in cursor.fetchall():
                by_lot[level_id].lots[lot_id] = LockedLot(lot_id, *rest)
    return levels


def look_at_levels(
    variant_ids: Iterable[int], *, location_ids: Sequence[int] | None = None
) -> Levels:
    """The same levels without waiting for anybody's lock. Where lots are told apart they are locked
    all the same, since what is claimed of a lot is not checked again.
    """
    asked = set(variant_ids)
    levels = _read(READ_LEVELS, asked, location_ids)
    if any(level.is_by_lot for level in levels.values()):
        return lock_levels(asked, location_ids=location_ids)
    for level in levels.values():
        level.is_locked = False
    return levels


def _read(sql: str, variant_ids: Iterable[int], location_ids: Sequence[int] | None) -> Levels:
    wanted = sorted(set(variant_ids))
    if not wanted:
        return {}
    with connection.cursor() as cursor:
        if location_ids is None:
            cursor.execute(sql.format(where=""), [json.dumps(wanted)])
        else:
            places = json.dumps(list(location_ids))
            cursor.execute(sql.format(where=AT_SOME), [json.dumps(wanted), places])
        levels = [LockedLevel(*row) for row in cursor.fetchall()]
    return {(level.variant_id, level.location_id): level for level in levels}


def ensure_levels(pairs: Iterable[tuple[int, int]]) -> None:
    """Make the levels that are missing, empty, for (variant, location) pairs. One statement.

    Raises BadQuantity for kits and services, which have no stock of their own.
    """
    ordered = sorted(set(pairs))
    if not ordered:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            ENSURE_LEVELS,
            [[variant for variant, _ in ordered], [location for _, location in ordered]],
        )
        if other := cursor.fetchone():
            sku, kind = other
            raise BadQuantity(
                f"{sku} is a kit: it has no stock of its own; book its components instead."
                if kind == VariantKind.KIT
                else f"{sku} is a service: there is no stock of it to book.",
                field="sku",
            )


def write_levels(levels: Iterable[LockedLevel]) -> None:
    """Write working copies back, their lots included. One statement, two where lots are told apart;
    the CHECK constraints have the last word.
    """
    rows = sorted(levels, key=lambda level: level.id)
    if not rows:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE inventory_stocklevel AS level SET sellable = new.sellable,"
            " quality_control = new.quality_control, damaged = new.damaged,"
            " allocated = new.allocated, reserved = new.reserved, average_cost = new.average_cost"
            " FROM json_populate_recordset(NULL::inventory_stocklevel, %s) AS new"
            " WHERE level.id = new.id",
            [
                json.dumps(
                    [{name: getattr(row, name) for name in WRITTEN} for row in rows], default=str
                )
            ],
        )
    write_lots(rows)


def write_lots(levels: Iterable[LockedLevel]) -> None:
    """Write the lots of working copies back: one statement, none where no lots are told apart."""
    rows = [(level.id, lot) for level in levels for lot in level.lots.values()]
    if not rows:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO inventory_lotbalance AS balance"
            " (level_id, lot_id, sellable, quality_control, damaged, allocated)"
            " SELECT * FROM unnest(%s::bigint[], %s::bigint[], %s::int[], %s::int[], %s::int[],"
            " %s::int[]) ON CONFLICT (level_id, lot_id) DO UPDATE SET sellable = excluded.sellable,"
            " quality_control = excluded.quality_control, damaged = excluded.damaged,"
            " allocated = excluded.allocated"
            " WHERE (balance.sellable, balance.quality_control, balance.damaged, balance.allocated)"
            " <> (excluded.sellable, excluded.quality_control, excluded.damaged,"
            " excluded.allocated)",
            [
                [level_id for level_id, _ in rows],
                [lot.lot_id for _, lot in rows],
                [lot.sellable for _, lot in rows],
                [lot.quality_control for _, lot in rows],
                [lot.damaged for _, lot in rows],
                [lot.allocated for _, lot in rows],
            ],
        )
