"""The words for where an order, a fulfilment and their money stand."""

from django.db import models


class OrderState(models.TextChoices):
    """An order's life; the only machine of the order itself."""

    DRAFT = "draft", "Draft"
    OPEN = "open", "Open"
    COMPLETED = "completed", "Completed"
    CANCELLED = "cancelled", "Cancelled"
    EXPIRED = "expired", "Expired"


class PaymentStatus(models.TextChoices):
    """Where the money stands: a projection of the order's own money columns."""

    PENDING = "pending", "Pending"
    AUTHORISED = "authorised", "Authorised"
    PARTIALLY_PAID = "partially_paid", "Partially paid"
    PAID = "paid", "Paid"
    OVERPAID = "overpaid", "Overpaid"
    PARTIALLY_REFUNDED = "partially_refunded", "Partially refunded"
    REFUNDED = "refunded", "Refunded"
    NOT_DUE = "not_due", "Nothing to pay"

    @classmethod
    def awaiting_money(cls) -> list["PaymentStatus"]:
        return [cls.PENDING, cls.PARTIALLY_PAID]


class FulfilmentStatus(models.TextChoices):
    """Where the goods stand: a projection of the order's unit counters."""

    UNFULFILLED = "unfulfilled", "Unfulfilled"
    BACKORDERED = "backordered", "Backordered"
    ALLOCATED = "allocated", "Allocated"
    IN_PROGRESS = "in_progress", "Being picked"
    PARTIALLY_SHIPPED = "partially_shipped", "Partially shipped"
    SHIPPED = "shipped", "Shipped"
    DELIVERED = "delivered", "Delivered"
    NOT_NEEDED = "not_needed", "Nothing to ship"


class ReturnStatus(models.TextChoices):
    NONE = "none", "None"
    REQUESTED = "requested", "Return requested"
    PARTIALLY_RETURNED = "partially_returned", "Partially returned"
    RETURNED = "returned", "Returned"


class PaymentTerms(models.TextChoices):
    """When an order may leave: after its money came, or before."""

    PREPAID = "prepaid", "Paid before shipping"
    NET = "net", "On account"


class HoldKind(models.TextChoices):
    FRAUD = "fraud", "Fraud check"
    ADDRESS = "address", "Address"
    PAYMENT = "payment", "Payment"
    STOCK = "stock", "Stock"
    CUSTOMER = "customer", "Customer’s request"
    OPERATOR = "operator", "Operator"


class LinkKind(models.TextChoices):
    """Why two orders belong together."""

    SPLIT = "split", "Split off"
    MERGE = "merge", "Merged"
    RESHIP = "reship", "Sent again"


class CancelReason(models.TextChoices):
    """Why units are not sent, as people choose it."""

    CUSTOMER = "customer", "Customer’s request"
    STOCK = "stock", "Out of stock"
    PAYMENT = "payment", "Payment did not come"
    FRAUD = "fraud", "Fraud suspected"
    ADDRESS = "address", "Cannot be delivered there"
    DOUBLE = "double", "Ordered twice"
    PRICE = "price", "Wrong price"
    OTHER = "other", "Other"


class SourcingCause(models.TextChoices):
    """What made somebody decide where an order is sent from."""

    PLACED = "placed", "Placed"
    EDITED = "edited", "Edited"
    MERGED = "merged", "Merged"
    SPLIT = "split", "Split off"
    RESOURCED = "re-sourced", "Decided again"
    OVERRIDDEN = "overridden", "Overridden"


class GoodsKind(models.TextChoices):
    """Goods that a rule of sourcing asks for."""

    HAZARDOUS = "hazardous", "Hazardous goods"
    KITS = "kits", "Kits"


class Places(models.TextChoices):
    """What a rule of sourcing says of its locations."""

    ONLY = "only", "Only from"
    NOT = "not", "Not from"


class KeepTogether(models.TextChoices):
    """Which lines leave from one location or not at all."""

    NOTHING = "nothing", "Nothing"
    KITS = "kits", "The parts of each kit"
    CATEGORY = "category", "Goods of one category"


class ReshipReason(models.TextChoices):
    """Why units are sent once more at no charge."""

    LOST = "lost", "Lost on the way"
    DAMAGED = "damaged", "Damaged"
    WRONG = "wrong", "Wrong item sent"
    MISSING = "missing", "Missing in the parcel"


class FulfilmentState(models.TextChoices):
    """An instruction to one location to send things."""

    READY = "ready", "Ready to pick"
    PICKING = "picking", "Picking"
    PACKED = "packed", "Packed"
    SHIPPED = "shipped", "Shipped"
    DELIVERED = "delivered", "Delivered"
    CANCELLED = "cancelled", "Cancelled"

    @classmethod
    def open_states(cls) -> list["FulfilmentState"]:
        """The location still has something to do."""
        return [cls.READY, cls.PICKING, cls.PACKED]


class PromiseBasis(models.TextChoices):
    """What a promised day rests on."""

    LANE = "lane", "Deliveries on this way"
    ZONE = "zone", "Deliveries to this zone"
    TABLE = "table", "The carrier’s own days, and one more"
    PERSON = "person", "Set by hand"


class TaxRounding(models.TextChoices):
    LINE = "line", "Each line by itself"
    DOCUMENT = "document", "The sum of the order"


class TaxTreatment(models.TextChoices):
    TAXED = "taxed", "Taxed"
    EXEMPT = "exempt", "Exempt from tax"
    REVERSE_CHARGE = "reverse_charge", "Reverse charge: the buyer owes the tax"


