"""Packing: from the hand into parcels, each unit verified; all of it can be undone until dispatch."""

from collections.abc import Mapping
from datetime import datetime
from functools import partial

from django.db import transaction
from django.db.models import F

from core import actors
from core.audit import record_move
from core.numbers import next_values
from core.outbox import publish
from inventory.models import Serial
from inventory.states import Condition
from orders.models import Fulfilment, Order
from orders.services import record_packed, undo_packing
from orders.states import FulfilmentState
from shipping.errors import CannotPack
from shipping.events import ShipmentUnpacked
from shipping.models import Label, Parcel, ParcelLine, Pick, PickLine, PickScan, Shipment
from shipping.selectors.work import packing_notes, pick_lines
from shipping.services.closing import (
    Box,
    check_counts,
    check_instructions,
    measure,
    service_of,
)
from shipping.services.guarding import lock_shipment, lock_work, refuse_blocked, state_words
from shipping.services.matching import Match, match_code, share, too_many_of_a_case
from shipping.services.numbering import (
    is_numbered,
    is_packed,
    put_number_in,
    take_numbers_out,
    unit_named,
)
from shipping.services.scans import item_name, log_scan
from shipping.services.watching import retell_late
from shipping.states import LabelState, ScanOutcome, ScanStage, ShipmentState

MOST_PARCELS = 50
_log = partial(log_scan, stage=ScanStage.PACK)


@transaction.atomic
def scan_pack(
    *, fulfilment_id: int, code: str, parcel_id: int | None = None, now: datetime
) -> PickScan:
    """Read one code while packing: the right item goes into the parcel (the last one, where none is
    named); anything else is refused in words and changes nothing.
    """
    order, fulfilment, pick = lock_work(fulfilment_id)
    refuse_blocked(order)
    lines = pick_lines(pick)
    if unit := unit_named(code, lines, fulfilment.location_id):
        return _pack_unit(order, pick, lines, unit, parcel_id=parcel_id, code=code, now=now)
    match = match_code(code, lines, (), fulfilment.location_id)
    if numbered := next((one for one in match.lines if is_numbered(one) and one.to_pack), None):
        text = f"{item_name(numbered)}: now scan the serial number of the unit."
        return _log(pick, ScanOutcome.WRONG, text, now=now, line=numbered, code=code)
    left = sum(one.to_pack for one in match.lines)
    if 0 < match.units <= left:
        parcel = _parcel(_preparing(order, fulfilment, now=now), parcel_id)
        return _scan_item(pick, parcel, match, code, now=now)
    outcome, text = _refusal(match, left, code)
    line = match.lines[0] if match.lines else None
    return _log(pick, outcome, text, now=now, line=line, code=code)


def _refusal(match: Match, left: int, code: str) -> tuple[ScanOutcome, str]:
    """Why what was scanned does not go into a parcel."""
    if left:
        return ScanOutcome.TOO_MANY, too_many_of_a_case(match, left)
    if match.lines:
        line = match.lines[0]
        return ScanOutcome.TOO_MANY, (
            f"{item_name(line)} was not picked yet; pick it first."
            if line.to_pick
            else f"{item_name(line)} is not wanted in this work any more. Put it back."
            if not line.wanted
            else f"All {line.wanted} of {item_name(line)} are packed. This one is too many."
        )
    if match.variant:
        return (
            ScanOutcome.WRONG,
            f"{match.variant.sku} does not belong to this order. Take it away.",
        )
    return (
        ScanOutcome.UNKNOWN,
        f"Nothing is known by “{code[:60]}”. Scan the item’s barcode or type its SKU.",
    )


def _scan_item(pick: Pick, parcel: Parcel, match: Match, code: str, *, now: datetime) -> PickScan:
    """Put what was scanned into the parcel; a case fills one line after the other."""
    scans = []
    for line, units in share(match.units, [(one, one.to_pack) for one in match.lines]):
        _put_in(parcel, line, units)
        text = f"{item_name(line)}: {line.packed} of {line.wanted} packed"
        if match.units > 1:
            text += f" (a case of {match.units})"
        scans.append(
            _log(pick, ScanOutcome.ITEM, text, now=now, line=line, code=code, quantity=units)
        )
    return scans[-1]


