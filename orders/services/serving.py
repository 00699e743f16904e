"""Services and other lines that nobody carries: done once the goods have left and nothing forbids it.

Nothing is set aside for them; in an order's counters they stand as set aside from the start.
"""

from collections.abc import Iterable

from core.bulk import update_all
from orders.models import Order, OrderLine
from orders.services.releasing import may_leave


def services_open(lines: Iterable[OrderLine]) -> int:
    """Units of lines that nobody carries and that are not done yet."""
    return sum(line.open for line in lines if not line.is_physical)


def serve(order: Order, lines: Iterable[OrderLine]) -> list[OrderLine]:
    """Count the lines that nobody carries as sent and delivered, when nothing else of the order is
    open and it may leave. Returns the lines changed; saves nothing.
    """
    if not order.units_open or not may_leave(order):
        return []
    left = [line for line in lines if not line.is_physical and line.open]
    units = services_open(left)
    if not left or units != order.units_open:
        return []
    for line in left:
        line.shipped += line.open
        line.delivered = line.shipped
    order.units_shipped += units
    order.units_delivered += units
    order.units_allocated -= units
    return left


def serve_if_due(order: Order) -> bool:
    """The same for a locked order that is stored, in two queries, and none where it cannot be due;
    the caller saves the order.
    """
    is_possible = 0 < order.units_open == order.units_allocated and not order.open_work
    if not is_possible or not may_leave(order):
        return False
    served = serve(order, order.lines.filter(is_physical=False))
    update_all(served, ["shipped", "delivered"])
    return bool(served)
