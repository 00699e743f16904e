"""Goods are back: counted into quality control, then restocked or scrapped."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from core.bulk import update_all
from core.money import ZERO
from inventory.models import Location
from inventory.services import StockChange, move_stock, return_serials
from inventory.states import Condition, MovementReason
from orders.services import record_return_requested, record_returned
from returns.errors import CannotReturn
from returns.events import ReturnInspected, ReturnReceived
from returns.locks import lock_return, move
from returns.models import ReturnLine, ReturnRequest
from returns.services.numbering import judge_numbers, numbers_of


@dataclass(frozen=True, slots=True)
class Inspected:
    """What becomes of the units of one return line that came; what is neither restocked nor scrapped
    stays in quality control. `credited` units lower what the customer owes.
    """

    restocked: int
    scrapped: int
    credited: int


@transaction.atomic
def receive_return(
    *,
    return_id: int,
    location: Location,
    received: Mapping[int, int],
    serials: Mapping[int, Sequence[str]] | None = None,
    now: datetime,
) -> ReturnRequest:
    """Count what came, by return line id, into quality control at a location, with the `serials` of
    units that have numbers. Units that were announced and did not come are no longer expected.
    Raises CannotReturn, and BadSerial for a number that never left.
    """
    request = lock_return(return_id)
    lines = list(request.lines.select_related("order_line__variant"))
    _count(lines, received)
    numbers = numbers_of(lines, serials or {})
    request.location = location
    move(request, "receive", now=now)
    update_all(lines, ["received"])
    fact = ReturnReceived(
        order_id=request.order_id,
        return_id=request.pk,
        number=request.number,
        units=sum(line.received for line in lines),
        location=location.name,
    )
    missing = {
        line.order_line_id: line.received - line.quantity
        for line in lines
        if line.received < line.quantity
    }
    record_return_requested(order_id=request.order_id, units=missing, facts=(fact,), now=now)
    move_stock(
        [
            _change(request, line, line.received, Condition.QUALITY_CONTROL, MovementReason.RETURN)
            for line in lines
            if line.received and line.order_line.variant_id
        ],
        now=now,
    )
    return_serials(
        serial_ids=numbers,
        location=location,
        condition=Condition.QUALITY_CONTROL,
        reference=request.number,
        now=now,
    )
    return request


def _count(lines: Sequence[ReturnLine], received: Mapping[int, int]) -> None:
    """Set what came on the lines, or refuse what cannot be."""
    for line in lines:
        count = received.get(line.pk, 0)
        if not 0 <= count <= line.quantity:
            raise CannotReturn(
                f"{line.order_line.sku or line.order_line.name}: {count} units cannot be received,"
                f" {line.quantity} were announced; announce the rest first.",
                field="received",
            )
        line.received = count
    if not any(line.received for line in lines):
        raise CannotReturn(
            "Nothing was received; count at least one unit, or cancel the return.",
            field="received",
        )


@transaction.atomic
def inspect_return(
    *, return_id: int, results: Mapping[int, Inspected], now: datetime
) -> ReturnRequest:
    """Decide about what came, by return line id: stock and the order's worth follow. Restocked units
    go to who waits for them. Raises CannotReturn.
    """
    request = lock_return(return_id)
    lines = [line for line in request.lines.select_related("order_line__variant") if line.received]
    for line in lines:
        result = results.get(line.pk)
        if result is None or not _fits(result, line):
            raise CannotReturn(
                f"{line.order_line.sku or line.order_line.name}: of {line.received} units that came,"
                " restocked and scrapped together cannot be more, and no more can be credited.",
                field="results",
            )
        line.restocked, line.scrapped = result.restocked, result.scrapped
        line.credited = result.credited
    move(request, "inspect", now=now)
    update_all(lines, ["restocked", "scrapped", "credited"])
    fact = ReturnInspected(
        order_id=request.order_id,
        return_id=request.pk,
        number=request.number,
        restocked=sum(line.restocked for line in lines),
        scrapped=sum(line.scrapped for line in lines),
    )
    request.credit = _book_on_order(request, lines, fact, now=now)
    request.save(update_fields=["credit"])
    changes = [change for line in lines for change in _dispositions(request, line)]
    move_stock(changes, numbers_follow=True, now=now)
    judge_numbers(request, lines, now=now)
    return request


def _fits(result: Inspected, line: ReturnLine) -> bool:
    counts = (result.restocked, result.scrapped, result.credited)
    return (
        min(counts) >= 0
        and result.restocked + result.scrapped <= line.received
        and result.credited <= line.received
    )


def _book_on_order(
    request: ReturnRequest, lines: list[ReturnLine], fact: ReturnInspected, *, now: datetime
) -> Decimal:
    """Tell the order what came back; returns what its worth fell by."""
    credited = {line.order_line_id: line.credited for line in lines if line.credited}
    kept = {
        line.order_line_id: line.received - line.credited
        for line in lines
        if line.received > line.credited
    }
    amount = ZERO
    told: tuple[ReturnInspected, ...] = (fact,)
    for units, gives_credit in ((credited, True), (kept, False)):
        if units:
            amount += record_returned(
                order_id=request.order_id,
                units=units,
                was_requested=True,
                gives_credit=gives_credit,
                facts=told,
                now=now,
            )
            told = ()
    return amount


def _dispositions(request: ReturnRequest, line: ReturnLine) -> list[StockChange]:
    if not line.order_line.variant_id:
        return []
    changes = []
    if line.restocked:
        changes += [
            _change(
                request,
                line,
                -line.restocked,
                Condition.QUALITY_CONTROL,
                MovementReason.INSPECTED,
            ),
            _change(request, line, line.restocked, Condition.SELLABLE, MovementReason.INSPECTED),
        ]
    if line.scrapped:
        changes.append(
            _change(
                request, line, -line.scrapped, Condition.QUALITY_CONTROL, MovementReason.SCRAPPED
            )
        )
    return changes


def _change(
    request: ReturnRequest,
    line: ReturnLine,
    quantity: int,
    condition: Condition,
    reason: MovementReason,
) -> StockChange:
    return StockChange(
        variant_id=line.order_line.variant_id or 0,
        location_id=request.location_id or 0,
        quantity=quantity,
        reason=reason,
        reference=request.number,
        condition=condition,
    )
