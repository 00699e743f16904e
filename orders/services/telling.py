"""Telling customers about their orders: at most one message per order and milestone."""

from datetime import datetime

from django.db import transaction

from core import messages
from orders.errors import CannotTell
from orders.messages import ORDER_PLACED, variables_of
from orders.models import Order
from orders.services.linking import issue_tracking_link


@transaction.atomic
def confirm_again(*, order_id: int, now: datetime) -> None:
    """Queue the confirmation once more because somebody asks for it; one for each version of the
    order, so that asking twice sends one. Raises CannotTell without an e-mail address.
    """
    order = Order.objects.get(pk=order_id)
    if not order.email:
        raise CannotTell(f"Order {order.number} has no e-mail address; add one first.")
    _queue(order, f"{ORDER_PLACED.code}:{order.pk}:again:{order.version}", now=now)


@transaction.atomic
def confirm_to_customer(*, order_id: int, now: datetime) -> None:
    """Queue the confirmation of a placed order, once; nothing for a historical one or one without
    an e-mail address.
    """
    order = Order.objects.get(pk=order_id)
    if order.is_historical or not order.email:
        return
    _queue(order, f"{ORDER_PLACED.code}:{order.pk}", now=now)


def _queue(order: Order, dedupe: str, *, now: datetime) -> None:
    messages.queue(
        ORDER_PLACED,
        subject_id=order.pk,
        to=order.email,
        variables=variables_of(order.pk, track_url=issue_tracking_link(order=order, now=now)),
        dedupe=dedupe,
        language=order.language,
        channel_id=order.channel_id,
    )
