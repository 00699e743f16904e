"""Physical truth: what people count, find, lose or break is never refused."""

from collections.abc import Sequence
from datetime import datetime

from core import attention
from core.bulk import update_all
from core.outbox import publish_all
from inventory.errors import BadQuantity
from inventory.events import AllocationLost
from inventory.locks import Levels, LockedLevel, ensure_levels, lock_levels, write_levels
from inventory.models import Allocation, Demand, Location, Variant
from inventory.services.doubting import doubt_numbers
from inventory.services.filling import fill_backorders
from inventory.services.moving import MOST_UNITS, StockChange, write_changes
from inventory.services.reserving import end_for_shortage
from inventory.states import Condition, MovementReason

LOST_ALLOCATION = "allocation_lost"


def adjust_stock(
    *,
    variant: Variant,
    location: Location,
    counted: int,
    reason: MovementReason,
    condition: Condition = Condition.SELLABLE,
    note: str = "",
    reference: str = "",
    lot_id: int | None = None,
    now: datetime,
) -> int:
    """Set what lies at a location to what was counted (of a lot, where one is named); returns the
    difference that was booked.

    Fewer sellable units than are set aside for orders: the youngest allocations go back to the
    queue first, AllocationLost is stated for each and people's attention is raised. Fewer units than
    have numbers: those are to be found again. More units: who waits is served. Runs in the open
    transaction.
    """
    if not 0 <= counted <= MOST_UNITS:
        raise BadQuantity(
            f"{counted} is no possible count; give a whole number from 0 to {MOST_UNITS:,}.",
            field="counted",
        )
    ensure_levels([(variant.pk, location.pk)])
    levels = lock_levels([variant.pk])
    level = levels[variant.pk, location.pk]
    lot = level.lots.get(lot_id) if lot_id else None
    there = getattr(lot, condition) if lot else 0 if lot_id else getattr(level, condition)
    difference: int = counted - there
    if not difference:
        return 0
    if condition == Condition.SELLABLE and difference < 0:
        _make_room(levels, level, difference, variant, location, lot_id=lot_id, now=now)
    change = StockChange(
        variant_id=variant.pk,
        location_id=location.pk,
        quantity=difference,
        reason=reason,
        reference=reference,
        condition=condition,
        note=note,
        lot_id=lot_id,
    )
    write_changes([change], levels, now=now)
    doubt_numbers([level], reference=reference or reason.label, now=now)
    # units lost here may be had elsewhere, and units found here serve who waits
    fill_backorders([variant.pk], levels=levels, now=now)
    return difference


def _make_room(
    levels: Levels,
    level: LockedLevel,
    difference: int,
    variant: Variant,
    location: Location,
    *,
    lot_id: int | None,
    now: datetime,
) -> None:
    """Free what is set aside of units that are not there: of the lot first, then of the level."""
    lot = level.lots.get(lot_id) if lot_id else None
    if lot and lot.sellable + difference < lot.allocated:
        short = lot.allocated - lot.sellable - difference
        _free_youngest(level, short, variant, location, lot_id=lot_id)
    left = level.sellable + difference
    if left < level.allocated + level.reserved:
        end_for_shortage(level.id, level.allocated + level.reserved - left, levels=levels, now=now)
    if left < level.allocated:
        _free_youngest(level, level.allocated - left, variant, location)


def _free_youngest(
    level: LockedLevel,
    units: int,
    variant: Variant,
    location: Location,
    *,
    lot_id: int | None = None,
) -> None:
    """Send `units` set aside at this level (of one lot) back to the queue, youngest demand first."""
    found = Allocation.objects.filter(level_id=level.id, **({"lot_id": lot_id} if lot_id else {}))
    rows = [
        row
        for row in found.select_related("demand").order_by(
            "-demand__priority", "-demand__since", "-pk"
        )
        if row.open
    ]
    demands: dict[int, Demand] = {}
    changed: list[Allocation] = []
    facts: list[AllocationLost] = []
    for row in rows:
        part = min(units, row.open)
        if not part:
            break
        demand = demands.setdefault(row.demand_id, row.demand)
        row.released += part
        demand.allocated -= part
        level.unclaim(row.lot_id, part)
        units -= part
        changed.append(row)
        facts.append(
            AllocationLost(
                demand_id=demand.pk,
                variant_id=variant.pk,
                location_id=location.pk,
                location=location.name,
                quantity=part,
                reference=demand.reference,
            )
        )
    update_all(demands.values(), ["allocated"])
    update_all(changed, ["released"])
    write_levels([level])
    publish_all(facts)
    _tell(variant, location, facts)


def _tell(variant: Variant, location: Location, facts: Sequence[AllocationLost]) -> None:
    """Put it before people: somebody waits again."""
    attention.raise_item(
        kind=LOST_ALLOCATION,
        subject_type="variant",
        subject_id=variant.pk,
        title=f"{variant.sku}: promised units were not there",
        detail=f"{sum(fact.quantity for fact in facts)} units set aside at {location.name} for "
        + ", ".join(sorted({fact.reference for fact in facts}))
        + " wait for stock again.",
        url=f"/stock/variants/{variant.pk}/",
    )
