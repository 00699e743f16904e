"""Refusals about stock, worded once."""

from core.errors import DomainError, NotPossible


class BadQuantity(DomainError):
    code = "bad_quantity"


class NotEnoughStock(DomainError):
    """`short` maps a variant id to the units that are missing."""

    code = "not_enough_stock"

    def __init__(self, message: str, *, short: dict[int, int], field: str | None = None) -> None:
        super().__init__(message, field=field)
        self.short = short


class StockMoved(DomainError):
    """Units that were looked at without a lock are not there any more, or were too few."""

    code = "stock_moved"

    def __init__(self) -> None:
        super().__init__("Somebody else took the stock in the same moment; try again.")


class BadLot(DomainError):
    """The lot or serial number is missing, contradicts what is known, or may not be used."""

    code = "bad_lot"


class HasStock(DomainError):
    """Units lie in stock, or are wanted, that the change would leave without a rule."""

    code = "has_stock"


class StillWanted(HasStock):
    """Units of what is no longer to be sold lie in stock or are wanted; somebody may confirm it."""

    code = "still_wanted"


class NothingAllocated(DomainError):
    code = "nothing_allocated"


class SkuTaken(DomainError):
    """The SKU or barcode belongs to another variant."""

    code = "sku_taken"


class CannotBuy(DomainError):
    """The purchase order does not allow this, as it stands."""

    code = "cannot_buy"


class BadPurchase(DomainError):
    """Something about a supplier, a price or a purchase order makes no sense."""

    code = "bad_purchase"


class CannotReceive(DomainError):
    """The goods cannot be taken in like this."""

    code = "cannot_receive"


class OverReceipt(CannotReceive):
    """More came than was ordered and is tolerated."""

    code = "over_receipt"


class BadSerial(DomainError):
    """A serial number is missing, or belongs to another unit."""

    code = "bad_serial"


class CannotTransfer(NotPossible):
    """The transfer is not in a state for that, or the units are not what was sent."""

    code = "cannot_transfer"


class CannotCount(NotPossible):
    """The count is not in a state for that, or there is nothing to count."""

    code = "cannot_count"


class CannotAssemble(NotPossible):
    """The parts list is missing or goes in a circle, or the order is not in a state for that."""

    code = "cannot_assemble"


class BadPlace(DomainError):
    """A bin, a closure or an address that cannot be."""

    code = "bad_place"


class CannotPlan(NotPossible):
    """The suggestion was decided already, cannot be ordered, or a plan is being made."""

    code = "cannot_plan"


class CannotDecide(NotPossible):
    """The difference was decided already, or the snapshot is not there."""

    code = "cannot_decide"


class BadRule(DomainError):
    """A reorder rule names something unknown, or the same thing twice."""

    code = "bad_rule"
