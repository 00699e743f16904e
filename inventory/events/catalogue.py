"""The catalogue and the places."""

from core.facts import Fact


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


class BinsChanged(Fact, subject="location"):
    """Bins of a location were added or taken away."""

    sentence = "{added:bin} added, {removed} taken away"
    location_id: int
    added: int
    removed: int


class ClosureSet(Fact, subject="location"):
    """A location is closed on a day, or open again."""

    sentence = "{what} on {day:day}: {label}"
    location_id: int
    day: str
    label: str
    what: str
