"""What sending costs: the shop's own rate table as values, and what carriers ask for parcels."""

from orders.models import ShippingRate, ShippingService
from shipping.gateways.base import RateBand


def tariff() -> list[RateBand]:
    """Our own rate table, active services only. One query."""
    return [
        RateBand(
            service=rate.zone.service.code,
            service_name=rate.zone.service.name,
            zone=rate.zone.name,
            countries=tuple(rate.zone.countries),
            transit_days=rate.zone.transit_days,
            up_to_g=rate.up_to_g,
            currency=rate.currency,
            amount=rate.amount,
            cost=rate.cost,
        )
        for rate in ShippingRate.objects.filter(
            zone__service__is_active=True, zone__service__carrier="own"
        ).select_related("zone__service")
    ]


def active_services() -> list[ShippingService]:
    return list(ShippingService.objects.filter(is_active=True))
