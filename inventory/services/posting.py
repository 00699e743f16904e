"""Posting a receipt: what was counted becomes stock, once, and those who wait are served."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.db.models import Max, Sum

from core import actors, outbox
from core.bulk import insert_all
from inventory.errors import BadSerial, CannotReceive, OverReceipt
from inventory.events import GoodsReceived, PurchaseClosedShort, PurchaseReceived
from inventory.locks import lock_levels
from inventory.models import (
    Allocation,
    PurchaseOrder,
    PurchaseOrderLine,
    Receipt,
    ReceiptDifference,
    ReceiptFill,
    ReceiptLine,
    Serial,
    SerialEvent,
    ShipNotice,
    StockLevel,
)
from inventory.selectors.receiving import LineCount, counts_of
from inventory.services.buying import move_purchase
from inventory.services.landing import PLACES, landed_unit_costs
from inventory.services.lateness import forget_lateness
from inventory.services.lotting import lot_for
from inventory.services.moving import StockChange, move_stock
from inventory.services.receiving import (
    Goods,
    count_line,
    lock_receipt,
    refuse_taken_serials,
    start_receipt,
)
from inventory.states import (
    Condition,
    Difference,
    MovementReason,
    PurchaseState,
    ReceiptState,
    SerialState,
    Tracking,
)


@dataclass(frozen=True, slots=True)
class Explained:
    """Why a line's count differs, and whether the rest of it is still waited for."""

    reason: Difference | None = None
    note: str = ""
    ends: bool = False


@transaction.atomic
def post_receipt(
    *,
    receipt_id: int,
    explained: Mapping[int, Explained] | None = None,
    may_exceed: bool = False,
    may_end: bool = False,
    now: datetime,
) -> Receipt:
    """Take in what was counted; `explained` by line id. Posted already, it is given back unchanged,
    so that a double click or a retry makes one receipt.

    `may_exceed` lets more in than the supplier's tolerance, `may_end` gives up more than that.
    Raises CannotReceive, OverReceipt, BadLot, BadSerial; nothing is booked then.
    """
    receipt = lock_receipt(receipt_id)
    if receipt.state == ReceiptState.POSTED:
        return receipt
    if receipt.state != ReceiptState.COUNTING or not receipt.order.is_coming:
        raise CannotReceive(
            f"{receipt.number} of {receipt.order.number} cannot be posted any more; reload the page."
        )
    explained = explained or {}
    counts = counts_of(receipt)
    if not any(one.counted or _told(explained, one).ends for one in counts):
        raise CannotReceive("Nothing was counted yet: scan what came, then post.")
    for one in counts:
        _refuse_difference(one, _told(explained, one), may_exceed=may_exceed, may_end=may_end)
    _name_lots(receipt, counts, now=now)
    served = _take_in(receipt, counts, explained, now=now)
    ReceiptFill.objects.bulk_create(
        ReceiptFill(receipt=receipt, demand_id=demand_id, quantity=units)
        for demand_id, units in served
    )
    _keep_differences(receipt, counts, explained)
    given_up = _settle_lines(counts, explained)
    receipt.post(by=actors.current().actor.label, now=now)
    receipt.save()
    if receipt.notice_id:
        ShipNotice.objects.filter(pk=receipt.notice_id).update(arrived_at=now)
    _tell(receipt, counts)
    _settle_order(receipt.order, given_up, now=now)
    forget_lateness(receipt.order, now=now)
    return receipt


@transaction.atomic
def receive_goods(
    *,
    order_id: int,
    key: str,
    goods: Sequence[tuple[int, Goods]],
    explained: Mapping[int, Explained] | None = None,
    may_exceed: bool = False,
    may_end: bool = False,
    delivery_note: str = "",
    now: datetime,
) -> Receipt:
    """Count and post a whole delivery at once: (line id, goods) each. The same `key` a second time
    gives the first receipt and books nothing. Raises what counting and posting raise.
    """
    receipt = start_receipt(order_id=order_id, key=key, delivery_note=delivery_note, now=now)
    if receipt.key != key:
        raise CannotReceive(
            f"A delivery of this order is being counted ({receipt.number}); post or discard it first."
        )
    if receipt.state == ReceiptState.POSTED:
        return receipt
    for line_id, one in goods:
        count_line(receipt_id=receipt.pk, line_id=line_id, goods=one)
    return post_receipt(
        receipt_id=receipt.pk,
        explained=explained,
        may_exceed=may_exceed,
        may_end=may_end,
        now=now,
    )


