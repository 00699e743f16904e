"""How many units of many variants a channel may sell, out of what, and why not more.

Five statements whatever the number of variants and locations; the ledger is never read.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, NamedTuple

from django.db import connection

from core.models import Channel
from inventory.states import Tracking, VariantKind

PLENTY = 1_000_000  # what is to sell of a service, which needs no stock

# the variants asked for, and down to the last part what kits among them are put together from
READ_VARIANTS = """
    WITH RECURSIVE made(root, id, units) AS (
        SELECT part.whole_id, part.part_id, part.quantity::bigint
        FROM inventory_part part JOIN inventory_variant whole
             ON whole.id = part.whole_id AND whole.kind = 'kit'
        WHERE part.whole_id = ANY(%s)
        UNION ALL
        SELECT made.root, part.part_id, made.units * part.quantity
        FROM made JOIN inventory_variant whole ON whole.id = made.id AND whole.kind = 'kit'
             JOIN inventory_part part ON part.whole_id = made.id
    ), needed AS (
        SELECT root, id, sum(units)::bigint AS units FROM made GROUP BY 1, 2
        UNION ALL
        SELECT asked, asked, 1 FROM unnest(%s::bigint[]) AS asked
    )
    SELECT needed.root, needed.id, needed.units, variant.sku, variant.kind, variant.tracking,
           variant.can_backorder, variant.available_from
    FROM needed JOIN inventory_variant variant ON variant.id = needed.id
"""
READ_PLACES = """
    SELECT location.id, location.name, coalesce(rule.shelf_life_days, 0)
    FROM inventory_channellocation link
    JOIN inventory_location location ON location.id = link.location_id AND location.is_active
    LEFT JOIN inventory_channelstockrule rule ON rule.channel_id = link.channel_id
    WHERE link.channel_id = %s ORDER BY link.priority, location.id
"""
READ_ALL_PLACES = "SELECT id, name, 0 FROM inventory_location WHERE is_active ORDER BY name, id"
READ_LEVELS = """
    SELECT variant_id, location_id, sellable, quality_control, damaged, allocated, reserved, safety,
           NULL::bigint
    FROM inventory_stocklevel WHERE variant_id = ANY(%s)
"""
READ_LEVELS_BY_LOT = """
    SELECT level.variant_id, level.location_id, level.sellable, level.quality_control,
           level.damaged, level.allocated, level.reserved, level.safety, lots.usable
    FROM inventory_stocklevel level
    LEFT JOIN LATERAL (
        SELECT sum(balance.sellable - balance.allocated) AS usable
        FROM inventory_lotbalance balance JOIN inventory_lot lot ON lot.id = balance.lot_id
        WHERE balance.level_id = level.id AND lot.recalled_at IS NULL
              AND (lot.expires_on IS NULL OR lot.expires_on >= %s)
    ) AS lots ON level.variant_id = ANY(%s)
    WHERE level.variant_id = ANY(%s)
"""
READ_WAITING = """
    SELECT variant_id, sum(quantity - allocated - consumed - cancelled)::bigint
    FROM inventory_demand
    WHERE variant_id = ANY(%s) AND quantity > allocated + consumed + cancelled
          AND (%s::bigint IS NULL OR channel_id = %s OR channel_id IN (
              SELECT link.channel_id FROM inventory_channellocation link
              WHERE link.location_id = ANY(%s)))
    GROUP BY variant_id
"""
# what suppliers still owe us and what is in transit between our own locations
READ_INCOMING = """
    SELECT line.variant_id, purchase.location_id, purchase.number,
           coalesce(told.day, line.expected_on, purchase.expected_on),
           (line.quantity + line.over - line.received - line.cancelled)::bigint
    FROM inventory_purchaseorderline line
    JOIN inventory_purchaseorder purchase ON purchase.id = line.order_id
    LEFT JOIN LATERAL (
        SELECT max(notice.expected_on) AS day
        FROM inventory_shipnoticeline noticed
        JOIN inventory_shipnotice notice ON notice.id = noticed.notice_id
        WHERE noticed.line_id = line.id AND notice.arrived_at IS NULL
    ) AS told ON true
    WHERE line.variant_id = ANY(%(variants)s) AND purchase.location_id = ANY(%(places)s)
          AND line.quantity > line.received + line.cancelled - line.over
          AND purchase.state IN ('sent', 'partly_received') AND purchase.ship_to_reference = ''
    UNION ALL
    SELECT line.variant_id, transfer.target_id, transfer.number, transfer.expected_on,
           (line.shipped - line.received - line.lost)::bigint
    FROM inventory_transferline line
    JOIN inventory_transfer transfer ON transfer.id = line.transfer_id
    WHERE line.variant_id = ANY(%(variants)s) AND transfer.target_id = ANY(%(places)s)
          AND transfer.state IN ('shipped', 'partly_received')
          AND line.shipped > line.received + line.lost
    ORDER BY 4 NULLS LAST, 3
