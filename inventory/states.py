"""The conditions of units, the reasons of movements and the kinds of places."""

from django.db import models


class Condition(models.TextChoices):
    """What may be done with a unit that lies at a location."""

    SELLABLE = "sellable", "Sellable"
    QUALITY_CONTROL = "quality_control", "In quality control"
    DAMAGED = "damaged", "Damaged"


class MovementReason(models.TextChoices):
    """Why units moved; every movement has one."""

    OPENING = "opening", "Opening stock"
    RECEIPT = "receipt", "Goods received"
    SHIPMENT = "shipment", "Shipped to a customer"
    SHIPMENT_UNDONE = "shipment_undone", "Shipment undone"
    RETURN = "return", "Returned by a customer"
    FOUND = "found", "Found"
    LOST = "lost", "Lost"
    DAMAGED = "damaged", "Damaged"
    INSPECTED = "inspected", "Inspected"
    SCRAPPED = "scrapped", "Scrapped"
    COUNT = "count", "Count"
    CORRECTION = "correction", "Correction"
    TRANSFER_OUT = "transfer_out", "Sent to another location"
    TRANSFER_IN = "transfer_in", "Came from another location"
    USED = "used", "Used in assembly"
    ASSEMBLED = "assembled", "Assembled"
    SUPPLIER_RETURN = "supplier_return", "Sent back to the supplier"

    @classmethod
    def for_adjustment(cls) -> list["MovementReason"]:
        """The reasons that a person may give when adjusting stock by hand."""
        return [
            cls.RECEIPT,
            cls.FOUND,
            cls.LOST,
            cls.DAMAGED,
            cls.SCRAPPED,
            cls.COUNT,
            cls.CORRECTION,
        ]


class VariantKind(models.TextChoices):
    """How a variant comes into being for a buyer."""

    STOCKED = "stocked", "Stocked"
    KIT = "kit", "Kit, put together when it is sent"
    SERVICE = "service", "Service, without stock"


class Tracking(models.TextChoices):
    """By what units of a variant are told apart."""

    NONE = "none", "Not tracked"
    LOT = "lot", "By lot"
    SERIAL = "serial", "By serial number"


class SerialState(models.TextChoices):
    """Where one unit with a number of its own is in its life."""

    IN_STOCK = "in_stock", "In stock"
    SHIPPED = "shipped", "Shipped"
    GONE = "gone", "Gone"
    TO_FIND = "to_find", "To be found"


class ReservationEnd(models.TextChoices):
    """How a reservation ended."""

    ORDERED = "ordered", "Ordered"
    RELEASED = "released", "Released"
    EXPIRED = "expired", "Expired"


class LocationKind(models.TextChoices):
    WAREHOUSE = "warehouse", "Warehouse"
    STORE = "store", "Store"
    THIRD_PARTY = "third_party", "Third party"
    SUPPLIER = "supplier", "Supplier"


class PurchaseState(models.TextChoices):
    """Where a purchase order is in its life."""

    DRAFT = "draft", "Draft"
    APPROVED = "approved", "Approved"
    SENT = "sent", "Sent"
    PARTLY_RECEIVED = "partly_received", "Partly received"
    RECEIVED = "received", "Received"
    CLOSED_SHORT = "closed_short", "Closed short"
    CANCELLED = "cancelled", "Cancelled"

    @classmethod
    def coming_states(cls) -> tuple["PurchaseState", ...]:
        """The supplier has it, and goods are still to come."""
        return (cls.SENT, cls.PARTLY_RECEIVED)

    @classmethod
    def open_states(cls) -> tuple["PurchaseState", ...]:
        """Decided on, and not all of it is here."""
        return (cls.APPROVED, *cls.coming_states())


class ReceiptState(models.TextChoices):
    """Where the counting of a delivery is."""

    COUNTING = "counting", "Being counted"
    POSTED = "posted", "Posted"
    DISCARDED = "discarded", "Discarded"


class SplitBy(models.TextChoices):
    """By what a cost of the way in is spread over the goods."""

    VALUE = "value", "By value"
    QUANTITY = "quantity", "By quantity"
    WEIGHT = "weight", "By weight"


class Difference(models.TextChoices):
    """Why a delivery differs from what was expected."""

    SHORT_SHIPPED = "short_shipped", "Not in the delivery"
    REFUSED_DAMAGED = "refused_damaged", "Damaged, refused at the door"
    WRONG_ITEM = "wrong_item", "Another item came instead"
    OVER_SHIPPED = "over_shipped", "More than ordered came"
    FREE_GOODS = "free_goods", "Free goods or samples"
    DAMAGED = "damaged", "Arrived damaged"
    OTHER = "other", "Something else"

    @classmethod
    def of_short(cls) -> list["Difference"]:
        return [cls.SHORT_SHIPPED, cls.REFUSED_DAMAGED, cls.WRONG_ITEM, cls.OTHER]

    @classmethod
    def of_over(cls) -> list["Difference"]:
        return [cls.OVER_SHIPPED, cls.FREE_GOODS, cls.OTHER]


class TransferState(models.TextChoices):
    """How far goods are on their way from one of our locations to another."""

    DRAFT = "draft", "Draft"
    SHIPPED = "shipped", "In transit"
    PARTLY_RECEIVED = "partly_received", "Partly received"
    RECEIVED = "received", "Received"
    CANCELLED = "cancelled", "Cancelled"

    @classmethod
    def under_way(cls) -> list["TransferState"]:
        return [cls.SHIPPED, cls.PARTLY_RECEIVED]

    @classmethod
    def open_states(cls) -> list["TransferState"]:
        return [cls.DRAFT, *cls.under_way()]


class LossReason(models.TextChoices):
    """Why units that were sent never came."""

    NOT_SENT = "not_sent", "Was never in the parcel"
    LOST = "lost", "Lost on the way"
    DAMAGED = "damaged", "Broken on the way, thrown away"


class CountState(models.TextChoices):
    """Where a count of part of a location is."""

    OPEN = "open", "Being counted"
    SUBMITTED = "submitted", "To be approved"
    APPROVED = "approved", "Booked"
    CANCELLED = "cancelled", "Cancelled"


class CountMethod(models.TextChoices):
    """How it was decided what is counted."""

    ALL = "all", "Everything there"
    BIN = "bin", "Bins"
    CATEGORY = "category", "A category"
    SAMPLE = "sample", "A random sample"
    ABC = "abc", "A class by what leaves"
    SKUS = "skus", "A list of SKUs"


class AssemblyState(models.TextChoices):
    """Where the making (or taking apart) of a whole is."""

    DRAFT = "draft", "Planned"
    STARTED = "started", "Being made"
    DONE = "done", "Done"
    CANCELLED = "cancelled", "Cancelled"


class SuggestionKind(models.TextChoices):
    """Where units that are needed come from."""

    PURCHASE = "purchase", "Buy"
    TRANSFER = "transfer", "Transfer"


class SuggestionState(models.TextChoices):
    """What became of a suggestion to order."""

    OPEN = "open", "Open"
    ORDERED = "ordered", "Ordered"
    DISMISSED = "dismissed", "Dismissed"
    OUTDATED = "outdated", "No longer needed"


class SnapshotDecision(models.TextChoices):
    """What was made of a difference to what a third party counted."""

    AGREES = "agrees", "Agrees"
    OPEN = "open", "To decide"
    ACCEPTED = "accepted", "Booked"
    REFUSED = "refused", "Left as it is"
