"""What returns tells an order about goods coming back."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from core.bulk import update_all
from core.facts import Fact
from core.money import ZERO
from orders.errors import CannotFulfil
from orders.locks import lock_order
from orders.models import Order, OrderLine
from orders.services.money import credit
from orders.services.settling import settle


def record_return_requested(
    *, order_id: int, units: Mapping[int, int], facts: tuple[Fact, ...], now: datetime
) -> Order:
    """Units are announced to come back, by line id (negative: the announcement is taken back).

    Raises CannotFulfil for more than was sent and is not coming back already.
    """
    order = lock_order(order_id)
    lines = _lines(order, units)
    for line in lines:
        count = units[line.pk]
        if count > line.returnable or line.return_requested + count < 0:
            raise CannotFulfil(
                f"{line.sku or line.name}: {count} units cannot come back, {line.returnable} were"
                " sent and not returned yet.",
                field="units",
            )
        line.return_requested += count
    update_all(lines, ["return_requested"])
    order.units_return_requested += sum(units.values())
    settle(order, facts, now=now)
    return order


def record_returned(
    *,
    order_id: int,
    units: Mapping[int, int],
    was_requested: bool,
    gives_credit: bool,
    facts: tuple[Fact, ...],
    now: datetime,
) -> Decimal:
    """Units came back, by line id; returns what the order's worth fell by (zero where the goods are
    not credited), from the lines' stored shares.
    """
    order = lock_order(order_id)
    lines = _lines(order, units)
    amount = ZERO
    for line in lines:
        count = units[line.pk]
        if was_requested:
            line.return_requested -= count
        if gives_credit:
            share = line.credit_for(count, order.currency)
            line.credited += share
            amount += share
        line.returned += count
    update_all(lines, ["return_requested", "returned", "credited"])
    order.units_returned += sum(units.values())
    if was_requested:
        order.units_return_requested -= sum(units.values())
    credit(order, amount)
    settle(order, facts, now=now)
    return amount


def _lines(order: Order, units: Mapping[int, int]) -> list[OrderLine]:
    lines = list(order.lines.filter(pk__in=list(units)))
    if len(lines) != len(units):
        raise CannotFulfil("Choose lines of this order; reload the page.", field="units")
    return lines
