"""What machines do to an order: each operation is the verb that staff have by button."""

from django.http import HttpRequest, HttpResponse

from core import custom_fields
from core.api.client import client_of
from core.api.rooms import Room
from core.api.shapes import PathId, answer, money, version_asked
from core.clock import in_zone, now
from core.forms.custom import told_by_machine
from orders.api.people import colleague
from orders.api.reading import whole
from orders.api.shapes import (
    AddressIn,
    CustomIn,
    DeliverByIn,
    HoldIn,
    MatchIn,
    NoteIn,
    OrderOut,
    TagsIn,
)
from orders.api.units import TOLD_AS, CancelIn, CancelPreviewOut, CancelUnitsIn
from orders.models import Order
from orders.rights import CANCEL_ORDERS, EDIT_ORDERS
from orders.selectors.scoped import order_within
from orders.services import (
    add_note,
    ask_deliver_by,
    cancel_order,
    change_shipping_address,
    hold_order,
    match_line,
    preview_cancel,
    release_hold,
    set_custom_fields,
    set_tags,
)
from orders.sockets import CANCEL_EFFECTS

room = Room("Orders", told_as=TOLD_AS)


def _order(request: HttpRequest, order_id: int) -> Order:
    return order_within(client_of(request).channel_id, order_id)


def _told(request: HttpRequest, order_id: int) -> HttpResponse:
    """The order as it is now, for the answer to a change."""
    order = _order(request, order_id)
    return answer(whole(order), version=order.version)


@room.changes("/orders/{order_id}/holds", EDIT_ORDERS, OrderOut, is_versioned=True)
def hold(request: HttpRequest, order_id: PathId, body: HoldIn) -> HttpResponse:
    """Put an order on hold."""
    order = _order(request, order_id)
    hold_order(
        order_id=order_id,
        kind=body.kind,
        reason=body.reason,
        until=in_zone(body.until, order.channel.zone) if body.until else None,
        owner=colleague(body.owner, field="owner"),
        version=version_asked(request),
        now=now(),
    )
    return _told(request, order_id)


@room.changes(
    "/orders/{order_id}/holds/{hold_id}/release", EDIT_ORDERS, OrderOut, is_versioned=True
)
def release(request: HttpRequest, order_id: PathId, hold_id: PathId) -> HttpResponse:
    """Release a hold; one that is released already stays so."""
    _order(request, order_id)
    release_hold(order_id=order_id, hold_id=hold_id, version=version_asked(request), now=now())
    return _told(request, order_id)


@room.changes("/orders/{order_id}/notes", EDIT_ORDERS, OrderOut, is_versioned=True)
def note(request: HttpRequest, order_id: PathId, body: NoteIn) -> HttpResponse:
    """Write a note on an order."""
    _order(request, order_id)
    add_note(
        order_id=order_id, text=body.text, kind=body.kind, version=version_asked(request), now=now()
    )
    return _told(request, order_id)


@room.changes("/orders/{order_id}/tags", EDIT_ORDERS, OrderOut, is_versioned=True)
def tag(request: HttpRequest, order_id: PathId, body: TagsIn) -> HttpResponse:
    """Add and remove tags."""
    _order(request, order_id)
    set_tags(
        order_id=order_id,
        add=body.add,
        remove=body.remove,
        version=version_asked(request),
        now=now(),
    )
    return _told(request, order_id)


@room.changes(
    "/orders/{order_id}/shipping-address", EDIT_ORDERS, OrderOut, method="PUT", is_versioned=True
)
def change_address(request: HttpRequest, order_id: PathId, body: AddressIn) -> HttpResponse:
    """Send an order elsewhere, as long as nothing of it is packed or gone."""
    _order(request, order_id)
    change_shipping_address(
        order_id=order_id, address=body.address(), version=version_asked(request), now=now()
    )
    return _told(request, order_id)


@room.changes(
    "/orders/{order_id}/deliver-by", EDIT_ORDERS, OrderOut, method="PUT", is_versioned=True
)
def change_deliver_by(request: HttpRequest, order_id: PathId, body: DeliverByIn) -> HttpResponse:
    """Ask for another day by which an order is to arrive, or for none."""
    _order(request, order_id)
    ask_deliver_by(
        order_id=order_id, deliver_by=body.deliver_by, version=version_asked(request), now=now()
    )
    return _told(request, order_id)


@room.changes("/orders/{order_id}/custom", EDIT_ORDERS, OrderOut, method="PATCH", is_versioned=True)
def change_custom(request: HttpRequest, order_id: PathId, body: CustomIn) -> HttpResponse:
    """Set values of an order's custom fields."""
    order = _order(request, order_id)
    told = told_by_machine("orders.order", body.values)
    set_custom_fields(
        order_id=order_id,
        values=custom_fields.merged(order.custom, told),
        version=version_asked(request),
        now=now(),
    )
    return _told(request, order_id)


@room.changes("/orders/{order_id}/lines/{line_id}/match", EDIT_ORDERS, OrderOut, is_versioned=True)
def match(request: HttpRequest, order_id: PathId, line_id: PathId, body: MatchIn) -> HttpResponse:
    """Say which product an unknown SKU is."""
    _order(request, order_id)
    match_line(
        order_id=order_id, line_id=line_id, sku=body.sku, version=version_asked(request), now=now()
    )
    return _told(request, order_id)


@room.changes("/orders/{order_id}/cancel/preview", CANCEL_ORDERS, CancelPreviewOut)
def preview_cancellation(
    request: HttpRequest, order_id: PathId, body: CancelUnitsIn
) -> HttpResponse:
    """Say what cancelling would do to units and money; nothing is done."""
    order = _order(request, order_id)
    units = body.units()
    preview = preview_cancel(order, units)
    return answer(
        CancelPreviewOut(
            units=preview.units,
            credit=money(preview.credit, order.currency),
            money_to_return=money(preview.money_to_return, order.currency),
            currency=order.currency,
            is_whole=preview.is_whole,
            effects=[str(effect) for effect in CANCEL_EFFECTS.ask(order, units)],
        )
    )


@room.changes("/orders/{order_id}/cancel", CANCEL_ORDERS, OrderOut, is_versioned=True)
def cancel(request: HttpRequest, order_id: PathId, body: CancelIn) -> HttpResponse:
    """Cancel an order, or some of its units, that have not left."""
    _order(request, order_id)
    cancel_order(
        order_id=order_id,
        reason=body.reason,
        units=body.units(),
        wants_refund=body.wants_refund,
        version=version_asked(request),
        now=now(),
    )
    return _told(request, order_id)