@transaction.atomic
def discard_receipt(*, receipt_id: int) -> Receipt:
    """Throw away what was counted; nothing was booked. Raises CannotReceive once it was posted."""
    receipt = lock_receipt(receipt_id)
    if receipt.state != ReceiptState.COUNTING:
        raise CannotReceive(
            f"{receipt.number} is {receipt.get_state_display().lower()}; correct the stock instead."
        )
    receipt.discard()
    receipt.save()
    return receipt


def _told(explained: Mapping[int, Explained], one: LineCount) -> Explained:
    return explained.get(one.line.pk, Explained())


def _refuse_difference(one: LineCount, told: Explained, *, may_exceed: bool, may_end: bool) -> None:
    sku = one.line.sku
    if one.over and one.is_too_much and not may_exceed:
        raise OverReceipt(
            f"{sku}: {one.over} more than ordered came, {one.tolerated_over} are tolerated. Put the"
            " rest aside, or ask somebody who may receive more.",
            field=f"reason-{one.line.pk}",
        )
    if one.over and told.reason not in Difference.of_over():
        raise OverReceipt(
            f"{sku}: {one.over} more than ordered came; say why.", field=f"reason-{one.line.pk}"
        )
    if told.ends and one.missing > one.tolerated_short and not may_end:
        raise CannotReceive(
            f"{sku}: {one.missing} are missing, more than may be given up here; leave them open, and"
            " a buyer decides.",
            field=f"ends-{one.line.pk}",
        )


def _name_lots(receipt: Receipt, counts: Sequence[LineCount], *, now: datetime) -> None:
    """Find or make the lot of each row, and check serial numbers once more, now under the lock."""
    today = now.astimezone(receipt.order.location.zone).date()
    for one in counts:
        variant = one.line.variant
        for row in one.rows:
            if not row.quantity:
                continue
            if variant.tracking == Tracking.SERIAL:
                if len(row.serials) != row.quantity:
                    raise BadSerial(
                        f"{variant.sku}: {row.quantity} units, but {len(row.serials)} serial"
                        " numbers; scan each unit’s own.",
                        field="serials",
                    )
                refuse_taken_serials(variant, row.serials)
            if variant.tracking == Tracking.LOT:
                row.lot = lot_for(
                    variant=variant,
                    code=row.lot_code,
                    made_on=row.made_on,
                    expires_on=row.expires_on or _expiry(row.made_on, variant.shelf_life_days),
                    today=today,
                    may_be_expired=row.condition == Condition.DAMAGED,
                )


def _expiry(made_on: date | None, shelf_life_days: int | None) -> date | None:
    if made_on is None or shelf_life_days is None:
        return None
    return made_on + timedelta(days=shelf_life_days)


def _take_in(
    receipt: Receipt,
    counts: Sequence[LineCount],
    explained: Mapping[int, Explained],
    *,
    now: datetime,
) -> list[tuple[int, int]]:
    """Book the units; says who got some of them at once: (demand id, units), as served."""
    order = receipt.order
    costs = landed_unit_costs(order)
    rows = []
    for one in counts:
        cost = _unit_cost(one, costs[one.line.pk], _told(explained, one))
        for row in one.rows:
            row.unit_cost = cost
            if row.quantity:
                rows.append(row)
    variant_ids = {row.line.variant_id for row in rows}
    lock_levels(variant_ids)
    last = Allocation.objects.aggregate(last=Max("id"))["last"] or 0
    move_stock([_change(receipt, row) for row in rows], now=now)
    ReceiptLine.objects.bulk_update(
        [row for one in counts for row in one.rows], ["lot", "unit_cost"]
    )
    _put_away(order, rows)
    _book_serials(receipt, rows, now=now)
    new = Allocation.objects.filter(id__gt=last, demand__variant__in=variant_ids)
    served = new.values("demand").annotate(units=Sum("quantity"), first=Max("id"))
    return list(served.order_by("first").values_list("demand", "units"))


def _unit_cost(one: LineCount, cost: Decimal, told: Explained) -> Decimal:
    """What a unit is booked at: units that came for nothing make the others' price go further."""
    if told.reason != Difference.FREE_GOODS or not one.over:
        return cost
    return (cost * (one.counted - one.over) / one.counted).quantize(PLACES)


def _change(receipt: Receipt, row: ReceiptLine) -> StockChange:
    return StockChange(
        variant_id=row.line.variant_id,
        location_id=receipt.order.location_id,
        quantity=row.quantity,
        reason=MovementReason.RECEIPT,
        reference=receipt.order.number,
        condition=Condition(row.condition),
        note=f"{receipt.number} {row.note}".strip(),
        lot_id=row.lot_id,
        unit_cost=row.unit_cost,
    )


