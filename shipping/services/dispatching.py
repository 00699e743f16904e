"""Dispatch: the goods leave the house, stock goes down with them, and nothing takes that back."""

from datetime import datetime

from django.db import transaction

from core import attention
from core.audit import record_move
from core.outbox import publish
from orders.models import Order
from orders.services import record_shipped
from orders.states import FulfilmentState
from shipping.errors import CannotDispatch
from shipping.events import ShipmentDispatched
from shipping.gateways.registry import carrier_name
from shipping.models import ParcelLine, Shipment
from shipping.services.guarding import lock_shipment, refuse_blocked, state_words
from shipping.services.numbering import ship_numbers
from shipping.services.picking import close_idle_picks
from shipping.services.tracking import note_handed_over
from shipping.services.watching import LATE
from shipping.states import ShipmentState


@transaction.atomic
def dispatch_shipment(*, shipment_id: int, now: datetime) -> Shipment:
    """A labelled shipment leaves: its units are shipped in the order and in stock, in this commit.

    Raises OrderBlocked for a held or cancelled order, CannotDispatch when it is not labelled or
    holds units that were cancelled meanwhile.
    """
    order, shipment = lock_shipment(shipment_id)
    refuse_blocked(order)
    if shipment.state != ShipmentState.LABELLED:
        raise CannotDispatch(
            f"{shipment.number} is {state_words(shipment)};"
            + (
                " it has left already."
                if shipment.state == ShipmentState.DISPATCHED
                else " buy its labels before it leaves."
            )
        )
    units = _units(shipment)
    fulfilment = record_shipped(fulfilment_id=shipment.fulfilment_id, units=units, now=now)
    ship_numbers(shipment, now=now)
    before = shipment.state
    shipment.dispatch(now=now)
    shipment.save()
    record_move(shipment, before, shipment.state)
    if fulfilment.state == FulfilmentState.SHIPPED:
        attention.resolve(kind=LATE, subject_type="fulfilment", subject_ids=[fulfilment.pk])
    note_handed_over(shipment, now=now)
    close_idle_picks(order_id=order.pk, now=now)
    order = Order.objects.get(pk=order.pk)
    parcels = [one for one in shipment.parcels.all() if one.tracking_number]
    publish(
        ShipmentDispatched(
            order_id=order.pk,
            fulfilment_id=shipment.fulfilment_id,
            shipment_id=shipment.pk,
            number=shipment.number,
            location=fulfilment.location.name,
            carrier=carrier_name(parcels[0].carrier if parcels else ""),
            units=sum(units.values()),
            parcels=len(parcels),
            tracking_numbers=[one.tracking_number for one in parcels],
            is_last=order.units_open == 0,
            is_historical=order.is_historical,
        )
    )
    return shipment


def _units(shipment: Shipment) -> dict[int, int]:
    """The units inside by fulfilment line, or a refusal naming what has to come out."""
    units: dict[int, int] = {}
    too_many: list[str] = []
    rows = ParcelLine.objects.filter(parcel__shipment=shipment).select_related(
        "fulfilment_line__order_line"
    )
    lines = {}
    for row in rows:
        units[row.fulfilment_line_id] = units.get(row.fulfilment_line_id, 0) + row.quantity
        lines[row.fulfilment_line_id] = row.fulfilment_line
    for pk, line in lines.items():
        if units[pk] > line.open:
            sold = line.order_line
            too_many.append(f"{units[pk] - line.open} × {sold.sku or sold.name}")
    if too_many:
        raise CannotDispatch(
            f"{', '.join(too_many)} in {shipment.number} were cancelled since they were packed. Void"
            " the label, open the parcel and take them out."
        )
    return units
