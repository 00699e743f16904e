"""What machines do about risky orders: release, refuse, and tell of declines and disputes."""

from typing import Annotated

from django.http import HttpRequest, HttpResponse
from pydantic import StringConstraints

from core.api.client import client_of
from core.api.rooms import Room
from core.api.shapes import NO_NUL, Input, Moment, PathId, answer, version_asked
from core.clock import in_zone, now
from orders.api.reading import whole
from orders.api.shapes import OrderOut
from orders.rights import PLACE_ORDERS, REVIEW_RISK
from orders.selectors.scoped import order_within
from orders.services.screening import approve_order, record_signal, refuse_order
from orders.states import RiskSignalKind

room = Room("Orders")


class VerdictIn(Input):
    """Why the order is released or refused."""

    reason: Annotated[str, StringConstraints(min_length=1, max_length=300, pattern=NO_NUL)]


class SignalIn(Input):
    """A payment was declined or disputed where it was made. `ref` names it: told twice, it counts
    once.
    """

    kind: RiskSignalKind
    ref: Annotated[str, StringConstraints(min_length=1, max_length=120, pattern=NO_NUL)]
    occurred_at: Moment | None = None


def _told(request: HttpRequest, order_id: int) -> HttpResponse:
    order = order_within(client_of(request).channel_id, order_id)
    return answer(whole(order), version=order.version)


@room.changes("/orders/{order_id}/risk/approve", REVIEW_RISK, OrderOut, is_versioned=True)
def approve(request: HttpRequest, order_id: PathId, body: VerdictIn) -> HttpResponse:
    """Release an order that waits for a risk review."""
    order_within(client_of(request).channel_id, order_id)
    approve_order(order_id=order_id, reason=body.reason, version=version_asked(request), now=now())
    return _told(request, order_id)


@room.changes("/orders/{order_id}/risk/refuse", REVIEW_RISK, OrderOut, is_versioned=True)
def refuse(request: HttpRequest, order_id: PathId, body: VerdictIn) -> HttpResponse:
    """Cancel an order that waits for a risk review; what was paid goes back."""
    order_within(client_of(request).channel_id, order_id)
    refuse_order(order_id=order_id, reason=body.reason, version=version_asked(request), now=now())
    return _told(request, order_id)


@room.changes("/orders/{order_id}/risk/signals", PLACE_ORDERS, OrderOut, is_versioned=True)
def tell_signal(request: HttpRequest, order_id: PathId, body: SignalIn) -> HttpResponse:
    """Tell of a declined or disputed payment; an order with a risk check is scored again."""
    order = order_within(client_of(request).channel_id, order_id)
    moment = now()
    at = in_zone(body.occurred_at, order.channel.zone) if body.occurred_at else moment
    record_signal(
        order_id=order_id,
        kind=body.kind,
        ref=f"{order.channel_id}:{body.ref}",
        occurred_at=at,
        version=version_asked(request),
        now=moment,
    )
    return _told(request, order_id)
