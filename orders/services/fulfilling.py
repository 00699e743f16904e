"""What shipping tells an order about its fulfilments: begun, packed, short, gone, delivered."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django_fsm import TransitionNotAllowed

from core.audit import record_move
from core.bulk import update_all
from core.facts import Fact
from inventory.services import consume, release_at
from orders.errors import CannotFulfil
from orders.events import (
    FulfilmentPacked,
    FulfilmentShort,
    FulfilmentStarted,
    UnitsDelivered,
    UnitsShipped,
)
from orders.locks import lock_order
from orders.models import Fulfilment, FulfilmentLine, Order, OrderLine
from orders.services.counting import close_empty, refresh_allocated, refresh_work
from orders.services.settling import settle
from orders.states import FulfilmentState, OrderState


def lock_fulfilment(fulfilment_id: int) -> tuple[Order, Fulfilment]:
    """Lock a fulfilment's order and read the fulfilment under it. Raises CannotFulfil."""
    order_id = (
        Fulfilment.objects.filter(pk=fulfilment_id).values_list("order_id", flat=True).first()
    )
    if order_id is None:
        raise CannotFulfil("This fulfilment does not exist; go back to the list.")
    order = lock_order(order_id)
    fulfilment = Fulfilment.objects.select_related("location").get(pk=fulfilment_id)
    fulfilment.order = order
    return order, fulfilment


def _move(fulfilment: Fulfilment, verb: str, **stamps: datetime) -> None:
    """Make one move of the machine; a refusal becomes a sentence."""
    before = fulfilment.state
    try:
        getattr(fulfilment, verb)(**stamps)
    except TransitionNotAllowed as error:
        raise CannotFulfil(
            f"{fulfilment.number} is {fulfilment.get_state_display().lower()}, so this is not"
            " possible any more; reload to see where it stands."
        ) from error
    fulfilment.save()
    record_move(fulfilment, before, fulfilment.state)


def _refuse_held(order: Order) -> None:
    if order.open_holds:
        raise CannotFulfil(
            f"Order {order.number} is on hold; put it aside until the hold is released."
        )
    if order.state != OrderState.OPEN:
        raise CannotFulfil(
            f"Order {order.number} is {order.get_state_display().lower()}; put its goods back."
        )


@transaction.atomic
def start_work(*, fulfilment_id: int, now: datetime) -> Fulfilment:
    """The location begins to pick. Raises CannotFulfil when the order is held or the work is
    begun already.
    """
    order, fulfilment = lock_fulfilment(fulfilment_id)
    _refuse_held(order)
    _move(fulfilment, "start", now=now)
    refresh_work(order)
    settle(
        order,
        [
            FulfilmentStarted(
                order_id=order.pk, fulfilment_id=fulfilment.pk, location=fulfilment.location.name
            )
        ],
        now=now,
    )
    return fulfilment


@transaction.atomic
def record_packed(*, fulfilment_id: int, now: datetime) -> Fulfilment:
    """All that the location can send is in parcels. Raises CannotFulfil."""
    order, fulfilment = lock_fulfilment(fulfilment_id)
    _refuse_held(order)
    _move(fulfilment, "pack", now=now)
    refresh_work(order)
    settle(
        order,
        [
            FulfilmentPacked(
                order_id=order.pk, fulfilment_id=fulfilment.pk, location=fulfilment.location.name
            )
        ],
        now=now,
    )
    return fulfilment


@transaction.atomic
def undo_packing(*, fulfilment_id: int, now: datetime) -> Fulfilment:
    """Back to picking: a parcel was opened again."""
    order, fulfilment = lock_fulfilment(fulfilment_id)
    _move(fulfilment, "unpack")
    refresh_work(order)
    settle(order, now=now)
    return fulfilment


@transaction.atomic
def undo_start(*, fulfilment_id: int, now: datetime) -> Fulfilment:
    """Nothing is picked after all: the work waits again."""
    order, fulfilment = lock_fulfilment(fulfilment_id)
    _move(fulfilment, "put_back")
    refresh_work(order)
    settle(order, now=now)
    return fulfilment


