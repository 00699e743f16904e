"""What orders does when stock comes for them or proves missing, and when one was placed."""

from core import clock
from core.handling import handles
from core.rules import reading
from inventory.events import AllocationLost, DemandFilled
from orders.events import (
    FulfilmentShort,
    OrderCancelled,
    OrderEdited,
    OrderExpired,
    OrderMergedInto,
    OrderPlaced,
    UnitsShipped,
)
from orders.services import confirm_to_customer, record_filled, record_lost, refresh_expected


@handles(OrderPlaced)
def tell_customer(fact: OrderPlaced) -> None:
    if not fact.is_historical:
        confirm_to_customer(order_id=fact.order_id, now=clock.now())


@handles(DemandFilled)
def count_filled_backorder(fact: DemandFilled) -> None:
    record_filled(demand_id=fact.demand_id, units=fact.quantity, now=clock.now())


@handles(AllocationLost)
def count_lost_allocation(fact: AllocationLost) -> None:
    record_lost(demand_id=fact.demand_id, location_id=fact.location_id, now=clock.now())


@handles(UnitsShipped)
def expect_after_shipping(fact: UnitsShipped) -> None:
    refresh_expected(order_ids=[fact.order_id], now=clock.now())


@handles(FulfilmentShort)
def expect_after_short_pick(fact: FulfilmentShort) -> None:
    refresh_expected(order_ids=[fact.order_id], now=clock.now())


@handles(OrderEdited)
def expect_after_edit(fact: OrderEdited) -> None:
    refresh_expected(order_ids=[fact.order_id], now=clock.now())


@handles(OrderCancelled)
def settle_what_rules_told_of_cancelled(fact: OrderCancelled) -> None:
    if fact.is_whole:
        reading.settle_told("order", [fact.order_id])


@handles(OrderExpired)
def settle_what_rules_told_of_expired(fact: OrderExpired) -> None:
    reading.settle_told("order", [fact.order_id])


@handles(OrderMergedInto)
def settle_what_rules_told_of_merged(fact: OrderMergedInto) -> None:
    reading.settle_told("order", [fact.order_id])
