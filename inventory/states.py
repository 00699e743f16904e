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


class LocationKind(models.TextChoices):
    WAREHOUSE = "warehouse", "Warehouse"
    STORE = "store", "Store"
    THIRD_PARTY = "third_party", "Third party"
    SUPPLIER = "supplier", "Supplier"
