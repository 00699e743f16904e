"""An order as programs ask for it: the shape of POST /orders and what it answers."""

from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from core.api.shapes import NO_NUL, Amount, Day, Id, Input, Moment, Output
from orders.api.shapes import AddressIn, LineOut, OrderRow, Tag, Words
from orders.states import OrderState, PaymentTerms

MOST_LINES = 500


def _text(most: int) -> Any:
    return Field("", max_length=most, pattern=NO_NUL)


class BuyerIn(Input):
    """Who buys: one of ours by `id`, or as the channel knows them; found, or added."""

    id: Id | None = None
    external_id: str = _text(100)
    email: str = Field(
        "", max_length=254, pattern=r"^([^@\s\x00]{1,64}@[^@\s\x00]+\.[^@\s\x00]+)?$"
    )
    name: str = _text(200)
    phone: str = _text(40)
    accepts_marketing: bool = False


class LineIn(Input):
    """One line. `unit_price` “list” is the price here. A tax (for the whole line) or a rate is used
    where the order gives its taxes; without either there is none.
    """

    sku: Annotated[str, StringConstraints(min_length=1, max_length=60, pattern=NO_NUL)]
    name: str = _text(300)
    quantity: int = Field(ge=1, le=1_000_000)
    unit_price: Amount | Literal["list"] = "list"
    discount: Amount = Decimal(0)
    tax_rate: Decimal | None = Field(None, ge=0, lt=1, max_digits=6, decimal_places=5)
    tax: Amount | None = None


class ShippingIn(Input):
    """How it is sent: a service by its code, and what the customer pays; null is the service's rate."""

    service: str = _text(30)
    method: str = _text(100)
    amount: Amount | None = None
    tax_rate: Decimal | None = Field(None, ge=0, lt=1, max_digits=6, decimal_places=5)
    tax: Amount | None = None


class OriginIn(Input):
    """From where the buyer ordered. Only a keyed hash of the network address is kept, for
    some weeks.
    """

    network_address: str = Field(
        "", max_length=45, pattern=r"^[0-9a-fA-F:.]*$", description="IPv4 or IPv6."
    )
    user_agent: str = _text(300)


class PaymentIn(Input):
    """Money that the channel has taken already."""

    amount: Amount
    method: str = _text(80)
    reference: str = _text(120)
    received_at: Moment | None = None


class OrderIn(Input):
    """An order to be placed. (`channel`, `external_id`) is its key for good.

    `taxes`: “compute” by our rates, or “given” on each line and on shipping. `when_short`: refuse the
    order, take it and let the rest wait, or take it and hold it for a person.
    """

    channel: str = _text(30)
    external_id: str = _text(100)
    currency: Annotated[str, StringConstraints(pattern="^[A-Z]{3}$")] | None = None
    customer: BuyerIn = BuyerIn(email="")
    shipping_address: AddressIn = AddressIn()
    billing_address: AddressIn | None = None
    lines: list[LineIn] = Field(min_length=1, max_length=MOST_LINES)
    discount: Amount = Decimal(0)
    discount_code: str = Field("", max_length=60, pattern=NO_NUL, description="Only a word.")
    coupons: list[Annotated[str, StringConstraints(max_length=40, pattern=NO_NUL)]] = Field(
        [], max_length=10, description="Codes of our promotions."
    )
    shipping: ShippingIn = ShippingIn(tax_rate=None)
    taxes: Literal["compute", "given"] = "compute"
    prices_include_tax: bool | None = None
    payments: list[PaymentIn] = Field([], max_length=20)
    payment_terms: PaymentTerms = PaymentTerms.PREPAID
    purchase_order: str = _text(60)
    placed_at: Moment | None = None
    deliver_by: Day | None = Field(None, description="The day by which its buyer asked for it.")
    when_short: Literal["reject", "backorder", "hold"] = "reject"
    reservation: str = _text(60)
    is_announced: bool = Field(False, description="The customer was told already.")
    customer_note: str = _text(4000)
    staff_note: str = _text(4000)
    tags: list[Tag] = Field([], max_length=50)
    origin: OriginIn | None = None


class OrderPlacedOut(OrderRow):
    """The order as it was placed; GET its `Location` for all that hangs on it."""

    lines: list[LineOut]


class CancellationIn(Input):
    """A channel's word that an order is cancelled, whether or not it was told here before."""

    channel: str = _text(30)
    external_id: Annotated[str, StringConstraints(min_length=1, max_length=100, pattern=NO_NUL)]
    reason: Words = ""
    wants_refund: bool = True


class CancellationOut(Output):
    """`is_remembered`: no such order is here yet; it will be born cancelled."""

    is_remembered: bool
    order_id: int | None
    state: OrderState | None
