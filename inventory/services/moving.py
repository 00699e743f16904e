"""The one place that writes the ledger of movements and the levels it sums up to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from core import actors
from core.bulk import insert_all
from core.outbox import publish_all
from inventory.errors import BadQuantity, NotEnoughStock
from inventory.events import StockMoved
from inventory.locks import Levels, LockedLevel, LockedLot, ensure_levels, lock_levels, write_levels
from inventory.models import Location, Lot, Movement
from inventory.services.doubting import doubt_numbers
from inventory.services.filling import fill_backorders
from inventory.services.lotting import lots_by_id, unknown_lots
from inventory.states import Condition, MovementReason

MOST_UNITS = 1_000_000
COST_PLACES = Decimal("0.000001")


@dataclass(frozen=True, slots=True)
class StockChange:
    """Units that come (positive) or go (negative) in one condition at one location.

    `lot_id` where lots are told apart: without it, units leave the lots that expire first, and come
    as “unknown lot”. `unit_cost` is what each unit cost on its way in, in the location's currency;
    without it, what the units there cost on average.
    """

    variant_id: int
    location_id: int
    quantity: int
    reason: MovementReason
    reference: str = ""
    condition: Condition = Condition.SELLABLE
    note: str = ""
    lot_id: int | None = None
    unit_cost: Decimal | None = None


def check_quantity(quantity: int, *, field: str = "quantity") -> None:
    """Refuse what is no sensible count of units. Raises BadQuantity."""
    if not 0 < quantity <= MOST_UNITS:
        raise BadQuantity(
            f"{quantity} is no possible number of units; give a whole number from 1 to"
            f" {MOST_UNITS:,}.",
            field=field,
        )


def move_stock(
    changes: Sequence[StockChange], *, numbers_follow: bool = False, now: datetime
) -> None:
    """Move units, in the open transaction: lock, ledger, levels, then serve who waits for them.

    `numbers_follow`: whoever calls says next which serial numbers left. Otherwise, where more numbers
    than units would remain, they are to be found again.

    Raises NotEnoughStock when a condition would fall below zero or sellable below what is set
    aside; physical truth that is lower than that goes through `adjust_stock`, which frees first.
    """
    if not changes:
        return
    ensure_levels((change.variant_id, change.location_id) for change in changes)
    levels = lock_levels(change.variant_id for change in changes)
    write_changes(changes, levels, now=now)
    if not numbers_follow:
        fewer = {(c.variant_id, c.location_id) for c in changes if c.quantity < 0}
        doubt_numbers(
            [levels[place] for place in sorted(fewer)], reference=changes[0].reference, now=now
        )
    gained = {c.variant_id for c in changes if c.quantity > 0 and c.condition == Condition.SELLABLE}
    fill_backorders(gained, levels=levels, now=now)


def write_changes(changes: Sequence[StockChange], levels: Levels, *, now: datetime) -> None:
    """Write movements and levels that are locked already, and state the facts."""
    touched: dict[int, LockedLevel] = {}
    movements = []
    for change, level in _told_by_lot(changes, levels):
        movements.append(movement_of(change, level, now=now))
        touched[level.id] = level
        if level.allocated + level.reserved > level.sellable:
            raise NotEnoughStock(
                f"{level.allocated + level.reserved} units are set aside here, so no fewer can be"
                " sellable; release them or count the stock instead.",
                short={level.variant_id: level.allocated + level.reserved - level.sellable},
                field="quantity",
            )
    write_levels(touched.values())
    save_movements(movements)
    names = dict(
        Location.objects.filter(pk__in={c.location_id for c in changes}).values_list("pk", "name")
    )
    publish_all(
        [
            StockMoved(
                variant_id=change.variant_id,
                location_id=change.location_id,
                location=names[change.location_id],
                quantity=change.quantity,
                reason=change.reason.label,
                reference=change.reference,
            )
            for change in changes
        ],
    )


def _told_by_lot(
    changes: Sequence[StockChange], levels: Levels
) -> list[tuple[StockChange, LockedLevel]]:
    """Each change with its level; where lots are told apart, one change a lot, the lots on the level."""
    pairs = [(change, levels[change.variant_id, change.location_id]) for change in changes]
    if not any(level.is_by_lot for _, level in pairs):
        return pairs
    unknown = unknown_lots(
        {
            change.variant_id
            for change, level in pairs
            if level.is_by_lot and change.lot_id is None and change.quantity > 0
        }
    )
    lots = lots_by_id({change.lot_id for change in changes if change.lot_id}) | unknown
    told: list[tuple[StockChange, LockedLevel]] = []
    for change, level in pairs:
        told += [(one, level) for one in _by_lot(change, level, lots)]
    return told


def _by_lot(change: StockChange, level: LockedLevel, lots: Mapping[int, Lot]) -> list[StockChange]:
    if not level.is_by_lot:
        return [change]
    if change.lot_id is None and change.quantity < 0:
        parts = level.lots_to_take(change.condition, -change.quantity)
        missing = -change.quantity - sum(part for _, part in parts)
        if missing:
            raise _not_that_many(level, change.condition, change.quantity, missing)
        return [replace(change, quantity=-part, lot_id=lot_id) for lot_id, part in parts]
    lot = next(
        one
        for one in lots.values()
        if one.variant_id == change.variant_id and change.lot_id in (one.pk, None)
    )
    level.lots.setdefault(lot.pk, LockedLot(lot.pk, lot.expires_on, lot.recalled_at is not None))
    return [replace(change, lot_id=lot.pk)]


def movement_of(change: StockChange, level: LockedLevel, *, now: datetime) -> Movement:
    """Apply a change to the working copy and return its ledger row, balance and cost included."""
    unit_cost = _cost(change, level)
    balance = getattr(level, change.condition) + change.quantity
    if balance < 0:
        raise _not_that_many(level, change.condition, change.quantity, -balance)
    setattr(level, change.condition, balance)
    if level.is_by_lot and change.lot_id:
        _move_lot(level.lots[change.lot_id], change, level)
    who = actors.current().actor
    return Movement(
        level_id=level.id,
        lot_id=change.lot_id if level.is_by_lot else None,
        condition=change.condition,
        quantity=change.quantity,
        balance=balance,
        reason=change.reason,
        reference=change.reference[:60],
        note=change.note[:300],
        unit_cost=unit_cost,
        actor_kind=who.kind,
        actor_key=who.key,
        actor_label=who.label[:150],
        moved_at=now,
    )


def _move_lot(lot: LockedLot, change: StockChange, level: LockedLevel) -> None:
    left = getattr(lot, change.condition) + change.quantity
    if left < 0:
        raise _not_that_many(level, change.condition, change.quantity, -left)
    setattr(lot, change.condition, left)
    if lot.allocated > lot.sellable:
        raise NotEnoughStock(
            f"{lot.allocated} units of this lot are set aside for orders; release them first.",
            short={level.variant_id: lot.allocated - lot.sellable},
            field="lot",
        )


def _cost(change: StockChange, level: LockedLevel) -> Decimal:
    """What each unit of the change costs; units that come in at a price move the average. Units of no
    known cost (0) are not taken as given for nothing: they take the price of the first that has one.
    """
    known = level.average_cost if level.on_hand else level.average_cost or level.standard_cost
    if change.quantity < 0:
        return level.average_cost
    cost = known if change.unit_cost is None else change.unit_cost
    units = level.on_hand + change.quantity
    worth = (level.average_cost or cost) * level.on_hand + cost * change.quantity
    level.average_cost = (worth / units).quantize(COST_PLACES)
    return cost


def _not_that_many(
    level: LockedLevel, condition: Condition, quantity: int, missing: int
) -> NotEnoughStock:
    return NotEnoughStock(
        f"Only {-quantity - missing} units are {condition.label.lower()} here;"
        f" {-quantity} cannot go.",
        short={level.variant_id: missing},
        field="quantity",
    )


def save_movements(movements: Sequence[Movement]) -> None:
    insert_all(movements)


def receive_stock(
    *, location_id: int, quantities: dict[int, int], reference: str, now: datetime
) -> None:
    """Goods came in, by variant id; backorders are served from them at once."""
    for quantity in quantities.values():
        check_quantity(quantity)
    move_stock(
        [
            StockChange(
                variant_id=variant_id,
                location_id=location_id,
                quantity=quantity,
                reason=MovementReason.RECEIPT,
                reference=reference,
            )
            for variant_id, quantity in sorted(quantities.items())
        ],
        now=now,
    )
