"""What conditions ask of an order's custom fields, whichever there are."""

from datetime import date
from decimal import Decimal
from typing import Any

from core.custom_fields import fields_of
from core.models import CustomField, CustomKind
from core.rules.kinds import ValueKind
from core.rules.registry import Reader, plug_more_readers
from orders.models import Order
from orders.rules.reading_orders import of_row

CUSTOM = {
    CustomKind.NUMBER: ValueKind.NUMBER,
    CustomKind.DAY: ValueKind.DAY,
    CustomKind.FLAG: ValueKind.FLAG,
    CustomKind.CHOICE: ValueKind.CHOICE,
}


def custom_readers() -> list[Reader]:
    """The order's custom fields. One query."""
    return [_custom(field) for field in fields_of("orders.order")]


def _custom(field: CustomField) -> Reader:
    kind = CUSTOM.get(CustomKind(field.kind), ValueKind.TEXT)
    choices = [(one, one) for one in field.choices]

    def value(order: Order) -> Any:
        kept = order.custom.get(field.code)
        if kept is None:
            return None
        if kind == ValueKind.NUMBER:
            return Decimal(str(kept))
        return date.fromisoformat(kept) if kind == ValueKind.DAY else kept

    return Reader(
        f"custom.{field.code}",
        "Custom fields",
        field.label,
        kind,
        of_row(value),
        choices=(lambda: choices) if kind == ValueKind.CHOICE else None,
        is_personal=kind == ValueKind.TEXT,  # nobody knows what is written there
    )


plug_more_readers("order", custom_readers)
