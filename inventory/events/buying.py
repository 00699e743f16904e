"""Suppliers, purchase orders and what is ordered again."""

from core.facts import Fact


class SupplierChanged(Fact, subject="supplier"):
    """Made or edited, its prices included; the fact's `changes` say from what to what."""

    sentence = "{label}: {what}"
    supplier_id: int
    label: str
    what: str


class PurchaseCreated(Fact, subject="purchaseorder"):
    sentence = "{number} drafted: {units:unit} from {supplier} for {location}"
    purchaseorder_id: int
    number: str
    supplier: str
    location: str
    units: int


class PurchaseChanged(Fact, subject="purchaseorder"):
    """The fact's `changes` say from what to what."""

    sentence = "Changed: {what}"
    purchaseorder_id: int
    number: str
    what: str


class PurchaseApproved(Fact, subject="purchaseorder"):
    sentence = "Approved: {total}"
    purchaseorder_id: int
    number: str
    total: str


class PurchaseReopened(Fact, subject="purchaseorder"):
    sentence = "Back to draft"
    purchaseorder_id: int
    number: str


class PurchaseSent(Fact, subject="purchaseorder"):
    """`to` is the address it was mailed to, empty where it was handed over otherwise."""

    sentence = "Sent to the supplier {how}"
    purchaseorder_id: int
    number: str
    to: str
    how: str


class ShipmentAnnounced(Fact, subject="purchaseorder"):
    """The supplier said what is on its way."""

    sentence = "{units:unit} announced for {expected_on} (delivery note {reference})"
    purchaseorder_id: int
    number: str
    reference: str
    units: int
    expected_on: str


class GoodsReceived(Fact, subject="purchaseorder"):
    """A receipt was posted; `over` and `damaged` units are among those received, `short` ones are
    missing from what was expected.
    """

    sentence = "{units:unit} received with {receipt}: {differences}"
    purchaseorder_id: int
    number: str
    receipt_id: int
    receipt: str
    location_id: int
    units: int
    short: int
    over: int
    damaged: int
    differences: str


class PurchaseReceived(Fact, subject="purchaseorder"):
    """Nothing more is to come."""

    sentence = "All of it is here"
    purchaseorder_id: int
    number: str


class PurchaseClosedShort(Fact, subject="purchaseorder"):
    sentence = "Closed short: {units:unit} not waited for"
    purchaseorder_id: int
    number: str
    units: int


class PurchaseCancelled(Fact, subject="purchaseorder"):
    sentence = "Cancelled"
    purchaseorder_id: int
    number: str


class SuggestionOrdered(Fact, subject="variant"):
    """What replenishment suggested became part of a purchase order or a transfer."""

    sentence = "{quantity:unit} for {location} put on {reference}, as suggested"
    variant_id: int
    location: str
    quantity: int
    reference: str


class SuggestionDismissed(Fact, subject="variant"):
    """Somebody knows better than the plan."""

    sentence = "{quantity:unit} suggested for {location}: dismissed until {until}"
    variant_id: int
    location: str
    quantity: int
    until: str


class ReorderRuleChanged(Fact, subject="reorderrule"):
    sentence = "{label}: {what}"
    reorderrule_id: int
    label: str
    what: str


class BuyingLimitChanged(Fact, subject="buyinglimit"):
    sentence = "{label}: {what}"
    buyinglimit_id: int
    label: str
    what: str