def _pack_unit(
    order: Order,
    pick: Pick,
    lines: list[PickLine],
    unit: Serial,
    *,
    parcel_id: int | None,
    code: str,
    now: datetime,
) -> PickScan:
    """Put one numbered unit into a parcel, or say why not."""
    own = [one for one in lines if one.fulfilment_line.order_line.variant_id == unit.variant_id]
    line = next((one for one in own if one.to_pack), own[0])
    if is_packed(unit):
        text = f"Serial number {unit.code} lies in a parcel already; take another unit."
        return _log(pick, ScanOutcome.TOO_MANY, text, now=now, line=line, code=code)
    if unit.condition != Condition.SELLABLE:
        text = f"Serial number {unit.code} is {unit.get_condition_display().lower()}; take another."
        return _log(pick, ScanOutcome.WRONG, text, now=now, line=line, code=code)
    if not line.to_pack:
        text = f"{line.packed} of {line.wanted} of {item_name(line)} are packed; pick more first."
        return _log(pick, ScanOutcome.TOO_MANY, text, now=now, line=line, code=code)
    parcel = _parcel(_preparing(order, pick.fulfilment, now=now), parcel_id)
    _put_in(parcel, line, 1)
    put_number_in(parcel, line, unit)
    text = f"{item_name(line)}, number {unit.code}: {line.packed} of {line.wanted} packed"
    return _log(pick, ScanOutcome.ITEM, text, now=now, line=line, code=code, quantity=1)


@transaction.atomic
def set_packed(
    *,
    fulfilment_id: int,
    quantities: Mapping[int, int] | None,
    parcel_id: int | None = None,
    now: datetime,
) -> Shipment:
    """Say by keyboard how many units lie in a parcel, by pick line id; None: all that is in hand
    goes in. Raises CannotPack.
    """
    order, fulfilment, pick = lock_work(fulfilment_id)
    refuse_blocked(order)
    lines = {line.pk: line for line in pick_lines(pick)}
    shipment = _preparing(order, fulfilment, now=now)
    parcel = _parcel(shipment, parcel_id)
    inside = dict(parcel.lines.values_list("fulfilment_line_id", "quantity"))
    if quantities is None:
        quantities = {
            line.pk: inside.get(line.fulfilment_line_id, 0) + line.to_pack
            for line in lines.values()
            if line.to_pack and not is_numbered(line)
        }
        if not quantities and any(line.to_pack for line in lines.values()):
            raise CannotPack("Scan the serial number of each unit that goes into the parcel.")
    for line_id, quantity in quantities.items():
        line = lines.get(line_id)
        if line is None:
            raise CannotPack("This line is not on the list any more; reload the page.")
        change = quantity - inside.get(line.fulfilment_line_id, 0)
        if quantity < 0 or change > line.to_pack:
            raise CannotPack(
                f"{item_name(line)}: {quantity} do not fit, {line.to_pack} more are in hand; pick"
                " the rest first.",
                field="quantity",
            )
        if change > 0 and is_numbered(line):
            raise CannotPack(
                f"{item_name(line)}: scan the serial number of each unit; a count is not enough.",
                field="quantity",
            )
        if change < 0 and is_numbered(line):
            take_numbers_out([parcel], line_id=line.fulfilment_line_id, units=-change)
        if change:
            _put_in(parcel, line, change)
            text = f"{item_name(line)}: {line.packed} of {line.wanted} packed"
            _log(pick, ScanOutcome.TYPED, text, now=now, line=line, quantity=change)
    return shipment


