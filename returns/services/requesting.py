"""Announcing a return."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from core.audit import record_move
from orders.locks import lock_order
from orders.services import record_return_requested
from returns.errors import CannotReturn
from returns.events import ReturnRequested
from returns.models import ReturnLine, ReturnRequest
from returns.states import ReturnReason, ReturnState


@dataclass(frozen=True, slots=True)
class Wanted:
    """Units of an order line that are to come back, and why."""

    line_id: int
    quantity: int
    reason: ReturnReason


@transaction.atomic
def request_return(
    *,
    order_id: int,
    wanted: Sequence[Wanted],
    note: str = "",
    version: int | None = None,
    now: datetime,
) -> ReturnRequest:
    """Announce that units come back; they must have been sent and not be coming back already.

    Raises CannotReturn for nothing, and orders.CannotFulfil for more units than were sent.
    """
    order = lock_order(order_id, version=version)
    chosen = [one for one in wanted if one.quantity]
    if not chosen:
        raise CannotReturn("Choose at least one unit that comes back.", field="units")
    if any(one.quantity < 0 for one in chosen):
        raise CannotReturn("A quantity below zero cannot come back.", field="units")
    request = ReturnRequest.objects.create(
        order=order,
        number=f"R-{order.number}-{ReturnRequest.objects.filter(order=order).count() + 1}",
        note=note[:500],
        requested_at=now,
    )
    ReturnLine.objects.bulk_create(
        ReturnLine(
            request=request,
            order_line_id=one.line_id,
            quantity=one.quantity,
            reason=one.reason,
        )
        for one in chosen
    )
    record_move(request, "", ReturnState.REQUESTED)
    fact = ReturnRequested(
        order_id=order.pk,
        return_id=request.pk,
        number=request.number,
        units=sum(one.quantity for one in chosen),
    )
    record_return_requested(
        order_id=order.pk,
        units={one.line_id: one.quantity for one in chosen},
        facts=(fact,),
        now=now,
    )
    return request
