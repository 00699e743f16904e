"""Counting a delivery: begun at zero, scan by scan, by as many hands as there are."""

import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q

from core import actors
from core.numbers import next_values
from inventory.errors import BadLot, BadQuantity, BadSerial, CannotReceive
from inventory.locks import lock_purchase
from inventory.models import (
    PurchaseOrder,
    PurchaseOrderLine,
    Receipt,
    ReceiptLine,
    Serial,
    ShipNotice,
    ShipNoticeLine,
    Variant,
)
from inventory.selectors.codes import Read, read_code
from inventory.services.moving import MOST_UNITS
from inventory.states import Condition, ReceiptState, SerialState, Tracking

SERIAL = re.compile(r"[\w.\-/+ ]{1,80}")


@dataclass(frozen=True)
class Counted:
    """What a scan did: the row it went to, and what to tell the person."""

    row: ReceiptLine
    said: str


@transaction.atomic
def start_receipt(
    *,
    order_id: int,
    notice_id: int | None = None,
    delivery_note: str = "",
    key: str = "",
    now: datetime,
) -> Receipt:
    """Begin to count a delivery, at zero; the one that is being counted already goes on. A `key` that
    was used before gives that receipt again, posted or not. Raises CannotReceive.
    """
    order = lock_purchase(order_id)
    known = (order.receipts.filter(key=key).first() if key else None) or order.receipts.filter(
        state=ReceiptState.COUNTING
    ).first()
    if known:
        return known
    _refuse_not_coming(order)
    notice = ShipNotice.objects.filter(pk=notice_id or 0, order=order, arrived_at=None).first()
    if notice_id and notice is None:
        raise CannotReceive("This delivery was received already; reload the page.")
    (number,) = next_values("inventory_receipt_number")
    return Receipt.objects.create(
        number=f"GR-{number}",
        order=order,
        notice=notice,
        key=key or str(uuid.uuid4()),
        delivery_note=(delivery_note or (notice.reference if notice else ""))[:60],
        started_by=actors.current().actor.label[:150],
        started_at=now,
    )


def _refuse_not_coming(order: PurchaseOrder) -> None:
    if order.is_direct:
        raise CannotReceive(
            f"{order.number} goes straight to a customer ({order.ship_to_reference}); its goods never"
            " lie here."
        )
    if not order.is_coming:
        raise CannotReceive(
            f"{order.number} is {order.get_state_display().lower()}, so nothing of it can be"
            " received; look for the right order, or count the goods as found."
        )


def lock_receipt(receipt_id: int) -> Receipt:
    """Lock a receipt with its order. Raises CannotReceive."""
    order_id = Receipt.objects.filter(pk=receipt_id).values_list("order_id", flat=True).first()
    if order_id is None:
        raise CannotReceive("This receipt does not exist; go back to the order.")
    order = lock_purchase(order_id)
    receipt = Receipt.objects.select_related("notice").get(pk=receipt_id)
    receipt.order = order
    return receipt


def _lock_counting(receipt_id: int) -> Receipt:
    receipt = lock_receipt(receipt_id)
    if receipt.state != ReceiptState.COUNTING:
        raise CannotReceive(
            f"{receipt.number} is {receipt.get_state_display().lower()} already; nothing can be"
            " counted into it any more."
        )
    return receipt


@transaction.atomic
def scan_receipt(*, receipt_id: int, code: str, row_id: int | None = None) -> Counted:
    """Count what a code stands for: a unit of an item on the order (a case barcode: as many as it
    holds), or (on the row that is being
    worked on) the serial number of one. Raises CannotReceive with what to do instead, BadSerial.
    """
    receipt = _lock_counting(receipt_id)
    code = " ".join(code.split())
    read = read_code(code)
    line = _line_of(receipt, code, read.variant if read else None)
    if line is None:
        current = receipt.lines.select_related("line__variant").filter(pk=row_id or 0).first()
        if current and current.line.variant.tracking == Tracking.SERIAL:
            return _count_serial(current, code)
        raise CannotReceive(_unknown(receipt, code, read), field="code")
    row = _row_of(receipt, line, row_id)
    if line.variant.tracking == Tracking.SERIAL:
        return Counted(row, f"{line.sku}: now scan the serial number of each unit.")
    row.quantity = _bounded(row.quantity + (read.units if read else 1))
    row.save(update_fields=["quantity"])
    return Counted(row, f"{line.sku}: {row.quantity} counted.")


