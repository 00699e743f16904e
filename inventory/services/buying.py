"""What every verb of purchase orders shares: locking one, moving it, and its sums."""

from decimal import Decimal
from typing import Any

from django_fsm import TransitionNotAllowed

from core.audit import record_move
from core.money import ZERO, quantise
from inventory.errors import CannotBuy
from inventory.models import PurchaseOrder, PurchaseOrderLine
from inventory.states import PurchaseState


def lock_purchase(order_id: int) -> PurchaseOrder:
    """Lock a purchase order, and with it its lines and receipts. Raises CannotBuy."""
    order = (
        PurchaseOrder.objects.select_related("supplier", "location")
        .select_for_update(of=("self",))
        .filter(pk=order_id)
        .first()
    )
    if order is None:
        raise CannotBuy("This purchase order does not exist; go back to the list.")
    return order


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
