"""Goods sent from one of our locations to another: planned, sent, called off."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from core import actors
from core.audit import record_move
from core.bulk import insert_all, update_all
from core.numbers import next_values
from core.outbox import publish
from inventory.errors import CannotTransfer, NotEnoughStock
from inventory.events import TransferCancelled, TransferPlanned, TransferShipped
from inventory.locks import Levels, LockedLevel, lock_levels, lock_transfer
from inventory.models import Location, Lot, Transfer, TransferLine, Variant
from inventory.selectors.transfers import free_at_source
from inventory.services.moving import StockChange, check_quantity, move_stock
from inventory.states import MovementReason, TransferState, VariantKind

SEQUENCE = "inventory_transfer_number"
MOST_LINES = 500


@dataclass(frozen=True, slots=True)
class WantedUnits:
    """Units of a variant that somebody wants sent, of one lot or of whichever expires first."""

    variant_id: int
    quantity: int
    lot_id: int | None = None


@transaction.atomic
def create_transfer(
    *,
    source: Location,
    target: Location,
    wanted: Sequence[WantedUnits],
    expected_on: date | None = None,
    exchange_rate: Decimal | None = None,
    note: str = "",
    now: datetime,
) -> Transfer:
    """Plan a transfer; nothing moves yet. `exchange_rate` is needed where the two locations reckon
    in different currencies. Raises CannotTransfer, BadQuantity, and NotEnoughStock for more than is
    free at the source now.
    """
    rate = _rate(source, target, exchange_rate)
    _refuse_bad_route(source, target)
    transfer = Transfer.objects.create(
        number=f"TR-{next_values(SEQUENCE)[0]}",
        source=source,
        target=target,
        expected_on=expected_on,
        exchange_rate=rate,
        note=note,
        created_by=actors.current().actor.label[:150],
        created_at=now,
    )
    units = _set_lines(transfer, wanted)
    _refuse_unfree(transfer)
    _tell_plan(transfer, units, "made")
    return transfer


@transaction.atomic
def change_transfer(
    *,
    transfer_id: int,
    wanted: Sequence[WantedUnits],
    expected_on: date | None = None,
    note: str = "",
) -> Transfer:
    """Plan a draft anew: its lines are replaced. Raises CannotTransfer, BadQuantity, NotEnoughStock."""
    transfer = lock_transfer(transfer_id)
    if transfer.state != TransferState.DRAFT:
        raise CannotTransfer(
            f"{transfer.number} is {transfer.get_state_display().lower()}; only a draft can be"
            " changed."
        )
    transfer.expected_on, transfer.note = expected_on, note
    transfer.save(update_fields=["expected_on", "note"])
    transfer.lines.all().delete()
    units = _set_lines(transfer, wanted)
    _refuse_unfree(transfer)
    _tell_plan(transfer, units, "changed")
    return transfer


def _rate(source: Location, target: Location, given: Decimal | None) -> Decimal:
    if source.currency == target.currency:
        return Decimal(1)
    if given is None or not given.is_finite() or given <= 0:
        raise CannotTransfer(
            f"{source.name} reckons in {source.currency}, {target.name} in {target.currency}: give"
            f" how much {target.currency} one {source.currency} is worth.",
            field="exchange_rate",
        )
    return given


def _refuse_bad_route(source: Location, target: Location) -> None:
    if source.pk == target.pk:
        raise CannotTransfer(
            "Goods are sent from one location to another; choose a different target.",
            field="target",
        )
    for field, place in (("source", source), ("target", target)):
        if not place.is_active:
            raise CannotTransfer(
                f"{place.name} is no longer in use; choose another location.", field=field
            )


def _set_lines(transfer: Transfer, wanted: Sequence[WantedUnits]) -> int:
    """Write the lines, one for each variant and lot; returns the units."""
    sums: dict[tuple[int, int | None], int] = {}
    for one in wanted:
        check_quantity(one.quantity, field="lines")
        key = (one.variant_id, one.lot_id)
        sums[key] = sums.get(key, 0) + one.quantity
    if not sums:
        raise CannotTransfer("Say what is to be sent: a SKU and a number a line.", field="lines")
    if len(sums) > MOST_LINES:
        raise CannotTransfer(
            f"{len(sums)} lines are too many for one transfer; make several of at most"
            f" {MOST_LINES}.",
            field="lines",
        )
    for quantity in sums.values():
        check_quantity(quantity, field="lines")
    _refuse_unstocked({variant_id for variant_id, _ in sums})
    _refuse_foreign_lots(sums)
    insert_all(
        TransferLine(
            transfer=transfer, position=place, variant_id=variant, lot_id=lot, quantity=units
        )
        for place, ((variant, lot), units) in enumerate(sums.items(), start=1)
    )
    return sum(sums.values())


def _refuse_unstocked(variant_ids: set[int]) -> None:
    for variant in Variant.objects.filter(pk__in=variant_ids).exclude(kind=VariantKind.STOCKED):
        raise CannotTransfer(
            f"{variant.sku} has no stock of its own ({variant.get_kind_display().lower()}); send"
            " its parts instead.",
            field="lines",
        )


def _refuse_foreign_lots(sums: Mapping[tuple[int, int | None], int]) -> None:
    lots = Lot.objects.in_bulk([lot for _, lot in sums if lot])
    for variant_id, lot_id in sums:
        if lot_id and (lot_id not in lots or lots[lot_id].variant_id != variant_id):
            raise CannotTransfer("A lot named is not a lot of its SKU.", field="lines")


def _tell_plan(transfer: Transfer, units: int, what: str) -> None:
    publish(
        TransferPlanned(
            transfer_id=transfer.pk,
            number=transfer.number,
            source=transfer.source.name,
            target=transfer.target.name,
            units=units,
            what=what,
        )
    )


@transaction.atomic
def ship_transfer(
    *, transfer_id: int, quantities: Mapping[int, int] | None = None, now: datetime
) -> Transfer:
    """The goods leave the source: all that was planned, or `quantities` by line id (fewer, or 0).

    Only free units may go: what is set aside for orders stays. Each unit carries its lot and the
    source's average cost with it. Raises CannotTransfer, NotEnoughStock.
    """
    transfer = lock_transfer(transfer_id)
    before = transfer.state
    if before != TransferState.DRAFT:
        raise CannotTransfer(
            f"{transfer.number} is {transfer.get_state_display().lower()}; it was sent or called"
            " off already."
        )
    lines = list(transfer.lines.select_related("variant"))
    _plan_shipping(lines, quantities or {})
    levels = lock_levels({line.variant_id for line in lines})
    _refuse_short(transfer, lines, levels)
    sent, added = _by_lot(lines, levels, transfer.source_id)
    update_all(lines, ["quantity", "shipped", "lot", "unit_cost"])
    insert_all(added)
    transfer.ship(now=now)
    transfer.save(update_fields=["state", "shipped_at"])
    record_move(transfer, before, transfer.state)
    units = sum(line.shipped for line in sent)
    publish(
        TransferShipped(
            transfer_id=transfer.pk,
            number=transfer.number,
            source=transfer.source.name,
            units=units,
        )
    )
    move_stock(
        [
            StockChange(
                variant_id=line.variant_id,
                location_id=transfer.source_id,
                quantity=-line.shipped,
                reason=MovementReason.TRANSFER_OUT,
                reference=transfer.number,
                note=f"To {transfer.target.name}",
                lot_id=line.lot_id,
            )
            for line in sent
        ],
        now=now,
    )
    return transfer


def _plan_shipping(lines: Sequence[TransferLine], quantities: Mapping[int, int]) -> None:
    for line in lines:
        units = quantities.get(line.pk, line.quantity)
        if not 0 <= units <= line.quantity:
            raise CannotTransfer(
                f"{line.variant.sku}: {units} cannot be sent; give a number from 0 to"
                f" {line.quantity}, which is what was planned.",
                field=f"line_{line.pk}",
            )
        line.shipped = units
    if not any(line.shipped for line in lines):
        raise CannotTransfer("Nothing would be sent; give at least one unit, or cancel it.")


def _refuse_unfree(transfer: Transfer) -> None:
    """Raise NotEnoughStock for a plan of more than is free at the source as the books stand now."""
    wanted = _units_by_variant(transfer.lines.select_related("variant"), "quantity")
    _refuse_more_than(free_at_source(transfer), wanted, transfer.source.name, "Plan")


def _refuse_short(transfer: Transfer, lines: Sequence[TransferLine], levels: Levels) -> None:
    """Raise NotEnoughStock, naming every SKU of which too few units are free at the source."""
    wanted = _units_by_variant(lines, "shipped")
    here = {variant.pk: levels.get((variant.pk, transfer.source_id)) for variant in wanted}
    free = {
        variant_id: level.sellable - level.allocated - level.reserved
        for variant_id, level in here.items()
        if level
    }
    _refuse_more_than(free, wanted, transfer.source.name, "Send")


def _units_by_variant(lines: Iterable[TransferLine], figure: str) -> dict[Variant, int]:
    wanted: dict[Variant, int] = {}
    for line in lines:
        wanted[line.variant] = wanted.get(line.variant, 0) + int(getattr(line, figure))
    return wanted


def _refuse_more_than(
    free: Mapping[int, int], wanted: Mapping[Variant, int], place: str, verb: str
) -> None:
    short = {
        variant: units - free.get(variant.pk, 0)
        for variant, units in wanted.items()
        if units > free.get(variant.pk, 0)
    }
    if short:
        said = [
            f"{variant.sku}: {max(0, free.get(variant.pk, 0)):,} free, {wanted[variant]:,} wanted"
            for variant in short
        ]
        raise NotEnoughStock(
            f"Too few units are free at {place} ({'; '.join(said[:10])}). {verb} fewer, or release"
            " what is set aside for orders.",
            short={variant.pk: units for variant, units in short.items()},
            field="lines",
        )


def _by_lot(
    lines: Sequence[TransferLine], levels: Levels, source_id: int
) -> tuple[list[TransferLine], list[TransferLine]]:
    """The lines that are sent, one for each lot, with their cost; and those of them that are new."""
    sent, added = [], []
    for line in sorted(lines, key=lambda one: one.lot_id is None):
        if not line.shipped:
            continue
        level = levels[line.variant_id, source_id]
        line.unit_cost = level.average_cost
        sent.append(line)
        if not level.is_by_lot:
            continue
        for lot_id, units in _lots_of(line, level)[1:]:
            part = TransferLine(
                transfer_id=line.transfer_id,
                position=line.position,
                variant_id=line.variant_id,
                lot_id=lot_id,
                quantity=units,
                shipped=units,
                unit_cost=line.unit_cost,
            )
            line.quantity -= units
            line.shipped -= units
            sent.append(part)
            added.append(part)
    return sent, added


def _lots_of(line: TransferLine, level: LockedLevel) -> list[tuple[int, int]]:
    """The lots that the units of a line are of, recalled ones only by name; taken off the working
    copy. The first stays on the line.
    """
    if line.lot_id is None:
        parts = [(lot, units) for lot, units in _free_lots(level, line.shipped) if lot]
    else:
        here = level.lots.get(line.lot_id)
        free = here.sellable - here.allocated if here else 0
        parts = [(line.lot_id, min(free, line.shipped))]
    missing = line.shipped - sum(units for _, units in parts)
    if missing:
        raise NotEnoughStock(
            f"{line.variant.sku}: {missing} of {line.shipped} units are not free in the lots there;"
            " send fewer, or another lot.",
            short={line.variant_id: missing},
        )
    for lot_id, units in parts:
        level.lots[lot_id].sellable -= units
    line.lot_id = parts[0][0]
    return parts


def _free_lots(level: LockedLevel, units: int) -> list[tuple[int | None, int]]:
    parts: list[tuple[int | None, int]] = []
    for lot in level.lots.values():
        part = 0 if lot.is_recalled else min(units, lot.sellable - lot.allocated)
        if part > 0:
            parts.append((lot.lot_id, part))
            units -= part
    return parts


@transaction.atomic
def cancel_transfer(*, transfer_id: int, reason: str = "") -> Transfer:
    """Call off a transfer of which nothing has left. Raises CannotTransfer."""
    transfer = lock_transfer(transfer_id)
    before = transfer.state
    if before != TransferState.DRAFT:
        raise CannotTransfer(
            f"{transfer.number} is {transfer.get_state_display().lower()}; goods that left are"
            " received at the target, or given up there."
        )
    transfer.cancel()
    transfer.save(update_fields=["state"])
    record_move(transfer, before, transfer.state, reason=reason)
    publish(TransferCancelled(transfer_id=transfer.pk, number=transfer.number), reason=reason)
    return transfer
