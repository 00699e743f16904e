"""What payments does when orders are placed, cancelled, shipped and returned."""

from core import clock
from core.facts import Fact
from core.handling import handles
from core.models import StoredFact
from orders.events import (
    OrderCancelled,
    OrderEdited,
    OrderExpired,
    OrderMergedInto,
    OrderPlaced,
    OrderSplit,
    UnitsShipped,
)
from payments.services import (
    follow_cancelled,
    follow_credit,
    follow_edited,
    follow_goods,
    invoice_shipped,
    open_account_payment,
)


@handles(OrderPlaced)
def expect_money_on_account(fact: OrderPlaced) -> None:
    if not fact.is_historical:
        open_account_payment(order_id=fact.order_id, now=clock.now())


@handles(OrderCancelled)
def give_back_what_was_paid_too_much(fact: OrderCancelled) -> None:
    follow_cancelled(
        order_id=fact.order_id,
        wants_refund=fact.wants_refund,
        reason=fact.why,
        now=clock.now(),
    )


@handles(OrderEdited)
def follow_what_was_edited(fact: OrderEdited) -> None:
    follow_edited(order_id=fact.order_id, reason=fact.why or "Order changed", now=clock.now())


@handles(OrderExpired)
def wait_for_no_more_money(fact: OrderExpired) -> None:
    follow_cancelled(
        order_id=fact.order_id, wants_refund=True, reason="Not paid in time", now=clock.now()
    )


@handles(OrderSplit)
def let_money_go_with_the_part(fact: OrderSplit) -> None:
    follow_goods(from_order_id=fact.order_id, to_order_id=fact.part_id, now=clock.now())


@handles(OrderMergedInto)
def let_money_go_where_the_goods_went(fact: OrderMergedInto) -> None:
    follow_goods(from_order_id=fact.order_id, to_order_id=fact.target_id, now=clock.now())


@handles(UnitsShipped)
def invoice_what_was_shipped(fact: UnitsShipped) -> None:
    if not fact.is_historical:
        invoice_shipped(order_id=fact.order_id, now=clock.now())


@handles("returns.ReturnClosed")
def correct_the_papers(fact: StoredFact | Fact) -> None:
    """Goods that came back lower what an order is worth, also where no money had come yet."""
    follow_credit(order_id=fact.subject_id, reason="Goods returned", now=clock.now())
