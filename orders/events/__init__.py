"""What happened to orders and their fulfilments."""

from core.facts import Fact


class OrderPlaced(Fact, subject="order", is_sequenced=True):
    sentence = "Order placed: {units:unit}, {total:{currency}}"
    order_id: int
    number: str
    channel_id: int
    customer_id: int | None
    currency: str
    total: str
    units: int
    is_historical: bool


class OrderReleased(Fact, subject="order", is_sequenced=True):
    """Nothing keeps the order from moving: its fulfilments were handed to their locations."""

    sentence = "Handed to {locations}"
    order_id: int
    fulfilment_ids: list[int]
    locations: str


class OrderBackordered(Fact, subject="order", is_sequenced=True):
    sentence = "Waiting for stock: {units:unit}"
    order_id: int
    units: int


class BackorderFilled(Fact, subject="order", is_sequenced=True):
    sentence = "Stock has come for {units:unit} of {sku}"
    order_id: int
    sku: str
    units: int


class StockSetAside(Fact, subject="order", is_sequenced=True):
    """Somebody asked again for stock, and some was free."""

    sentence = "{units:unit} set aside on request"
    order_id: int
    units: int


class OrderHeld(Fact, subject="order", is_sequenced=True):
    sentence = "Put on hold ({kind}): {why}"
    order_id: int
    hold_id: int
    kind: str
    why: str


class HoldReleased(Fact, subject="order", is_sequenced=True):
    sentence = "Hold released ({kind})"
    order_id: int
    hold_id: int
    kind: str


class HoldClaimed(Fact, subject="order", is_sequenced=True):
    """Somebody settles what keeps the order; `from_owner` is whom they took it over from."""

    sentence = "Hold ({kind}) is {owner}’s to settle"
    order_id: int
    hold_id: int
    kind: str
    owner_id: int
    owner: str
    from_owner: str


class OrderAssigned(Fact, subject="order", is_sequenced=True):
    sentence = "Assigned to {assignee}"
    order_id: int
    user_id: int | None
    assignee: str


class WatchersChanged(Fact, subject="order"):
    """Who is told what happens to the order; nothing of the order itself changed."""

    sentence = "Watched by {names}"
    order_id: int
    names: str


class OrderNoted(Fact, subject="order", is_sequenced=True):
    sentence = "{kind}: {text}"
    order_id: int
    note_id: int
    kind: str
    text: str


class OrderDetailsChanged(Fact, subject="order"):
    """Values of custom fields changed; the fact's `changes` say from what to what."""

    sentence = "Changed: {fields}"
    order_id: int
    fields: str


class OrderTagged(Fact, subject="order", is_sequenced=True):
    sentence = "Tags: {tags}"
    order_id: int
    tags: str


class OrderAddressChanged(Fact, subject="order", is_sequenced=True):
    sentence = "Shipping address changed"
    order_id: int


class OrderServiceSet(Fact, subject="order", is_sequenced=True):
    """The way to send it was chosen anew; what the customer pays for it stays."""

    sentence = "To be sent with {service}"
    order_id: int
    shippingservice_id: int
    service: str


class LineMatched(Fact, subject="order", is_sequenced=True):
    """A line whose SKU was unknown now points to a variant."""

    sentence = "{line_name} is {sku}"
    order_id: int
    line_id: int
    sku: str
    line_name: str


class OrderEdited(Fact, subject="order", is_sequenced=True):
    """A change set was applied; the fact's `changes` say from what to what, action by action."""

    sentence = "Changed: {difference:{currency}}, the order comes to {total:{currency}}"
    order_id: int
    change: int
    units_added: int
    units_removed: int
    difference: str
    currency: str
    total: str
    why: str


class ChangesRequested(Fact, subject="order", is_sequenced=True):
    sentence = "Change {change} awaits approval: {why}"
    order_id: int
    change: int
    why: str


class ChangesDeclined(Fact, subject="order", is_sequenced=True):
    sentence = "Change {change} declined: {why}"
    order_id: int
    change: int
    why: str


class ChangesDiscarded(Fact, subject="order", is_sequenced=True):
    sentence = "Change {change} discarded"
    order_id: int
    change: int


class EditRuleChanged(Fact, subject="editrule"):
    """Made or edited; the fact's `changes` say from what to what."""

    sentence = "{label}: {what}"
    editrule_id: int
    label: str
    what: str


class OrderCancelled(Fact, subject="order", is_sequenced=True):
    """Units were cancelled. `is_whole`: nothing is left of the order."""

    sentence = "{units:unit} cancelled: {why}"
    order_id: int
    units: int
    credit: str
    currency: str
    is_whole: bool
    wants_refund: bool
    why: str


class OrderSplit(Fact, subject="order", is_sequenced=True):
    """Open units went to an order of their own, with their worth and what is set aside for them."""

    sentence = "{units:unit} split off into {part_number} ({amount:{currency}}): {why}"
    order_id: int
    part_id: int
    part_number: str
    units: int
    amount: str
    currency: str
    why: str


