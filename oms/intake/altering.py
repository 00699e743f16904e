"""Lines that a channel changed, as changes of the placed order: only where they come out as told."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal

from core.errors import DomainError
from core.money import ZERO
from oms.intake.documents import LineDocument, OrderDocument
from orders.drafts import WhenShort
from orders.models import Order, OrderLine
from orders.services.changing import ChangeAsked, Wanted, edit_order
from orders.states import ChangeKind, ChangeState

REASON = "Changed in the shop"
BY_WEBHOOK = "api:webhook:"


class ComesOutOtherwise(DomainError):
    """Changed as told, the order would not come to what its channel says."""

    code = "comes_out_otherwise"


def was_edited_here(order: Order) -> bool:
    """Whether somebody other than a channel changed the order after it was placed."""
    edits = order.change_sets.filter(state=ChangeState.CONFIRMED)
    return edits.exclude(requested_key__startswith=BY_WEBHOOK).exists()


def alterations(
    document: OrderDocument, order: Order, lines: Sequence[OrderLine]
) -> list[ChangeAsked]:
    """What would make the lines those of the document; nothing where that cannot be said: kits,
    lines without or with the same SKU, and discounts have no change of their own. Once something
    was refunded, nobody but people knows whether fewer units were refunded with it.
    """
    here, there = {one.sku: one for one in lines}, {one.sku: one for one in document.lines}
    is_plain = (
        len(here) == len(lines)
        and len(there) == len(document.lines)
        and all(here)
        and all(there)
        and not any(line.kit_id or line.discount for line in lines)
        and not (document.discount or any(line.discount for line in document.lines))
    )
    if not is_plain or (order.refunded and _worth(document) < _worth_of(lines)):
        return []
    asked = [change for sku, line in here.items() for change in _changes(line, there.get(sku))]
    asked += [
        ChangeAsked(
            kind=ChangeKind.ADD_LINE,
            sku=line.sku,
            quantity=line.quantity,
            amount=line.unit_price,
            reason=REASON,
        )
        for sku, line in there.items()
        if sku not in here
    ]
    return asked


def _changes(here: OrderLine, there: LineDocument | None) -> list[ChangeAsked]:
    """The changes of one line that is here; one that was taken off altogether comes back by units."""
    units = here.quantity - here.cancelled
    if there is None:
        return [ChangeAsked(kind=ChangeKind.REMOVE_LINE, line_id=here.pk)] if units else []
    asked = []
    if units != there.quantity:
        change = ChangeKind.CHANGE_QUANTITY
        asked.append(ChangeAsked(kind=change, line_id=here.pk, quantity=there.quantity))
    if here.unit_price != there.unit_price:
        asked.append(
            ChangeAsked(
                kind=ChangeKind.CHANGE_PRICE,
                line_id=here.pk,
                amount=there.unit_price,
                reason=REASON,
            )
        )
    return asked


def alter(
    document: OrderDocument, order: Order, asked: list[ChangeAsked], *, now: datetime
) -> None:
    """Change the order's lines to those of the document, in the open transaction.

    Raises ComesOutOtherwise where their taxes, or what the order comes to, would differ from what is
    told, or a second person would have to agree; and what `edit_order` refuses.
    """
    before, worth = order.owed, _worth_of(order.lines.all())
    wanted = Wanted(asked=asked, reason=REASON, when_short=WhenShort.BACKORDER)
    change_set = edit_order(order_id=order.pk, wanted=wanted, now=now)
    if change_set.state != ChangeState.CONFIRMED:
        raise ComesOutOtherwise("A second person has to agree to this change.")
    after = Order.objects.get(pk=order.pk)
    rates = {line.sku: line.tax_rate for line in after.lines.all()}
    if any(rates.get(line.sku) != line.tax_rate for line in document.lines):
        raise ComesOutOtherwise("What is added is taxed otherwise here.")
    if after.owed - before != _worth(document) - worth:
        raise ComesOutOtherwise("The order would come to another sum than the shop says.")


def _worth(document: OrderDocument) -> Decimal:
    return sum((line.quantity * line.unit_price for line in document.lines), ZERO)


def _worth_of(lines: Iterable[OrderLine]) -> Decimal:
    return sum(((one.quantity - one.cancelled) * one.unit_price for one in lines), ZERO)
