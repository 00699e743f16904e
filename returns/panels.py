"""What returns shows in the navigation and on the order's page."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from core import menu, search, subjects
from core.menu import MenuEntry, MenuGroup
from core.models import User
from core.panels import plug
from core.search import Hit, Searcher
from core.subjects import SubjectKind, page
from core.timeline import dress
from orders.models import Order
from orders.selectors import Blocker
from orders.sockets import BLOCKERS, ORDER_PAGE
from returns.models import ReturnRequest
from returns.rights import RECEIVE_RETURNS, REFUND_RETURNS, SEE_RETURNS
from returns.selectors import returns_seen_by, waiting_returns
from returns.states import ReturnState

COMING_BACK = 60

menu.add(
    MenuEntry(
        "Returns",
        "returns:return_list",
        "return",
        MenuGroup.WORK,
        SEE_RETURNS,
        30,
        badge=waiting_returns,
        shortcut="g r",
    )
)

for name in ("Requested", "Approved", "Received", "Inspected"):
    dress(f"returns.Return{name}", "return", "info")
dress("returns.ReturnRejected", "blocked", "warning")
dress("returns.ReturnCancelled", "cross", "neutral")
dress("returns.ReturnClosed", "check", "success")


def returns_of_order(_request: HttpRequest, order: Order) -> dict[str, Any] | None:
    """The order's returns, and whether more may be announced. One query and the order's lines."""
    returns = list(ReturnRequest.objects.filter(order=order).order_by("-pk"))
    can_return = order.units_shipped > order.units_returned + order.units_return_requested
    if not returns and not can_return:
        return None
    return {"order": order, "returns": returns, "can_return": can_return}


plug(
    ORDER_PAGE,
    template="returns/panels/order_returns.html",
    context=returns_of_order,
    position=40,
    right=SEE_RETURNS,
)


@BLOCKERS.plug
def what_a_return_waits_for(order: Order) -> Blocker | None:
    """The next step of a return that is under way."""
    if not order.return_status or order.return_status == "none":
        return None
    found = ReturnRequest.objects.open().filter(order=order).order_by("pk").first()
    if found is None:
        return None
    page = reverse("returns:return_detail", args=[found.pk])
    words = {
        ReturnState.REQUESTED: ("wants a decision", "Decide", RECEIVE_RETURNS),
        ReturnState.APPROVED: ("is on its way back", "See return", SEE_RETURNS),
        ReturnState.RECEIVED: ("came back and wants to be inspected", "Inspect", RECEIVE_RETURNS),
        ReturnState.INSPECTED: (
            "is inspected; its money is not given back",
            "Refund",
            REFUND_RETURNS,
        ),
    }
    sentence, action, right = words[ReturnState(found.state)]
    return Blocker(
        COMING_BACK, f"Return {found.number} {sentence}.", action, page, right.code, "return"
    )


def find_returns(user: User, query: str, limit: int) -> list[Hit]:
    """Returns by their number. One query."""
    found = returns_seen_by(user).filter(number__istartswith=query).order_by("-pk")[:limit]
    return [
        Hit(
            label=one.number,
            url=reverse("returns:return_detail", args=[one.pk]),
            icon="return",
            hint=one.get_state_display(),
            is_exact=one.number.lower() == query.lower(),
        )
        for one in found
    ]


search.plug(Searcher("Returns", SEE_RETURNS, find_returns, position=40))
subjects.register(SubjectKind(ReturnRequest, "Return", page("returns:return_detail"), SEE_RETURNS))
