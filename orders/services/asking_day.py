"""By which day its buyer asks for an order, after it was placed."""

from datetime import date, datetime

from django.db import transaction

from orders.errors import CannotEdit
from orders.events.promises import DeliverByAsked
from orders.locks import lock_order
from orders.models import Order
from orders.promising.wording import day_words
from orders.services.checking import check_deliver_by
from orders.services.settling import settle
from orders.states import OrderState


@transaction.atomic
def ask_deliver_by(
    *, order_id: int, deliver_by: date | None, version: int | None = None, now: datetime
) -> Order:
    """Ask for an open order by a day, another one, or none. What was promised stays as it is; where it
    is sent from is judged by the earlier of both. Raises CannotEdit, BadDay.
    """
    order = lock_order(order_id, version=version)
    before = order.deliver_by
    if before == deliver_by:
        return order
    if order.state != OrderState.OPEN or not order.units_open:
        raise CannotEdit(
            f"All of order {order.number} has left or ended; its day cannot be changed any more."
        )
    check_deliver_by(deliver_by, order.channel, now=now)
    order.deliver_by = deliver_by
    fact = DeliverByAsked(
        order_id=order.pk,
        deliver_by=deliver_by.isoformat() if deliver_by else None,
        words=f"by {_words(deliver_by, now)}" if deliver_by else "without a day",
    )
    change = {
        "asked for by": (
            before.isoformat() if before else None,
            deliver_by.isoformat() if deliver_by else None,
        )
    }
    settle(order, [fact], now=now, changes=[change])
    return order


def _words(day: date, now: datetime) -> str:
    """The day, with its year where that is another one."""
    return day_words(day) if day.year == now.year else f"{day_words(day)} {day.year}"
