"""What orders does when stock comes for them or proves missing, and when one was placed or changed."""

from core import clock
from core.handling import handles
from core.rules import reading
from inventory.events import AllocationLost, DemandFilled
from orders.events import (
    FulfilmentShort,
    HoldReleased,
    OrderAddressChanged,
    OrderCancelled,
    OrderCompleted,
    OrderEdited,
    OrderExpired,
    OrderMerged,
    OrderMergedInto,
    OrderPlaced,
    OrderSplitOff,
    UnitsShipped,
)
from orders.events.promises import DeliverByAsked, PromiseChanged
from orders.events.risk import RiskScored, RiskSignalTold
from orders.services import (
    confirm_to_customer,
    record_filled,
    record_lost,
    refresh_expected,
    resource_due,
)
from orders.services.screening import follow_over, follow_released, score_like, score_order


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


@handles(DeliverByAsked)
def source_for_day_asked(fact: DeliverByAsked) -> None:
    resource_due(order_id=fact.order_id, now=clock.now())


@handles(PromiseChanged)
def source_for_day_promised(fact: PromiseChanged) -> None:
    resource_due(order_id=fact.order_id, now=clock.now())


@handles(OrderPlaced)
def score_risk(fact: OrderPlaced) -> None:
    score_order(order_id=fact.order_id, now=clock.now())


@handles(OrderSplitOff)
def score_split_off(fact: OrderSplitOff) -> None:
    score_order(order_id=fact.order_id, why="Split off", now=clock.now())


@handles(OrderMerged)
def score_merged(fact: OrderMerged) -> None:
    score_order(order_id=fact.order_id, why="Merged", now=clock.now())


@handles(OrderEdited)
def score_edited(fact: OrderEdited) -> None:
    score_order(order_id=fact.order_id, why="Order changed", now=clock.now())


@handles(OrderAddressChanged)
def score_moved(fact: OrderAddressChanged) -> None:
    score_order(order_id=fact.order_id, why="Address changed", now=clock.now())


@handles(RiskSignalTold)
def score_told(fact: RiskSignalTold) -> None:
    score_order(order_id=fact.order_id, why=fact.what, now=clock.now())


@handles(RiskScored)
def score_those_like_it(fact: RiskScored) -> None:
    score_like(order_id=fact.order_id, now=clock.now())


@handles(HoldReleased)
def answer_review(fact: HoldReleased) -> None:
    follow_released(order_id=fact.order_id, hold_id=fact.hold_id, now=clock.now())


@handles(OrderCancelled)
def end_review_of_cancelled(fact: OrderCancelled) -> None:
    if fact.is_whole:
        follow_over(order_id=fact.order_id, now=clock.now())


@handles(OrderExpired)
def end_review_of_expired(fact: OrderExpired) -> None:
    follow_over(order_id=fact.order_id, now=clock.now())


@handles(OrderCompleted)
def end_review_of_completed(fact: OrderCompleted) -> None:
    follow_over(order_id=fact.order_id, now=clock.now())


@handles(OrderMergedInto)
def end_review_of_merged(fact: OrderMergedInto) -> None:
    follow_over(order_id=fact.order_id, now=clock.now())
