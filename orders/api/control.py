"""What machines do with an order in hand: release, assign, split, merge, send again; the same verbs."""

from django.http import HttpRequest, HttpResponse
from pydantic import Field

from core.api.client import client_of
from core.api.rooms import Room
from core.api.shapes import Id, Input, PathId, answer, version_asked
from core.clock import now
from orders.api.people import Email, colleague
from orders.api.reading import whole
from orders.api.shapes import OrderOut, Words
from orders.api.units import TOLD_AS, LineUnits, units_of
from orders.errors import CannotMerge
from orders.rights import EDIT_ORDERS, PLACE_ORDERS
from orders.selectors.scoped import order_within, orders_within
from orders.services import (
    allocate_now,
    assign_order,
    merge_orders,
    release_holds,
    reship_order,
    split_order,
)
from orders.states import ReshipReason

room = Room("Orders", told_as=TOLD_AS)


class AssignIn(Input):
    """Who takes care of the order, by the e-mail address of a member of staff; null: nobody."""

    email: Email | None = None


class SplitIn(Input):
    """The units that get an order of their own."""

    lines: list[LineUnits] = Field(min_length=1, max_length=2_000)
    reason: Words = ""

    def units(self) -> dict[int, int]:
        return units_of(self.lines)


class MergeIn(Input):
    """The orders that are folded into the one of the address."""

    order_ids: list[Id] = Field(min_length=1, max_length=20)


class ReshipIn(Input):
    """The units that are sent once more at no charge, and why."""

    lines: list[LineUnits] = Field(min_length=1, max_length=2_000)
    reason: ReshipReason
    note: Words = ""

    def units(self) -> dict[int, int]:
        return units_of(self.lines)


def _told(request: HttpRequest, order_id: int) -> HttpResponse:
    order = order_within(client_of(request).channel_id, order_id)
    return answer(whole(order), version=order.version)


@room.changes("/orders/{order_id}/holds/release", EDIT_ORDERS, OrderOut, is_versioned=True)
def release_all(request: HttpRequest, order_id: PathId) -> HttpResponse:
    """Release every hold of an order."""
    order_within(client_of(request).channel_id, order_id)
    release_holds(order_id=order_id, version=version_asked(request), now=now())
    return _told(request, order_id)


@room.changes("/orders/{order_id}/assign", EDIT_ORDERS, OrderOut, is_versioned=True)
def assign(request: HttpRequest, order_id: PathId, body: AssignIn) -> HttpResponse:
    """Say who takes care of an order."""
    order_within(client_of(request).channel_id, order_id)
    user = colleague(body.email)
    assign_order(order_id=order_id, user=user, version=version_asked(request), now=now())
    return _told(request, order_id)


@room.changes("/orders/{order_id}/allocate", EDIT_ORDERS, OrderOut, is_versioned=True)
def allocate(request: HttpRequest, order_id: PathId) -> HttpResponse:
    """Try again to set aside what the order waits for; whoever waits longer is served first."""
    order_within(client_of(request).channel_id, order_id)
    allocate_now(order_id=order_id, version=version_asked(request), now=now())
    return _told(request, order_id)


@room.changes("/orders/{order_id}/split", EDIT_ORDERS, OrderOut, is_versioned=True)
def split(request: HttpRequest, order_id: PathId, body: SplitIn) -> HttpResponse:
    """Give open units an order of their own; the answer is that order."""
    order_within(client_of(request).channel_id, order_id)
    part = split_order(
        order_id=order_id,
        units=body.units(),
        reason=body.reason,
        version=version_asked(request),
        now=now(),
    )
    return _told(request, part.pk)


@room.changes("/orders/{order_id}/merge", EDIT_ORDERS, OrderOut, is_versioned=True)
def merge(request: HttpRequest, order_id: PathId, body: MergeIn) -> HttpResponse:
    """Fold other open orders of the same customer to the same address into this one."""
    channel_id = client_of(request).channel_id
    order_within(channel_id, order_id)
    wanted = set(body.order_ids)
    if orders_within(channel_id).filter(pk__in=wanted).count() != len(wanted):
        raise CannotMerge(
            "One of these orders is not there, or not this key's to see.", field="order_ids"
        )
    merge_orders(
        order_id=order_id,
        other_ids=body.order_ids,
        version=version_asked(request),
        now=now(),
    )
    return _told(request, order_id)


@room.changes("/orders/{order_id}/reship", PLACE_ORDERS, OrderOut, is_versioned=True)
def reship(request: HttpRequest, order_id: PathId, body: ReshipIn) -> HttpResponse:
    """Send units once more at no charge; the answer is the order that does."""
    order_within(client_of(request).channel_id, order_id)
    copy = reship_order(
        order_id=order_id,
        units=body.units(),
        reason=body.reason,
        note=body.note,
        version=version_asked(request),
        now=now(),
    )
    return _told(request, copy.pk)
