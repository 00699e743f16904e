"""Reading orders: the list, one with all that hangs on it, and what happened to it."""

from typing import Annotated

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from ninja import Query
from pydantic import Field, StringConstraints

from core.api.client import client_of
from core.api.paging import Paged, read_page
from core.api.rooms import Room
from core.api.shapes import NO_NUL, Id, Moment, Page, PathId, answer
from core.models import StoredFact
from orders.api.scored import risk_of
from orders.api.shapes import (
    EventOut,
    OrderOut,
    OrderRow,
    event_out,
    order_out,
    order_row,
)
from orders.filters import has_sku
from orders.models import Order
from orders.rights import SEE_ORDERS
from orders.selectors import lines_of
from orders.selectors.scoped import fulfilments_of, order_within, orders_within
from orders.states import FulfilmentStatus, OrderState, PaymentStatus, RiskLevel

room = Room("Orders")
Word = Annotated[str, StringConstraints(min_length=1, max_length=100, pattern=NO_NUL)]


class OrderFilters(Paged):
    """Filters of the list; all that are given must hold."""

    channel: Word | None = Field(None, description="The channel's code.")
    external_id: Word | None = None
    number: Word | None = None
    state: OrderState | None = None
    payment_status: PaymentStatus | None = None
    fulfilment_status: FulfilmentStatus | None = None
    risk_level: RiskLevel | None = None
    customer_id: Id | None = None
    email: Word | None = None
    sku: Word | None = None
    tag: Word | None = None
    is_on_hold: bool | None = None
    placed_from: Moment | None = None
    placed_before: Moment | None = None


EXACT = (
    "external_id",
    "number",
    "state",
    "payment_status",
    "fulfilment_status",
    "risk_level",
    "customer_id",
)


def _narrowed(rows: QuerySet[Order], asked: OrderFilters) -> QuerySet[Order]:
    wanted = Q(**{name: value for name in EXACT if (value := getattr(asked, name)) is not None})
    if asked.channel is not None:
        wanted &= Q(channel__code=asked.channel)
    if asked.email is not None:
        wanted &= Q(email__iexact=asked.email)
    if asked.sku is not None:
        wanted &= Q(has_sku(asked.sku))
    if asked.tag is not None:
        wanted &= Q(tags__contains=[asked.tag.lower()])
    if asked.is_on_hold is not None:
        held = Q(open_holds__gt=0)
        wanted &= held if asked.is_on_hold else ~held
    if asked.placed_from is not None:
        wanted &= Q(placed_at__gte=asked.placed_from)
    if asked.placed_before is not None:
        wanted &= Q(placed_at__lt=asked.placed_before)
    return rows.filter(wanted)


@room.reads("/orders", SEE_ORDERS, Page[OrderRow])
def list_orders(request: HttpRequest, filters: Query[OrderFilters]) -> HttpResponse:
    """List orders, the newest first."""
    rows = orders_within(client_of(request).channel_id).filter(placed_at__isnull=False)
    narrowed = _narrowed(rows, filters)
    return answer(read_page(narrowed, filters, order_row, order=("-placed_at", "-id")))


def whole(order: Order) -> OrderOut:
    """An order with all that hangs on it. Five queries, and two more where it was scored."""
    return order_out(
        order,
        lines_of(order),
        holds=list(order.holds.all()),
        notes=list(order.notes.all()),
        fulfilments=fulfilments_of(order),
        risk=risk_of(order),
    )


@room.reads("/orders/{order_id}", SEE_ORDERS, OrderOut)
def read_order(request: HttpRequest, order_id: PathId) -> HttpResponse:
    """Read an order with its lines, money, holds, notes and fulfilments."""
    order = order_within(client_of(request).channel_id, order_id)
    return answer(whole(order), version=order.version)


@room.reads("/orders/{order_id}/events", SEE_ORDERS, Page[EventOut])
def list_order_events(
    request: HttpRequest, order_id: PathId, filters: Query[Paged]
) -> HttpResponse:
    """List what happened to an order, the latest first."""
    order = order_within(client_of(request).channel_id, order_id)
    rows = StoredFact.objects.filter(subject_type="order", subject_id=order.pk)
    return answer(read_page(rows, filters, event_out))
