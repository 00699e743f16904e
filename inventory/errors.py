"""Refusals about stock, worded once."""

from core.errors import DomainError


class BadQuantity(DomainError):
    code = "bad_quantity"


class NotEnoughStock(DomainError):
    """`short` maps a variant id to the units that are missing."""

    code = "not_enough_stock"

    def __init__(self, message: str, *, short: dict[int, int], field: str | None = None) -> None:
        super().__init__(message, field=field)
        self.short = short


class BadLot(DomainError):
    """The lot or serial number is missing, contradicts what is known, or may not be used."""

    code = "bad_lot"


class NothingAllocated(DomainError):
    code = "nothing_allocated"


class SkuTaken(DomainError):
    """The SKU or barcode belongs to another variant."""

    code = "sku_taken"
