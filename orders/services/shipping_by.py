"""By which service an order is sent, without changing what the customer pays for it."""

from datetime import datetime

from django.db import transaction

from orders.errors import CannotEdit
from orders.events import OrderServiceSet
from orders.locks import lock_order
from orders.models import Order, ShippingService
from orders.services.settling import settle
from orders.states import FulfilmentState, OrderState


@transaction.atomic
def set_shipping_service(
    *, order_id: int, service_id: int, version: int | None = None, now: datetime
) -> Order:
    """Send an order by another service, as long as none of it is packed. Setting the one it has
    changes nothing; the charge stays as it is. Raises CannotEdit.
    """
    order = lock_order(order_id, version=version)
    service = ShippingService.objects.filter(pk=service_id).first()
    if service is None:
        raise CannotEdit("This shipping service is gone; choose another.", field="service")
    if order.shipping_service_id == service.pk:
        return order
    if order.state != OrderState.OPEN or not order.units_open:
        raise CannotEdit(f"All of order {order.number} has left or ended; its shipping is fixed.")
    if order.fulfilments.filter(state=FulfilmentState.PACKED).exists():
        raise CannotEdit(
            f"Order {order.number} is packed; unpack it before changing how it is sent.",
            field="service",
        )
    before = order.shipping_method
    order.shipping_service, order.shipping_method = service, service.name
    fact = OrderServiceSet(order_id=order.pk, shippingservice_id=service.pk, service=service.name)
    settle(order, [fact], now=now, changes=[{"shipping": (before, service.name)}])
    return order
