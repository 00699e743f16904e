"""Cancelling an order, whole or in part: units, stock and worth go together."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from core import attention
from core.audit import record_move
from core.bulk import update_all
from core.money import ZERO
from inventory.services import cancel_demands, fill_backorders
from orders.errors import CannotCancel
from orders.events import OrderCancelled, OrderExpired
from orders.locks import lock_order
from orders.models import Fulfilment, FulfilmentLine, Order, OrderLine
from orders.promising.wording import count_words
from orders.services.counting import close_empty, refresh_allocated, refresh_work
from orders.services.couponing import return_coupons
from orders.services.money import credit
from orders.services.placing import UNKNOWN_SKU
from orders.services.settling import settle
from orders.sockets import CANCEL_REFUSALS
from orders.states import FulfilmentState, OrderState


@dataclass(frozen=True, slots=True)
class CancelPreview:
    """What cancelling would do: units, what the order's worth would fall by, and sentences."""

    units: int
    credit: Decimal
    money_to_return: Decimal
    is_whole: bool


@transaction.atomic
def cancel_order(
    *,
    order_id: int,
    reason: str,
    units: Mapping[int, int] | None = None,
    wants_refund: bool = True,
    version: int | None = None,
    now: datetime,
) -> Order:
    """Cancel units that have not left, by line id (None: all). Stock is freed and goes to who waits;
    the order's worth falls by the lines' stored shares, and with the last unit by its shipping.
    `wants_refund` tells payments to give back what was paid too much. Raises CannotCancel.
    """
    order = lock_order(order_id, version=version)
    taken = _check(order, units)
    amount = _take_off(order, taken, now=now)
    is_whole = order.units_open == 0 and order.units_shipped == 0
    fact = OrderCancelled(
        order_id=order.pk,
        units=sum(taken.values()),
        credit=str(amount),
        currency=order.currency,
        is_whole=is_whole,
        wants_refund=wants_refund,
        why=reason,
    )
    if is_whole:
        before = order.state
        order.cancel(now=now, reason=reason[:300])
        record_move(order, before, order.state, reason=reason)
        return_coupons(order, now=now)
    settle(order, [fact], now=now, reason=reason)
    return order


@transaction.atomic
def expire_order(*, order_id: int, days: int, now: datetime) -> Order | None:
    """End an order that nobody paid; None when money came meanwhile or it is no longer open."""
    order = lock_order(order_id)
    has_money = order.captured or order.authorised
    if order.state != OrderState.OPEN or has_money or order.units_shipped:
        return None
    taken = _check(order, None)
    _take_off(order, taken, now=now)
    order.expire(now=now)
    record_move(order, OrderState.OPEN, order.state)
    return_coupons(order, now=now)
    settle(order, [OrderExpired(order_id=order.pk, days=days)], now=now)
    return order


def preview_cancel(order: Order, units: Mapping[int, int] | None = None) -> CancelPreview:
    """What `cancel_order` would do now; the same checks, nothing written. Raises CannotCancel."""
    taken = _check(order, units)
    lines = {line.pk: line for line in order.lines.all()}
    amount = sum((lines[pk].credit_for(count, order.currency) for pk, count in taken.items()), ZERO)
    is_last = order.units_open == sum(taken.values())
    if is_last and not order.units_shipped:
        amount = order.total - order.credit_total
    kept = order.captured - order.refunded
    return CancelPreview(
        units=sum(taken.values()),
        credit=amount,
        money_to_return=max(ZERO, kept - (order.owed - amount)),
        is_whole=is_last and not order.units_shipped,
    )


def _check(order: Order, units: Mapping[int, int] | None) -> dict[int, int]:
    """The units to cancel by line id, or a refusal."""
    if order.state not in {OrderState.OPEN, OrderState.DRAFT}:
        raise CannotCancel(
            f"Order {order.number} is {order.get_state_display().lower()}; only an open order can be"
            " cancelled."
        )
    for refusal in CANCEL_REFUSALS.ask(order):
        raise CannotCancel(refusal)
    lines = {line.pk: line for line in order.lines.all()}
    wanted = {pk: line.open for pk, line in lines.items()} if units is None else dict(units)
    wanted = {pk: count for pk, count in wanted.items() if count}
    if not wanted:
        raise CannotCancel(
            f"Nothing of order {order.number} is left to cancel; what has left can be returned."
        )
    packed = units_packed(order)
    for pk, count in wanted.items():
        line = lines.get(pk)
        if line is None or not 0 < count <= line.open:
            raise CannotCancel(
                f"{count_words(count, 'unit')} of {line.sku if line else 'an unknown line'}"
                f" cannot be cancelled;"
                f" {line.open if line else 0} have not left yet.",
                field="units",
            )
        if count > line.open - packed.get(pk, 0):
            raise CannotCancel(
                f"{line.sku} is packed already; unpack it first, then cancel.", field="units"
            )
    return wanted


def units_packed(order: Order) -> dict[int, int]:
    packed: dict[int, int] = {}
    for row in FulfilmentLine.objects.filter(
        fulfilment__order=order, fulfilment__state=FulfilmentState.PACKED
    ):
        packed[row.order_line_id] = packed.get(row.order_line_id, 0) + row.open
    return packed


def _take_off(order: Order, taken: Mapping[int, int], *, now: datetime) -> Decimal:
    """Take units off lines, fulfilments and stock, and their worth off the order: the worth."""
    lines = [line for line in order.lines.all() if line.pk in taken]
    amount = ZERO
    for line in lines:
        share = line.credit_for(taken[line.pk], order.currency)
        line.cancelled += taken[line.pk]
        line.credited += share
        amount += share
    update_all(lines, ["cancelled", "credited"])
    order.units_cancelled += sum(taken.values())
    if order.units_open == 0 and order.units_shipped == 0:
        amount = order.total - order.credit_total
    credit(order, amount)
    shrink_work(order, taken, now=now)
    freed = cancel_demands({line.demand_id: taken[line.pk] for line in lines if line.demand_id})
    fill_backorders(freed, now=now)
    refresh_allocated(order)
    forget_unknown(order, lines)
    return amount


def shrink_work(order: Order, taken: Mapping[int, int], *, now: datetime) -> None:
    """Instructions nobody began shrink; those left with nothing to send are cancelled."""
    left = dict(taken)
    rows = list(
        FulfilmentLine.objects.filter(
            fulfilment__order=order, fulfilment__state__in=FulfilmentState.open_states()
        )
        .select_related("fulfilment")
        .order_by("-fulfilment_id")
    )
    told: dict[int, int] = {}
    for row in rows:
        told[row.order_line_id] = told.get(row.order_line_id, 0) + row.open
    open_units = {line.pk: line.open for line in order.lines.all()}
    touched: set[Fulfilment] = set()
    for row in rows:
        line_id = row.order_line_id
        excess = min(row.open, left.get(line_id, 0), told[line_id] - open_units[line_id])
        if excess > 0:
            row.short += excess
            told[line_id] -= excess
            left[line_id] -= excess
            row.save(update_fields=["short"])
            touched.add(row.fulfilment)
    close_empty(touched, now=now)
    refresh_work(order)


def forget_unknown(order: Order, lines: list[OrderLine]) -> None:
    gone = sum(
        1 for line in lines if line.variant_id is None and line.is_physical and not line.open
    )
    if gone and order.unknown_lines:
        order.unknown_lines = max(0, order.unknown_lines - gone)
        if not order.unknown_lines:
            attention.resolve(kind=UNKNOWN_SKU, subject_type="order", subject_ids=[order.pk])
