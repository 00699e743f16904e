"""Giving money back for a return, and closing it."""

from datetime import datetime
from decimal import Decimal

from django.db import transaction

from core.money import ZERO, in_words, quantise
from core.outbox import publish
from payments.services import refund_order
from returns.errors import CannotReturn
from returns.events import ReturnClosed
from returns.locks import lock_return, move
from returns.models import ReturnRequest


@transaction.atomic
def refund_return(*, return_id: int, amount: Decimal | None = None, now: datetime) -> ReturnRequest:
    """Give back what the return is worth (or `amount` of it) and close it. An order that was not
    paid needs no refund: the return is closed with nothing given back. Raises CannotReturn.
    """
    request = lock_return(return_id)
    order = request.order
    possible = max(ZERO, min(request.left_to_refund, -order.balance))
    wanted = possible if amount is None else amount
    if wanted < 0 or wanted > possible:
        raise CannotReturn(
            f"{in_words(wanted, order.currency)} cannot be given back; at most"
            f" {in_words(possible, order.currency)}"
            " of this return was paid and not given back yet.",
            field="amount",
        )
    if wanted:
        refund_order(
            order_id=order.pk,
            amount=wanted,
            reason=f"Return {request.number}",
            key=f"return:{request.pk}",
            now=now,
        )
    request.refunded += wanted
    return _close(request, now=now)


@transaction.atomic
def close_return(*, return_id: int, now: datetime) -> ReturnRequest:
    """Close an inspected return without giving money back."""
    return _close(lock_return(return_id), now=now)


def _close(request: ReturnRequest, *, now: datetime) -> ReturnRequest:
    move(request, "close", now=now)
    publish(
        ReturnClosed(
            order_id=request.order_id,
            return_id=request.pk,
            number=request.number,
            refunded=str(quantise(request.refunded, request.order.currency)),
            currency=request.order.currency,
        )
    )
    return request
