"""Counts of whole warehouses booked at once: rows staged by COPY, then a few set-based statements.

The second writer of the ledger beside inventory.services.moving, for files of tens of thousands of
rows. What needs thought (units set aside that are not there, lots) is handed back to be booked one
by one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.backends.utils import CursorWrapper

from core import actors
from core.outbox import publish_all
from inventory.events import StockCounted, ThresholdChanged
from inventory.services.filling import fill_backorders
from inventory.services.moving import MOST_UNITS
from inventory.states import Condition, MovementReason, Tracking, VariantKind

Cells = tuple[int, str, str, str, str, str, str]
# row number, SKU, location code, units counted, condition, safety stock, bin: as they stand in the file


@dataclass(frozen=True)
class Taken:
    """What came of staged rows, by row number; `faults` names the column that is at fault."""

    booked: int
    unchanged: int
    faults: dict[int, str]
    one_by_one: list[int]


STAGE = """
    CREATE TEMPORARY TABLE IF NOT EXISTS staged_count (
        row integer, sku text, location text, counted text, condition text, safety text, bin text
    ) ON COMMIT DELETE ROWS
"""
PLAN = """
    CREATE TEMPORARY TABLE planned_count ON COMMIT DROP AS
    SELECT staged.row, variant.id AS variant_id, location.id AS location_id,
           variant.tracking = %(by_lot)s AS is_by_lot,
           variant.tracking = %(by_number)s AS is_by_number, staged.condition, staged.bin,
           told.counted, told.safety,
           CASE WHEN variant.id IS NULL THEN 'sku'
                WHEN location.id IS NULL THEN 'location'
                WHEN variant.kind <> %(stocked)s THEN 'kind'
                WHEN coalesce(told.counted > %(most)s, true) THEN 'counted'
                WHEN staged.condition <> ALL(%(conditions)s) THEN 'condition'
                WHEN staged.safety <> '' AND coalesce(told.safety > %(most)s, true) THEN 'safety'
                WHEN row_number() OVER (PARTITION BY variant.id, location.id, staged.condition
                                        ORDER BY staged.row) > 1 THEN 'twice'
           END AS fault
    FROM staged_count staged
    CROSS JOIN LATERAL (SELECT
        CASE WHEN staged.counted ~ '^[0-9]{1,9}$' THEN staged.counted::integer END AS counted,
        CASE WHEN staged.safety ~ '^[0-9]{1,9}$' THEN staged.safety::integer END AS safety
    ) told
    LEFT JOIN inventory_variant variant ON upper(variant.sku) = upper(staged.sku)
    LEFT JOIN inventory_location location
      ON upper(location.code) = upper(staged.location) AND location.is_active
"""
MAKE_LEVELS = """
    INSERT INTO inventory_stocklevel (variant_id, location_id, sellable, quality_control, damaged,
        allocated, reserved, safety, bin, average_cost)
    SELECT DISTINCT variant_id, location_id, 0, 0, 0, 0, 0, 0, '', 0 FROM planned_count plan
    WHERE fault IS NULL ORDER BY variant_id, location_id ON CONFLICT (variant_id, location_id) DO NOTHING
"""
LOCK = """
    SELECT count(*) FROM (
        SELECT id FROM inventory_stocklevel
        WHERE variant_id IN (SELECT variant_id FROM planned_count WHERE fault IS NULL)
        ORDER BY id FOR UPDATE
    ) locked
"""
COMPARE = """
    CREATE TEMPORARY TABLE compared_count ON COMMIT DROP AS
    SELECT plan.row, plan.variant_id, plan.location_id, plan.condition, plan.counted,
           level.id AS level_id, coalesce(plan.safety, level.safety) AS safety,
           coalesce(nullif(plan.bin, ''), level.bin) AS bin,
           level.safety AS safety_before, level.bin AS bin_before,
           plan.counted - CASE plan.condition WHEN 'sellable' THEN level.sellable
               WHEN 'damaged' THEN level.damaged ELSE level.quality_control END AS difference,
           CASE WHEN level.average_cost = 0 THEN variant.cost
                ELSE level.average_cost END AS unit_cost,
           plan.is_by_lot OR (plan.condition = 'sellable'
               AND plan.counted < level.allocated + level.reserved)
               OR (plan.is_by_number AND plan.counted < (
                   SELECT count(*) FROM inventory_serial serial
                   WHERE serial.level_id = level.id AND serial.condition = plan.condition
               )) AS needs_thought
    FROM planned_count plan
    JOIN inventory_stocklevel level USING (variant_id, location_id)
    JOIN inventory_variant variant ON variant.id = plan.variant_id
    WHERE plan.fault IS NULL
"""
WRITE_MOVEMENTS = """
    INSERT INTO inventory_movement (level_id, condition, quantity, balance, reason, reference, note,
        unit_cost, actor_kind, actor_key, actor_label, moved_at)
    SELECT level_id, condition, difference, counted, %(reason)s, %(reference)s, %(note)s, unit_cost,
           %(actor_kind)s, %(actor_key)s, %(actor_label)s, %(now)s
    FROM compared_count WHERE difference <> 0 AND NOT needs_thought ORDER BY row
