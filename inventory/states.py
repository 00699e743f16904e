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
