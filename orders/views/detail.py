"""One order on one page: what keeps it from moving, what it is, and all that hangs on it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from core import messages
from core.access import requires, staff_of
from core.listing import neighbours
from core.panels import late_panel
from orders.forms import NoteForm
from orders.rights import SEE_ORDERS
from orders.selectors import (
    adjustments_of,
    allocations_by_line,
    blockers_of,
    lines_of,
    order_seen_by,
)
from orders.selectors.attached import attached_to
from orders.selectors.changing import changes_of
from orders.selectors.control import holds_of, links_of, moved_units, watchers_of
from orders.selectors.merging import like_orders
from orders.selectors.papers import papers_of
from orders.selectors.promises import promises_of
from orders.services import mark_seen
from orders.sockets import ORDER_PAGE
from orders.states import OrderState
from orders.tables import OrderList


@requires(SEE_ORDERS)
def order_detail(request: HttpRequest, order_id: int) -> HttpResponse:
    """The order's page."""
    user = staff_of(request)
    order = order_seen_by(user, order_id)
    lines = lines_of(order)
    has = attached_to(order)
    watchers = watchers_of(order) if has.watchers else []
    if any(row.user_id == user.pk and row.seen_version < order.version for row in watchers):
        mark_seen(order=order, user=user)
    held_at = allocations_by_line(lines)
    blockers = blockers_of(order, lines)
    links = links_of(order) if has.links else []
    has_given = any(link.source_id == order.pk for link in links)
    moved = moved_units(lines) if has_given else {}
    reasons, shipping_reasons = adjustments_of(order, lines) if has.adjustments else ({}, [])
    return render(
        request,
        "orders/order_detail.html",
        {
            "order": order,
            "beside": neighbours(request, OrderList, order),
            "lines": [
                (line, held_at.get(line.pk, []), moved.get(line.pk, 0), reasons.get(line.pk, []))
                for line in lines
            ],
            "shipping_reasons": shipping_reasons,
            "blocker": blockers[0] if blockers else None,
            "more_blockers": blockers[1:],
            "is_moving": order.state == OrderState.OPEN and not blockers,
            "change_sets": list(changes_of(order)) if has.change_sets else [],
            "notes": list(order.notes.all()) if has.notes else [],
            "holds": holds_of(order) if has.holds else [],
            "links": links,
            "alike": like_orders(user, order),
            "promise_told": promises_of(order),
            "watchers": watchers,
            "is_watching": any(row.user_id == user.pk for row in watchers),
            "note_form": NoteForm(),
            "documents": papers_of(staff_of(request), order),
            "messages_sent": messages.for_subject("order", order.pk),
        },
    )


@requires(SEE_ORDERS)
def order_rules(request: HttpRequest, order_id: int) -> HttpResponse:
    """What rules did with the order, fetched by its page."""
    order = order_seen_by(staff_of(request), order_id)
    return late_panel(ORDER_PAGE, "orders:order_rules", request, order)
