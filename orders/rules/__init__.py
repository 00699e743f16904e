"""What orders plugs into automation rules: the order as what rules are about, what they ask and do."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from core.panels import plug
from core.rules import reading
from core.rules.registry import Payload, Subject, Trigger, plug_subject, plug_trigger
from orders.locks import lock_order
from orders.models import Order, OrderLine
from orders.rights import SEE_ORDERS
from orders.rules import buying, custom, doing, lines, reading_orders, sourcing, telling
from orders.sockets import ORDER_PAGE

__all__ = ["buying", "custom", "doing", "lines", "reading_orders", "sourcing", "telling"]

RELATED = (
    "channel",
    "customer__group",
    "customer__company__group",
    "company__group",
    "shipping_service",
    "assignee",
)


def load(ids: Sequence[int]) -> dict[int, Order]:
    """Orders with what conditions read off their own row. One query."""
    rows = Order.objects.select_related(*RELATED).filter(pk__in=list(ids))
    found = {order.pk: order for order in rows}
    return {pk: found[pk] for pk in ids if pk in found}


def leaves_alone(order: Order) -> str:
    return "It was brought in with its history." if order.is_historical else ""


plug_subject(
    Subject(
        code="order",
        noun="order",
        plural="orders",
        load=load,
        lock=lock_order,
        label=lambda order: order.number,
        page=lambda pk: reverse("orders:order_detail", args=[pk]),
        right=SEE_ORDERS,
        leaves_alone=leaves_alone,
        channel_of=lambda order: order.channel_id,
    )
)


def orders_of_demands(payloads: Sequence[Payload]) -> list[int | None]:
    """The orders whose demands these facts are about. One query."""
    ids = [payload.get("demand_id") for payload in payloads]
    lines_of = OrderLine.objects.filter(demand_id__in=[pk for pk in ids if pk])
    orders = dict(lines_of.values_list("demand_id", "order_id"))
    return [orders.get(pk) if pk else None for pk in ids]


plug_trigger(
    "order",
    Trigger(
        "inventory.AllocationLost",
        "Units set aside were not there",
        "inventory",
        orders_of_demands,
    ),
)


def rules_panel(_request: HttpRequest, order: Order) -> dict[str, Any] | None:
    """What rules did with an order, and why others passed it over. Three queries."""
    told = reading.about("order", order.pk)
    return {"order": order, "told": told} if told else None


plug(
    ORDER_PAGE,
    template="orders/panels/order_rules.html",
    context=rules_panel,
    position=90,
    right=SEE_ORDERS,
    url_name="orders:order_rules",
    title="Rules",
)
