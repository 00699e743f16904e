"""Stock levels, demand and reservations."""

from core.facts import Fact


class VariantAdded(Fact, subject="variant"):
    sentence = "{sku} added to the catalogue"
    variant_id: int
    sku: str


class StockMoved(Fact, subject="variant"):
    """Units of a variant came, went or changed condition at a location."""

    sentence = "{quantity:+d} at {location}: {reason}"
    variant_id: int
    location_id: int
    location: str
    quantity: int
    reason: str
    reference: str


class StockCounted(Fact, subject="location"):
    """A list of counts was booked at a location; the ledger has each of them."""

    sentence = "{rows} figures set: {found} more, {missing} fewer"
    location_id: int
    location: str
    rows: int
    found: int
    missing: int
    reason: str


class DemandFilled(Fact, subject="demand"):
    """Backordered demand got units; `reference` names the wish."""

    sentence = "{quantity:unit} allocated at {location}"
    demand_id: int
    variant_id: int
    location_id: int
    location: str
    quantity: int
    reference: str


class AllocationLost(Fact, subject="demand"):
    """Units set aside turned out not to be there; the demand waits again."""

    sentence = "{quantity:unit} {why} at {location}; back in the queue"
    demand_id: int
    variant_id: int
    location_id: int
    location: str
    quantity: int
    reference: str
    why: str = "not found"


class ReservationEnded(Fact, subject="reservation"):
    """Units kept under a key are kept no longer: ordered, let go, or the time was over."""

    sentence = "{quantity:unit} no longer reserved: {how}"
    reservation_id: int
    variant_id: int
    key: str
    quantity: int
    how: str


class ThresholdChanged(Fact, subject="variant"):
    """The safety stock or the bin of a variant at a location was set."""

    sentence = "{location}: safety stock {safety}, bin {bin}"
    variant_id: int
    location_id: int
    location: str
    safety: int
    bin: str
