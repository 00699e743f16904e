"""The one place that writes the ledger of movements and the levels it sums up to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from core import actors
from core.bulk import insert_all
from core.outbox import publish_all
from inventory.errors import BadQuantity, NotEnoughStock
from inventory.events import StockMoved
from inventory.locks import Levels, LockedLevel, ensure_levels, lock_levels, write_levels
from inventory.models import Location, Movement
from inventory.services.filling import fill_backorders
from inventory.states import Condition, MovementReason

MOST_UNITS = 1_000_000


@dataclass(frozen=True, slots=True)
class StockChange:
    """Units that come (positive) or go (negative) in one condition at one location."""

    variant_id: int
    location_id: int
    quantity: int
    reason: MovementReason
    reference: str = ""
    condition: Condition = Condition.SELLABLE
    note: str = ""


def check_quantity(quantity: int, *, field: str = "quantity") -> None:
    """Refuse what is no sensible count of units. Raises BadQuantity."""
    if not 0 < quantity <= MOST_UNITS:
        raise BadQuantity(
            f"{quantity} is no possible number of units; give a whole number from 1 to"
            f" {MOST_UNITS:,}.",
            field=field,
        )


def move_stock(changes: Sequence[StockChange], *, now: datetime) -> None:
    """Move units, in the open transaction: lock, ledger, levels, then serve who waits for them.

    Raises NotEnoughStock when a condition would fall below zero or sellable below what is set
    aside; physical truth that is lower than that goes through `adjust_stock`, which frees first.
    """
    if not changes:
        return
    ensure_levels((change.variant_id, change.location_id) for change in changes)
    levels = lock_levels(change.variant_id for change in changes)
    write_changes(changes, levels, now=now)
    gained = {c.variant_id for c in changes if c.quantity > 0 and c.condition == Condition.SELLABLE}
    fill_backorders(gained, levels=levels, now=now)


def write_changes(changes: Sequence[StockChange], levels: Levels, *, now: datetime) -> None:
    """Write movements and levels that are locked already, and state the facts."""
    touched: dict[int, LockedLevel] = {}
    movements = []
    for change in changes:
        level = levels[change.variant_id, change.location_id]
        movements.append(movement_of(change, level, now=now))
        touched[level.id] = level
        if level.allocated > level.sellable:
            raise NotEnoughStock(
                f"{level.allocated} units are set aside for orders here, so no fewer can be"
                " sellable; release them or count the stock instead.",
                short={level.variant_id: level.allocated - level.sellable},
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


def movement_of(change: StockChange, level: LockedLevel, *, now: datetime) -> Movement:
    """Apply a change to the working copy and return its ledger row, balance included."""
    balance = getattr(level, change.condition) + change.quantity
    if balance < 0:
        raise NotEnoughStock(
            f"Only {balance - change.quantity} units are {change.condition.label.lower()} here;"
            f" {-change.quantity} cannot go.",
            short={level.variant_id: -balance},
            field="quantity",
        )
    setattr(level, change.condition, balance)
    who = actors.current().actor
    return Movement(
        level_id=level.id,
        condition=change.condition,
        quantity=change.quantity,
        balance=balance,
        reason=change.reason,
        reference=change.reference[:60],
        note=change.note[:300],
        actor_kind=who.kind,
        actor_key=who.key,
        actor_label=who.label[:150],
        moved_at=now,
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