def _put_away(order: PurchaseOrder, rows: Sequence[ReceiptLine]) -> None:
    """Where the units were put is where their SKU lies from now on."""
    for variant_id, bin_ in {row.line.variant_id: row.bin for row in rows if row.bin}.items():
        levels = StockLevel.objects.filter(variant=variant_id, location=order.location_id)
        levels.exclude(bin=bin_).update(bin=bin_)


def _book_serials(receipt: Receipt, rows: Sequence[ReceiptLine], *, now: datetime) -> None:
    """One row a unit, each with the first step of its life; one that was gone is here again."""
    with_serials = [row for row in rows if row.serials]
    if not with_serials:
        return
    location_id = receipt.order.location_id
    levels = StockLevel.objects.filter(
        location=location_id, variant__in={row.line.variant_id for row in with_serials}
    )
    level_ids = dict(levels.values_list("variant_id", "pk"))
    who = actors.current().actor
    for row in with_serials:
        variant_id = row.line.variant_id
        values = {
            "level_id": level_ids[variant_id],
            "condition": row.condition,
            "state": SerialState.IN_STOCK,
        }
        known = Serial.objects.filter(variant=variant_id, code__in=row.serials)
        known.update(**values)
        there = set(known.values_list("code", flat=True))
        insert_all(
            Serial(variant_id=variant_id, code=code, **values)
            for code in row.serials
            if code not in there
        )
        insert_all(
            SerialEvent(
                serial=serial,
                state=SerialState.IN_STOCK,
                location_id=location_id,
                reference=receipt.order.number,
                actor_kind=who.kind,
                actor_key=who.key,
                actor_label=who.label[:150],
                happened_at=now,
            )
            for serial in Serial.objects.filter(variant=variant_id, code__in=row.serials)
        )


def _keep_differences(
    receipt: Receipt, counts: Sequence[LineCount], explained: Mapping[int, Explained]
) -> None:
    found = []
    for one in counts:
        told = _told(explained, one)
        if one.over and told.reason:
            found.append((one, one.over, told.reason, told.note))
        elif one.short and (told.reason or told.ends):
            reason = told.reason or Difference.SHORT_SHIPPED
            found.append((one, -one.short, reason, told.note))
        if one.damaged:
            notes = (row.note for row in one.rows if row.condition == Condition.DAMAGED)
            found.append((one, one.damaged, Difference.DAMAGED, next(filter(None, notes), "")))
    ReceiptDifference.objects.bulk_create(
        ReceiptDifference(
            receipt=receipt, line=one.line, units=units, reason=reason, note=note[:300]
        )
        for one, units, reason, note in found
    )


def _settle_lines(counts: Sequence[LineCount], explained: Mapping[int, Explained]) -> int:
    """Write what came onto the lines of the order; returns the units that are given up."""
    given_up = 0
    for one in counts:
        line, missing = one.line, one.missing
        line.over += one.over
        line.received += one.counted
        if _told(explained, one).ends:
            line.cancelled += missing
            given_up += missing
    PurchaseOrderLine.objects.bulk_update(
        [one.line for one in counts], ["received", "over", "cancelled"]
    )
    return given_up


def _settle_order(order: PurchaseOrder, given_up: int, *, now: datetime) -> None:
    lines = list(order.lines.all())
    if any(line.open for line in lines):
        if order.state == PurchaseState.SENT and any(line.received for line in lines):
            move_purchase(order, "receive_part")
        return
    lost = sum(line.cancelled for line in lines)
    if not lost:
        move_purchase(order, "receive_rest", now=now)
        outbox.publish(PurchaseReceived(purchaseorder_id=order.pk, number=order.number))
        return
    reason = "The rest was given up at the door." if given_up else ""
    move_purchase(order, "close_short", reason=reason, now=now)
    outbox.publish(PurchaseClosedShort(purchaseorder_id=order.pk, number=order.number, units=lost))


def _tell(receipt: Receipt, counts: Sequence[LineCount]) -> None:
    """State what came, the figures as they were before the lines were settled."""
    order = receipt.order
    differences = receipt.differences.select_related("line")
    short = -sum(one.units for one in differences if one.units < 0)
    damaged = sum(one.units for one in differences if one.reason == Difference.DAMAGED)
    over = sum(one.units for one in differences if one.units > 0) - damaged
    words = [
        f"{units} {name}"
        for units, name in ((short, "short"), (over, "more than ordered"), (damaged, "damaged"))
        if units
    ]
    outbox.publish(
        GoodsReceived(
            purchaseorder_id=order.pk,
            number=order.number,
            receipt_id=receipt.pk,
            receipt=receipt.number,
            location_id=order.location_id,
            units=sum(one.counted for one in counts),
            short=short,
            over=over,
            damaged=damaged,
            differences=", ".join(words) or "as expected",
        )
    )
