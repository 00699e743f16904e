"""Returns for machines: announced, decided, received, inspected and refunded."""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from ninja import Query
from pydantic import Field

from core.api.client import Client, client_of
from core.api.paging import Paged, read_page
from core.api.rooms import Room
from core.api.shapes import (
    Amount,
    Id,
    Input,
    Output,
    Page,
    PathId,
    Units,
    answer,
    money,
    version_asked,
)
from core.api.texts import Word, text_field
from core.clock import now
from inventory.models import Location
from orders.selectors.scoped import order_within
from returns.errors import CannotReturn
from returns.models import ReturnRequest
from returns.rights import (
    DECIDE_RETURNS,
    RECEIVE_RETURNS,
    REFUND_RETURNS,
    REQUEST_RETURNS,
    SEE_RETURNS,
)
from returns.services import (
    Inspected,
    Wanted,
    approve_return,
    cancel_return,
    close_return,
    inspect_return,
    receive_return,
    refund_return,
    reject_return,
    request_return,
)
from returns.states import ReturnReason, ReturnState

room = Room("Returns", told_as=dict.fromkeys(("units", "received", "results"), "lines"))


class ReturnLineOut(Output):
    id: int
    order_line_id: int
    sku: str
    quantity: int
    reason: ReturnReason
    received: int
    restocked: int
    scrapped: int
    credited: int


class ReturnOut(Output):
    """Goods of one order on their way back; money in the order's currency."""

    id: int
    number: str
    order_id: int
    state: ReturnState
    note: str
    decision_note: str
    location: str | None
    currency: str
    credit: str
    refunded: str
    requested_at: datetime
    decided_at: datetime | None
    received_at: datetime | None
    inspected_at: datetime | None
    closed_at: datetime | None
    lines: list[ReturnLineOut]


class ReturnFilters(Paged):
    order_id: Id | None = None
    state: ReturnState | None = None


class WantedIn(Input):
    line_id: Id
    quantity: int = Field(ge=1, le=1_000_000)
    reason: ReturnReason


class ReturnIn(Input):
    lines: list[WantedIn] = Field(min_length=1, max_length=2_000)
    note: str = text_field(500)


class RejectIn(Input):
    """The customer reads why."""

    why: str = Field(min_length=1, max_length=500, pattern=r"^[^\x00]*$")


class ReceivedIn(Input):
    """Units of a return line that came; serial numbers where the goods have them."""

    line_id: Id
    received: Units
    serials: list[Word] = Field([], max_length=1_000)


class ReceiveIn(Input):
    location: Word = Field(description="The location's code.")
    lines: list[ReceivedIn] = Field(min_length=1, max_length=2_000)


class InspectedIn(Input):
    line_id: Id
    restocked: Units
    scrapped: Units
    credited: Units


class InspectIn(Input):
    lines: list[InspectedIn] = Field(min_length=1, max_length=2_000)


class ReturnRefundIn(Input):
    """Null gives back all that is credited and not given back yet."""

    amount: Amount | None = None


MOMENTS = ("requested_at", "decided_at", "received_at", "inspected_at", "closed_at")


def return_out(found: ReturnRequest) -> ReturnOut:
    """A return; its order, location and lines are loaded."""
    currency = found.order.currency
    told: dict[str, Any] = {name: getattr(found, name) for name in MOMENTS}
    return ReturnOut(
        id=found.pk,
        number=found.number,
        order_id=found.order_id,
        state=ReturnState(found.state),
        note=found.note,
        decision_note=found.decision_note,
        location=found.location.code if found.location else None,
        currency=currency,
        credit=money(found.credit, currency),
        refunded=money(found.refunded, currency),
        **told,
        lines=[
            ReturnLineOut(
                id=line.pk,
                order_line_id=line.order_line_id,
                sku=line.order_line.sku,
                quantity=line.quantity,
                reason=ReturnReason(line.reason),
                received=line.received,
                restocked=line.restocked,
                scrapped=line.scrapped,
                credited=line.credited,
            )
            for line in found.lines.all()
        ],
    )


def _within(client: Client) -> QuerySet[ReturnRequest]:
    returns = ReturnRequest.objects.select_related("order", "location").prefetch_related(
        "lines__order_line"
    )
    if client.channel_id is None:
        return returns
    return returns.filter(order__channel=client.channel_id)


