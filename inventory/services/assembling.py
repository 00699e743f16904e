"""Wholes made from their parts and taken apart again: components out, product in, cost rolled up."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from core import actors
from core.audit import record_move
from core.bulk import insert_all, update_all
from core.numbers import next_values
from core.outbox import publish
from inventory.errors import CannotAssemble, NotEnoughStock
from inventory.events import (
    AssemblyCancelled,
    AssemblyFinished,
    AssemblyPlanned,
    AssemblyStarted,
)
from inventory.locks import LockedLevel, lock_assembly, lock_levels
from inventory.models import AssemblyOrder, AssemblyPart, Location, Part, StockLevel, Variant
from inventory.selectors.assembly import Need, circle_through, needs_of
from inventory.services.lotting import lot_for
from inventory.services.moving import COST_PLACES, StockChange, check_quantity, move_stock
from inventory.states import AssemblyState, MovementReason, Tracking, VariantKind

SEQUENCE = "inventory_assembly_number"


@transaction.atomic
def plan_assembly(
    *,
    variant: Variant,
    location: Location,
    quantity: int,
    is_disassembly: bool = False,
    note: str = "",
    now: datetime,
) -> AssemblyOrder:
    """Plan to make (or take apart) units of a variant, by its parts list of today; nothing moves
    yet. Raises CannotAssemble, BadQuantity.
    """
    check_quantity(quantity)
    parts = list(Part.objects.filter(whole=variant).select_related("part"))
    _refuse_bad_list(variant, parts)
    for part in parts:
        check_quantity(part.quantity * quantity)
    order = AssemblyOrder.objects.create(
        number=f"AS-{next_values(SEQUENCE)[0]}",
        variant=variant,
        location=location,
        is_disassembly=is_disassembly,
        quantity=quantity,
        note=note,
        created_by=actors.current().actor.label[:150],
        created_at=now,
    )
    insert_all(
        AssemblyPart(
            order=order, variant=part.part, quantity=part.quantity * quantity, position=place
        )
        for place, part in enumerate(parts, start=1)
        if part.part.kind == VariantKind.STOCKED
    )
    publish(
        AssemblyPlanned(
            assemblyorder_id=order.pk,
            number=order.number,
            sku=variant.sku,
            location=location.name,
            quantity=quantity,
        )
    )
    return order


def _refuse_bad_list(variant: Variant, parts: Sequence[Part]) -> None:
    if variant.kind != VariantKind.STOCKED:
        raise CannotAssemble(
            f"{variant.sku} is never in stock itself ({variant.get_kind_display().lower()});"
            " there is nothing to make ahead.",
            field="variant",
        )
    if not any(part.part.kind == VariantKind.STOCKED for part in parts):
        raise CannotAssemble(
            f"{variant.sku} has no parts list; say on its page what it is made of.",
            field="variant",
        )
    for part in parts:
        if part.part.kind == VariantKind.KIT:
            raise CannotAssemble(
                f"{part.part.sku} is a kit and lies nowhere; list its own parts under"
                f" {variant.sku} instead.",
                field="variant",
            )
    if circle := circle_through(variant.pk):
        raise CannotAssemble(
            f"The parts list goes in a circle ({' → '.join(circle)}); take one of them out.",
            field="variant",
        )


@transaction.atomic
def start_assembly(*, order_id: int, now: datetime) -> AssemblyOrder:
    """Take what goes in from stock: the components, or the whole that is taken apart. Only free
    units; each kept with its lot and cost. Raises CannotAssemble, NotEnoughStock.
    """
    order = _in_state(order_id, AssemblyState.DRAFT, "started")
    parts = list(order.parts.select_related("variant"))
    lock_levels({order.variant_id, *(part.variant_id for part in parts)})
    _refuse_short(order, needs_of(order))
    changes = _take_whole(order) if order.is_disassembly else _take_parts(order, parts, now=now)
    order.start(now=now)
    order.save(update_fields=["state", "started_at", "unit_cost"])
    record_move(order, AssemblyState.DRAFT, order.state)
    units = -sum(change.quantity for change in changes)
    publish(AssemblyStarted(assemblyorder_id=order.pk, number=order.number, units=units))
    move_stock(changes, now=now)
    return order


def _refuse_short(order: AssemblyOrder, needs: Sequence[Need]) -> None:
    short = {need.variant.pk: need.short for need in needs if need.short}
    if short:
        said = "; ".join(
            f"{need.variant.sku}: {need.free} free, {need.units} needed"
            for need in needs
            if need.short
        )
        raise NotEnoughStock(
            f"Too few units are free at {order.location.name} ({said}). Make fewer, or get more"
            " first.",
            short=short,
        )


def _take_whole(order: AssemblyOrder) -> list[StockChange]:
    level = _level(order, order.variant_id)
    order.unit_cost = level.average_cost
    return [_moved(order, order.variant_id, -order.quantity, MovementReason.USED)]


def _take_parts(
    order: AssemblyOrder, parts: Sequence[AssemblyPart], *, now: datetime
) -> list[StockChange]:
    """Book every component on its row, one row a lot; returns what is to move."""
    added: list[AssemblyPart] = []
    for part in parts:
        level = _level(order, part.variant_id)
        part.unit_cost = level.average_cost
        part.used = part.quantity
        if not level.is_by_lot:
            continue
        lots = _usable_lots(part, level, now.date())
        part.lot_id, part.used = lots[0]
        part.quantity = part.used
        added += [
            AssemblyPart(
                order=order,
                variant_id=part.variant_id,
                lot_id=lot_id,
                quantity=units,
                used=units,
                unit_cost=part.unit_cost,
                position=part.position,
            )
            for lot_id, units in lots[1:]
        ]
    update_all(parts, ["quantity", "used", "unit_cost", "lot"])
    insert_all(added)
    return [
        _moved(order, part.variant_id, -part.used, MovementReason.USED, lot_id=part.lot_id)
        for part in (*parts, *added)
    ]


def _usable_lots(
    part: AssemblyPart, level: LockedLevel, today: date
) -> list[tuple[int | None, int]]:
    """The lots that a component is taken from: free, not recalled, not expired, oldest first."""
    lots: list[tuple[int | None, int]] = []
    missing = part.quantity
    for lot in level.lots.values():
        units = min(missing, lot.free(today))
        if units > 0:
            lots.append((lot.lot_id, units))
            missing -= units
    if missing:
        raise NotEnoughStock(
            f"{part.variant.sku}: {missing} units are only in lots that are set aside, expired or"
            " recalled; get others first.",
            short={part.variant_id: missing},
        )
    return lots


@transaction.atomic
def finish_assembly(
    *,
    order_id: int,
    made: int | None = None,
    lot_code: str = "",
    expires_on: date | None = None,
    now: datetime,
) -> AssemblyOrder:
    """Put what came out into stock, at the cost of what went in: `made` units (all that were planned),
    or the parts of what was taken apart. Raises CannotAssemble, BadLot.
    """
    order = _in_state(order_id, AssemblyState.STARTED, "finished")
    made = order.quantity if made is None else made
    if not 0 < made <= order.quantity or (order.is_disassembly and made != order.quantity):
        raise CannotAssemble(
            f"{made} cannot come of it; give a number from 1 to {order.quantity}."
            if not order.is_disassembly
            else f"All {order.quantity} were taken from stock, so all are taken apart.",
            field="made",
        )
    parts = list(order.parts.select_related("variant"))
    lock_levels({order.variant_id, *(part.variant_id for part in parts)})
    if order.is_disassembly:
        changes = _give_parts(order, parts)
    else:
        changes = [_give_whole(order, parts, made, lot_code, expires_on, now=now)]
    order.finish(made=made, now=now)
    order.save(update_fields=["state", "made", "done_at", "unit_cost", "lot"])
    record_move(order, AssemblyState.STARTED, order.state)
    fact = AssemblyFinished(
        assemblyorder_id=order.pk, number=order.number, sku=order.variant.sku, made=made
    )
    publish(fact)
    move_stock(changes, now=now)
    return order


def _give_whole(
    order: AssemblyOrder,
    parts: Sequence[AssemblyPart],
    made: int,
    lot_code: str,
    expires_on: date | None,
    *,
    now: datetime,
) -> StockChange:
    worth = sum((part.used * part.unit_cost for part in parts), Decimal(0))
    order.unit_cost = (worth / made).quantize(COST_PLACES)
    if order.variant.tracking == Tracking.LOT or lot_code:
        order.lot = lot_for(
            variant=order.variant,
            code=lot_code,
            made_on=now.date(),
            expires_on=expires_on,
            today=now.date(),
        )
    return _moved(
        order,
        order.variant_id,
        made,
        MovementReason.ASSEMBLED,
        lot_id=order.lot_id,
        unit_cost=order.unit_cost,
    )


def _give_parts(order: AssemblyOrder, parts: Sequence[AssemblyPart]) -> list[StockChange]:
    """The worth of the whole, shared out among its parts by what each costs by itself."""
    worth = order.unit_cost * order.quantity
    averages = dict(
        StockLevel.objects.filter(
            location=order.location_id, variant__in=[part.variant_id for part in parts]
        ).values_list("variant_id", "average_cost")
    )
    each = {
        part.pk: averages.get(part.variant_id) or part.variant.cost or Decimal(0) for part in parts
    }
    if not any(each.values()):
        each = dict.fromkeys(each, Decimal(1))
    total = sum((each[part.pk] * part.quantity for part in parts), Decimal(0))
    for part in parts:
        part.used = part.quantity
        part.unit_cost = (worth * each[part.pk] / total).quantize(COST_PLACES)
    update_all(parts, ["used", "unit_cost"])
    return [
        _moved(
            order,
            part.variant_id,
            part.used,
            MovementReason.ASSEMBLED,
            unit_cost=part.unit_cost,
        )
        for part in parts
    ]


@transaction.atomic
def cancel_assembly(*, order_id: int, reason: str = "", now: datetime) -> AssemblyOrder:
    """Call it off; what was taken from stock lies there again, at the cost at which it left.
    Raises CannotAssemble.
    """
    order = lock_assembly(order_id)
    before = order.state
    if before not in (AssemblyState.DRAFT, AssemblyState.STARTED):
        raise CannotAssemble(f"{order.number} is {order.get_state_display().lower()} already.")
    parts = list(order.parts.all())
    changes: list[StockChange] = []
    if before == AssemblyState.STARTED:
        changes = (
            [
                _moved(
                    order,
                    order.variant_id,
                    order.quantity,
                    MovementReason.USED,
                    unit_cost=order.unit_cost,
                )
            ]
            if order.is_disassembly
            else [
                _moved(
                    order,
                    part.variant_id,
                    part.used,
                    MovementReason.USED,
                    lot_id=part.lot_id,
                    unit_cost=part.unit_cost,
                )
                for part in parts
            ]
        )
    order.cancel()
    order.save(update_fields=["state"])
    record_move(order, before, order.state, reason=reason)
    publish(AssemblyCancelled(assemblyorder_id=order.pk, number=order.number), reason=reason)
    move_stock(changes, now=now)
    return order


def _moved(
    order: AssemblyOrder,
    variant_id: int,
    quantity: int,
    reason: MovementReason,
    *,
    lot_id: int | None = None,
    unit_cost: Decimal | None = None,
) -> StockChange:
    return StockChange(
        variant_id=variant_id,
        location_id=order.location_id,
        quantity=quantity,
        reason=reason,
        reference=order.number,
        note="Put back" if reason == MovementReason.USED and quantity > 0 else "",
        lot_id=lot_id,
        unit_cost=unit_cost,
    )


def _level(order: AssemblyOrder, variant_id: int) -> LockedLevel:
    return lock_levels([variant_id], location_ids=[order.location_id])[
        variant_id, order.location_id
    ]


def _in_state(order_id: int, state: AssemblyState, what: str) -> AssemblyOrder:
    order = lock_assembly(order_id)
    if order.state != state:
        raise CannotAssemble(
            f"{order.number} is {order.get_state_display().lower()}; it cannot be {what} now."
        )
    return order
