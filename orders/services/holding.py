"""Holds: an order waits, with a reason, until somebody releases it or its time is up."""

from datetime import datetime

from django.db import transaction

from core import actors, attention
from core.bulk import update_all
from core.models import User
from orders.errors import CannotAssign, CannotHold
from orders.events import HoldClaimed, HoldReleased, OrderHeld
from orders.locks import lock_order, refuse_stale
from orders.models import Fulfilment, Hold, Order
from orders.rights import EDIT_ORDERS
from orders.services.settling import HELD, settle
from orders.states import FulfilmentState, HoldKind, OrderState


@transaction.atomic
def hold_order(
    *,
    order_id: int,
    kind: HoldKind,
    reason: str,
    until: datetime | None = None,
    owner: User | None = None,
    version: int | None = None,
    now: datetime,
) -> Hold:
    """Stop an order. Fulfilments nobody has begun are called back; work that was begun goes on only
    to packing: shipping refuses to send a held order. `owner` is who settles it. Raises CannotHold.
    """
    if owner is not None:
        check_may_edit(owner)
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
        owner=owner,
    )
    order.open_holds += 1
    tell_home(order)
    call_back(order)
    fact = OrderHeld(order_id=order.pk, hold_id=hold.pk, kind=kind.label, why=hold.reason)
    settle(order, [fact], now=now)
    return hold


@transaction.atomic
def release_hold(
    *, order_id: int, hold_id: int, version: int | None = None, now: datetime
) -> Order:
    """Let an order go on. Releasing what is released already changes nothing."""
    order = lock_order(order_id)
    holds = list(order.holds.filter(pk=hold_id, released_at=None))
    if holds:
        refuse_stale(order, version)
        _release(order, holds, now=now)
    return order


@transaction.atomic
def release_holds(*, order_id: int, version: int | None = None, now: datetime) -> Order:
    """Release every hold of an order at once; nothing where it is on none."""
    order = lock_order(order_id)
    holds = list(order.holds.filter(released_at=None).order_by("placed_at", "pk"))
    if holds:
        refuse_stale(order, version)
        _release(order, holds, now=now)
    return order


def _release(order: Order, holds: list[Hold], *, now: datetime) -> None:
    who = actors.current().actor.label
    for hold in holds:
        hold.released_at, hold.released_by = now, who
    update_all(holds, ["released_at", "released_by"])
    order.open_holds -= len(holds)
    tell_home(order)
    facts = [
        HoldReleased(order_id=order.pk, hold_id=hold.pk, kind=hold.get_kind_display())
        for hold in holds
    ]
    settle(order, facts, now=now)


@transaction.atomic
def claim_hold(
    *, order_id: int, hold_id: int, owner: User, version: int | None = None, now: datetime
) -> Hold:
    """Somebody settles what keeps the order; a colleague's is taken over. Claiming one's own again
    changes nothing. Raises CannotHold when it is released already.
    """
    check_may_edit(owner)
    order = lock_order(order_id)
    hold = order.holds.select_related("owner").filter(pk=hold_id, released_at=None).first()
    if hold is None:
        raise CannotHold(
            f"This hold of order {order.number} is released already; reload the order."
        )
    if hold.owner_id == owner.pk:
        return hold
    refuse_stale(order, version)
    before = str(hold.owner) if hold.owner else ""
    hold.owner = owner
    hold.save(update_fields=["owner"])
    tell_home(order)
    fact = HoldClaimed(
        order_id=order.pk,
        hold_id=hold.pk,
        kind=hold.get_kind_display(),
        owner_id=owner.pk,
        owner=str(owner),
        from_owner=before,
    )
    settle(order, [fact], now=now, changes=[{"owner": (before or "nobody", str(owner))}])
    return hold


def check_may_edit(user: User) -> None:
    """Only who may change orders can be given one to take care of. Raises CannotAssign."""
    if not user.has_right(EDIT_ORDERS):
        raise CannotAssign(f"{user} may not change orders; choose somebody who may.", field="user")


def tell_home(order: Order) -> None:
    """A held order waits for a person on home, with every reason that is left; then it is resolved."""
    holds = order.holds.filter(released_at=None).select_related("owner").order_by("placed_at", "pk")
    reasons = [
        f"{hold.get_kind_display()}: {hold.reason}" + (f" ({hold.owner})" if hold.owner else "")
        for hold in holds
    ]
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
