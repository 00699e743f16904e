"""What payments does when orders are placed, cancelled and shipped."""

from django.utils import timezone

from core.handling import handles
from orders.events import OrderCancelled, OrderExpired, OrderPlaced, UnitsShipped
from payments.services import follow_cancelled, open_account_payment
from payments.services.reacting import invoice_shipped


@handles(OrderPlaced)
def expect_money_on_account(fact: OrderPlaced) -> None:
    if not fact.is_historical:
        open_account_payment(order_id=fact.order_id, now=timezone.now())


@handles(OrderCancelled)
def give_back_what_was_paid_too_much(fact: OrderCancelled) -> None:
    follow_cancelled(
        order_id=fact.order_id,
        wants_refund=fact.wants_refund,
        reason=fact.why,
        now=timezone.now(),
    )


@handles(OrderExpired)
def wait_for_no_more_money(fact: OrderExpired) -> None:
    follow_cancelled(
        order_id=fact.order_id, wants_refund=True, reason="Not paid in time", now=timezone.now()
    )


@handles(UnitsShipped)
def invoice_what_was_shipped(fact: UnitsShipped) -> None:
    if not fact.is_historical:
        invoice_shipped(order_id=fact.order_id, now=timezone.now())
