"""What a customer sees of the way of an order: plain words, and nothing of the house's own."""

from dataclasses import dataclass, field
from datetime import datetime

from orders.models import Order
from shipping.errors import CannotLabel
from shipping.gateways.registry import carrier_name, carrier_named
from shipping.models import Parcel, Shipment
from shipping.selectors.lanes import expected_at, transit_days
from shipping.selectors.shipments import shipments_of_order
from shipping.states import ShipmentState, TrackingStatus

SHOWN_EVENTS = 3

PLAIN = {
    TrackingStatus.EXPECTED: "It is packed and about to leave.",
    TrackingStatus.DISPATCHED: "It has left us and is on its way to you.",
    TrackingStatus.IN_TRANSIT: "It is on its way to you.",
    TrackingStatus.OUT_FOR_DELIVERY: "It is out for delivery and should reach you today.",
    TrackingStatus.ATTEMPTED: "The carrier tried to deliver it and will try again.",
    TrackingStatus.PICKUP_READY: "It waits for you to collect it.",
    TrackingStatus.PROBLEM: "Something holds it up. We are looking into it.",
    TrackingStatus.LOST: "The carrier cannot find it. We are in touch with them and will help you.",
    TrackingStatus.DELIVERED: "It was delivered.",
    TrackingStatus.RETURNING: "It could not be delivered and is on its way back to us.",
    TrackingStatus.RETURNED: "It came back to us. Write to us about what happens next.",
}


@dataclass(frozen=True, slots=True)
class PublicEvent:
    words: str
    place: str
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class PublicParcel:
    """One parcel on the customer's page."""

    title: str
    status: str
    sentence: str
    tracking_number: str
    carrier: str
    url: str
    expected_at: datetime | None
    delivered_at: datetime | None
    contents: list[tuple[str, int]]
    latest: list[PublicEvent] = field(default_factory=list)
    earlier: list[PublicEvent] = field(default_factory=list)


def public_parcels(order: Order) -> list[PublicParcel]:
    """The parcels of an order that have left, in the order in which they left. Six queries."""
    sent = [
        shipment
        for shipment in shipments_of_order(order)
        if shipment.state == ShipmentState.DISPATCHED
    ]
    days = transit_days(sent) if sent else {}
    pairs = [
        (shipment, parcel)
        for shipment in sent
        for parcel in shipment.parcels.all()
        if parcel.lines.all()
    ]
    return [
        _parcel(order, shipment, parcel, (place, len(pairs)), days[shipment.pk])
        for place, (shipment, parcel) in enumerate(pairs, start=1)
    ]


def _parcel(
    order: Order, shipment: Shipment, parcel: Parcel, place_of: tuple[int, int], days: int
) -> PublicParcel:
    place, total = place_of
    status = TrackingStatus(parcel.tracking_status)
    events = [
        PublicEvent(event.get_status_display(), event.place, event.text, event.occurred_at)
        for event in parcel.events.all()
    ]
    is_over = status in TrackingStatus.closing() or status == TrackingStatus.LOST
    return PublicParcel(
        title=f"Parcel {place} of {total}" if total > 1 else "Your parcel",
        status=status,
        sentence=PLAIN[status],
        tracking_number=parcel.tracking_number,
        carrier=carrier_name(parcel.carrier),
        url=tracking_page(parcel),
        # what was promised is said for the whole order, above its parcels
        expected_at=None if is_over or order.promised_on else expected_at(shipment, days),
        delivered_at=parcel.delivered_at,
        contents=[
            (row.fulfilment_line.order_line.name, row.quantity) for row in parcel.lines.all()
        ],
        latest=events[:SHOWN_EVENTS],
        earlier=events[SHOWN_EVENTS:],
    )


def tracking_page(parcel: Parcel) -> str:
    """The carrier's own page of a parcel; empty where there is none."""
    try:
        return carrier_named(parcel.carrier).tracking_url(parcel.tracking_number)
    except CannotLabel:
        return ""