"""
WRITE_LEVELS = """
    UPDATE inventory_stocklevel level SET
        sellable = coalesce(told.sellable, level.sellable),
        quality_control = coalesce(told.quality_control, level.quality_control),
        damaged = coalesce(told.damaged, level.damaged),
        average_cost = told.unit_cost, safety = told.safety, bin = told.bin, counted_at = %(now)s
    FROM (SELECT level_id, max(unit_cost) AS unit_cost, max(safety) AS safety, max(bin) AS bin,
                 max(counted) FILTER (WHERE condition = 'sellable') AS sellable,
                 max(counted) FILTER (WHERE condition = 'quality_control') AS quality_control,
                 max(counted) FILTER (WHERE condition = 'damaged') AS damaged
          FROM compared_count WHERE NOT needs_thought GROUP BY level_id) told
    WHERE told.level_id = level.id
"""
BY_LOCATION = """
    SELECT location.id, location.name, count(*), sum(greatest(difference, 0)),
           -sum(least(difference, 0))
    FROM compared_count JOIN inventory_location location ON location.id = location_id
    WHERE difference <> 0 AND NOT needs_thought GROUP BY 1, 2 ORDER BY 1
"""
NEW_THRESHOLDS = """
    SELECT variant_id, location_id, location.name, safety, bin, safety_before, bin_before
    FROM compared_count JOIN inventory_location location ON location.id = location_id
    WHERE (safety, bin) <> (safety_before, bin_before) AND NOT needs_thought ORDER BY row
"""
WAITED_FOR = """
    SELECT DISTINCT variant_id FROM compared_count
    WHERE ((difference > 0 AND condition = 'sellable') OR safety < safety_before)
      AND NOT needs_thought
      AND EXISTS (SELECT 1 FROM inventory_demand demand
                  WHERE demand.variant_id = compared_count.variant_id
                    AND demand.quantity > demand.allocated + demand.consumed + demand.cancelled)
"""


def take_counts(
    rows: Sequence[Cells], *, reason: MovementReason, note: str, now: datetime
) -> Taken:
    """Book what was counted, in the open transaction: levels locked, ledger, levels, who waits
    served, and one StockCounted a location. A dozen statements, however many rows.

    Nothing of a faulty row is booked. Rows whose count is below what is set aside, and rows of
    variants kept by lot, and those that count fewer units than have numbers, are not booked either
    but named in `one_by_one`.
    """
    with connection.cursor() as cursor:
        faults = _plan(cursor, rows)
        for statement in (MAKE_LEVELS, LOCK, COMPARE):
            cursor.execute(statement)
        cursor.execute("SELECT row FROM compared_count WHERE needs_thought ORDER BY row")
        thoughtful = [row for (row,) in cursor.fetchall()]
        booked = _book(cursor, reason=reason, note=note, now=now)
        _publish(cursor, reason)
        cursor.execute(WAITED_FOR)
        waited_for = [variant_id for (variant_id,) in cursor.fetchall()]
        cursor.execute("DROP TABLE planned_count, compared_count; TRUNCATE staged_count")
    fill_backorders(waited_for, now=now)
    unchanged = len(rows) - len(faults) - len(thoughtful) - booked
    return Taken(booked, unchanged, faults, thoughtful)


def _plan(cursor: CursorWrapper, rows: Sequence[Cells]) -> dict[int, str]:
    """Stage the rows and find what each is about; the faulty ones."""
    cursor.execute(STAGE)
    with cursor.copy("COPY staged_count FROM STDIN") as copy:
        for cells in rows:
            copy.write_row(cells)
    cursor.execute(
        PLAN,
        {
            "by_lot": Tracking.LOT,
            "by_number": Tracking.SERIAL,
            "stocked": VariantKind.STOCKED,
            "most": MOST_UNITS,
            "conditions": list(Condition.values),
        },
    )
    cursor.execute("SELECT row, fault FROM planned_count WHERE fault IS NOT NULL")
    return dict(cursor.fetchall())


def _book(cursor: CursorWrapper, *, reason: MovementReason, note: str, now: datetime) -> int:
    """Write ledger and levels; how many rows changed anything."""
    who = actors.current().actor
    cursor.execute(
        WRITE_MOVEMENTS,
        {
            "reason": reason,
            "reference": "",
            "note": note[:300],
            "actor_kind": who.kind,
            "actor_key": who.key,
            "actor_label": who.label[:150],
            "now": now,
        },
    )
    cursor.execute(WRITE_LEVELS, {"now": now})
    cursor.execute(
        "SELECT count(*) FROM compared_count WHERE NOT needs_thought"
        " AND (difference <> 0 OR (safety, bin) <> (safety_before, bin_before))"
    )
    (booked,) = cursor.fetchone() or (0,)
    return int(booked)


def _publish(cursor: CursorWrapper, reason: MovementReason) -> None:
    cursor.execute(BY_LOCATION)
    facts: list[StockCounted | ThresholdChanged] = [
        StockCounted(
            location_id=location_id,
            location=name,
            rows=count,
            found=found,
            missing=missing,
            reason=reason.label,
        )
        for location_id, name, count, found, missing in cursor.fetchall()
    ]
    cursor.execute(NEW_THRESHOLDS)
    changes: list[dict[str, tuple[object, object]]] = [{} for _ in facts]
    for variant_id, location_id, name, safety, bin_, safety_was, bin_was in cursor.fetchall():
        facts.append(
            ThresholdChanged(
                variant_id=variant_id,
                location_id=location_id,
                location=name,
                safety=safety,
                bin=bin_ or "none",
            )
        )
        changes.append({"safety stock": (safety_was, safety), "bin": (bin_was, bin_)})
    publish_all(facts, changes=changes)