class PromotionKind(models.TextChoices):
    PERCENT = "percent", "Percent off"
    FIXED = "fixed", "Amount off"
    BUY_X_GET_Y = "buy_x_get_y", "Buy some, get some"
    FREE_SHIPPING = "free_shipping", "Free shipping"


class AdjustmentKind(models.TextChoices):
    """Why a line costs less than its amount."""

    GIVEN = "given", "Given with the line"
    ORDER = "order", "Discount on the order"
    PROMOTION = "promotion", "Promotion"
    CHANGED = "changed", "Changed after placing"


class QuotationState(models.TextChoices):
    """A quote's life, one machine for each of its versions."""

    DRAFT = "draft", "Draft"
    SENT = "sent", "Sent"
    ACCEPTED = "accepted", "Accepted"
    DECLINED = "declined", "Declined"
    EXPIRED = "expired", "Expired"
    CONVERTED = "converted", "Ordered"
    WITHDRAWN = "withdrawn", "Withdrawn"

    @classmethod
    def open_states(cls) -> list["QuotationState"]:
        """Something may still come of it."""
        return [cls.DRAFT, cls.SENT, cls.ACCEPTED]


class StandingState(models.TextChoices):
    ACTIVE = "active", "Active"
    PAUSED = "paused", "Paused"
    ENDED = "ended", "Ended"


class StandingUnit(models.TextChoices):
    DAYS = "days", "days"
    WEEKS = "weeks", "weeks"
    MONTHS = "months", "months"


class RunOutcome(models.TextChoices):
    """What became of one day on which a standing order was due."""

    PLACED = "placed", "Ordered"
    REFUSED = "refused", "Refused"
    SKIPPED = "skipped", "Skipped"


class ChangeState(models.TextChoices):
    """The life of a set of changes to a placed order."""

    OPEN = "open", "Open"
    AWAITING = "awaiting", "Awaiting approval"
    CONFIRMED = "confirmed", "Applied"
    DECLINED = "declined", "Declined"
    DISCARDED = "discarded", "Discarded"


class ChangeKind(models.TextChoices):
    """What may be changed of a placed order."""

    CHANGE_PRICE = "change_price", "Change price"
    CHANGE_QUANTITY = "change_quantity", "Change quantity"
    REMOVE_LINE = "remove_line", "Remove product"
    ADD_LINE = "add_line", "Add product"
    ORDER_DISCOUNT = "order_discount", "Discount"
    CHANGE_SHIPPING = "change_shipping", "Change shipping"
    CHANGE_ADDRESS = "change_address", "Change address"


class RiskOutcome(models.TextChoices):
    """What a score leads to."""

    PASS = "pass", "Pass"
    REVIEW = "review", "Review"
    HOLD = "hold", "Hold"


class RiskLevel(models.TextChoices):
    """Where an order stands with its risk check; empty where its channel has none."""

    UNSCORED = "unscored", "Not scored yet"
    PASS = "pass", "Passed"
    REVIEW = "review", "To review"
    HOLD = "hold", "Held for review"
    APPROVED = "approved", "Approved"
    REFUSED = "refused", "Refused"
    OVER = "over", "No longer needed"

    @classmethod
    def of(cls, outcome: RiskOutcome) -> "RiskLevel":
        return cls(outcome.value)

    @classmethod
    def to_review(cls) -> list["RiskLevel"]:
        """A person still has to say."""
        return [cls.REVIEW, cls.HOLD]


class RiskRuleSetState(models.TextChoices):
    """The life of a version of the risk rules."""

    DRAFT = "draft", "Draft"
    LIVE = "live", "Live"
    RETIRED = "retired", "Retired"


class RiskSignalKind(models.TextChoices):
    """What others tell of an order's money that speaks against it."""

    DECLINED = "declined", "Payment declined"
    DISPUTED = "disputed", "Payment disputed"


class RiskListKind(models.TextChoices):
    """The lists that risk rules look things up in."""

    DISPOSABLE = "disposable", "Throw-away mail provider"
    FORWARDER = "forwarder", "Freight forwarder"
    RESALE = "resale", "Goods easily resold"
    EXPRESS = "express", "Express service"
    CUSTOMER = "customer", "Blocked customer"
    EMAIL = "email", "Blocked e-mail address"
    PHONE = "phone", "Blocked phone number"
    ADDRESS = "address", "Blocked address"
    NETWORK = "network", "Blocked network address"

    @classmethod
    def blocking(cls) -> list["RiskListKind"]:
        return [cls.CUSTOMER, cls.EMAIL, cls.PHONE, cls.ADDRESS, cls.NETWORK]

    @classmethod
    def hashed(cls) -> list["RiskListKind"]:
        """What says who somebody is: kept as keyed hashes, so that nobody reads it out of the list."""
        return [cls.EMAIL, cls.PHONE, cls.ADDRESS, cls.NETWORK]


class RiskVerdict(models.TextChoices):
    """How a review ended."""

    APPROVED = "approved", "Released"
    REFUSED = "refused", "Cancelled"
    OVER = "over", "No longer needed"


class RecommendationPlace(models.TextChoices):
    """Where goods were suggested."""

    ENTRY = "entry", "Order entry"
    QUOTE = "quote", "Quote"
    QUOTE_LINK = "quote_link", "Buyer’s page of a quote"
    API = "api", "Programs"
