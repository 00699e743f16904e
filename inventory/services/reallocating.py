"""Units set aside that are to come from elsewhere: lifted off where they lie, and put down anew."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from core.bulk import insert_all, update_all
from inventory.locks import Levels, write_levels
from inventory.models import Allocation, Demand
from inventory.services.allocating import Take, draw_youngest, with_allocations


@dataclass(frozen=True, slots=True)
class Lifted:
    """Units set aside for demands, lifted on locked working copies; nothing is written yet.

    `demands` by id; `levels` are all levels of their variants, lowered by what was lifted.
    """

    demands: Mapping[int, Demand]
    levels: Levels
    drawn: tuple[tuple[Allocation, int], ...]

    def held(self, *, made_at: datetime | None = None) -> dict[tuple[int, int], int]:
        """Units lifted, by (demand, location); those alone that were set aside at that moment."""
        places = {level.id: level.location_id for level in self.levels.values()}
        found: dict[tuple[int, int], int] = defaultdict(int)
        for row, units in self.drawn:
            if made_at is None or row.created_at == made_at:
                found[row.demand_id, places[row.level_id]] += units
        return found


def lift(demand_ids: Collection[int], *, kept: Mapping[tuple[int, int], int]) -> Lifted:
    """Lift what is set aside for demands, but units by (demand, location) that are in work there.

    Locks the variants' levels; the caller holds the lock on whatever wants the units. Unless
    `put_down` follows, nothing has happened.
    """
    demands, by_id, rows = with_allocations(dict.fromkeys(demand_ids, 0))
    drawn = []
    for demand in demands:
        for row, units in draw_youngest(demand, rows[demand.pk], demand.allocated, by_id, kept):
            by_id[row.level_id].unclaim(row.lot_id, units)
            drawn.append((row, units))
    return Lifted(
        demands={demand.pk: demand for demand in demands},
        levels={(level.variant_id, level.location_id): level for level in by_id.values()},
        drawn=tuple(drawn),
    )


def put_down(lifted: Lifted, takes: Sequence[Take], *, now: datetime) -> set[int]:
    """Set units aside where they are to come from; a take's `index` is its demand's id, and whoever
    planned it has claimed it on the lifted levels (`claim`). What no take covers waits for stock.
    Returns the variants of which units may have become free somewhere.
    """
    touched = {row.level_id for row, _ in lifted.drawn}
    for row, units in lifted.drawn:
        row.released += units
        lifted.demands[row.demand_id].allocated -= units
    made: list[Allocation] = []
    for take in takes:
        demand = lifted.demands[take.index]
        level = lifted.levels[demand.variant_id, take.location_id]
        demand.allocated += take.quantity
        touched.add(level.id)
        made += [
            Allocation(
                demand=demand, level_id=level.id, lot_id=lot_id, quantity=units, created_at=now
            )
            for lot_id, units in take.parts
        ]
    update_all(lifted.demands.values(), ["allocated"])
    update_all([row for row, _ in lifted.drawn], ["released"])
    insert_all(made)
    write_levels(level for level in lifted.levels.values() if level.id in touched)
    return {demand.variant_id for demand in lifted.demands.values()}
