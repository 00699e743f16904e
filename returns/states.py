"""Where a return stands, why goods come back and what becomes of them."""

from django.db import models


class ReturnState(models.TextChoices):
    REQUESTED = "requested", "Requested"
    APPROVED = "approved", "Approved"
    REJECTED = "rejected", "Rejected"
    RECEIVED = "received", "Received"
    INSPECTED = "inspected", "Inspected"
    CLOSED = "closed", "Closed"
    CANCELLED = "cancelled", "Cancelled"

    @classmethod
    def open_states(cls) -> list["ReturnState"]:
        """Somebody still has something to do."""
        return [cls.REQUESTED, cls.APPROVED, cls.RECEIVED, cls.INSPECTED]

    @classmethod
    def waiting_states(cls) -> list["ReturnState"]:
        """One of us has something to do; what was approved is on its way from the customer."""
        return [cls.REQUESTED, cls.RECEIVED, cls.INSPECTED]


class ReturnReason(models.TextChoices):
    UNWANTED = "unwanted", "No longer wanted"
    WRONG_SIZE = "wrong_size", "Does not fit"
    DAMAGED = "damaged", "Arrived damaged"
    DEFECTIVE = "defective", "Does not work"
    NOT_AS_DESCRIBED = "not_as_described", "Not as described"
    WRONG_ITEM = "wrong_item", "Wrong item sent"
    LATE = "late", "Came too late"
    OTHER = "other", "Other"