def _line_of(receipt: Receipt, code: str, variant: Variant | None) -> PurchaseOrderLine | None:
    """The line that a code counts towards: of several, the first that is not complete."""
    wanted = Q(variant=variant) if variant else Q(supplier_sku__iexact=code)
    if not code:
        return None
    lines = list(receipt.order.lines.select_related("variant__product").filter(wanted))
    counted: dict[int, int] = {}
    for row in receipt.lines.all():
        counted[row.line_id] = counted.get(row.line_id, 0) + row.quantity
    unfinished = (line for line in lines if counted.get(line.pk, 0) < line.open)
    return next(unfinished, lines[0] if lines else None)


def _unknown(receipt: Receipt, code: str, read: Read | None) -> str:
    if read is not None:
        return (
            f"{read.variant.sku} is not on {receipt.order.number}. Put it aside and tell the buyer."
        )
    return f"No item has the code “{code[:60]}”. Scan another barcode, or type the SKU."


def _row_of(receipt: Receipt, line: PurchaseOrderLine, row_id: int | None) -> ReceiptLine:
    """The row that a unit of a line goes to: the one at hand, else the newest, else a new one."""
    rows = list(receipt.lines.filter(line=line).order_by("pk"))
    at_hand = next((row for row in rows if row.pk == row_id), rows[-1] if rows else None)
    if at_hand is None:
        at_hand = ReceiptLine(receipt=receipt, line=line, **_start_of(receipt, line))
        at_hand.save()
    at_hand.line = line
    return at_hand


def _start_of(receipt: Receipt, line: PurchaseOrderLine) -> dict[str, object]:
    """What is known of a line's goods before the first is counted."""
    level = line.variant.levels.filter(location=receipt.order.location_id).first()
    inspects = receipt.order.supplier.inspects_goods
    told: dict[str, object] = {
        "condition": Condition.QUALITY_CONTROL if inspects else Condition.SELLABLE,
        "bin": level.bin if level else "",
    }
    if receipt.notice_id and line.variant.tracking == Tracking.LOT:
        announced = list(ShipNoticeLine.objects.filter(notice=receipt.notice_id, line=line))
        if len(announced) == 1:
            told |= {"lot_code": announced[0].lot_code, "expires_on": announced[0].expires_on}
    return told


def _count_serial(row: ReceiptLine, code: str) -> Counted:
    refuse_taken_serials(row.line.variant, [code])
    if code in _serials_of(row.receipt, row.line.variant_id):
        raise BadSerial(f"{code} was scanned already; it counts once.", field="code")
    row.serials = [*row.serials, code]
    row.quantity = len(row.serials)
    row.save(update_fields=["serials", "quantity"])
    return Counted(row, f"{row.line.sku}: {code} counted, {row.quantity} in all.")


def _serials_of(receipt: Receipt, variant_id: int, *, but: int = 0) -> set[str]:
    rows = receipt.lines.filter(line__variant=variant_id).exclude(pk=but)
    return {code for row in rows for code in row.serials}


def refuse_taken_serials(variant: Variant, codes: Sequence[str]) -> None:
    """Refuse numbers that are none, or that another unit of the variant bears. Raises BadSerial."""
    for code in codes:
        if not SERIAL.fullmatch(code):
            raise BadSerial(
                f"“{code[:80]}” is no serial number; use letters and digits, at most 80.",
                field="serials",
            )
    taken = Serial.objects.filter(variant=variant, code__in=list(codes)).exclude(
        state=SerialState.GONE
    )
    if one := taken.first():
        raise BadSerial(
            f"Serial number {one.code} of {variant.sku} is {one.get_state_display().lower()}"
            " already; check the label.",
            field="serials",
        )