def _one(request: HttpRequest, return_id: int) -> ReturnRequest:
    found = _within(client_of(request)).filter(pk=return_id).first()
    if found is None:
        raise Http404("No such return in this channel.")
    return found


def _told(request: HttpRequest, return_id: int, *, status: int = 200) -> HttpResponse:
    return answer(return_out(_one(request, return_id)), status=status)


@room.reads("/returns", SEE_RETURNS, Page[ReturnOut])
def list_returns(request: HttpRequest, filters: Query[ReturnFilters]) -> HttpResponse:
    """List returns, the newest first."""
    rows = _within(client_of(request))
    if filters.order_id is not None:
        rows = rows.filter(order_id=filters.order_id)
    if filters.state is not None:
        rows = rows.filter(state=filters.state)
    return answer(read_page(rows, filters, return_out, order=("-requested_at", "-id")))


@room.reads("/returns/{return_id}", SEE_RETURNS, ReturnOut)
def read_return(request: HttpRequest, return_id: PathId) -> HttpResponse:
    """Read a return."""
    return _told(request, return_id)


@room.changes(
    "/orders/{order_id}/returns", REQUEST_RETURNS, ReturnOut, status=201, is_versioned=True
)
def announce(request: HttpRequest, order_id: PathId, body: ReturnIn) -> HttpResponse:
    """Announce that units of an order come back."""
    order = order_within(client_of(request).channel_id, order_id)
    made = request_return(
        order_id=order.pk,
        wanted=[Wanted(one.line_id, one.quantity, one.reason) for one in body.lines],
        note=body.note,
        version=version_asked(request),
        now=now(),
    )
    return _told(request, made.pk, status=201)


@room.changes("/returns/{return_id}/approve", DECIDE_RETURNS, ReturnOut)
def approve_request(request: HttpRequest, return_id: PathId) -> HttpResponse:
    """Let the goods come back."""
    approve_return(return_id=_one(request, return_id).pk, now=now())
    return _told(request, return_id)


@room.changes("/returns/{return_id}/reject", DECIDE_RETURNS, ReturnOut)
def reject(request: HttpRequest, return_id: PathId, body: RejectIn) -> HttpResponse:
    """Refuse a return, with the reason the customer reads."""
    reject_return(return_id=_one(request, return_id).pk, why=body.why, now=now())
    return _told(request, return_id)


@room.changes("/returns/{return_id}/cancel", DECIDE_RETURNS, ReturnOut)
def call_off(request: HttpRequest, return_id: PathId) -> HttpResponse:
    """Call a return off: the goods do not come back after all."""
    cancel_return(return_id=_one(request, return_id).pk, now=now())
    return _told(request, return_id)


@room.changes("/returns/{return_id}/receive", RECEIVE_RETURNS, ReturnOut)
def receive(request: HttpRequest, return_id: PathId, body: ReceiveIn) -> HttpResponse:
    """Count what came."""
    found = _one(request, return_id)
    location = Location.objects.active().filter(code=body.location).first()
    if location is None:
        raise CannotReturn(f"No location has the code “{body.location}”.", field="location")
    receive_return(
        return_id=found.pk,
        location=location,
        received={one.line_id: one.received for one in body.lines},
        serials={one.line_id: one.serials for one in body.lines if one.serials},
        now=now(),
    )
    return _told(request, return_id)


@room.changes("/returns/{return_id}/inspect", RECEIVE_RETURNS, ReturnOut)
def inspect(request: HttpRequest, return_id: PathId, body: InspectIn) -> HttpResponse:
    """Decide what becomes of what came."""
    inspect_return(
        return_id=_one(request, return_id).pk,
        results={
            one.line_id: Inspected(one.restocked, one.scrapped, one.credited) for one in body.lines
        },
        now=now(),
    )
    return _told(request, return_id)


@room.changes("/returns/{return_id}/refund", REFUND_RETURNS, ReturnOut)
def refund(request: HttpRequest, return_id: PathId, body: ReturnRefundIn) -> HttpResponse:
    """Give money back for a return and close it."""
    refund_return(return_id=_one(request, return_id).pk, amount=body.amount, now=now())
    return _told(request, return_id)


@room.changes("/returns/{return_id}/close", REFUND_RETURNS, ReturnOut)
def close(request: HttpRequest, return_id: PathId) -> HttpResponse:
    """Close a return of which nothing is to be given back any more."""
    close_return(return_id=_one(request, return_id).pk, now=now())
    return _told(request, return_id)
