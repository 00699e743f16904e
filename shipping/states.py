"""The words for where picking, shipments, labels and parcels on the road stand."""

from django.db import models


class PickState(models.TextChoices):
    """One person's way through the shelves for one fulfilment."""

    OPEN = "open", "Being picked"
    DONE = "done", "Picked"
    PUT_BACK = "put_back", "Put back"
    CLOSED = "closed", "Sent"

    @classmethod
    def live_states(cls) -> list["PickState"]:
        return [cls.OPEN, cls.DONE]


class ScanStage(models.TextChoices):
    PICK = "pick", "Pick"
    PACK = "pack", "Pack"


class ScanOutcome(models.TextChoices):
    """What a scan or a typed quantity did."""

    ITEM = "item", "Right item"
    TYPED = "typed", "Typed"
    BIN = "bin", "Right bin"
    UNDONE = "undone", "Taken back"
    SHORT = "short", "Not found"
    WRONG = "wrong", "Wrong item"
    WRONG_BIN = "wrong_bin", "Wrong bin"
    TOO_MANY = "too_many", "One too many"
    UNKNOWN = "unknown", "Unknown code"

    @classmethod
    def refused(cls) -> list["ScanOutcome"]:
        return [cls.WRONG, cls.WRONG_BIN, cls.TOO_MANY, cls.UNKNOWN]


class ShortReason(models.TextChoices):
    """Why a unit could not be picked; it decides what the stock ledger says."""

    MISSING = "missing", "Not in its place"
    DAMAGED = "damaged", "Damaged"


class ShipmentState(models.TextChoices):
    """What we decide about a shipment; where it is on the road is told by its parcels' events."""

    PREPARING = "preparing", "Being packed"
    PACKED = "packed", "Packed"
    LABELLED = "labelled", "Labelled"
    DISPATCHED = "dispatched", "Dispatched"
    CANCELLED = "cancelled", "Unpacked"

    @classmethod
    def open_states(cls) -> list["ShipmentState"]:
        """Still in the house."""
        return [cls.PREPARING, cls.PACKED, cls.LABELLED]


class LabelState(models.TextChoices):
    REQUESTED = "requested", "Being bought"
    BOUGHT = "bought", "Bought"
    FAILED = "failed", "Failed"
    VOIDING = "voiding", "Being voided"
    VOIDED = "voided", "Voided"

    @classmethod
    def live_states(cls) -> list["LabelState"]:
        """A label that was or may be paid for: at most one per parcel (invariant F1)."""
        return [cls.REQUESTED, cls.BOUGHT, cls.VOIDING]


class TrackingStatus(models.TextChoices):
    """Where a parcel is, in our own words; every carrier's are mapped to these."""

    EXPECTED = "expected", "Not handed over yet"
    DISPATCHED = "dispatched", "On its way"
    IN_TRANSIT = "in_transit", "In transit"
    OUT_FOR_DELIVERY = "out_for_delivery", "Out for delivery"
    ATTEMPTED = "attempted", "Delivery attempted"
    PICKUP_READY = "pickup_ready", "Ready for collection"
    PROBLEM = "problem", "Problem on the way"
    LOST = "lost", "Lost"
    DELIVERED = "delivered", "Delivered"
    RETURNING = "returning", "On its way back"
    RETURNED = "returned", "Came back"

    @classmethod
    def reportable(cls) -> list["TrackingStatus"]:
        """What an event may say."""
        return [status for status in cls if status != cls.EXPECTED]

    @classmethod
    def closing(cls) -> list["TrackingStatus"]:
        """From the first of these on, what else is reported no longer moves the parcel."""
        return [cls.DELIVERED, cls.RETURNING, cls.RETURNED]

    @classmethod
    def ended(cls) -> list["TrackingStatus"]:
        """Nothing more is to be waited for."""
        return [cls.DELIVERED, cls.RETURNED, cls.LOST]

    @classmethod
    def troubled(cls) -> list["TrackingStatus"]:
        """A person has to look."""
        return [cls.PROBLEM, cls.LOST, cls.RETURNING, cls.RETURNED]


class EventSource(models.TextChoices):
    """Who told that something happened to a parcel."""

    HOUSE = "house", "This house"
    STAFF = "staff", "Staff"
    COMMAND = "command", "File or command"
    CARRIER = "carrier", "Carrier"
