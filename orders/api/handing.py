"""What machines hand over of an order: holds to colleagues, news to watchers, papers and links."""

from typing import Annotated

from django.http import HttpRequest, HttpResponse
from pydantic import StringConstraints

from core import documents
from core.api.client import client_of
from core.api.papers import PaperOut, paper_out
from core.api.rooms import Room
from core.api.shapes import NO_NUL, Input, Output, PathId, answer, money, version_asked
from core.clock import now
from core.models import User
from orders.api.control import SplitIn
from orders.api.people import colleague
from orders.api.reading import whole
from orders.api.shapes import OrderOut
from orders.api.units import TOLD_AS
from orders.documents import CONFIRMATION
from orders.models import Order
from orders.rights import EDIT_ORDERS, SEE_ORDERS
from orders.selectors.scoped import order_within
from orders.services import (
    claim_hold,
    issue_tracking_link,
    preview_split,
    stop_watching,
    watch_order,
)

room = Room("Orders", told_as=TOLD_AS)


class PersonIn(Input):
    """A member of staff by their e-mail address."""

    email: Annotated[str, StringConstraints(min_length=1, max_length=254, pattern=NO_NUL)]

    def person(self) -> User:
        found = colleague(self.email)
        assert found is not None  # noqa: S101  (an address is always given)
        return found


class WatchIn(PersonIn):
    """Who wants to be told what happens to the order, or with `stops` no longer."""

    stops: bool = False


class SplitPreviewOut(Output):
    """How many units would have an order of their own, and what it would be worth."""

    units: int
    worth: str
    currency: str


class LinkOut(Output):
    """The address of a page for its customer. It is told this once."""

    address: str


def _order(request: HttpRequest, order_id: int) -> Order:
    return order_within(client_of(request).channel_id, order_id)


def _told(request: HttpRequest, order_id: int) -> HttpResponse:
    order = _order(request, order_id)
    return answer(whole(order), version=order.version)


@room.changes("/orders/{order_id}/holds/{hold_id}/claim", EDIT_ORDERS, OrderOut, is_versioned=True)
def claim(request: HttpRequest, order_id: PathId, hold_id: PathId, body: PersonIn) -> HttpResponse:
    """Say who settles what keeps the order; a colleague's is taken over."""
    _order(request, order_id)
    claim_hold(
        order_id=order_id,
        hold_id=hold_id,
        owner=body.person(),
        version=version_asked(request),
        now=now(),
    )
    return _told(request, order_id)


@room.changes("/orders/{order_id}/watchers", EDIT_ORDERS, OrderOut)
def watch(request: HttpRequest, order_id: PathId, body: WatchIn) -> HttpResponse:
    """Let a colleague be told what happens to an order, or no longer; twice is once."""
    order = _order(request, order_id)
    if body.stops:
        stop_watching(order_id=order.pk, user=body.person())
    else:
        watch_order(order_id=order.pk, user=body.person(), now=now())
    return _told(request, order_id)


@room.changes("/orders/{order_id}/split/preview", EDIT_ORDERS, SplitPreviewOut)
def preview_splitting(request: HttpRequest, order_id: PathId, body: SplitIn) -> HttpResponse:
    """Say what splitting would make; nothing is done."""
    order = _order(request, order_id)
    units = body.units()
    worth = preview_split(order, units)
    return answer(
        SplitPreviewOut(
            units=sum(units.values()), worth=money(worth, order.currency), currency=order.currency
        )
    )


@room.changes("/orders/{order_id}/confirmation", SEE_ORDERS, PaperOut)
def ask_confirmation(request: HttpRequest, order_id: PathId) -> HttpResponse:
    """Ask for the order confirmation as a document."""
    return answer(paper_out(documents.request(CONFIRMATION, _order(request, order_id).pk)))


@room.changes("/orders/{order_id}/link", EDIT_ORDERS, LinkOut)
def make_link(request: HttpRequest, order_id: PathId) -> HttpResponse:
    """Make a link to the order's page for its customer."""
    return answer(LinkOut(address=issue_tracking_link(order=_order(request, order_id), now=now())))
