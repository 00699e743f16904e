"""Demand raised, units set aside for it, given back, and gone.

Every verb here works on levels that its caller locked (inventory.locks), takes many rows at once
and writes in a constant number of statements.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db import connection

from core.bulk import insert_all, update_all
from inventory.errors import NothingAllocated, StockMoved
from inventory.locks import Levels, LockedLevel, Part, lock_levels, write_levels, write_lots
from inventory.models import Allocation, Demand
from inventory.services.moving import StockChange, movement_of, save_movements
from inventory.states import MovementReason


@dataclass(frozen=True, slots=True)
class Wish:
    """Units that somebody wants. `reference` names the wish for people and is opaque here;
    `shelf_life_days` is how long a unit must still be usable when it is set aside; `buffer` units
    are left for others.
    """

    variant_id: int
    quantity: int
    channel_id: int
    reference: str
    since: datetime
    priority: int = 100
    shelf_life_days: int = 0
    buffer: int = 0


@dataclass(frozen=True, slots=True)
class Take:
    """Units of one location for the wish (or demand) at `index` of the list beside it. `parts` says
    of which lots, once they are claimed.
    """

    index: int
    location_id: int
    quantity: int
    parts: tuple[Part, ...] = ()


def claim(take: Take, variant_id: int, *, levels: Levels, usable_on: date) -> Take:
    """Claim a planned take on the locked copies; the take that says of which lots."""
    level = levels[variant_id, take.location_id]
    return replace(take, parts=level.claim(take.quantity, usable_on=usable_on))


WRITE_DEMANDS = """
    WITH wish AS MATERIALIZED (
        SELECT nextval(pg_get_serial_sequence('inventory_demand', 'id')) AS id, told.*
        FROM json_to_recordset(%s) AS told(
            index integer, variant_id bigint, quantity integer, allocated integer,
            priority smallint, since timestamptz, reference text, shelf_life_days integer,
            channel_id bigint)
    ), held AS MATERIALIZED (
        SELECT level.id, claimed.units, claimed.allocated
        FROM json_to_recordset(%s)
            AS claimed(id bigint, units integer, least integer, allocated integer)
        JOIN inventory_stocklevel level ON level.id = claimed.id
        WHERE claimed.least IS NULL
           OR level.sellable - level.allocated - level.reserved - level.safety >= claimed.least
        ORDER BY level.id FOR NO KEY UPDATE OF level
    ), demand AS (
        INSERT INTO inventory_demand (id, variant_id, quantity, allocated, consumed, cancelled,
            priority, since, reference, shelf_life_days, channel_id)
        SELECT id, variant_id, quantity, allocated, 0, 0, priority, since, reference,
            shelf_life_days, channel_id FROM wish
    ), allocation AS (
        INSERT INTO inventory_allocation (demand_id, level_id, lot_id, quantity, consumed, released,
            created_at)
        SELECT wish.id, part.level_id, part.lot_id, part.quantity, 0, 0, %s
        FROM json_to_recordset(%s) AS part(
            index integer, level_id bigint, lot_id bigint, quantity integer)
        JOIN wish ON wish.index = part.index
    ), level AS (
        UPDATE inventory_stocklevel AS level
        SET allocated = coalesce(held.allocated, level.allocated + held.units)
        FROM held WHERE level.id = held.id
    )
    SELECT id, (SELECT count(*) FROM held) FROM wish ORDER BY index
