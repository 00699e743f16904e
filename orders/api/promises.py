"""Promises for machines: by which day a basket would arrive, and another day for an order."""

from datetime import date, datetime
from typing import Annotated

from django.http import HttpRequest, HttpResponse
from ninja import Query
from pydantic import Field, StringConstraints

from core.api.client import client_of
from core.api.rooms import Room
from core.api.shapes import NO_NUL, Day, Input, Output, PathId, answer, version_asked
from core.clock import now
from orders.api.baskets import BasketAsked, quoted
from orders.api.reading import whole
from orders.api.shapes import OrderOut, Words
from orders.errors import BadLine
from orders.promising import Promise
from orders.rights import EDIT_ORDERS, SEE_ORDERS
from orders.selectors.quoting import LineWish
from orders.selectors.scoped import order_within
from orders.services import change_promise, promise_basket
from orders.states import PromiseBasis

room = Room("Promises")
Wish = Annotated[str, StringConstraints(min_length=1, max_length=80, pattern=NO_NUL)]
MOST_UNITS = 1_000_000


class LinesAsked(BasketAsked):
    """A basket: `line` once for each, as SKU:units; units may be left out for one."""

    line: list[Wish] = Field(min_length=1, max_length=100)


class PromiseOut(Output):
    """By which day all has arrived by one service. `basis` says what the carrier's days rest on,
    `why` every step in words.
    """

    service: str
    service_id: int
    promised_on: date
    ship_by: datetime
    basis: PromiseBasis
    why: list[str]


class PromisesOut(Output):
    """The earliest day first; none, with the reason, where nothing can be promised."""

    promises: list[PromiseOut]
    problem: str


class PromiseIn(Input):
    """Another day for an order, and why."""

    promised_on: Day
    reason: Words = Field(min_length=1)


def _out(found: Promise) -> PromiseOut:
    return PromiseOut(
        service=found.service,
        service_id=found.service_id,
        promised_on=found.promised_on,
        ship_by=found.ship_by,
        basis=PromiseBasis(found.basis.value),
        why=list(found.why),
    )


def _wish(text: str, position: int) -> LineWish:
    sku, _, units = text.rpartition(":")
    if not sku:
        return LineWish(text, 1)
    if not (units.isascii() and units.isdecimal() and 0 < int(units[:8]) <= MOST_UNITS):
        raise BadLine(
            f"Line {position}: write the SKU and how many units, such as MUG:2.",
            field=f"line.{position}",
        )
    return LineWish(sku, int(units[:8]))


@room.reads("/promises", SEE_ORDERS, PromisesOut)
def read_promises(request: HttpRequest, filters: Query[LinesAsked]) -> HttpResponse:
    """Read by which day a basket would arrive if it were ordered now, by each service."""
    moment = now()
    wishes = [_wish(text, position) for position, text in enumerate(filters.line, start=1)]
    quote, _ = quoted(request, filters, wishes, field="line", now=moment)
    offer = promise_basket(quote, country=filters.country, service_id=None, now=moment)
    found = [_out(one) for one in offer.alternatives]
    return answer(PromisesOut(promises=found, problem=offer.problem))


@room.changes("/orders/{order_id}/promise", EDIT_ORDERS, OrderOut, is_versioned=True)
def change_order_promise(request: HttpRequest, order_id: PathId, body: PromiseIn) -> HttpResponse:
    """Promise an order for another day."""
    order_within(client_of(request).channel_id, order_id)
    change_promise(
        order_id=order_id,
        promised_on=body.promised_on,
        reason=body.reason,
        version=version_asked(request),
        now=now(),
    )
    order = order_within(client_of(request).channel_id, order_id)
    return answer(whole(order), version=order.version)
