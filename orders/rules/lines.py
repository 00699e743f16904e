"""What conditions ask of an order's lines: of any, of every, or of one and the same line."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from core.rules.kinds import Amount, ValueKind
from core.rules.registry import Batch, Reader, plug_readers
from inventory.models import Category
from orders.rules.reading_orders import lines_by_order

LINE = "line"


def of_lines(read: Callable[[Any], Any]) -> Callable[[Batch], Mapping[int, list[Any]]]:
    """A reader of every line that is not cancelled whole; the lines are read once a batch."""
    return lambda batch: {
        pk: [read(line) for line in lines]
        for pk, lines in batch.shared("lines", lines_by_order).items()
    }


def _money(name: str) -> Callable[[Batch], Mapping[int, list[Any]]]:
    def read(batch: Batch) -> Mapping[int, list[Any]]:
        rows = batch.rows
        return {
            pk: [Amount(getattr(line, name), rows[pk].currency) for line in lines]
            for pk, lines in batch.shared("lines", lines_by_order).items()
        }

    return read


def _categories() -> list[tuple[str, str]]:
    return [(str(pk), name) for pk, name in Category.objects.values_list("pk", "name")]


def _category(line: Any) -> str | None:
    category = line.variant.product.category_id if line.variant else None
    return str(category) if category else None


def _reader(
    code: str, label: str, kind: ValueKind, read: Callable[[Any], Any], **more: Any
) -> Reader:
    return Reader(f"line.{code}", "Lines", label, kind, of_lines(read), each=LINE, **more)


plug_readers(
    "order",
    _reader("sku", "SKU", ValueKind.TEXT, lambda line: line.sku),
    _reader("name", "Product name", ValueKind.TEXT, lambda line: line.name),
    _reader("category", "Category", ValueKind.CHOICE, _category, choices=_categories),
    _reader(
        "brand",
        "Brand",
        ValueKind.TEXT,
        lambda line: line.variant.product.brand if line.variant else "",
    ),
    _reader(
        "quantity",
        "Quantity",
        ValueKind.NUMBER,
        lambda line: Decimal(line.quantity - line.cancelled),
    ),
    Reader("line.price", "Lines", "Unit price", ValueKind.MONEY, _money("unit_price"), each=LINE),
    Reader("line.total", "Lines", "Line total", ValueKind.MONEY, _money("total"), each=LINE),
    _reader(
        "waiting",
        "Units of it that wait for stock",
        ValueKind.NUMBER,
        lambda line: Decimal(line.demand.backordered if line.demand else 0),
    ),
    _reader(
        "unknown",
        "SKU is unknown",
        ValueKind.FLAG,
        lambda line: line.is_physical and line.variant_id is None,
    ),
    _reader("goods", "Is a thing that is sent", ValueKind.FLAG, lambda line: line.is_physical),
)
