"""What shipping adds to rules about orders: who carries its parcels, and where these are."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from core.rules.kinds import ValueKind
from core.rules.registry import Batch, Reader, plug_readers
from shipping.gateways.registry import all_carriers
from shipping.models import Parcel
from shipping.states import ShipmentState, TrackingStatus

PARCEL = "parcel"


def _parcels(batch: Batch) -> dict[int, list[tuple[str, str]]]:
    """Carrier and whereabouts of every parcel, by order. One query."""
    found: dict[int, list[tuple[str, str]]] = defaultdict(list)
    rows = (
        Parcel.objects.filter(shipment__order__in=batch.ids)
        .exclude(shipment__state=ShipmentState.CANCELLED)
        .order_by("shipment", "position")
    )
    for order_id, carrier, status in rows.values_list(
        "shipment__order", "carrier", "tracking_status"
    ):
        found[order_id].append((carrier, status))
    return found


def _of_each(place: int) -> Any:
    def read(batch: Batch) -> Mapping[int, list[str]]:
        parcels = batch.shared("parcels", _parcels)
        return {pk: [parcel[place] for parcel in parcels.get(pk, ())] for pk in batch.ids}

    return read


plug_readers(
    "order",
    Reader(
        "parcel.carrier",
        "Shipping",
        "Carrier",
        ValueKind.CHOICE,
        _of_each(0),
        each=PARCEL,
        choices=all_carriers,
    ),
    Reader(
        "parcel.status",
        "Shipping",
        "Where the parcel is",
        ValueKind.CHOICE,
        _of_each(1),
        each=PARCEL,
        choices=lambda: TrackingStatus.choices,
    ),
)
