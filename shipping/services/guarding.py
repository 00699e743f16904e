"""What stops work at a location, and the locks that every verb here begins with."""

from orders.models import Fulfilment, Order
from orders.services import lock_fulfilment
from orders.states import FulfilmentState, OrderState
from shipping.errors import CannotPack, OrderBlocked
from shipping.models import Pick, Shipment
from shipping.states import ShipmentState


def blocked_reason(order: Order) -> str:
    """Why nothing of the order may leave, with what to do about it; empty when nothing stops it."""
    if order.open_holds:
        return (
            f"Order {order.number} is on hold. Put its goods aside; work goes on as soon as the"
            " hold is released."
        )
    if order.state == OrderState.CANCELLED:
        return f"Order {order.number} was cancelled. Put its goods back on the shelf."
    if order.state != OrderState.OPEN:
        return (
            f"Order {order.number} is {order.get_state_display().lower()}. Put back what was"
            " picked for it; nothing more is to be sent."
        )
    return ""


def refuse_blocked(order: Order) -> None:
    """Raises OrderBlocked when nothing of the order may leave."""
    if why := blocked_reason(order):
        raise OrderBlocked(why)


def lock_work(fulfilment_id: int) -> tuple[Order, Fulfilment, Pick]:
    """Lock the order of a fulfilment and read its live pick under it. Raises CannotPack."""
    order, fulfilment = lock_fulfilment(fulfilment_id)
    pick = Pick.objects.live().filter(fulfilment=fulfilment).first()
    if pick is None:
        raise CannotPack(
            f"{fulfilment.number} is not being worked on"
            f" ({fulfilment.get_state_display().lower()}); start picking it first."
        )
    pick.fulfilment = fulfilment
    return order, fulfilment, pick


def lock_shipment(shipment_id: int) -> tuple[Order, Shipment]:
    """Lock the order of a shipment and read the shipment under it. Raises CannotPack."""
    fulfilment_id = (
        Shipment.objects.filter(pk=shipment_id).values_list("fulfilment_id", flat=True).first()
    )
    if fulfilment_id is None:
        raise CannotPack("This shipment does not exist; go back to the list.")
    order, fulfilment = lock_fulfilment(fulfilment_id)
    shipment = Shipment.objects.select_related("service").get(pk=shipment_id)
    shipment.order, shipment.fulfilment = order, fulfilment
    return order, shipment


def is_workable(fulfilment: Fulfilment) -> bool:
    return fulfilment.state in FulfilmentState.open_states()


def state_words(shipment: Shipment) -> str:
    return ShipmentState(shipment.state).label.lower()
