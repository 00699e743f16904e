"""Where an order stands, computed from its own columns: the only room that knows these rules.

Each function is pure and total; tests hold each to its truth table, and the audit holds the stored
statuses to them (invariant O4).
"""

from decimal import Decimal

from orders.states import FulfilmentStatus, PaymentStatus, ReturnStatus


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
