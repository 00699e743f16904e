"""Picking: from the shelf into the hand, scan by scan; what is not there is said so."""

from datetime import datetime

from django.db import transaction
from django.db.models import F

from core import actors, attention
from core.audit import record_move
from core.models import User
from core.outbox import publish
from inventory.locks import lock_levels
from inventory.services import adjust_stock
from inventory.states import Condition, MovementReason
from orders.locks import lock_order
from orders.models import Fulfilment
from orders.services import lock_fulfilment, record_short, start_work, undo_packing, undo_start
from orders.states import FulfilmentState
from shipping.errors import CannotPick
from shipping.events import PickPutBack
from shipping.models import Pick, PickLine, PickScan
from shipping.selectors.work import pick_lines
from shipping.services.guarding import lock_work, refuse_blocked
from shipping.services.matching import Match, match_code, share, too_many_of_a_case
from shipping.services.scans import item_name, log_scan
from shipping.services.watching import SHORT_PICK, retell_late
from shipping.states import PickState, ScanOutcome, ScanStage, ShipmentState, ShortReason


@transaction.atomic
def start_picking(*, fulfilment_id: int, picker: User | None, now: datetime) -> Pick:
    """Take a fulfilment on: it leaves the queue. Taken on already, the pick that runs is returned;
    work of a colleague is passed on to `picker`. Raises OrderBlocked, or what orders refuses.
    """
    order, fulfilment = lock_fulfilment(fulfilment_id)
    refuse_blocked(order)
    pick = Pick.objects.live().filter(fulfilment=fulfilment).first()
    if pick is not None:
        if picker is not None and pick.picker_id != picker.pk:
            pick.picker, pick.picker_label = picker, str(picker)
            pick.save(update_fields=["picker", "picker_label"])
        return pick
    if fulfilment.state == FulfilmentState.READY:
        start_work(fulfilment_id=fulfilment_id, now=now)
        retell_late(fulfilment_ids=[fulfilment_id])
    pick = Pick.objects.create(
        fulfilment=fulfilment,
        picker=picker,
        picker_label=str(picker) if picker else actors.current().actor.label[:150],
        started_at=now,
    )
    PickLine.objects.bulk_create(
        PickLine(pick=pick, fulfilment_line=row, picked=row.shipped, packed=row.shipped)
        for row in fulfilment.lines.all()
    )
    return pick


@transaction.atomic
def scan_pick(*, fulfilment_id: int, code: str, now: datetime) -> PickScan:
    """Read one code while picking: the right item counts one, a bin of the list is confirmed,
    anything else is refused in words and counts nothing. The scan is kept whatever it was.
    """
    order, fulfilment, pick = lock_work(fulfilment_id)
    refuse_blocked(order)
    lines = pick_lines(pick)
    bins = {line.bin for line in lines}
    match = match_code(code, lines, bins, fulfilment.location_id)
    left = sum(one.to_pick for one in match.lines)
    if 0 < match.units <= left:
        return _scan_item(pick, match, code, now=now)
    if left:
        text = too_many_of_a_case(match, left)
        return log_scan(pick, ScanOutcome.TOO_MANY, text, now=now, line=match.lines[0], code=code)
    if match.lines:
        line = match.lines[0]
        text = f"You have all {line.wanted} of {item_name(line)} already. Put this one back."
        return log_scan(pick, ScanOutcome.TOO_MANY, text, now=now, line=line, code=code)
    if match.bin:
        return _scan_bin(pick, lines, match.bin, code, now=now)
    if match.variant:
        text = f"{match.variant.sku} is not on this list. Put it back."
        return log_scan(pick, ScanOutcome.WRONG, text, now=now, code=code)
    text = f"Nothing is known by “{code[:60]}”. Scan the item’s barcode or type its SKU."
    return log_scan(pick, ScanOutcome.UNKNOWN, text, now=now, code=code)


def _scan_item(pick: Pick, match: Match, code: str, *, now: datetime) -> PickScan:
    """Count what was scanned; a case fills one line after the other, each with a scan of its own."""
    scans = []
    for line, units in share(match.units, [(one, one.to_pick) for one in match.lines]):
        _count(pick, line, units, now=now)
        text = f"{item_name(line)}: {line.picked} of {line.wanted}"
        if match.units > 1:
            text += f" (a case of {match.units})"
        scans.append(
            log_scan(pick, ScanOutcome.ITEM, text, now=now, line=line, code=code, quantity=units)
        )
    return scans[-1]