"""


def raise_demands(
    wishes: Sequence[Wish], takes: Sequence[Take], *, levels: Levels, now: datetime
) -> list[int]:
    """Record demand together with what is set aside for it at once; the ids of the demands, in the
    order of `wishes`.

    Whoever planned the takes has claimed them on these copies of the levels already (`claim`), so
    that nothing was planned twice. Levels that were only looked at are locked here, by id, and
    checked again. One statement, and one more where lots are told apart: every order that is
    placed runs it. Raises StockMoved when units that were looked at are gone.
    """
    if not wishes:
        return []
    taken: dict[int, int] = defaultdict(int)
    parts = []
    for take in takes:
        taken[take.index] += take.quantity
        level = levels[wishes[take.index].variant_id, take.location_id]
        parts += [
            {"index": take.index, "level_id": level.id, "lot_id": lot_id, "quantity": units}
            for lot_id, units in take.parts
        ]
    told = [
        {
            "index": index,
            "variant_id": wish.variant_id,
            "quantity": wish.quantity,
            "allocated": taken[index],
            "priority": wish.priority,
            "since": wish.since.isoformat(),
            "reference": wish.reference,
            "shelf_life_days": wish.shelf_life_days,
            "channel_id": wish.channel_id,
        }
        for index, wish in enumerate(wishes)
    ]
    touched = {one["level_id"] for one in parts}
    claimed = _claimed(wishes, takes, levels)
    with connection.cursor() as cursor:
        cursor.execute(
            WRITE_DEMANDS, [json.dumps(told), json.dumps(claimed), now, json.dumps(parts)]
        )
        rows = cursor.fetchall()
    if rows[0][1] < len(claimed):
        raise StockMoved
    demands = [demand_id for demand_id, _ in rows]
    write_lots(level for level in levels.values() if level.id in touched)
    return demands


def _claimed(wishes: Sequence[Wish], takes: Sequence[Take], levels: Levels) -> list[dict[str, int]]:
    """What is set aside at each level: of a locked one what its copy says, of another the units and
    how many must be free there for it.
    """
    units: dict[int, int] = defaultdict(int)
    kept_back: dict[int, int] = defaultdict(int)
    touched: dict[int, LockedLevel] = {}
    for take in takes:
        wish = wishes[take.index]
        level = levels[wish.variant_id, take.location_id]
        touched[level.id] = level
        units[level.id] += take.quantity
        kept_back[level.id] = max(kept_back[level.id], wish.buffer)
    return [
        {"id": pk, "allocated": level.allocated}
        if level.is_locked
        else {"id": pk, "units": units[pk], "least": units[pk] + kept_back[pk]}
        for pk, level in touched.items()
    ]


def cancel_demands(units: Mapping[int, int]) -> set[int]:
    """Take back wanted units, by demand id: backordered units first, then allocated ones, youngest
    allocation first. Returns the variants whose stock became free.

    Locks the variants' levels itself; the caller holds the lock on whatever wanted the units.
    """
    demands, levels, rows = with_allocations(units)
    freed: set[int] = set()
    changed: list[Allocation] = []
    for demand in demands:
        count = units[demand.pk]
        from_allocated = max(0, count - demand.backordered)
        demand.cancelled += count
        demand.allocated -= from_allocated
        for row in sorted(rows[demand.pk], key=lambda one: -one.pk):
            give_back = min(from_allocated, row.open)
            if give_back:
                row.released += give_back
                levels[row.level_id].unclaim(row.lot_id, give_back)
                from_allocated -= give_back
                changed.append(row)
                freed.add(demand.variant_id)
    _save(demands, changed, {row.level_id: levels[row.level_id] for row in changed})
    return freed


def release_at(location_id: int, units: Mapping[int, int]) -> None:
    """Give back units set aside at one location, by demand id: they wait for stock again.

    Raises NothingAllocated when fewer are set aside there than that.
    """
    demands, levels, rows = with_allocations(units)
    drawn = _draw(demands, levels, rows, units, location_id=location_id)
    for row, part in drawn:
        row.released += part
    for demand in demands:
        demand.allocated -= units[demand.pk]
    _save(demands, [row for row, _ in drawn], {r.level_id: levels[r.level_id] for r, _ in drawn})


def consume(location_id: int, units: Mapping[int, int], *, reference: str, now: datetime) -> None:
    """Units set aside at one location have left it, by demand id: stock, allocation and demand go
    down together and the ledger says so. Six statements.

    Raises NothingAllocated when fewer are set aside there than that.
    """
    demands, levels, rows = with_allocations(units)
    drawn = _draw(demands, levels, rows, units, location_id=location_id)
    left: dict[tuple[int, int, int | None], int] = defaultdict(int)
    for row, part in drawn:
        row.consumed += part
        left[row.demand_id, row.level_id, row.lot_id] += part
    for demand in demands:
        demand.allocated -= units[demand.pk]
        demand.consumed += units[demand.pk]
    movements = [
        movement_of(
            StockChange(
                variant_id=levels[level_id].variant_id,
                location_id=location_id,
                quantity=-part,
                reason=MovementReason.SHIPMENT,
                reference=reference,
                lot_id=lot_id,
            ),
            levels[level_id],
            now=now,
        )
        for (_, level_id, lot_id), part in left.items()
    ]
    _save(demands, [row for row, _ in drawn], {r.level_id: levels[r.level_id] for r, _ in drawn})
    save_movements(movements)


def with_allocations(
    units: Mapping[int, int],
) -> tuple[list[Demand], dict[int, LockedLevel], dict[int, list[Allocation]]]:
    """The demands with their open allocations, read after their variants' levels were locked."""
    ids = list(units)
    with connection.cursor() as cursor:
        cursor.execute("SELECT variant_id FROM inventory_demand WHERE id = ANY(%s)", [ids])
        variants = [variant_id for (variant_id,) in cursor.fetchall()]
    levels = {level.id: level for level in lock_levels(variants).values()}
    demands = list(
        Demand.objects.raw("SELECT * FROM inventory_demand WHERE id = ANY(%s) ORDER BY id", [ids])
    )
    rows: dict[int, list[Allocation]] = defaultdict(list)
    for row in Allocation.objects.raw(
        "SELECT * FROM inventory_allocation WHERE demand_id = ANY(%s)"
        " AND quantity > consumed + released ORDER BY id",
        [ids],
    ):
        rows[row.demand_id].append(row)
    return demands, levels, rows


