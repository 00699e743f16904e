"""Refusals about orders, worded once."""

from core.errors import DomainError, NotPossible


class EmptyOrder(DomainError):
    code = "empty_order"


class BadLine(DomainError):
    code = "bad_line"


class BadDay(DomainError):
    """A day that cannot be asked for."""

    code = "bad_day"


class BadTotals(DomainError):
    code = "bad_totals"


class PurchaseOrderMissing(DomainError):
    """The company's orders need its purchase-order number."""

    code = "purchase_order_missing"


class AlreadyTaken(DomainError):
    """The channel's order is here already; `order_id` is the one that has its external id."""

    code = "already_taken"

    def __init__(self, message: str, *, order_id: int) -> None:
        super().__init__(message, field="external_id")
        self.order_id = order_id


class OrderNotFound(DomainError):
    code = "order_not_found"


class OutOfStock(DomainError):
    """`short` maps line positions to missing units."""

    code = "out_of_stock"

    def __init__(self, message: str, *, short: dict[int, int]) -> None:
        super().__init__(message, field="lines")
        self.short = short


class CannotCancel(NotPossible):
    code = "cannot_cancel"


class CannotHold(NotPossible):
    code = "cannot_hold"


class CannotTell(NotPossible):
    code = "cannot_tell"


class CannotAssign(NotPossible):
    code = "cannot_assign"


class CannotSplit(NotPossible):
    code = "cannot_split"


class CannotMerge(NotPossible):
    code = "cannot_merge"


class CannotReship(NotPossible):
    code = "cannot_reship"


class CannotEdit(NotPossible):
    code = "cannot_edit"


class CannotDecide(NotPossible):
    """A set of changes is not where it could be decided, or not by this person."""

    code = "cannot_decide"


class CannotFulfil(NotPossible):
    code = "cannot_fulfil"


class BadCredit(DomainError):
    code = "bad_credit"


class CouponSpent(DomainError):
    """The coupon cannot be used: unknown, taken back, used up or used by this customer already."""

    code = "coupon_spent"


class PriceTooFar(DomainError):
    """A price given by hand is further from the list price than the channel allows."""

    code = "price_too_far"


class BadPriceList(DomainError):
    code = "bad_price_list"


class BadPromotion(DomainError):
    code = "bad_promotion"


class BadQuotation(DomainError):
    code = "bad_quotation"


class CannotQuote(NotPossible):
    code = "cannot_quote"


class BadSchedule(DomainError):
    code = "bad_schedule"


class CannotRepeat(NotPossible):
    code = "cannot_repeat"


class CannotPromise(DomainError):
    code = "cannot_promise"


class CannotReview(NotPossible):
    code = "cannot_review"


class BadRiskRules(DomainError):
    code = "bad_risk_rules"


class CannotGoLive(NotPossible):
    code = "cannot_go_live"


class BadListEntry(DomainError):
    code = "bad_list_entry"


class CannotClose(DomainError):
    code = "cannot_close"


class CannotSource(NotPossible):
    """The order cannot be sent from there, or nothing of it can be moved any more."""

    code = "cannot_source"


class BadWhatIf(DomainError):
    """A what-if that cannot be asked as it is."""

    code = "bad_what_if"
