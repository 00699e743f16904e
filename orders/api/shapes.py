"""How the API says an order, and what it takes for one."""

from datetime import date, datetime
from typing import Annotated, Any

from pydantic import Field, StringConstraints

from core.address import Address
from core.api.shapes import NO_NUL, Country, Day, Input, Moment, Output, money
from core.models import StoredFact
from orders.api.people import Email
from orders.api.scored import RiskOut
from orders.models import Fulfilment, FulfilmentLine, Hold, Note, NoteKind, Order, OrderLine
from orders.states import (
    FulfilmentState,
    FulfilmentStatus,
    HoldKind,
    OrderState,
    PaymentStatus,
    PaymentTerms,
    ReturnStatus,
    RiskLevel,
)

Words = Annotated[str, StringConstraints(max_length=300, pattern=NO_NUL)]
LongWords = Annotated[str, StringConstraints(min_length=1, max_length=4000, pattern=NO_NUL)]
Tag = Annotated[str, StringConstraints(min_length=1, max_length=40, pattern=NO_NUL)]
CustomValue = str | int | float | bool | None


def _text(most: int) -> Any:
    return Field("", max_length=most, pattern=NO_NUL)


class AddressIn(Input):
    """A postal address; `country` is ISO 3166-1 alpha-2."""

    name: str = _text(200)
    company: str = _text(200)
    line1: str = _text(200)
    line2: str = _text(200)
    postal_code: str = _text(20)
    city: str = _text(100)
    region: str = _text(100)
    country: Country = ""
    phone: str = _text(40)

    def address(self) -> Address:
        return Address(**self.model_dump())


class AddressOut(Output):
    name: str = ""
    company: str = ""
    line1: str = ""
    line2: str = ""
    postal_code: str = ""
    city: str = ""
    region: str = ""
    country: str = ""
    phone: str = ""


class LineOut(Output):
    """One line. `backordered` units wait for stock; `total` is what the customer pays for it."""

    id: int
    position: int
    sku: str
    name: str
    quantity: int
    open: int
    cancelled: int
    shipped: int
    delivered: int
    returned: int
    backordered: int
    unit_price: str
    amount: str
    discount: str
    tax_rate: str
    tax: str
    total: str
    credited: str


class HoldOut(Output):
    id: int
    kind: HoldKind
    reason: str
    placed_by: str
    placed_at: datetime
    until: datetime | None
    released_at: datetime | None


class NoteOut(Output):
    id: int
    kind: NoteKind
    text: str
    author: str
    written_at: datetime


class FulfilmentLineOut(Output):
    line_id: int
    quantity: int
    shipped: int
    short: int


class FulfilmentOut(Output):
    """What one location is to send."""

    id: int
    number: str
    location: str
    state: FulfilmentState
    ship_by: datetime | None
    shipped_at: datetime | None
    delivered_at: datetime | None
    lines: list[FulfilmentLineOut]


class OrderRow(Output):
    """An order as a list says it."""

    id: int
    number: str
    channel: str
    external_id: str
    state: OrderState
    payment_status: PaymentStatus
    fulfilment_status: FulfilmentStatus
    return_status: ReturnStatus
    payment_terms: PaymentTerms
    customer_id: int | None
    customer_name: str
    email: str
    currency: str
    total: str
    balance: str
    units: int
    is_on_hold: bool
    risk_level: RiskLevel | None
    risk_score: int | None
    tags: list[str]
    placed_at: datetime | None
    ship_by: datetime | None
    deliver_by: date | None
    promised_on: date | None
    expected_on: date | None
    arrived_on: date | None
    version: int


class OrderOut(OrderRow):
    """An order with all that hangs on it. `version` is also its ETag."""

    phone: str
    prices_include_tax: bool
    subtotal: str
    discount_total: str
    discount_code: str
    shipping_total: str
    shipping_tax: str
    shipping_method: str
    tax_total: str
    credit_total: str
    authorised: str
    captured: str
    refunded: str
    completed_at: datetime | None
    cancelled_at: datetime | None
    cancel_reason: str
    billing_address: AddressOut
    shipping_address: AddressOut
    custom: dict[str, Any]
    lines: list[LineOut]
    holds: list[HoldOut]
    notes: list[NoteOut]
    fulfilments: list[FulfilmentOut]
    risk: RiskOut | None


class EventOut(Output):
    """One thing that happened to it."""

    id: int
    name: str
    sentence: str
    at: datetime
    actor: str
    actor_kind: str
    reason: str
    changes: dict[str, Any]


class DeliverByIn(Input):
    """The day by which its buyer asks for an order; null for none."""

    deliver_by: Day | None


class HoldIn(Input):
    kind: HoldKind
    reason: Words = ""
    until: Moment | None = None
    owner: Email | None = Field(None, description="Who settles it, by e-mail address.")


class NoteIn(Input):
    text: LongWords
    kind: NoteKind = NoteKind.STAFF