@transaction.atomic
def add_parcel(*, fulfilment_id: int, now: datetime) -> Parcel:
    """Begin another parcel. Raises CannotPack while the last one is empty."""
    order, fulfilment, _ = lock_work(fulfilment_id)
    refuse_blocked(order)
    shipment = _preparing(order, fulfilment, now=now)
    parcels = list(shipment.parcels.prefetch_related("lines"))
    if parcels and not parcels[-1].lines.all():
        raise CannotPack(f"Parcel {parcels[-1].position} is still empty; use that one.")
    if len(parcels) >= MOST_PARCELS:
        raise CannotPack(f"A shipment has at most {MOST_PARCELS} parcels.")
    position = max((one.position for one in parcels), default=0) + 1
    return Parcel.objects.create(shipment=shipment, position=position)


@transaction.atomic
def empty_parcel(*, parcel_id: int) -> Shipment:
    """Take everything out of one parcel, and the parcel away. Raises CannotPack once it is packed."""
    shipment_id = Parcel.objects.filter(pk=parcel_id).values_list("shipment_id", flat=True).first()
    _, shipment = lock_shipment(shipment_id or 0)
    if shipment.state != ShipmentState.PREPARING:
        raise CannotPack(f"{shipment.number} is {state_words(shipment)}; open it again first.")
    parcel = shipment.parcels.get(pk=parcel_id)
    _take_out(shipment, [parcel])
    if not parcel.labels.exists():
        parcel.delete()
    return shipment


@transaction.atomic
def acknowledge_notes(*, fulfilment_id: int, note_ids: list[int], now: datetime) -> Shipment:
    """The packer has read these packing instructions."""
    order, fulfilment, _ = lock_work(fulfilment_id)
    shipment = _preparing(order, fulfilment, now=now)
    known = {note.pk for note in packing_notes(order.pk)}
    read = {*shipment.acknowledged_notes, *note_ids} & known
    shipment.acknowledged_notes = sorted(read)
    shipment.save(update_fields=["acknowledged_notes"])
    return shipment


@transaction.atomic
def finish_packing(
    *,
    fulfilment_id: int,
    boxes: Mapping[int, Box],
    service_id: int | None,
    is_partial: bool = False,
    now: datetime,
) -> Shipment:
    """Close the parcels, with their measures by parcel id. With `is_partial` what is not packed
    stays open and is packed later; otherwise every wanted unit must be inside. Raises CannotPack,
    BadParcel, OrderBlocked.
    """
    order, fulfilment, pick = lock_work(fulfilment_id)
    refuse_blocked(order)
    shipment = Shipment.objects.open().filter(fulfilment=fulfilment).first()
    if shipment is None or shipment.state != ShipmentState.PREPARING:
        raise CannotPack("Nothing is in a parcel yet; scan the items into one.")
    lines = pick_lines(pick)
    check_instructions(order, shipment)
    check_counts(lines, is_partial=is_partial)
    measure(shipment, boxes)
    shipment.service = service_of(service_id, order)
    shipment.order = order
    before = shipment.state
    shipment.pack(now=now, by=actors.current().actor.label)
    shipment.save()
    record_move(shipment, before, shipment.state)
    if all(line.packed == line.wanted for line in lines):
        record_packed(fulfilment_id=fulfilment_id, now=now)
        retell_late(fulfilment_ids=[fulfilment_id])
    return shipment


@transaction.atomic
def open_again(*, shipment_id: int, now: datetime) -> Shipment:
    """Open packed parcels to change what is in them. Raises CannotPack once they carry labels."""
    _, shipment = lock_shipment(shipment_id)
    _reopen(shipment, now=now)
    return shipment


@transaction.atomic
def unpack(*, shipment_id: int, reason: str, now: datetime) -> Shipment:
    """Take everything out again: the goods are in hand, picked and not packed. Raises CannotPack
    once labels are bought (void them) or the shipment has left (only a return brings it back).
    """
    order, shipment = lock_shipment(shipment_id)
    if shipment.state == ShipmentState.PACKED:
        _reopen(shipment, now=now)
    _refuse_unless(shipment, ShipmentState.PREPARING)
    _take_out(shipment, list(shipment.parcels.all()), keep_rows=True)
    before = shipment.state
    shipment.cancel(now=now, reason=reason or "unpacked")
    shipment.save()
    record_move(shipment, before, shipment.state, reason=reason)
    publish(
        ShipmentUnpacked(
            order_id=order.pk,
            shipment_id=shipment.pk,
            number=shipment.number,
            why=reason or "no reason given",
        ),
        reason=reason,
    )
    return shipment


