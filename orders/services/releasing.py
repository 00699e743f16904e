"""Handing orders over to locations: fulfilments from what is set aside, once nothing forbids it."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, Sum

from core.bulk import insert_all
from core.facts import Fact
from inventory.models import Allocation, Location
from orders.events import OrderReleased
from orders.models import Fulfilment, FulfilmentLine, Order, OrderLine
from orders.services.promising import ship_by
from orders.states import (
    FulfilmentState,
    OrderState,
    PaymentStatus,
    PaymentTerms,
    RiskLevel,
)


@dataclass(frozen=True, slots=True)
class SetAside:
    """Units of an order line that a location holds for it and was not told to send yet."""

    line: OrderLine
    location: Location
    units: int


def may_leave(order: Order) -> bool:
    """Whether the order's goods may be sent: open, on no hold, looked at for risk where that is asked
    for, and on account or paid, but for what may stay missing.
    """
    return (
        order.state == OrderState.OPEN
        and order.open_holds == 0
        and order.risk_level != RiskLevel.UNSCORED
        and (
            order.payment_terms == PaymentTerms.NET
            or order.payment_status not in PaymentStatus.awaiting_money()
            or order.outstanding <= order.may_owe
        )
    )


def is_ready(order: Order) -> bool:
    """Whether what is set aside may be told to locations: it may leave, and is all where it must be."""
    return may_leave(order) and not (order.ships_complete and order.units_backordered > 0)


def hand_over(
    order: Order, set_aside: Iterable[SetAside], *, earlier: int, now: datetime
) -> tuple[list[Fulfilment], list[FulfilmentLine]]:
    """The fulfilments that tell each location what to send, not saved yet.

    Sets the order's `ship_by`. `earlier` is how many fulfilments the order has already.
    """
    by_location: dict[Location, dict[OrderLine, int]] = defaultdict(lambda: defaultdict(int))
    for part in set_aside:
        by_location[part.location][part.line] += part.units
    fulfilments, lines = [], []
    for count, (location, units) in enumerate(by_location.items(), start=earlier + 1):
        fulfilment = Fulfilment(
            order=order,
            location=location,
            number=f"{order.number}-{count}",
            ship_by=ship_by(location, now=now),
            created_at=now,
        )
        fulfilments.append(fulfilment)
        lines += [
            FulfilmentLine(fulfilment=fulfilment, order_line=line, quantity=quantity)
            for line, quantity in units.items()
        ]
    order.ship_by = max((one.ship_by for one in fulfilments if one.ship_by), default=order.ship_by)
    return fulfilments, lines


def released_fact(order: Order, fulfilments: Sequence[Fulfilment]) -> Fact:
    """The fact that an order's fulfilments, saved by now, were handed over."""
    return OrderReleased(
        order_id=order.pk,
        fulfilment_ids=[one.pk for one in fulfilments],
        locations=", ".join(one.location.name for one in fulfilments),
    )


def release(order: Order, *, now: datetime) -> list[Fact]:
    """Hand over what is set aside for a locked order and not yet told to anybody.

    Returns the facts to publish; the caller saves the order. Nothing happens while the order may
    not leave.
    """
    if not is_ready(order):
        return []
    set_aside = _not_told_yet(order)
    if not set_aside:
        return []
    earlier = order.fulfilments.aggregate(count=Count("id"))["count"]
    fulfilments, lines = hand_over(order, set_aside, earlier=earlier, now=now)
    insert_all(fulfilments)
    insert_all(lines)
    return [released_fact(order, fulfilments)]


def _not_told_yet(order: Order) -> list[SetAside]:
    """What locations hold for the order beyond what its open fulfilments already say."""
    told = {
        (row["order_line_id"], row["fulfilment__location_id"]): row["units"]
        for row in FulfilmentLine.objects.filter(
            fulfilment__order=order, fulfilment__state__in=FulfilmentState.open_states()
        )
        .values("order_line_id", "fulfilment__location_id")
        .annotate(units=Sum(F("quantity") - F("shipped") - F("short")))
    }
    lines = {line.demand_id: line for line in order.lines.all() if line.demand_id}
    held: dict[tuple[OrderLine, Location], int] = defaultdict(int)
    for row in Allocation.objects.filter(
        demand_id__in=list(lines), quantity__gt=F("consumed") + F("released")
    ).select_related("level__location"):
        held[lines[row.demand_id], row.level.location] += row.open
    return [
        SetAside(line, location, units - told.get((line.pk, location.pk), 0))
        for (line, location), units in held.items()
        if units > told.get((line.pk, location.pk), 0)
    ]
