"""How long parcels take: by service and zone."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from orders.models import ShippingZone
from shipping.models import Shipment

USUAL_DAYS = 3
LEAST_QUIET = timedelta(days=2)
EVERYWHERE = "*"


def transit_days(shipments: Iterable[Shipment]) -> dict[int, int]:
    """The days that each shipment's lane takes, by shipment id. One query."""
    rows = list(shipments)
    zones = list(ShippingZone.objects.filter(service_id__in={row.service_id for row in rows}))
    found = {}
    for row in rows:
        lanes = [zone for zone in zones if zone.service_id == row.service_id]
        named = [zone for zone in lanes if row.ship_country in zone.countries]
        lane = named or [zone for zone in lanes if EVERYWHERE in zone.countries]
        found[row.pk] = lane[0].transit_days if lane else USUAL_DAYS
    return found


def patience(shipment: Shipment) -> timedelta:
    """How long a carrier may be silent on this lane: its transit days, and never under two."""
    return max(LEAST_QUIET, timedelta(days=transit_days([shipment])[shipment.pk]))


def expected_at(shipment: Shipment, days: int) -> datetime | None:
    """When a shipment should arrive; None before it left."""
    return shipment.dispatched_at + timedelta(days=days) if shipment.dispatched_at else None
