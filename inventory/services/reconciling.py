"""Stock levels that differ from what they sum up, found and mended.

The level is what people see and count; the ledger is append-only. So where the two differ the ledger
gets a compensating movement with its reason, and nothing of it is rewritten. Counters of what is set
aside are set to the sums of their rows.
"""

from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction

from core import actors, attention, clock
from core.invariants import all_invariants
from inventory.locks import lock_levels
from inventory.models import Movement, Variant
from inventory.services.moving import save_movements
from inventory.states import Condition, MovementReason

CODES = ("S1", "S1b", "S2", "S2b", "S2d", "S3", "S6", "S6b")
STOCK_DRIFT = "stock_drift"
REFERENCE = "reconcile_stock"
NOTE = "Level and ledger differed; the level is kept, the ledger follows it"

LEDGER = """
    SELECT level.id, condition.name,
           CASE condition.name WHEN 'sellable' THEN level.sellable
                WHEN 'quality_control' THEN level.quality_control ELSE level.damaged END AS shown,
           coalesce(sum(movement.quantity), 0) AS moved,
           (SELECT newest.balance FROM inventory_movement newest
            WHERE newest.level_id = level.id AND newest.condition = condition.name
            ORDER BY newest.id DESC LIMIT 1) AS balance,
           level.average_cost
    FROM inventory_stocklevel level
    CROSS JOIN (VALUES ('sellable'), ('quality_control'), ('damaged')) AS condition(name)
    LEFT JOIN inventory_movement movement
      ON movement.level_id = level.id AND movement.condition = condition.name
    WHERE level.id = ANY(%s) GROUP BY level.id, condition.name
    ORDER BY level.id, condition.name
"""
MEND_COUNTERS = (
    # what a level has allocated, and reserved
    """
    UPDATE inventory_stocklevel level SET allocated = held.units, reserved = kept.units
    FROM (SELECT l.id, coalesce(sum(a.quantity - a.consumed - a.released), 0) AS units
          FROM inventory_stocklevel l LEFT JOIN inventory_allocation a ON a.level_id = l.id
          WHERE l.variant_id = ANY(%(variants)s) GROUP BY l.id) held,
         (SELECT l.id, coalesce(sum(r.quantity), 0) AS units
          FROM inventory_stocklevel l LEFT JOIN inventory_reservation r
            ON r.level_id = l.id AND r.ended_at IS NULL
          WHERE l.variant_id = ANY(%(variants)s) GROUP BY l.id) kept
    WHERE held.id = level.id AND kept.id = level.id
      AND (level.allocated, level.reserved) IS DISTINCT FROM (held.units, kept.units)
    """,
    # what of a lot is allocated
    """
    UPDATE inventory_lotbalance balance SET allocated = held.units
    FROM (SELECT b.id, coalesce(sum(a.quantity - a.consumed - a.released), 0) AS units
          FROM inventory_lotbalance b JOIN inventory_stocklevel l ON l.id = b.level_id
          LEFT JOIN inventory_allocation a ON a.level_id = b.level_id AND a.lot_id = b.lot_id
          WHERE l.variant_id = ANY(%(variants)s) GROUP BY b.id) held
    WHERE held.id = balance.id AND balance.allocated IS DISTINCT FROM held.units
    """,
    # what a demand has allocated and consumed
    """
    UPDATE inventory_demand demand SET allocated = held.units, consumed = held.consumed
    FROM (SELECT d.id, coalesce(sum(a.quantity - a.consumed - a.released), 0) AS units,
                 coalesce(sum(a.consumed), 0) AS consumed
          FROM inventory_demand d LEFT JOIN inventory_allocation a ON a.demand_id = d.id
          WHERE d.variant_id = ANY(%(variants)s) GROUP BY d.id) held
    WHERE held.id = demand.id
      AND (demand.allocated, demand.consumed) IS DISTINCT FROM (held.units, held.consumed)
    """,
)
VARIANTS = """
    SELECT variant_id FROM inventory_stocklevel WHERE id = ANY(%s)
    UNION SELECT variant_id FROM inventory_demand WHERE id = ANY(%s)
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


def report(found: list[Difference]) -> set[int]:
    """Put the variants that are off before people; returns them."""
    variants = _variants_of(found)
    with transaction.atomic():
        for variant in Variant.objects.filter(pk__in=variants):
            attention.raise_item(
                kind=STOCK_DRIFT,
                subject_type="variant",
                subject_id=variant.pk,
                title=f"{variant.sku}: stock does not add up",
                detail="; ".join(sorted({one.sentence for one in found if _is_of(one, variant.pk)}))
                or "Level and ledger differ.",
                url=f"/stock/variants/{variant.pk}/",
            )
    return variants


def mend(found: list[Difference]) -> set[int]:
    """Write compensating movements for the levels found, so that the ledger sums up to what they
    show, and set counters to their rows. Returns the variants; people are told of each. A CHECK
    refuses the whole when more is set aside than is there: count that variant instead.
    """
    variants = report(found)
    if not variants:
        return variants
    with transaction.atomic():
        levels = lock_levels(variants)
        save_movements(_compensations([level.id for level in levels.values()]))
        with connection.cursor() as cursor:
            for statement in MEND_COUNTERS:
                cursor.execute(statement, {"variants": sorted(variants)})
    return variants


def _compensations(level_ids: list[int]) -> list[Movement]:
    """What the ledger lacks for each level and condition, its last balance the level's own figure."""
    with connection.cursor() as cursor:
        cursor.execute(LEDGER, [level_ids])
        rows = cursor.fetchall()
    movements: list[Movement] = []
    for level_id, condition, shown, moved, balance, cost in rows:
        steps = [shown - moved] if shown != moved else []
        if not steps and balance is not None and balance != shown:
            steps = [1, -1]  # the sum is right and the newest balance is not: a pair that is
        left = shown - sum(steps)
        for step in steps:
            left += step
            movements.append(_compensation(level_id, condition, step, left, cost))
    return movements


def _compensation(level_id: int, condition: str, units: int, balance: int, cost: Any) -> Movement:
    who = actors.current().actor
    return Movement(
        level_id=level_id,
        condition=Condition(condition),
        quantity=units,
        balance=balance,
        reason=MovementReason.CORRECTION,
        reference=REFERENCE,
        note=NOTE,
        unit_cost=cost,
        actor_kind=who.kind,
        actor_key=who.key,
        actor_label=who.label[:150],
        moved_at=clock.now(),
    )


def _variants_of(found: list[Difference]) -> set[int]:
    rows = [one.row for one in found]
    named = {int(row["variant_id"]) for row in rows if "variant_id" in row}
    levels = [row["level_id"] for row in rows if "variant_id" not in row and "level_id" in row]
    demands = [row["demand_id"] for row in rows if "demand_id" in row]
    if levels or demands:
        with connection.cursor() as cursor:
            cursor.execute(VARIANTS, [levels, demands])
            named |= {row[0] for row in cursor.fetchall()}
    return named


def _is_of(one: Difference, variant_id: int) -> bool:
    return bool(one.row.get("variant_id", variant_id) == variant_id)