"""


class PlaceFigures(NamedTuple):
    """What lies at one location; `usable` units are of lots that may go (None: not kept by lot)."""

    location_id: int
    name: str
    sellable: int
    on_hand: int
    allocated: int
    reserved: int
    safety: int
    buffer: int
    usable: int | None

    @property
    def margin(self) -> int:
        """Units above what is claimed and kept back; below zero, what has to come in first."""
        free = self.sellable - self.allocated if self.usable is None else self.usable
        return free - self.reserved - self.safety - self.buffer

    @property
    def to_sell(self) -> int:
        return max(0, self.margin)


@dataclass(frozen=True, slots=True)
class Incoming:
    """Units on their way: `number` names the purchase order or transfer; no `day`, nobody said."""

    number: str
    location_id: int
    day: date | None
    units: int


@dataclass(frozen=True, slots=True)
class PartFigures:
    """One component of a kit: `units` of it go into each, `to_sell` are free; `figures` are its own."""

    variant_id: int
    sku: str
    units: int
    to_sell: int
    figures: "Availability" = field(compare=False, repr=False)

    @property
    def kits(self) -> int:
        return self.to_sell // self.units


@dataclass(slots=True)
class Availability:
    """What a channel (or, without one, all locations together) may sell of a variant, and why."""

    variant_id: int
    sku: str
    kind: str
    today: date
    can_backorder: bool
    available_from: date | None
    shelf_life_days: int = 0
    to_sell: int = 0
    backordered: int = 0
    places: list[PlaceFigures] = field(default_factory=list)
    incoming: list[Incoming] = field(default_factory=list)
    parts: list[PartFigures] = field(default_factory=list)

    @property
    def on_hand(self) -> int:
        return sum(place.on_hand for place in self.places)

    @property
    def needs(self) -> list[PartFigures]:
        """What leaves the shelf when one unit is sold: its parts, or the thing itself."""
        if self.kind == VariantKind.KIT:
            return self.parts
        return [PartFigures(self.variant_id, self.sku, 1, self.to_sell, self)]

    @property
    def by_place(self) -> list[tuple[str, int]]:
        """(location, units to sell there) where there are any; a kit's parts may lie apart."""
        return [(place.name, place.to_sell) for place in self.places if place.to_sell]

    @property
    def reason(self) -> str:
        """“3 on hand, 3 allocated, 2 backordered before you, PO-88 brings 20 on 2 Dec”."""
        if self.kind == VariantKind.SERVICE:
            return "A service: no stock is needed"
        if self.kind == VariantKind.KIT:
            return self._kit_reason()
        words = [f"{self.on_hand} on hand"]
        words += [f"{units} {what}" for units, what in self._deductions() if units]
        if self.backordered:
            words.append(f"{self.backordered} backordered before you")
        if self.available_from and self.available_from > self.today:
            words.append(f"sold ahead of {short_day(self.available_from, self.today)}")
        return ", ".join([*words, *(self._arrival(one) for one in self.incoming[:3])])

    def _deductions(self) -> list[tuple[int, str]]:
        total = {
            name: sum(getattr(place, name) for place in self.places)
            for name in ("sellable", "on_hand", "allocated", "reserved", "safety")
        }
        held = sum(min(place.buffer, max(0, place.sellable)) for place in self.places)
        usable = [place for place in self.places if place.usable is not None]
        unusable = sum(place.sellable - place.allocated - (place.usable or 0) for place in usable)
        lots = "in lots that expire too soon or are recalled"
        return [
            (total["on_hand"] - total["sellable"], "in quality control or damaged"),
            (total["allocated"], "allocated"),
            (total["reserved"], "reserved"),
            (total["safety"], "kept as safety stock"),
            (held, "kept back from this channel"),
            (max(0, unusable), lots),
        ]

    def _arrival(self, one: Incoming) -> str:
        if one.day is None:
            return f"{one.number} brings {one.units}, no day told"
        if one.day < self.today:
            return f"{one.number} with {one.units} was due {short_day(one.day, self.today)}"
        return f"{one.number} brings {one.units} on {short_day(one.day, self.today)}"

    def _kit_reason(self) -> str:
        if not self.parts:
            return "A kit without parts: say what it is made of"
        least = min(self.parts, key=lambda part: part.kits)
        each = f", {least.units} in each" if least.units > 1 else ""
        return f"A kit: {least.to_sell} of {least.sku} to be had{each}"