def _bounded(quantity: int) -> int:
    if not 0 <= quantity <= MOST_UNITS:
        raise BadQuantity(
            f"{quantity} is no possible number of units; give a whole number from 0 to"
            f" {MOST_UNITS:,}.",
            field="quantity",
        )
    return quantity


@dataclass(frozen=True, slots=True)
class Goods:
    """What is known of units that were counted: as many, in that condition, of that lot."""

    quantity: int
    condition: Condition = Condition.SELLABLE
    lot_code: str = ""
    made_on: date | None = None
    expires_on: date | None = None
    serials: tuple[str, ...] = ()
    bin: str = ""
    note: str = ""


@transaction.atomic
def count_line(
    *, receipt_id: int, line_id: int, goods: Goods, row_id: int | None = None
) -> ReceiptLine:
    """Write down by hand what was counted of a line: a row anew, or another one where the line's
    goods come in several lots or conditions.

    Raises CannotReceive, BadQuantity, BadLot and BadSerial.
    """
    receipt = _lock_counting(receipt_id)
    line = receipt.order.lines.select_related("variant").filter(pk=line_id).first()
    if line is None:
        raise CannotReceive(f"{receipt.order.number} has no such line; reload the page.")
    goods = _tidy(line.variant, goods)
    row = receipt.lines.filter(pk=row_id or 0, line=line).first() or ReceiptLine(
        receipt=receipt, line=line
    )
    others = receipt.lines.filter(line=line).exclude(pk=row.pk)
    if others.filter(condition=goods.condition, lot_code=goods.lot_code).exists():
        raise CannotReceive(
            f"{line.sku} is counted in this condition"
            + (f" and lot {goods.lot_code}" if goods.lot_code else "")
            + " already; change that row.",
            field="condition",
        )
    for code in goods.serials:
        if code in _serials_of(receipt, line.variant_id, but=row.pk or 0):
            raise BadSerial(f"{code} stands on another row already.", field="serials")
    for name in Goods.__slots__:
        value = getattr(goods, name)
        setattr(row, name, list(value) if name == "serials" else value)
    row.save()
    return row


def _tidy(variant: Variant, goods: Goods) -> Goods:
    """Check what was written down against how the variant is told apart."""
    serials = tuple(dict.fromkeys(" ".join(code.split()) for code in goods.serials))
    if len(serials) != len(goods.serials):
        raise BadSerial(
            "A serial number stands there twice; each unit has its own.", field="serials"
        )
    if serials and variant.tracking != Tracking.SERIAL:
        raise BadSerial(f"{variant.sku} has no serial numbers; leave them out.", field="serials")
    refuse_taken_serials(variant, serials)
    if variant.tracking == Tracking.SERIAL and goods.quantity != len(serials):
        raise BadSerial(
            f"{variant.sku}: {goods.quantity} units, but {len(serials)} serial numbers; give each"
            " unit’s own.",
            field="serials",
        )
    lot = " ".join(goods.lot_code.split())
    if lot and variant.tracking != Tracking.LOT:
        raise BadLot(
            f"{variant.sku} is not kept by lot; leave the lot number empty.", field="lot_code"
        )
    return Goods(
        quantity=_bounded(goods.quantity),
        condition=goods.condition,
        lot_code=lot[:60],
        made_on=goods.made_on,
        expires_on=goods.expires_on,
        serials=serials,
        bin=goods.bin.strip()[:30],
        note=goods.note[:300],
    )


@transaction.atomic
def forget_row(*, receipt_id: int, row_id: int) -> None:
    """Take back what was counted on a row."""
    receipt = _lock_counting(receipt_id)
    receipt.lines.filter(pk=row_id).delete()
