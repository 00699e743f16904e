"""Counters of an order, set from the rows they count; the verb's `settle` saves them."""

from datetime import datetime

from orders.models import Fulfilment, Order
from orders.services.serving import services_open
from orders.states import FulfilmentState


def close_empty(fulfilments: set[Fulfilment], *, now: datetime) -> None:
    """Cancel fulfilments that have nothing left to send and sent nothing; those that sent part of
    it have done their work.
    """
    for fulfilment in fulfilments:
        rows = list(fulfilment.lines.all())
        if any(row.open for row in rows):
            continue
        if any(row.shipped for row in rows):
            fulfilment.ship(now=now)
        else:
            fulfilment.cancel()
        fulfilment.save()


def refresh_allocated(order: Order) -> None:
    """Set `units_allocated` from the demands, and from what needs no stock; saves nothing."""
    lines = list(order.lines.select_related("demand"))
    order.units_allocated = services_open(lines) + sum(
        line.demand.allocated for line in lines if line.demand
    )


def refresh_work(order: Order) -> None:
    """Set `open_work` from the fulfilments; saves nothing."""
    order.open_work = order.fulfilments.filter(
        state__in=[FulfilmentState.PICKING, FulfilmentState.PACKED]
    ).count()
