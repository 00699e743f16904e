"""What every verb on an order ends with: project, release, complete or reopen, save, publish."""

from collections.abc import Sequence
from datetime import datetime

from core import attention
from core.audit import record_move
from core.facts import Fact
from core.outbox import Changes, publish_all
from orders.events import OrderCompleted, OrderReopened
from orders.models import Order
from orders.services.projecting import is_settled, project
from orders.services.releasing import release
from orders.services.serving import serve_if_due
from orders.states import OrderState

HELD = "order_held"


def settle(
    order: Order,
    facts: Sequence[Fact] = (),
    *,
    now: datetime,
    changes: Sequence[Changes] = (),
    reason: str | None = None,
) -> None:
    """Bring a locked order's statuses up to date, hand over what may leave, close it when nothing is
    open, save it and publish what happened. Every verb that changes an order ends here.
    """
    project(order)
    follow_ups: list[Fact] = release(order, now=now)
    serve_if_due(order)
    project(order)
    if is_settled(order):
        order.complete(now=now)
        record_move(order, OrderState.OPEN, order.state, reason=reason)
        follow_ups.append(OrderCompleted(order_id=order.pk))
    elif order.state == OrderState.COMPLETED and not _is_still_complete(order):
        order.reopen()
        record_move(order, OrderState.COMPLETED, order.state, reason=reason)
        follow_ups.append(OrderReopened(order_id=order.pk))
    if order.open_holds and order.state != OrderState.OPEN:
        attention.resolve(kind=HELD, subject_type="order", subject_ids=[order.pk])
    order.version += 1
    order.save()
    told = [*facts, *follow_ups]
    padded = [*changes, *({} for _ in range(len(told) - len(changes)))]
    versions = [order.version if _is_about(fact, order) else None for fact in told]
    publish_all(told, changes=padded, versions=versions, reason=reason)


def _is_about(fact: Fact, order: Order) -> bool:
    return (fact.subject, fact.subject_id) == ("order", order.pk)


def _is_still_complete(order: Order) -> bool:
    return order.units_open == 0 and order.units_return_requested == 0 and order.balance == 0