def take_turns(wishes: Sequence[tuple[Availability | None, int]]) -> list[int]:
    """Units that each wish may still have when those before it were served: lines of one SKU, and
    kits that share a component with a line, are summed. Pure.
    """
    taken: dict[int, int] = defaultdict(int)
    free: list[int] = []
    for one, quantity in wishes:
        needs = one.needs if one else []
        left = min(
            (max(0, need.to_sell - taken[need.variant_id]) // need.units for need in needs),
            default=0,
        )
        free.append(left)
        for need in needs:
            taken[need.variant_id] += min(quantity, left) * need.units
    return free


def short_day(day: date, today: date) -> str:
    """“2 Dec”, with the year where it is another one."""
    return f"{day:%-d %b}" if day.year == today.year else f"{day:%-d %b %Y}"


def availability_of(
    variant_ids: Collection[int], *, channel: Channel | None = None, today: date
) -> dict[int, Availability]:
    """What may be sold of each variant through a channel, by variant id; without a channel, at all
    locations and without a buffer. Kits are worked out from their parts. Five statements.
    """
    if not variant_ids:
        return {}
    with connection.cursor() as cursor:
        asked = sorted(set(variant_ids))
        cursor.execute(READ_VARIANTS, [asked, asked])
        rows = cursor.fetchall()
        names, shelf_life = _places(cursor, channel)
        kept: dict[int, tuple[Any, ...]] = {row[1]: row for row in rows}
        by_lot = [pk for pk, row in kept.items() if row[5] == Tracking.LOT]
        if by_lot:
            usable_on = today + timedelta(days=shelf_life)
            cursor.execute(READ_LEVELS_BY_LOT, [usable_on, by_lot, list(kept)])
        else:
            cursor.execute(READ_LEVELS, [list(kept)])
        levels = [level for level in cursor.fetchall() if level[1] in names]
        channel_id = channel.pk if channel else None
        cursor.execute(READ_WAITING, [list(kept), channel_id, channel_id, list(names)])
        waiting: dict[int, int] = dict(cursor.fetchall())
        cursor.execute(READ_INCOMING, {"variants": list(kept), "places": list(names)})
        incoming = cursor.fetchall()
    figures = {
        pk: Availability(
            pk, row[3], row[4], today, row[6], row[7], shelf_life, backordered=waiting.get(pk, 0)
        )
        for pk, row in kept.items()
    }
    _fill(figures, levels, names, buffer=channel.stock_buffer if channel else 0, by_lot=set(by_lot))
    for variant_id, location_id, number, day, units in incoming:
        figures[variant_id].incoming.append(Incoming(number, location_id, day, units))
    _put_together(figures, rows)
    return {pk: figures[pk] for pk in variant_ids if pk in figures}


def _places(cursor: Any, channel: Channel | None) -> tuple[dict[int, str], int]:
    """Names of the locations by id, first choice first, and the shelf life that is asked for."""
    if channel is None:
        cursor.execute(READ_ALL_PLACES)
    else:
        cursor.execute(READ_PLACES, [channel.pk])
    rows = cursor.fetchall()
    return {row[0]: row[1] for row in rows}, rows[0][2] if rows else 0


def _fill(
    figures: dict[int, Availability],
    levels: Sequence[tuple[Any, ...]],
    names: dict[int, str],
    *,
    buffer: int,
    by_lot: set[int],
) -> None:
    order = {location_id: rank for rank, location_id in enumerate(names)}
    for row in sorted(levels, key=lambda level: order[level[1]]):
        variant_id, location_id, sellable, checked, damaged, allocated, reserved, safety, lots = row
        usable = int(lots or 0) if variant_id in by_lot else None
        on_hand = sellable + checked + damaged
        place = PlaceFigures(
            location_id,
            names[location_id],
            sellable,
            on_hand,
            allocated,
            reserved,
            safety,
            buffer,
            usable,
        )
        one = figures[variant_id]
        one.places.append(place)
        one.to_sell += place.to_sell


def _put_together(figures: dict[int, Availability], rows: Sequence[tuple[Any, ...]]) -> None:
    """Services are always to be had; of kits there are as many as the scarcest part allows."""
    parts: dict[int, list[PartFigures]] = defaultdict(list)
    for root, pk, units, sku, kind, *_ in rows:
        if pk != root and kind != VariantKind.KIT:
            free = PLENTY * units if kind == VariantKind.SERVICE else figures[pk].to_sell
            parts[root].append(PartFigures(pk, sku, units, free, figures[pk]))
    for pk, one in figures.items():
        if one.kind == VariantKind.SERVICE:
            one.to_sell = PLENTY
        elif one.kind == VariantKind.KIT:
            one.parts = parts.get(pk, [])
            one.to_sell = min((part.kits for part in one.parts), default=0)
            scarcest = min(one.parts, key=lambda part: part.kits, default=None)
            if scarcest is not None:
                one.backordered = -(-figures[scarcest.variant_id].backordered // scarcest.units)
