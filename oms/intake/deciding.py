"""People decide about what a channel tells otherwise: take it over, or keep it as it is here."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from core.errors import NotPossible
from oms.intake.differing import OPEN, ask_people, close, label_of
from oms.intake.later import differences_of
from oms.intake.plain import document_of
from oms.models import DifferenceStatus, OrderDifference
from orders.locks import lock_order
from orders.services import add_note


@transaction.atomic
def accept_difference(*, difference_id: int, now: datetime) -> DifferenceStatus:
    """Take over what the channel told, by the order's own verbs and with their refusals.

    Raises NotPossible where it was decided already or cannot be taken over, and what the verb raises.
    """
    row = OrderDifference.objects.filter(pk=difference_id).first()
    if row is None:
        raise NotPossible("This difference does not exist.")
    order = lock_order(row.order_id)
    row.refresh_from_db()
    if row.status != OPEN:
        raise NotPossible(f"This was decided already: {row.get_status_display().lower()}.")
    told_before = {} if row.there else {row.field: row.here}  # what is told no more once was
    found = [
        one
        for one in differences_of(document_of(row.document), order, told_before)
        if one.field == row.field
    ]
    status = DifferenceStatus.ACCEPTED if found else DifferenceStatus.SETTLED
    for one in found:
        if one.apply is None:
            raise NotPossible(
                f"{row.field.capitalize()} cannot be taken over by itself; change the order, then"
                " keep it as it is here."
            )
        one.apply(now)
    close([row], status, now=now)
    ask_people(order)
    return status


@transaction.atomic
def keep_differences(*, difference_ids: Sequence[int], now: datetime) -> int:
    """The orders stay as they are; a note on each says what was told. Returns how many were open."""
    rows = OrderDifference.objects.filter(pk__in=difference_ids, status=OPEN)
    orders = sorted(set(rows.values_list("order_id", flat=True)))
    return sum(_keep(order_id, difference_ids, now=now) for order_id in orders)


@transaction.atomic
def keep_ours(*, order_id: int, now: datetime) -> None:
    """Somebody looked at all that the channel tells otherwise, and the order stays as it is.
    Raises OrderNotFound.
    """
    rows = OrderDifference.objects.filter(order_id=order_id, status=OPEN)
    _keep(order_id, list(rows.values_list("pk", flat=True)), now=now)


def _keep(order_id: int, difference_ids: Sequence[int], *, now: datetime) -> int:
    order = lock_order(order_id)
    rows = list(
        OrderDifference.objects.filter(order=order, pk__in=difference_ids, status=OPEN).order_by(
            "id"
        )
    )
    if rows:
        close(rows, DifferenceStatus.KEPT, now=now)
        words = "; ".join(
            f"{label_of(one.field)}: {one.here} here, {one.there} there" for one in rows
        )
        text = f"Kept as it is here, though {order.channel.name} tells it otherwise. {words}"
        add_note(order_id=order.pk, text=text[:4000], now=now)
    ask_people(order)
    return len(rows)
