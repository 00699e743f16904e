"""Closing parcels: what they must hold, weigh and measure before they are packed."""

from collections.abc import Mapping
from dataclasses import dataclass

from orders.models import Order, ShippingService
from shipping.errors import BadParcel, CannotPack
from shipping.models import PickLine, Shipment
from shipping.selectors.rates import active_services
from shipping.selectors.work import packing_notes
from shipping.services.scans import item_name

MOST_GRAMS = 1_000_000
MOST_MM = 5_000


@dataclass(frozen=True, slots=True)
class Box:
    """The measures of one parcel: grams and millimetres; sides of zero are not measured."""

    weight_g: int
    length_mm: int = 0
    width_mm: int = 0
    height_mm: int = 0


def check_instructions(order: Order, shipment: Shipment) -> None:
    unread = [
        note for note in packing_notes(order.pk) if note.pk not in shipment.acknowledged_notes
    ]
    if unread:
        raise CannotPack(
            f"Read and confirm the packing instruction first: “{unread[0].text[:120]}”."
        )


def check_counts(lines: list[PickLine], *, is_partial: bool) -> None:
    """Raises CannotPack when parcels hold too much, or too little of what is wanted."""
    for line in lines:
        if line.packed > line.wanted:
            raise CannotPack(
                f"{line.packed - line.wanted} × {item_name(line)} were cancelled after they were"
                " packed; take them out of the parcel."
            )
    missing = [line for line in lines if line.packed < line.wanted]
    if missing and not is_partial:
        words = ", ".join(f"{line.wanted - line.packed} × {item_name(line)}" for line in missing)
        raise CannotPack(
            f"Not packed yet: {words}. Pack them, or ship what is there and leave the rest open."
        )


def measure(shipment: Shipment, boxes: Mapping[int, Box]) -> None:
    parcels = list(shipment.parcels.prefetch_related("lines", "labels"))
    filled = [one for one in parcels if one.lines.all()]
    if not filled:
        raise CannotPack("Nothing is in a parcel yet; scan the items into one.")
    for parcel in filled:
        box = boxes.get(parcel.pk)
        if box is None or not 0 < box.weight_g <= MOST_GRAMS:
            raise BadParcel(
                f"Parcel {parcel.position} needs a weight: from 1 g up to {MOST_GRAMS // 1000:,} kg.",
                field=f"weight_{parcel.pk}",
            )
        if any(not 0 <= side <= MOST_MM for side in (box.length_mm, box.width_mm, box.height_mm)):
            raise BadParcel(
                f"Parcel {parcel.position}: no side is longer than {MOST_MM // 10} cm.",
                field=f"length_{parcel.pk}",
            )
        parcel.weight_g, parcel.length_mm = box.weight_g, box.length_mm
        parcel.width_mm, parcel.height_mm = box.width_mm, box.height_mm
        parcel.save(update_fields=["weight_g", "length_mm", "width_mm", "height_mm"])
    for parcel in parcels:
        if parcel not in filled and not parcel.labels.all():
            parcel.delete()


def service_of(service_id: int | None, order: Order) -> ShippingService:
    """The service to send with: the one named, else the order's, else the only one there is."""
    services = active_services()
    wanted = service_id or order.shipping_service_id
    found = next((one for one in services if one.pk == wanted), None)
    if found is None and not wanted and len(services) == 1:
        found = services[0]
    if found is None:
        raise CannotPack("Choose the shipping service that the parcels go with.", field="service")
    return found
