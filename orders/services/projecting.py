"""Bringing the statuses of an order up to date with its counters and amounts."""

from orders.models import Order
from orders.projections import fulfilment_status, payment_status, return_status
from orders.states import OrderState


def project(order: Order) -> None:
    """Set the three statuses from the order's counters and amounts; saves nothing."""
    order.payment_status = payment_status(
        owed=order.owed,
        authorised=order.authorised,
        captured=order.captured,
        refunded=order.refunded,
    )
    order.fulfilment_status = fulfilment_status(
        units=order.units,
        cancelled=order.units_cancelled,
        allocated=order.units_allocated,
        shipped=order.units_shipped,
        delivered=order.units_delivered,
        open_work=order.open_work,
    )
    order.return_status = return_status(
        shipped=order.units_shipped,
        requested=order.units_return_requested,
        returned=order.units_returned,
    )


def is_settled(order: Order) -> bool:
    """Nothing is left to do for an open order: all units gone or cancelled, nothing coming back,
    money even.
    """
    return (
        order.state == OrderState.OPEN
        and order.units_open == 0
        and order.units_return_requested == 0
        and order.balance == 0
        and order.open_holds == 0
    )
