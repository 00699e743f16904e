"""What stock is worth and how long it has lain there: by moving average, and by layers (FIFO).

What is on hand is taken to be what came in last: the newest receipts of the ledger, back to as many
units as are there. Each layer keeps its own cost and day. Units that no receipt explains count at
the average cost. Units that only changed their condition did not come in.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from django.db import connection

from inventory.states import MovementReason

CAME_IN = (
    MovementReason.OPENING,
    MovementReason.RECEIPT,
    MovementReason.RETURN,
    MovementReason.SHIPMENT_UNDONE,
    MovementReason.FOUND,
    MovementReason.COUNT,
    MovementReason.CORRECTION,
    MovementReason.TRANSFER_IN,
    MovementReason.ASSEMBLED,
)
AGES = (30, 90, 180, 365)

# `left_units`: what of a receipt is still there when the newest are taken to be the last to go.
_LAYERS = """
WITH level AS (
    SELECT id, location_id, average_cost, sellable + quality_control + damaged AS on_hand
    FROM inventory_stocklevel
    WHERE sellable + quality_control + damaged > 0 AND {which}
), receipt AS (
    SELECT level.id AS level_id, level.location_id, level.on_hand, level.average_cost,
        move.quantity, move.moved_at,
        coalesce(nullif(move.unit_cost, 0), level.average_cost) AS unit_cost,
        coalesce(sum(move.quantity) OVER (
            PARTITION BY move.level_id ORDER BY move.id DESC
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ), 0) AS newer
    FROM level JOIN inventory_movement move ON move.level_id = level.id
    WHERE move.quantity > 0 AND move.reason = ANY(%(came_in)s)
), layer AS (
    SELECT level_id, location_id, unit_cost, moved_at,
        least(quantity, on_hand - newer) AS left_units
    FROM receipt WHERE newer < on_hand
)
"""
_BY_LEVEL = (
    _LAYERS
    + """
SELECT level_id, sum(left_units)::bigint, sum(left_units * unit_cost), min(moved_at),
    array_agg(left_units::int ORDER BY moved_at), array_agg(moved_at ORDER BY moved_at)
FROM layer GROUP BY level_id
"""
)
_BY_PLACE = (
    _LAYERS  # noqa: S608 - our own words
    + """
, told AS (
    SELECT level_id, sum(left_units) AS units, sum(left_units * unit_cost) AS worth
    FROM layer GROUP BY level_id
)
SELECT place.id, place.name, place.currency, sum(level.on_hand)::bigint,
    sum(level.on_hand * level.average_cost),
    sum(coalesce(told.worth, 0)
        + (level.on_hand - coalesce(told.units, 0)) * level.average_cost),
    coalesce(sum(level.on_hand) FILTER (WHERE level.average_cost = 0), 0)::bigint
FROM level
JOIN inventory_location place ON place.id = level.location_id
LEFT JOIN told ON told.level_id = level.id
GROUP BY place.id, place.name, place.currency ORDER BY place.name
"""
)


@dataclass
class Layers:
    """What of a level's stock came when: (units, moment), oldest first; and what it cost."""

    units: int = 0
    worth: Decimal = Decimal(0)
    oldest: datetime | None = None
    parts: list[tuple[int, datetime]] = field(default_factory=list)

    def aged(self, now: datetime) -> list[int]:
        """Units by age: up to 30, 90, 180, 365 days, and older."""
        found = [0] * (len(AGES) + 1)
        for units, moment in self.parts:
            days = (now - moment).days
            place = next((n for n, most in enumerate(AGES) if days <= most), len(AGES))
            found[place] += units
        return found


@dataclass(frozen=True)
class PlaceValue:
    """What lies at one location, in its currency; `unknown` units have no cost."""

    location_id: int
    name: str
    currency: str
    units: int
    average: Decimal
    fifo: Decimal
    unknown: int


def layers_of(level_ids: Collection[int]) -> dict[int, Layers]:
    """The layers of some levels. One query."""
    with connection.cursor() as cursor:
        cursor.execute(
            _BY_LEVEL.format(which="id = ANY(%(levels)s)"),
            {"levels": list(level_ids), "came_in": [str(one) for one in CAME_IN]},
        )
        return {
            level: Layers(units, worth, oldest, list(zip(parts, moments, strict=True)))
            for level, units, worth, oldest, parts, moments in cursor.fetchall()
        }


def value_by_place(location_ids: Collection[int]) -> list[PlaceValue]:
    """What lies at some locations and is worth, by moving average and by FIFO. One query."""
    with connection.cursor() as cursor:
        cursor.execute(
            _BY_PLACE.format(which="location_id = ANY(%(places)s)"),
            {"places": list(location_ids), "came_in": [str(one) for one in CAME_IN]},
        )
        return [PlaceValue(*row) for row in cursor.fetchall()]
