"""What shipping does when something happened to orders, and to its own shipments."""

from core import clock
from core.handling import handles
from orders.events import BackorderFilled, OrderCancelled, UnitsShipped
from shipping.events import FulfilmentLate, ParcelDelivered, ShipmentDispatched
from shipping.services.picking import close_idle_picks
from shipping.services.telling import tell_delayed, tell_delivered, tell_shipped
from shipping.services.watching import forget_short_picks


@handles(BackorderFilled)
def forget_short_pick_after_filling(fact: BackorderFilled) -> None:
    forget_short_picks(order_id=fact.order_id)


@handles(OrderCancelled)
def close_idle_picks_after_cancelling(fact: OrderCancelled) -> None:
    close_idle_picks(order_id=fact.order_id, now=clock.now())


@handles(OrderCancelled)
def forget_short_pick_after_cancelling(fact: OrderCancelled) -> None:
    forget_short_picks(order_id=fact.order_id)


@handles(UnitsShipped)
def forget_short_pick_after_shipping(fact: UnitsShipped) -> None:
    forget_short_picks(order_id=fact.order_id)


@handles(ShipmentDispatched)
def tell_customer_of_dispatch(fact: ShipmentDispatched) -> None:
    tell_shipped(order_id=fact.order_id, is_last=fact.is_last, now=clock.now())


@handles(ParcelDelivered)
def tell_customer_of_delivery(fact: ParcelDelivered) -> None:
    if fact.is_last:
        tell_delivered(order_id=fact.order_id, now=clock.now())


@handles(FulfilmentLate)
def tell_customer_of_delay(fact: FulfilmentLate) -> None:
    tell_delayed(order_id=fact.order_id, now=clock.now())
