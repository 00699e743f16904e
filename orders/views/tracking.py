"""The customer's page of an order: status, parcels and what comes next, without an account."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from core.access import public
from core.clock import now
from orders.models import Order
from orders.selectors.promises import is_running_late
from orders.services import order_of_token
from orders.states import FulfilmentStatus, OrderState

OPENED = "tracked_orders"
MOST_OPENED = 20


def private(response: HttpResponse) -> HttpResponse:
    """No search engine, no cache and no other site may learn of this page."""
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Referrer-Policy"] = "no-referrer"
    response["Cache-Control"] = "no-store, private"
    return response


@public
@require_safe
def track_enter(request: HttpRequest, token: str) -> HttpResponse:
    """Exchange a link's token for the session's key to one order, then go on to a clean address."""
    order = order_of_token(token, now=timezone.now())
    if order is None:
        return private(render(request, "orders/track_unknown.html", status=404))
    opened = [pk for pk in request.session.get(OPENED, []) if pk != order.pk]
    request.session[OPENED] = [*opened, order.pk][-MOST_OPENED:]
    return private(redirect("orders:track_order", order.number))


@public
@require_safe
def track_order(request: HttpRequest, number: str) -> HttpResponse:
    """What the customer may know of an order that this browser was let in to."""
    try:
        order = get_object_or_404(
            Order.objects.select_related("channel__legal_entity"),
            number=number,
            pk__in=request.session.get(OPENED, []),
        )
    except Http404:
        return private(render(request, "orders/track_unknown.html", status=404))
    return private(
        render(
            request,
            "orders/track_order.html",
            {
                "order": order,
                "lines": order.lines.select_related("kit"),
                "headline": headline(order),
                "steps": steps(order),
                "is_late": is_running_late(
                    order, today=now().astimezone(order.channel.zone).date()
                ),
                "store_name": order.channel.legal_entity.name,
            },
        )
    )


def headline(order: Order) -> str:
    """The order's status in plain words."""
    if order.state in {OrderState.CANCELLED, OrderState.EXPIRED}:
        return "Your order was cancelled."
    if order.fulfilment_status == FulfilmentStatus.PARTIALLY_SHIPPED and (
        order.units_delivered == order.units_shipped
    ):
        return "Part of your order has arrived; the rest follows."
    words = {
        FulfilmentStatus.DELIVERED: "Your order has been delivered.",
        FulfilmentStatus.SHIPPED: "Your order is on its way.",
        FulfilmentStatus.PARTIALLY_SHIPPED: "Part of your order is on its way.",
        FulfilmentStatus.IN_PROGRESS: "We are packing your order.",
        FulfilmentStatus.BACKORDERED: "We are waiting for some of your items.",
        FulfilmentStatus.NOT_NEEDED: "Your order is complete.",
    }
    return words.get(FulfilmentStatus(order.fulfilment_status), "We have received your order.")


def steps(order: Order) -> list[tuple[str, str]]:
    """The way of an order as (label, done | current | todo)."""
    reached = {
        FulfilmentStatus.IN_PROGRESS: 1,
        FulfilmentStatus.PARTIALLY_SHIPPED: 2,
        FulfilmentStatus.SHIPPED: 2,
        FulfilmentStatus.DELIVERED: 4,
    }.get(FulfilmentStatus(order.fulfilment_status), 0)
    labels = ("Received", "Being packed", "On its way", "Delivered")
    return [
        (label, "done" if i < reached else "current" if i == reached else "todo")
        for i, label in enumerate(labels)
    ]
