"""Orders that come in through the API, and cancellations that may come before them."""

from django.http import HttpRequest, HttpResponse

from core.api.client import client_of
from core.api.errors import FieldError, Refused
from core.api.keys import offer
from core.api.rooms import Room
from core.api.shapes import answer
from core.clock import now
from oms.intake.asked import CancellationIn, CancellationOut, OrderIn, OrderPlacedOut
from oms.intake.placing import channel_asked, place_asked
from orders.api.shapes import line_out, row_of
from orders.errors import AlreadyTaken
from orders.models import Order
from orders.rights import CANCEL_ORDERS, OVERRIDE_PRICES, PLACE_ORDERS
from orders.services import cancel_external
from orders.states import OrderState

room = Room("Orders")
ORDERS = "/api/v1/orders"
offer(OVERRIDE_PRICES)


@room.changes("/orders", PLACE_ORDERS, OrderPlacedOut, status=201)
def place(request: HttpRequest, body: OrderIn) -> HttpResponse:
    """Place an order.

    A channel's order that is here already is refused with 409; `existing` says where it is.
    """
    client = client_of(request)
    channel = channel_asked(client, body.channel)
    try:
        order = place_asked(body, channel, may_override=client.may(OVERRIDE_PRICES), now=now())
    except AlreadyTaken as taken:
        raise _here_already(taken) from taken
    return answer(_placed(order), status=201, version=order.version, location=_path(order.pk))


def _placed(order: Order) -> OrderPlacedOut:
    lines = [
        line_out(line, order.currency)
        for line in order.lines.select_related("demand").order_by("position")
    ]
    return OrderPlacedOut(**row_of(order), lines=lines)


def _path(order_id: int) -> str:
    return f"{ORDERS}/{order_id}"


def _here_already(taken: AlreadyTaken) -> Refused:
    return Refused(
        409,
        taken.code,
        taken.message,
        errors=[FieldError(taken.message, taken.code, "#/external_id")],
        headers={"Location": _path(taken.order_id)},
        existing=_path(taken.order_id),
    )


@room.changes("/order-cancellations", CANCEL_ORDERS, CancellationOut)
def cancel_by_external_id(request: HttpRequest, body: CancellationIn) -> HttpResponse:
    """Cancel an order by the channel's own id, also one that is not here yet."""
    channel = channel_asked(client_of(request), body.channel)
    order = cancel_external(
        channel=channel,
        external_id=body.external_id,
        reason=body.reason or "Cancelled by the channel",
        wants_refund=body.wants_refund,
        now=now(),
    )
    return answer(
        CancellationOut(
            is_remembered=order is None,
            order_id=order.pk if order else None,
            state=OrderState(order.state) if order else None,
        )
    )
