"""Orders as their pages show them, within what a user may see."""

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import Exists, F, OuterRef, Prefetch, Q, QuerySet, prefetch_related_objects
from django.http import Http404

from core.models import User
from inventory.models import Allocation
from inventory.selectors import is_bound_to_locations, visible_locations
from orders.models import (
    Adjustment,
    Fulfilment,
    Order,
    OrderLine,
    ShippingRate,
    ShippingService,
)
from orders.models.shipping_services import EVERYWHERE


def orders_seen_by(user: User) -> QuerySet[Order]:
    """The orders a user may see: warehouse staff see those their locations send for."""
    orders = Order.objects.all()
    if not is_bound_to_locations(user):
        return orders
    here = Fulfilment.objects.filter(order=OuterRef("pk"), location__in=visible_locations(user))
    return orders.filter(Exists(here))


def order_seen_by(user: User, order_id: int) -> Order:
    """One order with what its page names; Http404 when the user may not see it."""
    order = (
        orders_seen_by(user)
        .select_related(
            "channel",
            "customer",
            "company",
            "shipping_service",
            "assignee",
            "quotation",
            "standing_run__standing_order",
        )
        .filter(pk=order_id)
        .first()
    )
    if order is None:
        raise Http404("No such order, or it is not yours to see.")
    return order


def lines_of(order: Order) -> list[OrderLine]:
    """The order’s lines with product, demand and kit. One query, and none when asked again."""
    lines = OrderLine.objects.select_related("variant__product", "demand", "kit")
    prefetch_related_objects([order], Prefetch("lines", lines))
    return list(order.lines.all())


def adjustments_of(
    order: Order, lines: Iterable[OrderLine]
) -> tuple[dict[int, list[Adjustment]], list[Adjustment]]:
    """Why lines cost less, by line id, and why the shipping does. One query."""
    of_lines: dict[int, list[Adjustment]] = defaultdict(list)
    of_shipping: list[Adjustment] = []
    mine = Q(order=order) | Q(line__in=[line.pk for line in lines])
    for one in Adjustment.objects.filter(mine).order_by("pk"):
        (of_lines[one.line_id] if one.line_id else of_shipping).append(one)
    return of_lines, of_shipping


def allocations_by_line(lines: list[OrderLine]) -> dict[int, list[tuple[str, int]]]:
    """Where units are set aside, by line id: (location, units). One query."""
    by_demand = {line.demand_id: line.pk for line in lines if line.demand_id}
    held: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for row in Allocation.objects.filter(
        demand_id__in=list(by_demand), quantity__gt=F("consumed") + F("released")
    ).select_related("level__location"):
        held[by_demand[row.demand_id]][row.level.location.name] += row.open
    return {line_id: sorted(places.items()) for line_id, places in held.items()}


def shipping_rate(
    service: ShippingService, *, country: str, weight_g: int, currency: str
) -> ShippingRate | None:
    """The cheapest step of the service's table that carries the weight to the country; None when the
    service does not go there, that heavy or in that currency. One query.
    """
    rates = ShippingRate.objects.filter(
        zone__service=service,
        zone__countries__overlap=[country, EVERYWHERE],
        currency=currency,
        up_to_g__gte=weight_g,
    ).select_related("zone")
    # a zone that names the country stands before the one for all others
    return min(
        rates,
        key=lambda rate: (EVERYWHERE in rate.zone.countries, rate.up_to_g, rate.pk),
        default=None,
    )


def channel_id_of(order_id: int) -> int | None:
    """The channel of an order; None when there is no such order."""
    return Order.objects.filter(pk=order_id).values_list("channel_id", flat=True).first()
