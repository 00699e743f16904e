"""What shipping does when something happened to orders, and to its own shipments."""

from core.handling import handles
from orders.events import BackorderFilled, OrderCancelled, UnitsShipped
from shipping.services.watching import forget_short_picks


@handles(BackorderFilled)
def forget_short_pick_after_filling(fact: BackorderFilled) -> None:
    forget_short_picks(order_id=fact.order_id)


@handles(OrderCancelled)
def forget_short_pick_after_cancelling(fact: OrderCancelled) -> None:
    forget_short_picks(order_id=fact.order_id)


@handles(UnitsShipped)
def forget_short_pick_after_shipping(fact: UnitsShipped) -> None:
    forget_short_picks(order_id=fact.order_id)
