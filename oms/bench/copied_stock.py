"""The ledger of a store whose orders were copied: movements of the copies, and levels that stand."""

from django.db import connection

from inventory.models import Movement
from oms.bench.branching import SCHEMA

MOVED = f"""
    CREATE TABLE {SCHEMA}.moved AS
    SELECT one.*, proto.copies FROM inventory_movement one
    JOIN (SELECT number, id AS root FROM orders_order
          UNION SELECT number, order_id FROM returns_returnrequest) named
      ON named.number = one.reference
    JOIN {SCHEMA}.orders_order proto ON proto.id = named.root
"""
MOVED_IN_ALL = f"""
    CREATE TABLE {SCHEMA}.moved_in_all AS
    SELECT moved.level_id, moved.condition, sum(moved.quantity * moved.copies) AS units,
           CASE moved.condition WHEN 'sellable' THEN level.sellable
                WHEN 'damaged' THEN level.damaged ELSE level.quality_control END AS stands
    FROM {SCHEMA}.moved JOIN inventory_stocklevel level ON level.id = moved.level_id
    GROUP BY moved.level_id, moved.condition, level.id
"""
BOOK = f"""
    INSERT INTO inventory_movement (level_id, condition, lot_id, quantity, balance, reason, reference,
        note, unit_cost, actor_kind, actor_key, actor_label, moved_at)
    SELECT level_id, condition, NULL, -units, {{balance}}, '{{reason}}', 'Of years', '', 0, 'system', '',
        'System', now() FROM {SCHEMA}.moved_in_all WHERE {{which}}
"""
BEFORE = BOOK.format(balance="stands - units", reason="receipt", which="units < 0")
AFTER = BOOK.format(balance="stands", reason="correction", which="units > 0")
SHORT_OF = """
    CREATE TEMPORARY TABLE claimed AS
    SELECT level.id, sums.units - level.allocated AS more FROM inventory_stocklevel level
    JOIN (SELECT level_id, sum(quantity - consumed - released) AS units FROM inventory_allocation
          GROUP BY 1) sums ON sums.level_id = level.id
    WHERE sums.units > level.allocated
"""
RECEIVE = """
    INSERT INTO inventory_movement (level_id, condition, lot_id, quantity, balance, reason, reference,
        note, unit_cost, actor_kind, actor_key, actor_label, moved_at)
    SELECT level.id, 'sellable', NULL, more, level.sellable + more, 'receipt', 'Deliveries', '', 0,
        'system', '', 'System', now() FROM claimed JOIN inventory_stocklevel level USING (id)
"""
CLAIM = """
    UPDATE inventory_stocklevel level
    SET sellable = level.sellable + more, allocated = level.allocated + more
    FROM claimed WHERE claimed.id = level.id
"""


def find_movements() -> None:
    """Which movements are copied, and what they come to."""
    with connection.cursor() as cursor:
        cursor.execute(MOVED)
        cursor.execute(MOVED_IN_ALL)


def copy_movements() -> None:
    """What left and came back for the copies: before it as much is received as the level lacks for
    it, after it what is too much is written off, so that every level stands where it stood.
    """
    columns = [str(field.column) for field in Movement._meta.concrete_fields]
    kept = [one for one in columns if one not in {"id", "quantity", "balance", "reference"}]
    same = ", ".join(f"one.{column}" for column in kept)
    copies = (
        f"INSERT INTO inventory_movement ({', '.join(kept)}, quantity, balance, reference)"
        f" SELECT {same}, one.quantity, sums.stands + greatest(0, -sums.units)"
        " + sum(one.quantity) OVER (PARTITION BY one.level_id, one.condition"
        f" ORDER BY copy, one.id), {SCHEMA}.renumber(one.reference, copy) FROM {SCHEMA}.moved one"
        f" JOIN {SCHEMA}.moved_in_all sums USING (level_id, condition)"
        " CROSS JOIN LATERAL generate_series(1, one.copies) AS copy"
    )
    with connection.cursor() as cursor:
        for statement in (BEFORE, copies, AFTER):
            cursor.execute(statement)


def book_levels() -> None:
    """What the copies of open orders have claimed is received and booked as claimed."""
    with connection.cursor() as cursor:
        for statement in (SHORT_OF, RECEIVE, CLAIM):
            cursor.execute(statement)