def _scan_bin(
    pick: Pick, lines: list[PickLine], text: str, code: str, *, now: datetime
) -> PickScan:
    here = [line for line in lines if line.bin.upper() == text]
    line = next((one for one in here if one.to_pick), None)
    if line is not None:
        words = f"Bin {line.bin}: take {line.to_pick} × {item_name(line)}"
        return log_scan(pick, ScanOutcome.BIN, words, now=now, line=line, code=code)
    rest = next((one for one in lines if one.to_pick), None)
    words = f"Nothing to take from bin {text}."
    if rest is not None and rest.bin:
        words += f" Go to {rest.bin}."
    return log_scan(pick, ScanOutcome.WRONG_BIN, words, now=now, code=code)


@transaction.atomic
def set_picked(*, fulfilment_id: int, line_id: int, quantity: int, now: datetime) -> PickScan:
    """Say by keyboard how many units of a line are in hand. Raises CannotPick."""
    order, _, pick = lock_work(fulfilment_id)
    refuse_blocked(order)
    line = next((one for one in pick_lines(pick) if one.pk == line_id), None)
    if line is None:
        raise CannotPick("This line is not on the list any more; reload the page.")
    if not line.packed <= quantity <= max(line.wanted, line.packed):
        raise CannotPick(
            f"{item_name(line)}: {quantity} is not possible; give a number from {line.packed} (packed)"
            f" to {max(line.wanted, line.packed)} (wanted).",
            field="quantity",
        )
    change = quantity - line.picked
    if change:
        _count(pick, line, change, now=now)
    text = f"{item_name(line)}: {line.picked} of {line.wanted}"
    return log_scan(pick, ScanOutcome.TYPED, text, now=now, line=line, quantity=change)


@transaction.atomic
def pick_all(*, fulfilment_id: int, now: datetime) -> Pick:
    """Everything on the list is in hand: for work with a printed list."""
    order, _, pick = lock_work(fulfilment_id)
    refuse_blocked(order)
    for line in pick_lines(pick):
        if count := line.to_pick:
            _count(pick, line, count, now=now)
            text = f"{item_name(line)}: {line.picked} of {line.wanted}"
            log_scan(pick, ScanOutcome.TYPED, text, now=now, line=line, quantity=count)
    return pick


@transaction.atomic
def undo_last_pick(*, fulfilment_id: int, now: datetime) -> PickScan:
    """Take back the last unit or typed quantity that counted. Raises CannotPick."""
    _, _, pick = lock_work(fulfilment_id)
    lines = {line.pk: line for line in pick_lines(pick)}
    stack: list[PickScan] = []
    log = pick.scans.filter(stage=ScanStage.PICK).exclude(quantity=0).order_by("id")
    for scan in log:
        if scan.outcome == ScanOutcome.UNDONE:
            if stack:
                stack.pop()
        elif scan.outcome in {ScanOutcome.ITEM, ScanOutcome.TYPED}:
            stack.append(scan)
    last = stack[-1] if stack else None
    line = lines.get(last.line_id or 0) if last else None
    if last is None or line is None:
        raise CannotPick("There is nothing to take back.")
    if line.picked - last.quantity < line.packed:
        raise CannotPick(f"{item_name(line)} is packed already; unpack it first.")
    _count(pick, line, -last.quantity, now=now)
    text = f"Taken back: {item_name(line)}, now {line.picked} of {line.wanted}"
    return log_scan(pick, ScanOutcome.UNDONE, text, now=now, line=line, quantity=-last.quantity)


@transaction.atomic
def report_short(
    *, fulfilment_id: int, line_id: int, quantity: int, reason: ShortReason, now: datetime
) -> PickScan:
    """Units of a line are not to be had: the order gives them up here and waits for others, and the
    ledger says that they are lost or damaged. Raises CannotPick.
    """
    order, fulfilment, pick = lock_work(fulfilment_id)
    refuse_blocked(order)
    line = next((one for one in pick_lines(pick) if one.pk == line_id), None)
    if line is None:
        raise CannotPick("This line is not on the list any more; reload the page.")
    if not 0 < quantity <= line.to_pick:
        raise CannotPick(
            f"{item_name(line)}: {quantity} cannot be short, {line.to_pick} are still to be picked.",
            field="quantity",
        )
    PickLine.objects.filter(pk=line.pk).update(short=F("short") + quantity)
    text = f"{quantity} × {item_name(line)}: {reason.label.lower()}"
    scan = log_scan(pick, ScanOutcome.SHORT, text, now=now, line=line)
    record_short(fulfilment_id=fulfilment_id, units={line.fulfilment_line_id: quantity}, now=now)
    _write_off(fulfilment, line, quantity, reason, now=now)
    attention.raise_item(
        kind=SHORT_PICK,
        subject_type="order",
        subject_id=order.pk,
        title=f"{order.number}: {text}",
        detail=f"{quantity} units were not picked at {fulfilment.location.name}; they wait for stock"
        " or another location. Send the rest, wait, or cancel them.",
        url=f"/orders/{order.pk}/",
    )
    _settle_pick(pick, now=now)
    close_idle_picks(order_id=order.pk, now=now)
    return scan


