"""Demand that grows: more units are wanted by somebody who wants some already."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from core.bulk import insert_all, update_all
from inventory.locks import Levels, write_levels
from inventory.models import Allocation, Demand
from inventory.services.allocating import Take


def widen_demands(
    units: Mapping[int, int], takes: Sequence[Take], *, levels: Levels, now: datetime
) -> None:
    """Let demands want more units, by demand id, together with what is set aside for it at once.

    `levels` are locked, and whoever planned the takes has claimed them on these copies (`claim`);
    a take's `index` is its demand's place in `units`. What no take covers waits for stock.
    """
    ids = list(units)
    demands = {demand.pk: demand for demand in Demand.objects.filter(pk__in=ids)}
    rows: list[Allocation] = []
    touched = {}
    for demand_id, more in units.items():
        demands[demand_id].quantity += more
    for take in takes:
        demand = demands[ids[take.index]]
        level = levels[demand.variant_id, take.location_id]
        demand.allocated += take.quantity
        touched[level.id] = level
        rows += [
            Allocation(
                demand=demand, level_id=level.id, lot_id=lot_id, quantity=part, created_at=now
            )
            for lot_id, part in take.parts
        ]
    update_all(demands.values(), ["quantity", "allocated"])
    insert_all(rows)
    write_levels(touched.values())
