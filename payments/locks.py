"""Locking money: the order first, then its payments by id."""

from orders.locks import lock_order
from orders.models import Order
from payments.errors import PaymentNotFound
from payments.models import Payment


def lock_money(order_id: int, *, version: int | None = None) -> tuple[Order, list[Payment]]:
    """Lock an order and all its payments, oldest first. Raises OrderNotFound, and with `version`
    StaleEdit where the order is another one by now.
    """
    order = lock_order(order_id, version=version)
    payments = list(
        Payment.objects.select_for_update(of=("self",)).filter(order_id=order_id).order_by("pk")
    )
    for payment in payments:
        payment.order = order
    return order, payments


def lock_payment(payment_id: int) -> tuple[Order, list[Payment], Payment]:
    """Lock a payment's order and all its payments. Raises PaymentNotFound."""
    order_id = Payment.objects.filter(pk=payment_id).values_list("order_id", flat=True).first()
    if order_id is None:
        raise PaymentNotFound("This payment does not exist; go back to the list.")
    order, payments = lock_money(order_id)
    return order, payments, next(one for one in payments if one.pk == payment_id)
