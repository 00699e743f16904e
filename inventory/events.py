"""What happened to stock and to demand for it."""

from core.facts import Fact


class StockMoved(Fact, subject="variant"):
    """Units of a variant came, went or changed condition at a location."""

    sentence = "{quantity:+d} at {location}: {reason}"
    variant_id: int
    location_id: int
    location: str
    quantity: int
    reason: str
    reference: str


class DemandFilled(Fact, subject="demand"):
    """Backordered demand got units; `reference` names the wish."""

    sentence = "{quantity} units allocated at {location}"
    demand_id: int
    variant_id: int
    location_id: int
    location: str
    quantity: int
    reference: str


class AllocationLost(Fact, subject="demand"):
    """Units set aside turned out not to be there; the demand waits again."""

    sentence = "{quantity} units at {location} were not there; back in the queue"
    demand_id: int
    variant_id: int
    location_id: int
    location: str
    quantity: int
    reference: str
