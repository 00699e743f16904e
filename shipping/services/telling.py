"""Telling customers what became of their orders: at most one message per order and milestone.

An order that leaves in parts has two milestones of leaving: the first part, and all of it.
"""

from datetime import datetime

from django.db import transaction

from core import messages
from core.messages import MessageKind
from core.wording import Variables
from orders.messages import variables_of
from orders.models import Order
from orders.services import issue_tracking_link
from shipping.messages import ORDER_DELAYED, ORDER_DELIVERED, ORDER_SHIPPED, shipped_variables


@transaction.atomic
def tell_shipped(*, order_id: int, is_last: bool, now: datetime) -> None:
    """Queue the message that an order, or the first part of it, has left."""
    if order := _to_tell(order_id):
        url = issue_tracking_link(order=order, now=now)
        variables = {**shipped_variables(order_id, track_url=url), "is_complete": is_last}
        _queue(ORDER_SHIPPED, order, variables, milestone="all" if is_last else "part")


@transaction.atomic
def tell_delivered(*, order_id: int, now: datetime) -> None:
    """Queue the message that everything of an order has arrived."""
    if order := _to_tell(order_id):
        url = issue_tracking_link(order=order, now=now)
        _queue(ORDER_DELIVERED, order, variables_of(order_id, track_url=url))


@transaction.atomic
def tell_delayed(*, order_id: int, now: datetime) -> None:
    """Queue the message that an order leaves later than planned; not once all of it has left."""
    order = _to_tell(order_id)
    if order and order.units_open > 0:
        url = issue_tracking_link(order=order, now=now)
        _queue(ORDER_DELAYED, order, variables_of(order_id, track_url=url))


def _to_tell(order_id: int) -> Order | None:
    """The order, where its customer is to hear of it: not of history, and only with an address."""
    order = Order.objects.filter(pk=order_id).exclude(email="").first()
    return None if order is None or order.is_historical else order


def _queue(kind: MessageKind, order: Order, variables: Variables, *, milestone: str = "") -> None:
    messages.queue(
        kind,
        subject_id=order.pk,
        to=order.email,
        variables=variables,
        dedupe=":".join(part for part in (kind.code, str(order.pk), milestone) if part),
        language=order.language,
        channel_id=order.channel_id,
    )
