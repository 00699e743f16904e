"""One order on one page: what keeps it from moving, what it is, and all that hangs on it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from core import messages
from core.access import requires, staff_of
from core.listing import neighbours
from orders.forms import NoteForm
from orders.rights import SEE_ORDERS
from orders.selectors import allocations_by_line, blockers_of, lines_of, order_seen_by
from orders.selectors.changing import changes_of
from orders.selectors.papers import papers_of
from orders.states import OrderState
from orders.tables import OrderList


@requires(SEE_ORDERS)
def order_detail(request: HttpRequest, order_id: int) -> HttpResponse:
    """The order's page."""
    order = order_seen_by(staff_of(request), order_id)
    lines = lines_of(order)
    held_at = allocations_by_line(lines)
    blockers = blockers_of(order, lines)
    return render(
        request,
        "orders/order_detail.html",
        {
            "order": order,
            "beside": neighbours(request, OrderList, order),
            "lines": [(line, held_at.get(line.pk, [])) for line in lines],
            "blocker": blockers[0] if blockers else None,
            "more_blockers": blockers[1:],
            "is_moving": order.state == OrderState.OPEN and not blockers,
            "change_sets": list(changes_of(order)),
            "notes": order.notes.all(),
            "note_form": NoteForm(),
            "documents": papers_of(staff_of(request), order),
            "messages_sent": messages.for_subject("order", order.pk),
        },
    )