@transaction.atomic
def record_short(*, fulfilment_id: int, units: Mapping[int, int], now: datetime) -> Fulfilment:
    """Units that the location was to send are not there, by fulfilment line id: they are no longer
    set aside here and wait for stock. The caller corrects the stock itself (adjust_stock).
    """
    order, fulfilment = lock_fulfilment(fulfilment_id)
    rows = _rows(fulfilment, units)
    facts: list[Fact] = []
    for row in rows:
        row.short += units[row.pk]
        facts.append(
            FulfilmentShort(
                order_id=order.pk,
                fulfilment_id=fulfilment.pk,
                sku=row.order_line.sku,
                units=units[row.pk],
                location=fulfilment.location.name,
            )
        )
    update_all(rows, ["short"])
    release_at(
        fulfilment.location_id,
        {row.order_line.demand_id: units[row.pk] for row in rows if row.order_line.demand_id},
    )
    close_empty({fulfilment}, now=now)
    refresh_allocated(order)
    refresh_work(order)
    settle(order, facts, now=now)
    return fulfilment


@transaction.atomic
def record_shipped(*, fulfilment_id: int, units: Mapping[int, int], now: datetime) -> Fulfilment:
    """Units have left the location, by fulfilment line id; stock goes down with them. The
    fulfilment is shipped when nothing of it is left. Raises CannotFulfil for a held order.
    """
    order, fulfilment = lock_fulfilment(fulfilment_id)
    _refuse_held(order)
    rows = _rows(fulfilment, units)
    lines: dict[int, OrderLine] = {}
    for row in rows:
        row.shipped += units[row.pk]
        line = lines.setdefault(row.order_line_id, row.order_line)
        line.shipped += units[row.pk]
    update_all(rows, ["shipped"])
    update_all(lines.values(), ["shipped"])
    order.units_shipped += sum(units.values())
    consume(
        fulfilment.location_id,
        {row.order_line.demand_id: units[row.pk] for row in rows if row.order_line.demand_id},
        reference=order.number,
        now=now,
    )
    if not any(row.open for row in fulfilment.lines.all()):
        _move(fulfilment, "ship", now=now)
    refresh_allocated(order)
    refresh_work(order)
    fact = UnitsShipped(
        order_id=order.pk,
        fulfilment_id=fulfilment.pk,
        units=sum(units.values()),
        location=fulfilment.location.name,
        is_historical=order.is_historical,
    )
    settle(order, [fact], now=now)
    return fulfilment


@transaction.atomic
def record_delivered(
    *, fulfilment_id: int, units: Mapping[int, int], is_all: bool = True, now: datetime
) -> Fulfilment:
    """Units arrived, by order line id; never more than were sent. `is_all`: nothing that this
    fulfilment sent is on the road any more.
    """
    order, fulfilment = lock_fulfilment(fulfilment_id)
    lines = list(OrderLine.objects.filter(order=order, pk__in=list(units)))
    arrived = 0
    for line in lines:
        part = min(units[line.pk], line.shipped - line.delivered)
        line.delivered += part
        arrived += part
    if not arrived:
        return fulfilment
    update_all(lines, ["delivered"])
    order.units_delivered += arrived
    if is_all and fulfilment.state == FulfilmentState.SHIPPED:
        _move(fulfilment, "deliver", now=now)
    fact = UnitsDelivered(
        order_id=order.pk,
        fulfilment_id=fulfilment.pk,
        units=arrived,
        is_historical=order.is_historical,
    )
    settle(order, [fact], now=now)
    return fulfilment


def _rows(fulfilment: Fulfilment, units: Mapping[int, int]) -> list[FulfilmentLine]:
    """The fulfilment's lines that `units` names, or a refusal with the line that does not fit."""
    rows = list(fulfilment.lines.filter(pk__in=list(units)).select_related("order_line"))
    if len(rows) != len(units) or not units:
        raise CannotFulfil(f"Choose lines of {fulfilment.number}; reload the page.", field="units")
    for row in rows:
        if not 0 < units[row.pk] <= row.open:
            raise CannotFulfil(
                f"{row.order_line.sku}: {units[row.pk]} units cannot be recorded, {row.open} are"
                " still to be sent from here.",
                field="units",
            )
    return rows