def _write_off(
    fulfilment: Fulfilment, line: PickLine, quantity: int, reason: ShortReason, *, now: datetime
) -> None:
    """Take units that are not there, or not good, off the sellable stock."""
    variant = line.fulfilment_line.order_line.variant
    if variant is None:
        return
    levels = lock_levels([variant.pk])
    level = levels.get((variant.pk, fulfilment.location_id))
    if level is None:
        return
    is_damaged = reason == ShortReason.DAMAGED
    adjust_stock(
        variant=variant,
        location=fulfilment.location,
        counted=max(0, level.sellable - quantity),
        reason=MovementReason.DAMAGED if is_damaged else MovementReason.LOST,
        note=f"Found while picking {fulfilment.number}",
        reference=fulfilment.number,
        now=now,
    )
    if is_damaged:
        adjust_stock(
            variant=variant,
            location=fulfilment.location,
            counted=level.damaged + quantity,
            condition=Condition.DAMAGED,
            reason=MovementReason.DAMAGED,
            note=f"Found while picking {fulfilment.number}",
            reference=fulfilment.number,
            now=now,
        )


@transaction.atomic
def put_back(*, fulfilment_id: int, now: datetime) -> Pick:
    """All that was picked lies in its bins again: the work waits in the queue, or ends where it was
    cancelled. Raises CannotPick while units are in parcels or after some have left.
    """
    order, fulfilment, pick = lock_work(fulfilment_id)
    if fulfilment.shipments.filter(state__in=ShipmentState.open_states()).exists():
        raise CannotPick(f"{fulfilment.number} is in parcels; unpack them first.")
    before = pick.state
    pick.put_back(now=now)
    pick.save()
    record_move(pick, before, pick.state)
    if fulfilment.state == FulfilmentState.PACKED:
        undo_packing(fulfilment_id=fulfilment_id, now=now)
        fulfilment.refresh_from_db()
    if fulfilment.state == FulfilmentState.PICKING:
        undo_start(fulfilment_id=fulfilment_id, now=now)
    retell_late(fulfilment_ids=[fulfilment_id])
    publish(
        PickPutBack(
            order_id=order.pk, fulfilment_id=fulfilment.pk, location=fulfilment.location.name
        )
    )
    return pick


def _count(pick: Pick, line: PickLine, units: int, *, now: datetime) -> None:
    """Move a line's counter under the order's lock, and the pick with it."""
    line.picked += units
    line.save(update_fields=["picked"])
    _settle_pick(pick, now=now)


def _settle_pick(pick: Pick, *, now: datetime) -> None:
    """A pick is done when nothing is left to take, and open again when something is."""
    is_done = not any(line.to_pick for line in pick_lines(pick))
    before = pick.state
    if is_done and pick.state == PickState.OPEN:
        pick.finish(now=now)
    elif not is_done and pick.state == PickState.DONE:
        pick.reopen()
    if pick.state != before:
        pick.save()
        record_move(pick, before, pick.state)


@transaction.atomic
def close_idle_picks(*, order_id: int, now: datetime) -> int:
    """Close picks of an order that have nothing more to take and nothing in hand: their work was
    sent, or taken off them before anything was picked. Returns how many.
    """
    lock_order(order_id)
    closed = 0
    picks = Pick.objects.live().filter(fulfilment__order_id=order_id)
    for pick in picks.exclude(fulfilment__state__in=FulfilmentState.open_states()):
        lines = pick.lines.select_related("fulfilment_line")
        if any(line.picked > line.fulfilment_line.shipped for line in lines):
            continue
        before = pick.state
        pick.close(now=now)
        pick.save()
        record_move(pick, before, pick.state)
        closed += 1
    return closed
