"""Where an order stands, computed from its own columns: the only room that knows these rules.

Each function is pure and total; tests hold each to its truth table, and the audit holds the stored
statuses to them (invariant O4).
"""

from decimal import Decimal

from orders.models import Order
from orders.states import FulfilmentStatus, OrderState, PaymentStatus, ReturnStatus


def payment_status(
    *, owed: Decimal, authorised: Decimal, captured: Decimal, refunded: Decimal
) -> PaymentStatus:
    """Where the money stands. `owed` is the order's worth after everything taken back; `authorised`
    is what may still be captured.
    """
    kept = captured - refunded
    if kept > owed:
        return PaymentStatus.OVERPAID
    if captured == 0:
        if owed == 0:
            return PaymentStatus.NOT_DUE
        return PaymentStatus.AUTHORISED if authorised >= owed else PaymentStatus.PENDING
    if kept == 0 and owed == 0:
        return PaymentStatus.REFUNDED
    if kept < owed:
        return PaymentStatus.PARTIALLY_PAID
    return PaymentStatus.PARTIALLY_REFUNDED if refunded else PaymentStatus.PAID


def fulfilment_status(
    *,
    units: int,
    cancelled: int,
    allocated: int,
    shipped: int,
    delivered: int,
    open_work: int,
) -> FulfilmentStatus:
    """Where the goods stand. `allocated` counts units set aside and not yet shipped; `open_work`
    the fulfilments that a location has begun.
    """
    wanted = units - cancelled
    if wanted == 0:
        return FulfilmentStatus.NOT_NEEDED
    if shipped >= wanted:
        return FulfilmentStatus.DELIVERED if delivered >= shipped else FulfilmentStatus.SHIPPED
    if shipped:
        return FulfilmentStatus.PARTIALLY_SHIPPED
    if open_work:
        return FulfilmentStatus.IN_PROGRESS
    if allocated >= wanted:
        return FulfilmentStatus.ALLOCATED
    return FulfilmentStatus.BACKORDERED if allocated else FulfilmentStatus.UNFULFILLED


def return_status(*, shipped: int, requested: int, returned: int) -> ReturnStatus:
    """Where goods coming back stand."""
    if returned and returned >= shipped:
        return ReturnStatus.RETURNED
    if requested:
        return ReturnStatus.REQUESTED
    return ReturnStatus.PARTIALLY_RETURNED if returned else ReturnStatus.NONE


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
