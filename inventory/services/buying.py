"""What every verb of purchase orders shares: locking one, moving it, and its sums."""

from decimal import Decimal
from typing import Any

from django_fsm import TransitionNotAllowed

from core.audit import record_move
from core.money import ZERO, quantise
from inventory.errors import CannotBuy
from inventory.models import PurchaseOrder, PurchaseOrderLine
from inventory.states import PurchaseState


def move_purchase(order: PurchaseOrder, verb: str, **stamps: Any) -> None:
    """Make one move of the machine and save; a refusal becomes a sentence."""
    before = order.state
    try:
        getattr(order, verb)(**stamps)
    except TransitionNotAllowed as error:
        raise CannotBuy(
            f"{order.number} is {order.get_state_display().lower()}, so this is not possible any"
            " more; reload to see where it stands."
        ) from error
    order.save()
    record_move(order, before, order.state, reason=stamps.get("reason") or None)


def worth_of(line: PurchaseOrderLine, currency: str, units: int | None = None) -> Decimal:
    """What the ordered units of a line (or `units`) cost."""
    return quantise(line.unit_cost * (line.quantity if units is None else units), currency)


def add_up(order: PurchaseOrder) -> None:
    """Write the total of an order anew."""
    lines = order.lines.all()
    order.total = sum((worth_of(line, order.currency) for line in lines), ZERO)
    order.save(update_fields=["total"])


def require_draft(order: PurchaseOrder) -> None:
    if order.state != PurchaseState.DRAFT:
        raise CannotBuy(
            f"{order.number} is {order.get_state_display().lower()}; only a draft can be changed."
            " Take it back to draft, or make another one."
        )
