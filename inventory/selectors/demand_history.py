"""What was wanted, by day: the history that forecasts are made from."""

from collections.abc import Collection
from datetime import date, timedelta

import numpy as np
from django.db import connection

from inventory.forecasting.classes import Figures

Pair = tuple[int, int]  # variant id, location id

# Wanted units count where they were set aside; what nobody could give counts where the channel asks
# first. Cancelled units were not wanted in the end. Parts that assembly used up were wanted, too.
_WANTED = """
WITH wish AS (
    SELECT id, variant_id, channel_id, since, quantity - cancelled AS units
    FROM inventory_demand
    WHERE variant_id = ANY(%(variants)s) AND since >= %(since)s AND since < %(until)s
        AND quantity > cancelled
), given AS (
    SELECT wish.id, level.location_id, sum(part.quantity - part.released) AS units
    FROM wish
    JOIN inventory_allocation part ON part.demand_id = wish.id
    JOIN inventory_stocklevel level ON level.id = part.level_id
    GROUP BY wish.id, level.location_id
), first_place AS (
    SELECT DISTINCT ON (link.channel_id) link.channel_id, link.location_id
    FROM inventory_channellocation link
    JOIN inventory_location place ON place.id = link.location_id AND place.is_active
    ORDER BY link.channel_id, link.priority, link.location_id
), wanted AS (
    SELECT wish.variant_id, given.location_id, wish.since, given.units
    FROM wish JOIN given USING (id)
    UNION ALL
    SELECT wish.variant_id, first_place.location_id, wish.since,
        wish.units - coalesce((SELECT sum(given.units) FROM given WHERE given.id = wish.id), 0)
    FROM wish JOIN first_place USING (channel_id)
    UNION ALL
    SELECT level.variant_id, level.location_id, move.moved_at, -move.quantity
    FROM inventory_movement move
    JOIN inventory_stocklevel level ON level.id = move.level_id
    WHERE level.variant_id = ANY(%(variants)s) AND move.reason = 'used' AND move.quantity < 0
        AND move.moved_at >= %(since)s AND move.moved_at < %(until)s
)
SELECT wanted.variant_id, wanted.location_id,
    (wanted.since AT TIME ZONE place.time_zone)::date AS day, sum(wanted.units)::int
FROM wanted JOIN inventory_location place ON place.id = wanted.location_id
WHERE wanted.units > 0
GROUP BY 1, 2, 3
"""


def wanted_by_day(variant_ids: Collection[int], *, until: date, days: int) -> dict[Pair, Figures]:
    """Units of each variant wanted at each location on each of the `days` before `until`, in the
    location's own days. One query, however many variants; pairs without demand are left out.
    """
    start = until - timedelta(days=days)
    found: dict[Pair, Figures] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            _WANTED,
            {
                "variants": list(variant_ids),
                "since": start - timedelta(days=1),  # zones reach half a day either way
                "until": until + timedelta(days=1),
            },
        )
        for variant_id, location_id, day, units in cursor.fetchall():
            if start <= day < until:
                row = found.setdefault((variant_id, location_id), np.zeros(days))
                row[(day - start).days] += units
    return found
