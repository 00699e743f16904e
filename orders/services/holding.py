"""Holds: an order waits, with a reason, until somebody releases it or its time is up."""

from datetime import datetime

from django.db import transaction

from core import actors, attention
from orders.errors import CannotHold
from orders.events import HoldReleased, OrderHeld
from orders.locks import lock_order
from orders.models import Fulfilment, Hold, Order
from orders.services.settling import HELD, settle
from orders.states import FulfilmentState, HoldKind, OrderState


@transaction.atomic
def hold_order(
    *,
    order_id: int,
    kind: HoldKind,
    reason: str,
    until: datetime | None = None,
    version: int | None = None,
    now: datetime,
) -> Hold:
    """Stop an order. Fulfilments nobody has begun are called back; work that was begun goes on only
    to packing: shipping refuses to send a held order. Raises CannotHold.
    """
    order = lock_order(order_id, version=version)
    if order.state != OrderState.OPEN:
        raise CannotHold(
            f"Order {order.number} is {order.get_state_display().lower()}; only an open"
            " order can be held."
        )
    if order.holds.filter(kind=kind, released_at=None).exists():
        raise CannotHold(
            f"Order {order.number} is on hold for this already ({kind.label}).", field="kind"
        )
    if until is not None and until <= now:
        raise CannotHold("The hold would end in the past; choose a later date.", field="until")
    hold = Hold.objects.create(
        order=order,
        kind=kind,
        reason=reason.strip()[:300] or kind.label,
        placed_by=actors.current().actor.label,
        placed_at=now,
        until=until,
    )
    order.open_holds += 1
    _tell_home(order)
    call_back(order)
    fact = OrderHeld(order_id=order.pk, hold_id=hold.pk, kind=kind.label, why=hold.reason)
    settle(order, [fact], now=now)
    return hold


@transaction.atomic
def release_hold(*, order_id: int, hold_id: int, now: datetime) -> Order:
    """Let an order go on. Releasing what is released already changes nothing."""
    order = lock_order(order_id)
    hold = order.holds.filter(pk=hold_id, released_at=None).first()
    if hold is None:
        return order
    hold.released_at = now
    hold.released_by = actors.current().actor.label
    hold.save(update_fields=["released_at", "released_by"])
    order.open_holds -= 1
    _tell_home(order)
    fact = HoldReleased(order_id=order.pk, hold_id=hold.pk, kind=hold.get_kind_display())
    settle(order, [fact], now=now)
    return order


def _tell_home(order: Order) -> None:
    """A held order waits for a person on home, with every reason that is left; then it is resolved."""
    holds = order.holds.filter(released_at=None).order_by("placed_at", "pk")
    reasons = [f"{hold.get_kind_display()}: {hold.reason}" for hold in holds]
    if not reasons:
        attention.resolve(kind=HELD, subject_type="order", subject_ids=[order.pk])
        return
    attention.raise_item(
        kind=HELD,
        subject_type="order",
        subject_id=order.pk,
        title=f"{order.number} is on hold",
        detail=" · ".join(reasons),
        url=f"/orders/{order.pk}/",
    )


def call_back(order: Order) -> None:
    """Cancel the fulfilments of a locked order that no location has begun; what they hold stays set
    aside and is handed over again when the order may leave.
    """
    for fulfilment in Fulfilment.objects.filter(order=order, state=FulfilmentState.READY):
        fulfilment.cancel()
        fulfilment.save(update_fields=["state"])
