"""What happened to stock and to demand for it."""

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

    sentence = "{quantity:unit} not found at {location}; back in the queue"
    demand_id: int
    variant_id: int
    location_id: int
    location: str
    quantity: int
    reference: str


class ReservationEnded(Fact, subject="reservation"):
    """Units kept under a key are kept no longer: ordered, let go, or the time was over."""

    sentence = "{quantity:unit} no longer reserved: {how}"
    reservation_id: int
    variant_id: int
    key: str
    quantity: int
    how: str


class ProductChanged(Fact, subject="product"):
    """Made or edited; the fact's `changes` say from what to what."""

    sentence = "{label}: {what}"
    product_id: int
    label: str
    what: str


class VariantChanged(Fact, subject="variant"):
    """Made or edited; the fact's `changes` say from what to what."""

    sentence = "{label}: {what}"
    variant_id: int
    label: str
    what: str


class ThresholdChanged(Fact, subject="variant"):
    """The safety stock or the bin of a variant at a location was set."""

    sentence = "{location}: safety stock {safety}, bin {bin}"
    variant_id: int
    location_id: int
    location: str
    safety: int
    bin: str


class LocationChanged(Fact, subject="location"):
    sentence = "{label}: {what}"
    location_id: int
    label: str
    what: str


class ChannelPlacesChanged(Fact, subject="channel"):
    """The locations that a channel sells from, in the order in which they are asked."""

    sentence = "{channel} sells from: {places}"
    channel_id: int
    channel: str
    places: str


class LocationAccessChanged(Fact, subject="user"):
    """Where a member of the warehouse works."""

    sentence = "Works at: {places}"
    user_id: int
    places: str