class OrderSplitOff(Fact, subject="order", is_sequenced=True):
    """The order was made of open units of another; stated of the part, beside OrderSplit."""

    sentence = "Split off from {source_number}: {units:unit}, {total:{currency}}"
    order_id: int
    number: str
    source_id: int
    source_number: str
    channel_id: int
    customer_id: int | None
    units: int
    total: str
    currency: str
    is_historical: bool


class OrderMerged(Fact, subject="order", is_sequenced=True):
    """The order took over all that was open of another."""

    sentence = "{units:unit} of {other_number} taken over ({amount:{currency}})"
    order_id: int
    other_id: int
    other_number: str
    units: int
    amount: str
    currency: str


class OrderMergedInto(Fact, subject="order", is_sequenced=True):
    """The order ended: another took over all of it, its money included."""

    sentence = "Merged into {target_number}: {units:unit}, {amount:{currency}}"
    order_id: int
    target_id: int
    target_number: str
    units: int
    amount: str
    currency: str


class OrderReshipped(Fact, subject="order", is_sequenced=True):
    """Units that were sent are sent once more at no charge, by an order of their own."""

    sentence = "{units:unit} sent again with {copy_number}: {why}"
    order_id: int
    copy_id: int
    copy_number: str
    units: int
    why: str


class OrderExpired(Fact, subject="order", is_sequenced=True):
    sentence = "Expired: not paid within {days} days"
    order_id: int
    days: int


class OrderCompleted(Fact, subject="order", is_sequenced=True):
    sentence = "Order completed"
    order_id: int


class OrderReopened(Fact, subject="order", is_sequenced=True):
    sentence = "Order is open again"
    order_id: int


class FulfilmentStarted(Fact, subject="order", is_sequenced=True):
    sentence = "Picking started at {location}"
    order_id: int
    fulfilment_id: int
    location: str


class FulfilmentPacked(Fact, subject="order", is_sequenced=True):
    sentence = "Packed at {location}"
    order_id: int
    fulfilment_id: int
    location: str


class FulfilmentShort(Fact, subject="order", is_sequenced=True):
    sentence = "{units:unit} of {sku} not found at {location}"
    order_id: int
    fulfilment_id: int
    sku: str
    units: int
    location: str


class UnitsShipped(Fact, subject="order", is_sequenced=True):
    sentence = "{units:unit} left {location}"
    order_id: int
    fulfilment_id: int
    units: int
    location: str
    is_historical: bool


class UnitsDelivered(Fact, subject="order", is_sequenced=True):
    sentence = "{units:unit} delivered"
    order_id: int
    fulfilment_id: int
    units: int
    is_historical: bool


class PricesChanged(Fact, subject="variant"):
    """What a variant costs was set; the fact's `changes` say from what to what, by currency."""

    sentence = "Prices changed: {currencies}"
    variant_id: int
    currencies: str


class TaxRateChanged(Fact, subject="taxrate"):
    """Made or edited; the fact's `changes` say from what to what."""

    sentence = "{label}: {what}"
    taxrate_id: int
    label: str
    what: str


class ShippingServiceChanged(Fact, subject="shippingservice"):
    """Made or edited; the fact's `changes` say from what to what."""

    sentence = "{label}: {what}"
    shippingservice_id: int
    label: str
    what: str


class ShippingZoneChanged(Fact, subject="shippingzone"):
    """Made or edited; the fact's `changes` say from what to what."""

    sentence = "{label}: {what}"
    shippingzone_id: int
    label: str
    what: str


class ShippingRateChanged(Fact, subject="shippingrate"):
    """Made or edited; the fact's `changes` say from what to what."""

    sentence = "{label}: {what}"
    shippingrate_id: int
    label: str
    what: str


class PriceListChanged(Fact, subject="pricelist"):
    """Made or edited; the fact's `changes` say from what to what."""

    sentence = "{label}: {what}"
    pricelist_id: int
    label: str
    what: str


class PromotionChanged(Fact, subject="promotion"):
    """Made or edited; the fact's `changes` say from what to what."""

    sentence = "{label}: {what}"
    promotion_id: int
    label: str
    what: str


class CouponChanged(Fact, subject="coupon"):
    """Made or edited; the fact's `changes` say from what to what."""

    sentence = "{label}: {what}"
    coupon_id: int
    label: str
    what: str


class ListPriceSet(Fact, subject="pricelist"):
    """One price of a price list was set or taken away; `amount` is empty for one taken away."""

    sentence = "{sku} from {min_quantity:unit}: {words}"
    pricelist_id: int
    variant_id: int
    sku: str
    min_quantity: int
    amount: str
    words: str


class ChannelPolicyChanged(Fact, subject="channel"):
    """How a channel prices, taxes or is paid; the fact's `changes` say from what to what."""

    sentence = "Changed: {fields}"
    channel_id: int
    fields: str