class TagsIn(Input):
    add: list[Tag] = Field([], max_length=50)
    remove: list[Tag] = Field([], max_length=50)


class CustomIn(Input):
    """Values by the field's code; null takes one away, what is not named stays."""

    values: dict[str, CustomValue] = Field(max_length=100)


class MatchIn(Input):
    sku: Annotated[str, StringConstraints(min_length=1, max_length=60, pattern=NO_NUL)]


def row_of(order: Order) -> dict[str, Any]:
    """The fields of an OrderRow; the order's channel is loaded."""
    return {
        "id": order.pk,
        "number": order.number,
        "channel": order.channel.code,
        "external_id": order.external_id,
        "state": order.state,
        "payment_status": order.payment_status,
        "fulfilment_status": order.fulfilment_status,
        "return_status": order.return_status,
        "payment_terms": order.payment_terms,
        "customer_id": order.customer_id,
        "customer_name": order.customer_name,
        "email": order.email,
        "currency": order.currency,
        "total": money(order.total, order.currency),
        "balance": money(order.balance, order.currency),
        "units": order.units,
        "is_on_hold": order.open_holds > 0,
        "risk_level": order.risk_level or None,
        "risk_score": order.risk_score,
        "tags": order.tags,
        "placed_at": order.placed_at,
        "ship_by": order.ship_by,
        "deliver_by": order.deliver_by,
        "promised_on": order.promised_on,
        "expected_on": order.expected_on,
        "arrived_on": order.arrived_on,
        "version": order.version,
    }


def order_row(order: Order) -> OrderRow:
    """An order as a list says it; its channel is loaded."""
    return OrderRow(**row_of(order))


MONEY = (
    "subtotal",
    "discount_total",
    "shipping_total",
    "shipping_tax",
    "tax_total",
    "credit_total",
    "authorised",
    "captured",
    "refunded",
)
PLAIN = (
    "phone",
    "prices_include_tax",
    "discount_code",
    "shipping_method",
    "completed_at",
    "cancelled_at",
    "cancel_reason",
    "custom",
)


def order_out(
    order: Order,
    lines: list[OrderLine],
    *,
    holds: list[Hold],
    notes: list[Note],
    fulfilments: list[Fulfilment],
    risk: RiskOut | None,
) -> OrderOut:
    """An order with all that hangs on it, from what was read already."""
    return OrderOut(
        **row_of(order),
        **_rest(order),
        billing_address=AddressOut(**vars(order.bill_to)),
        shipping_address=AddressOut(**vars(order.ship_to)),
        lines=[line_out(line, order.currency) for line in lines],
        holds=[HoldOut(id=one.pk, **_named(one, HoldOut)) for one in holds],
        notes=[
            NoteOut(
                id=one.pk,
                kind=NoteKind(one.kind),
                text=one.text,
                author=one.author_label,
                written_at=one.written_at,
            )
            for one in notes
        ],
        fulfilments=[fulfilment_out(one) for one in fulfilments],
        risk=risk,
    )


def _rest(order: Order) -> dict[str, Any]:
    amounts: dict[str, Any] = {name: money(getattr(order, name), order.currency) for name in MONEY}
    return amounts | {name: getattr(order, name) for name in PLAIN}


def _named(row: Any, shape: type[Output]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in shape.model_fields if name != "id"}


def line_out(line: OrderLine, currency: str) -> LineOut:
    return LineOut(
        id=line.pk,
        position=line.position,
        sku=line.sku,
        name=line.name,
        quantity=line.quantity,
        open=line.open,
        cancelled=line.cancelled,
        shipped=line.shipped,
        delivered=line.delivered,
        returned=line.returned,
        backordered=line.demand.backordered if line.demand else 0,
        unit_price=f"{line.unit_price.normalize():f}",
        amount=money(line.amount, currency),
        discount=money(line.discount, currency),
        tax_rate=f"{line.tax_rate.normalize():f}",
        tax=money(line.tax, currency),
        total=money(line.total, currency),
        credited=money(line.credited, currency),
    )


def fulfilment_out(one: Fulfilment) -> FulfilmentOut:
    """A fulfilment; its location and lines are loaded."""
    return FulfilmentOut(
        id=one.pk,
        number=one.number,
        location=one.location.code,
        state=FulfilmentState(one.state),
        ship_by=one.ship_by,
        shipped_at=one.shipped_at,
        delivered_at=one.delivered_at,
        lines=[_fulfilment_line(line) for line in one.lines.all()],
    )


def _fulfilment_line(line: FulfilmentLine) -> FulfilmentLineOut:
    return FulfilmentLineOut(
        line_id=line.order_line_id, quantity=line.quantity, shipped=line.shipped, short=line.short
    )


def event_out(fact: StoredFact) -> EventOut:
    return EventOut(
        id=fact.pk,
        name=fact.name,
        sentence=fact.sentence,
        at=fact.occurred_at,
        actor=fact.actor_label,
        actor_kind=fact.actor_kind,
        reason=fact.reason,
        changes=fact.changes,
    )
