"""Which gateway stands behind a carrier's code; services put them in."""

from shipping.errors import CannotLabel
from shipping.gateways.base import Carrier

_carriers: dict[str, Carrier] = {}


def register_carrier(carrier: Carrier) -> Carrier:
    """Put a gateway behind its code; a later one of the same code takes its place."""
    _carriers[carrier.code] = carrier
    return carrier


def carrier_named(code: str) -> Carrier:
    """The gateway of a carrier. Raises CannotLabel."""
    try:
        return _carriers[code]
    except KeyError:
        raise CannotLabel(
            f"No carrier “{code}” is set up here; choose another shipping service.", field="service"
        ) from None


def carrier_name(code: str) -> str:
    """What people call a carrier; the code where it is not set up any more."""
    return _carriers[code].name if code in _carriers else code


def all_carriers() -> list[tuple[str, str]]:
    """Every carrier that is set up, as (code, name), by name."""
    return sorted(((one.code, one.name) for one in _carriers.values()), key=lambda one: one[1])