def _reopen(shipment: Shipment, *, now: datetime) -> None:
    _refuse_unless(shipment, ShipmentState.PACKED)
    if any(label.state in LabelState.live_states() for label in _labels(shipment)):
        raise CannotPack(f"{shipment.number} has a live label; void it before opening the parcels.")
    before = shipment.state
    shipment.unpack()
    shipment.save()
    record_move(shipment, before, shipment.state)
    if shipment.fulfilment.state == FulfilmentState.PACKED:
        undo_packing(fulfilment_id=shipment.fulfilment_id, now=now)
        retell_late(fulfilment_ids=[shipment.fulfilment_id])


def _labels(shipment: Shipment) -> list[Label]:
    return [label for parcel in shipment.parcels.all() for label in parcel.labels.all()]


def _refuse_unless(shipment: Shipment, state: ShipmentState) -> None:
    if shipment.state == state:
        return
    if shipment.state == ShipmentState.DISPATCHED:
        raise CannotPack(
            f"{shipment.number} has left; that cannot be undone. Start a return instead."
        )
    if shipment.state == ShipmentState.LABELLED:
        raise CannotPack(f"{shipment.number} is labelled; void its labels first.")
    raise CannotPack(f"{shipment.number} is {state_words(shipment)}; reload the page.")


def _preparing(order: Order, fulfilment: Fulfilment, *, now: datetime) -> Shipment:
    """The shipment that is being packed, begun where there is none, with at least one parcel."""
    shipment = Shipment.objects.open().filter(fulfilment=fulfilment).first()
    if shipment is not None and shipment.state != ShipmentState.PREPARING:
        raise CannotPack(
            f"{shipment.number} is {state_words(shipment)} already; dispatch it or open it again,"
            " then go on packing."
        )
    if shipment is None:
        shipment = Shipment.objects.create(
            number=f"SH-{next_values('shipping_number')[0]}",
            order=order,
            fulfilment=fulfilment,
            service=order.shipping_service,
            ship_to=order.shipping_address,
            ship_country=order.ship_country,
            created_at=now,
        )
        Parcel.objects.create(shipment=shipment, position=1)
    return shipment


def _parcel(shipment: Shipment, parcel_id: int | None) -> Parcel:
    rows = shipment.parcels.order_by("-position")
    parcel = rows.filter(pk=parcel_id).first() if parcel_id else rows.first()
    if parcel is None and parcel_id is None:
        parcel = Parcel.objects.create(shipment=shipment, position=1)
    if parcel is None:
        raise CannotPack("This parcel is not there any more; reload the page.")
    return parcel


def _put_in(parcel: Parcel, line: PickLine, units: int) -> None:
    """Move units between hand and parcel (below zero: out of it); both counters go together."""
    row, is_new = ParcelLine.objects.get_or_create(
        parcel=parcel, fulfilment_line=line.fulfilment_line, defaults={"quantity": max(units, 1)}
    )
    line.packed += units
    if not is_new and row.quantity + units == 0:
        row.delete()
    elif not is_new:
        row.quantity += units
        row.save(update_fields=["quantity"])
    line.save(update_fields=["packed"])


def _take_out(shipment: Shipment, parcels: list[Parcel], *, keep_rows: bool = False) -> None:
    """Take parcels' contents back into the hand; `keep_rows` keeps what was inside as a record."""
    pick = Pick.objects.live().filter(fulfilment_id=shipment.fulfilment_id).first()
    take_numbers_out(parcels)
    for row in ParcelLine.objects.filter(parcel__in=parcels):
        PickLine.objects.filter(pick=pick, fulfilment_line_id=row.fulfilment_line_id).update(
            packed=F("packed") - row.quantity
        )
        if not keep_rows:
            row.delete()
