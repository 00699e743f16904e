"""The yardstick for stock: a conditional update and two inserts over bare psycopg, and a bare COPY."""

from collections.abc import Iterable
from datetime import UTC, datetime

import psycopg
from django.db import connection

from core.models import Channel


class HandStock:
    """One connection that sets units aside and gives them back by hand, as the service records it."""

    def __init__(self, channel_code: str) -> None:
        self.channel_id = Channel.objects.values_list("id", flat=True).get(code=channel_code)
        parameters = connection.get_connection_params()
        wanted = ("dbname", "user", "password", "host", "port", "options")
        self.connection = psycopg.connect(
            **{key: parameters[key] for key in wanted if parameters.get(key)}, prepare_threshold=3
        )

    def allocate(self, variant_id: int) -> int:
        """One unit from the first location that has it; the demand's id. Refuses by no row."""
        now = datetime.now(UTC)
        with self.connection.transaction(), self.connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO inventory_demand (variant_id, quantity, allocated, consumed, cancelled,"
                " priority, since, reference, shelf_life_days, channel_id)"
                " VALUES (%s, 1, 1, 0, 0, 100, %s, 'bench', 0, %s) RETURNING id",
                [variant_id, now, self.channel_id],
            )
            (demand_id,) = cursor.fetchone() or (0,)
            cursor.execute(
                "UPDATE inventory_stocklevel SET allocated = allocated + 1"
                " WHERE id = (SELECT level.id FROM inventory_stocklevel level"
                " JOIN inventory_channellocation link ON link.location_id = level.location_id"
                " AND link.channel_id = %s WHERE level.variant_id = %s"
                " AND level.sellable - level.allocated - level.reserved - level.safety >= 1"
                " ORDER BY link.priority LIMIT 1)"
                " AND sellable - allocated - reserved - safety >= 1 RETURNING id",
                [self.channel_id, variant_id],
            )
            (level_id,) = cursor.fetchone() or (0,)
            cursor.execute(
                "INSERT INTO inventory_allocation (demand_id, level_id, quantity, consumed,"
                " released, created_at) VALUES (%s, %s, 1, 0, 0, %s)",
                [demand_id, level_id, now],
            )
        return int(demand_id)

    def release(self, demand_id: int) -> None:
        with self.connection.transaction(), self.connection.cursor() as cursor:
            cursor.execute(
                "UPDATE inventory_demand SET cancelled = 1, allocated = 0 WHERE id = %s",
                [demand_id],
            )
            cursor.execute(
                "UPDATE inventory_allocation SET released = 1 WHERE demand_id = %s"
                " RETURNING level_id",
                [demand_id],
            )
            (level_id,) = cursor.fetchone() or (0,)
            cursor.execute(
                "UPDATE inventory_stocklevel SET allocated = allocated - 1 WHERE id = %s",
                [level_id],
            )


def copy_counts(rows: Iterable[tuple[str, str, int]]) -> None:
    """Book counts by a COPY and three statements; nothing is checked, nobody is told."""
    with connection.cursor() as cursor:
        cursor.execute("BEGIN")
        cursor.execute("CREATE TEMPORARY TABLE hand_count (sku text, code text, counted integer)")
        with cursor.copy("COPY hand_count FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        cursor.execute(
            "INSERT INTO inventory_stocklevel (variant_id, location_id, sellable, quality_control,"
            " damaged, allocated, reserved, safety, bin, average_cost)"
            " SELECT v.id, l.id, 0, 0, 0, 0, 0, 0, '', 0 FROM hand_count h"
            " JOIN inventory_variant v ON v.sku = h.sku JOIN inventory_location l ON l.code = h.code"
            " ON CONFLICT (variant_id, location_id) DO NOTHING"
        )
        cursor.execute(
            "INSERT INTO inventory_movement (level_id, condition, quantity, balance, reason,"
            " reference, note, unit_cost, actor_kind, actor_key, actor_label, moved_at)"
            " SELECT level.id, 'sellable', h.counted - level.sellable, h.counted, 'count', '', '',"
            " 0, 'system', '', 'System', now() FROM hand_count h"
            " JOIN inventory_variant v ON v.sku = h.sku JOIN inventory_location l ON l.code = h.code"
            " JOIN inventory_stocklevel level ON level.variant_id = v.id AND level.location_id = l.id"
            " WHERE h.counted <> level.sellable"
        )
        cursor.execute(
            "UPDATE inventory_stocklevel level SET sellable = h.counted FROM hand_count h"
            " JOIN inventory_variant v ON v.sku = h.sku JOIN inventory_location l ON l.code = h.code"
            " WHERE level.variant_id = v.id AND level.location_id = l.id"
        )
        cursor.execute("DROP TABLE hand_count")
        cursor.execute("COMMIT")
