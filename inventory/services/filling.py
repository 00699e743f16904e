"""Stock that became free goes to who waits for it: by priority, then age."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from core.bulk import insert_all, update_all
from core.outbox import publish_all
from inventory.events import DemandFilled
from inventory.locks import Levels, LockedLevel, lock_levels, write_levels
from inventory.models import Allocation, Demand
from inventory.selectors.ranking import ranked_places


def fill_backorders(
    variant_ids: Iterable[int], *, now: datetime, levels: Levels | None = None
) -> int:
    """Serve backordered demand for these variants from what is free; returns the units given.

    A demand is served from the locations of its channel, in that channel's order, and its channel's
    buffer is kept. `levels` are the locked levels where the caller has them. States DemandFilled.
    """
    wanted = set(variant_ids)
    if not wanted:
        return 0
    if levels is None:
        levels = lock_levels(wanted)
    waiting = list(
        Demand.objects.backordered().filter(variant_id__in=wanted).select_related("channel")
    )
    if not waiting:
        return 0
    rows, touched, facts = _serve(waiting, levels, now)
    if not rows:
        return 0
    update_all({row.demand for row in rows}, ["allocated"])
    insert_all(rows)
    write_levels(touched.values())
    publish_all(facts)
    return sum(row.quantity for row in rows)


def _serve(
    waiting: list[Demand], levels: Levels, now: datetime
) -> tuple[list[Allocation], dict[int, LockedLevel], list[DemandFilled]]:
    rows: list[Allocation] = []
    touched: dict[int, LockedLevel] = {}
    facts: list[DemandFilled] = []
    places = ranked_places({demand.channel_id for demand in waiting})
    for demand in waiting:
        usable_on = now.date() + timedelta(days=demand.shelf_life_days)
        for place in places[demand.channel_id]:
            level = levels.get((demand.variant_id, place.id))
            if level is None:
                continue
            free = level.available(demand.channel.stock_buffer, usable_on=usable_on)
            part = min(demand.backordered, free)
            if not part:
                continue
            demand.allocated += part
            touched[level.id] = level
            rows += [
                Allocation(
                    demand=demand, level_id=level.id, lot_id=lot_id, quantity=units, created_at=now
                )
                for lot_id, units in level.claim(part, usable_on=usable_on)
            ]
            facts.append(
                DemandFilled(
                    demand_id=demand.pk,
                    variant_id=demand.variant_id,
                    location_id=place.id,
                    location=place.name,
                    quantity=part,
                    reference=demand.reference,
                )
            )
    return rows, touched, facts
