"""What inventory tells about demand: backorders that got stock, and promises that were lost."""

from datetime import datetime

from django.db import transaction

from inventory.services import fill_backorders
from orders.errors import CannotFulfil
from orders.events import BackorderFilled, StockSetAside
from orders.locks import lock_order
from orders.models import FulfilmentLine, OrderLine
from orders.services.counting import close_empty, refresh_allocated, refresh_work
from orders.services.settling import settle
from orders.states import FulfilmentState, OrderState


@transaction.atomic
def record_filled(*, demand_id: int, units: int, now: datetime) -> None:
    """Stock came for a demand: count it and hand it over. Telling it twice changes nothing more."""
    line = OrderLine.objects.filter(demand_id=demand_id).first()
    if line is None:
        return
    order = lock_order(line.order_id)
    before = order.units_allocated
    refresh_allocated(order)
    if order.units_allocated == before and order.fulfilments.exists():
        settle(order, now=now)
        return
    fact = BackorderFilled(order_id=order.pk, sku=line.sku, units=units)
    settle(order, [fact], now=now)


@transaction.atomic
def allocate_now(*, order_id: int, version: int | None = None, now: datetime) -> int:
    """Try again to set stock aside for what an order waits for; the units it got.

    Nobody is overtaken: free stock goes to all who wait for it, by priority, then age. Raises
    CannotFulfil when the order waits for nothing.
    """
    order = lock_order(order_id, version=version)
    waiting = [
        line.demand
        for line in order.lines.select_related("demand")
        if line.demand and line.demand.backordered
    ]
    if order.state != OrderState.OPEN or not waiting:
        raise CannotFulfil(f"Nothing of order {order.number} waits for stock.")
    before = order.units_allocated
    fill_backorders({demand.variant_id for demand in waiting}, now=now)
    refresh_allocated(order)
    got = order.units_allocated - before
    if got:
        settle(order, [StockSetAside(order_id=order.pk, units=got)], now=now)
    return got


@transaction.atomic
def record_lost(*, demand_id: int, location_id: int, now: datetime) -> None:
    """Units set aside were not there: instructions to that location shrink to what it still holds."""
    line = OrderLine.objects.filter(demand_id=demand_id).select_related("demand").first()
    if line is None or line.demand is None:
        return
    order = lock_order(line.order_id)
    held = sum(row.open for row in line.demand.allocations.filter(level__location_id=location_id))
    rows = list(
        FulfilmentLine.objects.filter(
            order_line=line,
            fulfilment__location_id=location_id,
            fulfilment__state__in=FulfilmentState.open_states(),
        )
        .select_related("fulfilment")
        .order_by("-pk")
    )
    excess = sum(row.open for row in rows) - held
    touched = set()
    for row in rows:
        part = min(row.open, max(0, excess))
        if part:
            row.short += part
            excess -= part
            row.save(update_fields=["short"])
            touched.add(row.fulfilment)
    close_empty(touched, now=now)
    refresh_allocated(order)
    refresh_work(order)
    settle(order, now=now)
