"""Locking a return: its order first, as everywhere."""

from datetime import datetime
from typing import Any

from django_fsm import TransitionNotAllowed

from core.audit import record_move
from orders.locks import lock_order
from returns.errors import CannotReturn
from returns.models import ReturnRequest


def lock_return(return_id: int) -> ReturnRequest:
    """Lock the order of a return, then read the return under it. Raises CannotReturn."""
    order_id = ReturnRequest.objects.filter(pk=return_id).values_list("order_id", flat=True).first()
    if order_id is None:
        raise CannotReturn("This return does not exist; look it up by its number.")
    order = lock_order(order_id)
    request = ReturnRequest.objects.select_related("location").get(pk=return_id)
    request.order = order
    return request


def move(request: ReturnRequest, verb: str, *, now: datetime, **values: Any) -> None:
    """Make one move of the machine and save; a refusal becomes a sentence."""
    before = request.state
    try:
        getattr(request, verb)(now=now, **values)
    except TransitionNotAllowed as error:
        raise CannotReturn(
            f"Return {request.number} is {request.get_state_display().lower()}, so this is not"
            " possible any more; reload to see where it stands."
        ) from error
    request.save()
    record_move(request, before, request.state)
