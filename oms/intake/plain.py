"""Order documents as JSON and back, so that what a channel told can be kept and applied later."""

from collections.abc import Callable
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from oms.intake.documents import OrderDocument


def as_plain(value: Any) -> Any:
    """A document, or a part of one, as JSON takes it; amounts as text, moments and days by ISO 8601."""
    if is_dataclass(value) and not isinstance(value, type):
        return {one.name: as_plain(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, tuple):
        return [as_plain(one) for one in value]
    if isinstance(value, Decimal):
        return str(value)
    return value.isoformat() if isinstance(value, date) else value


def document_of(plain: dict[str, Any]) -> OrderDocument:
    """The document that `as_plain` wrote."""
    document: OrderDocument = _reader(OrderDocument)(plain)
    return document


@cache
def _reader(kind: Any) -> Callable[[Any], Any]:
    """How a value of one type is read back."""
    origin, inner = get_origin(kind), get_args(kind)
    if origin in {Union, UnionType}:
        read = _reader(next(one for one in inner if one is not NoneType))
        return lambda value: None if value is None else read(value)
    if origin is tuple:
        if inner[-1] is Ellipsis:
            each = _reader(inner[0])
            return lambda value: tuple(each(one) for one in value)
        parts = [_reader(one) for one in inner]
        return lambda value: tuple(read(one) for read, one in zip(parts, value, strict=True))
    if isinstance(kind, type) and is_dataclass(kind):
        make: Callable[..., Any] = kind
        hints = get_type_hints(kind)
        readers = {one.name: _reader(hints[one.name]) for one in fields(kind)}
        return lambda value: make(
            **{name: read(value[name]) for name, read in readers.items() if name in value}
        )
    if kind is Decimal:
        return Decimal
    return kind.fromisoformat if kind in {date, datetime} else lambda value: value
