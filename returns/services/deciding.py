"""Approving, rejecting and calling off a return."""

from datetime import datetime

from django.db import transaction

from core.facts import Fact
from core.outbox import publish
from orders.services import record_return_requested
from returns.errors import CannotReturn
from returns.events import ReturnApproved, ReturnCancelled, ReturnRejected
from returns.locks import lock_return, move
from returns.models import ReturnRequest


@transaction.atomic
def approve_return(*, return_id: int, now: datetime) -> ReturnRequest:
    """The customer may send the goods."""
    request = lock_return(return_id)
    move(request, "approve", now=now)
    publish(ReturnApproved(order_id=request.order_id, return_id=request.pk, number=request.number))
    return request


@transaction.atomic
def reject_return(*, return_id: int, why: str, now: datetime) -> ReturnRequest:
    """The goods shall not come back; the customer is told why. Raises CannotReturn without it."""
    request = lock_return(return_id)
    if not why.strip():
        raise CannotReturn("Say why the return is rejected; the customer reads it.", field="why")
    move(request, "reject", why=why.strip(), now=now)
    fact = ReturnRejected(
        order_id=request.order_id, return_id=request.pk, number=request.number, why=why.strip()
    )
    _no_longer_expected(request, fact, now=now)
    return request


@transaction.atomic
def cancel_return(*, return_id: int, now: datetime) -> ReturnRequest:
    """The goods do not come back after all."""
    request = lock_return(return_id)
    move(request, "cancel", now=now)
    fact = ReturnCancelled(order_id=request.order_id, return_id=request.pk, number=request.number)
    _no_longer_expected(request, fact, now=now)
    return request


def _no_longer_expected(request: ReturnRequest, fact: Fact, *, now: datetime) -> None:
    record_return_requested(
        order_id=request.order_id,
        units={line.order_line_id: -line.quantity for line in request.lines.all()},
        facts=(fact,),
        now=now,
    )
