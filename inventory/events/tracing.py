"""Lots, shelf life, and what third parties count."""

from core.facts import Fact


class LotRecalled(Fact, subject="lot"):
    """A lot was called back; `freed` units of it were set aside and went back to the queue."""

    sentence = "Recalled; {freed:unit} set aside went back to the queue"
    lot_id: int
    variant_id: int
    sku: str
    code: str
    why: str
    freed: int


class LotRecallLifted(Fact, subject="lot"):
    sentence = "Recall lifted: it may be sold again"
    lot_id: int
    variant_id: int
    sku: str
    code: str


class ChannelStockRuleChanged(Fact, subject="channel"):
    """How long goods must still keep when they are set aside for the channel's orders."""

    sentence = "{channel} sends goods that keep {days:day} or longer"
    channel_id: int
    channel: str
    days: int


class SnapshotTaken(Fact, subject="location"):
    """A third party said what it has; nothing was booked."""

    sentence = "Stock counted by {location}: {rows:row}, {differing} with a difference"
    location_id: int
    location: str
    snapshot_id: int
    rows: int
    differing: int


class SnapshotDecided(Fact, subject="location"):
    """Differences to what a third party counted were booked, or left."""

    sentence = "{rows:difference} of “{file}” {what}"
    location_id: int
    snapshot_id: int
    file: str
    rows: int
    what: str
