"""Goods of a transfer at its target: scanned, booked in, or given up."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction

from core.audit import record_move
from core.bulk import update_all
from core.outbox import publish
from inventory.errors import CannotTransfer
from inventory.events import TransferReceived, TransferUnitsLost
from inventory.locks import lock_levels, lock_transfer
from inventory.models import Transfer, TransferLine
from inventory.selectors.codes import Heard, read_code
from inventory.services.moving import COST_PLACES, StockChange, move_stock
from inventory.states import Condition, LossReason, MovementReason, TransferState


@transaction.atomic
def scan_transfer(*, transfer_id: int, code: str) -> Heard:
    """Read one code at the target: an item of the transfer counts as seen, nothing else does.
    Nothing is in stock before it is booked in. Raises CannotTransfer.
    """
    transfer = _under_way(transfer_id)
    read = read_code(code)
    if read is None:
        return Heard(False, f"Nothing is known by “{code[:60]}”. Scan the barcode or type the SKU.")
    lines = [one for one in _lines(transfer) if one.variant_id == read.variant.pk]
    if not lines:
        return Heard(False, f"{read.variant.sku} is not part of this transfer. Put it aside.")
    line = next((one for one in lines if one.to_scan >= read.units), None)
    if line is None:
        left = sum(one.to_scan for one in lines)
        return Heard(
            False,
            f"{read.variant.sku}: only {left} more {'is' if left == 1 else 'are'} expected. Put the"
            " rest aside and book it as found.",
            line_id=lines[0].pk,
        )
    line.scanned += read.units
    line.save(update_fields=["scanned"])
    seen = sum(one.scanned for one in lines)
    due = sum(one.on_the_way for one in lines)
    return Heard(True, f"{read.variant.sku}: {seen} of {due}", line_id=line.pk)


@transaction.atomic
def set_scanned(*, transfer_id: int, line_id: int, units: int) -> Heard:
    """Say by keyboard how many units of a line are there. Raises CannotTransfer."""
    transfer = _under_way(transfer_id)
    line = _line(transfer, line_id)
    if not 0 <= units <= line.on_the_way:
        raise CannotTransfer(
            f"{line.variant.sku}: {units} is not possible; {line.on_the_way} are on the way.",
            field="units",
        )
    line.scanned = units
    line.save(update_fields=["scanned"])
    return Heard(True, f"{line.variant.sku}: {units} of {line.on_the_way}", line_id=line.pk)


@transaction.atomic
def receive_scanned(*, transfer_id: int, now: datetime) -> Transfer:
    """Book in everything that was scanned. Raises CannotTransfer."""
    transfer = _under_way(transfer_id)
    seen = {line.pk: line.scanned for line in _lines(transfer) if line.scanned}
    if not seen:
        raise CannotTransfer("Nothing is scanned yet; scan what came first.")
    return _receive(transfer, seen, {}, now=now)


@transaction.atomic
def receive_transfer(
    *,
    transfer_id: int,
    received: Mapping[int, int],
    damaged: Mapping[int, int] | None = None,
    now: datetime,
) -> Transfer:
    """Goods came to the target, by line id: sound ones are sellable at once, `damaged` ones are not.

    They bring their lot and their cost. More than is on the way is refused: that is found stock.
    Raises CannotTransfer.
    """
    return _receive(_under_way(transfer_id), received, damaged or {}, now=now)


def _receive(
    transfer: Transfer, received: Mapping[int, int], damaged: Mapping[int, int], *, now: datetime
) -> Transfer:
    lines = [one for one in _lines(transfer) if received.get(one.pk) or damaged.get(one.pk)]
    if not lines:
        raise CannotTransfer("Nothing would be booked in; give at least one unit.")
    changes: list[StockChange] = []
    for line in lines:
        sound, broken = received.get(line.pk, 0), damaged.get(line.pk, 0)
        if min(sound, broken) < 0 or sound + broken > line.on_the_way:
            raise CannotTransfer(
                f"{line.variant.sku}: {sound + broken} cannot come, {line.on_the_way} are on the way."
                " Book what is more as found stock.",
                field=f"line_{line.pk}",
            )
        for units, condition in ((sound, Condition.SELLABLE), (broken, Condition.DAMAGED)):
            if units:
                changes.append(_arrival(transfer, line, units, condition))
        line.received += sound + broken
        line.scanned = min(max(0, line.scanned - sound), line.on_the_way)
    # levels before anything is written about them; counters and the machine after
    lock_levels({line.variant_id for line in lines})
    update_all(lines, ["received", "scanned"])
    move_stock(changes, now=now)
    publish(
        TransferReceived(
            transfer_id=transfer.pk,
            number=transfer.number,
            target=transfer.target.name,
            units=sum(change.quantity for change in changes),
            damaged=sum(damaged.get(line.pk, 0) for line in lines),
        )
    )
    _settle(transfer, now=now)
    return transfer


def _arrival(
    transfer: Transfer, line: TransferLine, units: int, condition: Condition
) -> StockChange:
    return StockChange(
        variant_id=line.variant_id,
        location_id=transfer.target_id,
        quantity=units,
        reason=MovementReason.TRANSFER_IN,
        reference=transfer.number,
        condition=condition,
        note=f"From {transfer.source.name}",
        lot_id=line.lot_id,
        unit_cost=(line.unit_cost * transfer.exchange_rate).quantize(COST_PLACES),
    )


@transaction.atomic
def give_up_units(
    *, transfer_id: int, line_id: int, units: int, why: LossReason, now: datetime
) -> Transfer:
    """Units that are on the way will not come. Raises CannotTransfer."""
    transfer = _under_way(transfer_id)
    line = _line(transfer, line_id)
    if not 0 < units <= line.to_scan:
        raise CannotTransfer(
            f"{line.variant.sku}: {units} cannot be given up; {line.to_scan} are on the way and not"
            " scanned.",
            field="units",
        )
    line.lost += units
    line.loss_reason = why
    line.save(update_fields=["lost", "loss_reason"])
    publish(
        TransferUnitsLost(
            transfer_id=transfer.pk,
            number=transfer.number,
            sku=line.variant.sku,
            units=units,
            how=why.label.lower(),
        )
    )
    _settle(transfer, now=now)
    return transfer


def _settle(transfer: Transfer, *, now: datetime) -> None:
    """Move the machine to where the counters are."""
    before = transfer.state
    lines = _lines(transfer)
    if not any(line.on_the_way for line in lines):
        transfer.finish(now=now)
    elif any(line.received for line in lines):
        transfer.receive_some()
    if transfer.state != before:
        transfer.save(update_fields=["state", "received_at"])
        record_move(transfer, before, transfer.state)


def _under_way(transfer_id: int) -> Transfer:
    transfer = lock_transfer(transfer_id)
    if transfer.state not in TransferState.under_way():
        raise CannotTransfer(
            f"{transfer.number} is {transfer.get_state_display().lower()}; nothing of it is on the"
            " way."
        )
    return transfer


def _lines(transfer: Transfer) -> Sequence[TransferLine]:
    return list(transfer.lines.select_related("variant"))


def _line(transfer: Transfer, line_id: int) -> TransferLine:
    line = transfer.lines.select_related("variant").filter(pk=line_id).first()
    if line is None:
        raise CannotTransfer("This line is not part of the transfer; reload the page.")
    return line
