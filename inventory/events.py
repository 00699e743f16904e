"""What happened to stock and to demand for it."""

from core.facts import Fact


class VariantAdded(Fact, subject="variant"):
    sentence = "{sku} added to the catalogue"
    variant_id: int
    sku: str


class StockMoved(Fact, subject="variant"):
    """Units of a variant came, went or changed condition at a location."""

    sentence = "{quantity:+d} at {location}: {reason}"
    variant_id: int
    location_id: int
    location: str
    quantity: int
    reason: str
    reference: str


class StockCounted(Fact, subject="location"):
    """A list of counts was booked at a location; the ledger has each of them."""

    sentence = "{rows} figures set: {found} more, {missing} fewer"
    location_id: int
    location: str
    rows: int
    found: int
    missing: int
    reason: str


class DemandFilled(Fact, subject="demand"):
    """Backordered demand got units; `reference` names the wish."""

    sentence = "{quantity:unit} allocated at {location}"
    demand_id: int
    variant_id: int
    location_id: int
    location: str
    quantity: int
    reference: str


class AllocationLost(Fact, subject="demand"):
    """Units set aside turned out not to be there; the demand waits again."""

    sentence = "{quantity:unit} {why} at {location}; back in the queue"
    demand_id: int
    variant_id: int
    location_id: int
    location: str
    quantity: int
    reference: str
    why: str = "not found"


class ReservationEnded(Fact, subject="reservation"):
    """Units kept under a key are kept no longer: ordered, let go, or the time was over."""

    sentence = "{quantity:unit} no longer reserved: {how}"
    reservation_id: int
    variant_id: int
    key: str
    quantity: int
    how: str


class ProductChanged(Fact, subject="product"):
    """Made or edited; the fact's `changes` say from what to what."""

    sentence = "{label}: {what}"
    product_id: int
    label: str
    what: str


class VariantChanged(Fact, subject="variant"):
    """Made or edited; the fact's `changes` say from what to what."""

    sentence = "{label}: {what}"
    variant_id: int
    label: str
    what: str


class ThresholdChanged(Fact, subject="variant"):
    """The safety stock or the bin of a variant at a location was set."""

    sentence = "{location}: safety stock {safety}, bin {bin}"
    variant_id: int
    location_id: int
    location: str
    safety: int
    bin: str


class LocationChanged(Fact, subject="location"):
    sentence = "{label}: {what}"
    location_id: int
    label: str
    what: str


class ChannelPlacesChanged(Fact, subject="channel"):
    """The locations that a channel sells from, in the order in which they are asked."""

    sentence = "{channel} sells from: {places}"
    channel_id: int
    channel: str
    places: str


class LocationAccessChanged(Fact, subject="user"):
    """Where a member of the warehouse works."""

    sentence = "Works at: {places}"
    user_id: int
    places: str


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


class BinsChanged(Fact, subject="location"):
    """Bins of a location were added or taken away."""

    sentence = "{added:bin} added, {removed} taken away"
    location_id: int
    added: int
    removed: int


class ClosureSet(Fact, subject="location"):
    """A location is closed on a day, or open again."""

    sentence = "{what} on {day}: {label}"
    location_id: int
    day: str
    label: str
    what: str


class TransferPlanned(Fact, subject="transfer"):
    sentence = "{units:unit} from {source} to {target} planned: {what}"
    transfer_id: int
    number: str
    source: str
    target: str
    units: int
    what: str


class TransferShipped(Fact, subject="transfer"):
    sentence = "{units:unit} left {source}"
    transfer_id: int
    number: str
    source: str
    units: int


class TransferReceived(Fact, subject="transfer"):
    sentence = "{units:unit} came to {target}, {damaged} of them damaged"
    transfer_id: int
    number: str
    target: str
    units: int
    damaged: int


class TransferUnitsLost(Fact, subject="transfer"):
    """Units that were sent will not come; `how` says why."""

    sentence = "{units:unit} of {sku} given up: {how}"
    transfer_id: int
    number: str
    sku: str
    units: int
    how: str


class TransferCancelled(Fact, subject="transfer"):
    sentence = "Cancelled before anything left"
    transfer_id: int
    number: str


class CountOpened(Fact, subject="countsession"):
    sentence = "{lines:line} to count at {location}: {scope}"
    countsession_id: int
    number: str
    location: str
    lines: int
    scope: str


class CountSubmitted(Fact, subject="countsession"):
    sentence = "{lines:line} counted, {differing} with a difference"
    countsession_id: int
    number: str
    lines: int
    differing: int


class RecountAsked(Fact, subject="countsession"):
    sentence = "{lines:line} to be counted once more"
    countsession_id: int
    number: str
    lines: int


class CountBooked(Fact, subject="countsession"):
    """The differences are in the ledger."""

    sentence = "Booked: {found} found, {missing} missing"
    countsession_id: int
    number: str
    location: str
    found: int
    missing: int


class CountCancelled(Fact, subject="countsession"):
    sentence = "Cancelled; nothing was booked"
    countsession_id: int
    number: str


class AssemblyPlanned(Fact, subject="assemblyorder"):
    sentence = "{quantity:unit} of {sku} at {location} planned"
    assemblyorder_id: int
    number: str
    sku: str
    location: str
    quantity: int


class AssemblyStarted(Fact, subject="assemblyorder"):
    sentence = "Taken from stock: {units:unit}"
    assemblyorder_id: int
    number: str
    units: int


class AssemblyFinished(Fact, subject="assemblyorder"):
    sentence = "Done: {made:unit} of {sku}"
    assemblyorder_id: int
    number: str
    sku: str
    made: int


class AssemblyCancelled(Fact, subject="assemblyorder"):
    sentence = "Cancelled; what was taken lies in stock again"
    assemblyorder_id: int
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


class LotRecalled(Fact, subject="lot"):
    """A lot was called back; `freed` units of it were set aside and went back to the queue."""

    sentence = "Recalled: {why}; {freed:unit} set aside went back to the queue"
    lot_id: int
    variant_id: int
    sku: str
    code: str
    why: str
    freed: int


class LotRecallLifted(Fact, subject="lot"):
    sentence = "Recall lifted: it may be sold again"
    lot_id: int
    variant_id: int
    sku: str
    code: str


class ChannelStockRuleChanged(Fact, subject="channel"):
    """How long goods must still keep when they are set aside for the channel's orders."""

    sentence = "{channel} sends goods that keep {days:day} or longer"
    channel_id: int
    channel: str
    days: int


class SnapshotTaken(Fact, subject="location"):
    """A third party said what it has; nothing was booked."""

    sentence = "Stock counted by {location}: {rows:row}, {differing} with a difference"
    location_id: int
    location: str
    snapshot_id: int
    rows: int
    differing: int


class SnapshotDecided(Fact, subject="location"):
    """Differences to what a third party counted were booked, or left."""

    sentence = "{rows:difference} of “{file}” {what}"
    location_id: int
    snapshot_id: int
    file: str
    rows: int
    what: str
