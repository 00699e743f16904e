"""What happened to quotes and standing orders."""

from core.facts import Fact


class QuotationDrafted(Fact, subject="quotation"):
    sentence = "Quote {number} drafted: {total:{currency}}"
    quotation_id: int
    number: str
    total: str
    currency: str


class QuotationChanged(Fact, subject="quotation"):
    sentence = "Changed: now {total:{currency}}, valid until {valid_until:day}"
    quotation_id: int
    total: str
    currency: str
    valid_until: str


class QuotationSent(Fact, subject="quotation"):
    sentence = "Sent to {to}, valid until {valid_until:day}"
    quotation_id: int
    number: str
    to: str
    valid_until: str


class QuotationAccepted(Fact, subject="quotation"):
    sentence = "Accepted by {by}{under}"
    quotation_id: int
    number: str
    by: str
    under: str


class QuotationDeclined(Fact, subject="quotation"):
    sentence = "Declined by {by}: {why}"
    quotation_id: int
    number: str
    by: str
    why: str


class QuotationExpired(Fact, subject="quotation"):
    sentence = "Expired: it was valid until {valid_until:day}"
    quotation_id: int
    number: str
    valid_until: str


class QuotationWithdrawn(Fact, subject="quotation"):
    sentence = "Withdrawn: {why}"
    quotation_id: int
    number: str
    why: str


class QuotationConverted(Fact, subject="quotation"):
    sentence = "Became order {order_number}"
    quotation_id: int
    number: str
    order_id: int
    order_number: str


class QuotationNotPlaced(Fact, subject="quotation"):
    """It was accepted, but its order was refused; people decide what to do."""

    sentence = "Its order could not be placed: {why}"
    quotation_id: int
    number: str
    why: str


class StandingOrderChanged(Fact, subject="standingorder"):
    """Made, edited, paused, resumed, skipped or ended; `what` says which."""

    sentence = "{number} {what}"
    standingorder_id: int
    number: str
    what: str


class StandingOrderPlaced(Fact, subject="standingorder"):
    sentence = "Due {due_on:day}: became order {order_number}"
    standingorder_id: int
    number: str
    due_on: str
    order_id: int
    order_number: str


class StandingOrderRefused(Fact, subject="standingorder"):
    """Its order for a day could not be placed; people decide what to do."""

    sentence = "Due {due_on:day}: no order, because: {why}"
    standingorder_id: int
    number: str
    due_on: str
    why: str
