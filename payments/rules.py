"""What payments adds to rules about orders: by which way money comes, and when it is due."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from typing import Any

from core.rules.kinds import ValueKind
from core.rules.registry import Batch, Reader, plug_readers
from payments.models import Payment
from payments.states import Method


def _payments(batch: Batch) -> dict[int, list[tuple[str, str, date | None]]]:
    """Method, label and due day of every payment, by order. One query."""
    found: dict[int, list[tuple[str, str, date | None]]] = defaultdict(list)
    rows = Payment.objects.filter(order__in=batch.ids).order_by("order", "pk")
    for order_id, method, label, due_on in rows.values_list("order", "method", "label", "due_on"):
        found[order_id].append((method, label, due_on))
    return found


def _of_each(place: int) -> Any:
    def read(batch: Batch) -> Mapping[int, list[Any]]:
        payments = batch.shared("payments", _payments)
        return {pk: [payment[place] for payment in payments.get(pk, ())] for pk in batch.ids}

    return read


def _due(batch: Batch) -> Mapping[int, date | None]:
    payments = batch.shared("payments", _payments)
    return {
        pk: min((due for _, _, due in payments.get(pk, ()) if due), default=None)
        for pk in batch.ids
    }


plug_readers(
    "order",
    Reader(
        "payment.method",
        "Payment",
        "Way of paying",
        ValueKind.CHOICE,
        _of_each(0),
        each="payment",
        choices=lambda: Method.choices,
    ),
    Reader(
        "payment.label",
        "Payment",
        "Payment as the shop calls it",
        ValueKind.TEXT,
        _of_each(1),
        each="payment",
    ),
    Reader("payment.due", "Payment", "Payment due", ValueKind.DAY, _due),
)
