"""Orders within one channel: what a machine that sells there may see."""

from django.db.models import Prefetch, QuerySet
from django.http import Http404

from orders.models import Fulfilment, FulfilmentLine, Order


def orders_within(channel_id: int | None) -> QuerySet[Order]:
    """The orders of a channel, or of all (None), with their channel."""
    orders = Order.objects.select_related("channel")
    return orders if channel_id is None else orders.filter(channel_id=channel_id)


def order_within(channel_id: int | None, order_id: int) -> Order:
    """One order; Http404 when it is another channel's, as when there is none."""
    order = orders_within(channel_id).filter(pk=order_id).first()
    if order is None:
        raise Http404("No such order in this channel.")
    return order


def fulfilments_of(order: Order) -> list[Fulfilment]:
    """What each location is to send of an order, with its lines. Two queries."""
    lines = Prefetch("lines", FulfilmentLine.objects.order_by("order_line_id"))
    return list(order.fulfilments.select_related("location").prefetch_related(lines).order_by("pk"))