def _draw(
    demands: Sequence[Demand],
    levels: Mapping[int, LockedLevel],
    rows: Mapping[int, list[Allocation]],
    units: Mapping[int, int],
    *,
    location_id: int,
) -> list[tuple[Allocation, int]]:
    """The open allocation rows at the location and what to draw of each, oldest first; their levels'
    claims are lowered.
    """
    drawn = []
    for demand in demands:
        wanted = units[demand.pk]
        for row in rows.get(demand.pk, ()):
            level = levels[row.level_id]
            part = min(wanted, row.open) if level.location_id == location_id else 0
            if part:
                level.unclaim(row.lot_id, part)
                wanted -= part
                drawn.append((row, part))
        if wanted:
            raise NothingAllocated(
                f"{wanted} of {units[demand.pk]} units for {demand.reference} are not set aside at"
                " this location; allocate them first.",
                field="quantity",
            )
    return drawn


def _save(
    demands: Sequence[Demand], rows: Sequence[Allocation], levels: Mapping[int, LockedLevel]
) -> None:
    update_all(demands, ["allocated", "consumed", "cancelled"])
    update_all(rows, ["consumed", "released"])
    write_levels(levels.values())


def open_at(location_id: int, demand_ids: Iterable[int]) -> dict[int, int]:
    """Units set aside at a location, by demand id."""
    counted: dict[int, int] = defaultdict(int)
    for row in Allocation.objects.filter(
        demand_id__in=list(demand_ids), level__location_id=location_id
    ):
        counted[row.demand_id] += row.open
    return counted


def part_demands(
    units: Mapping[int, int],
    *,
    kept: Mapping[tuple[int, int], int],
    reference: str,
    now: datetime,
) -> dict[int, int]:
    """Give open units of demands a demand of their own, by demand id, together with what is set
    aside for them: those that wait go first, then the youngest allocations; the new ids by the old.

    `kept` are units by (demand, location) that are in work there and stay. No stock becomes free
    and nobody is overtaken: the new demand is as old as the one it comes from. Raises
    NothingAllocated when too much is in work.
    """
    demands, levels, rows = with_allocations(units)
    parts: dict[int, Demand] = {}
    drawn: list[tuple[Demand, Allocation, int]] = []
    for demand in demands:
        count = units[demand.pk]
        wanted = max(0, count - demand.backordered)
        taken = draw_youngest(demand, rows[demand.pk], wanted, levels, kept)
        if sum(part for _, part in taken) < wanted:
            raise NothingAllocated(
                f"Too many of the units for {demand.reference} are being picked; leave those where"
                " they are.",
                field="units",
            )
        demand.cancelled += count
        demand.allocated -= wanted
        parts[demand.pk] = _part_of(demand, count, wanted, reference)
        for row, part in taken:
            row.released += part
            drawn.append((demand, row, part))
    update_all(demands, ["allocated", "cancelled"])
    update_all([row for _, row, _ in drawn], ["released"])
    insert_all(parts.values())
    insert_all(
        Allocation(
            demand=parts[demand.pk],
            level_id=row.level_id,
            lot_id=row.lot_id,
            quantity=part,
            created_at=now,
        )
        for demand, row, part in drawn
    )
    return {demand_id: part.pk for demand_id, part in parts.items()}


def _part_of(demand: Demand, count: int, allocated: int, reference: str) -> Demand:
    return Demand(
        variant_id=demand.variant_id,
        quantity=count,
        allocated=allocated,
        priority=demand.priority,
        since=demand.since,
        reference=reference,
        shelf_life_days=demand.shelf_life_days,
        channel_id=demand.channel_id,
    )


def draw_youngest(
    demand: Demand,
    rows: Sequence[Allocation],
    wanted: int,
    levels: Mapping[int, LockedLevel],
    kept: Mapping[tuple[int, int], int],
) -> list[tuple[Allocation, int]]:
    """What to draw of each allocation of one demand, the youngest first, past what is kept."""
    free: dict[int, int] = defaultdict(int)
    for row in rows:
        free[levels[row.level_id].location_id] += row.open
    for place in free:
        free[place] -= kept.get((demand.pk, place), 0)
    drawn = []
    for row in sorted(rows, key=lambda one: -one.pk):
        place = levels[row.level_id].location_id
        part = max(0, min(wanted, row.open, free[place]))
        if part:
            wanted -= part
            free[place] -= part
            drawn.append((row, part))
    return drawn
