"""The carriers that are set up: our own deliveries, always."""

from core.numbers import next_values
from shipping.gateways.own import OwnCarrier
from shipping.gateways.registry import register_carrier
from shipping.selectors.rates import tariff


def _next_serial() -> int:
    return next_values("shipping_own_serial")[0]


OWN = register_carrier(OwnCarrier(tariff=tariff, next_serial=_next_serial))
