"""Cursor paging: a list is read onwards from the last row seen, at the same price on every page."""

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from typing import Annotated, Any, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import Field as Column
from django.db.models import Model, Q, QuerySet
from pydantic import Field, StringConstraints

from core.api.errors import FieldError, Refused
from core.api.shapes import NO_NUL, Input, Page

MOST_ROWS = 200
Thing = TypeVar("Thing", bound=Model)
Row = TypeVar("Row")


class Paged(Input):
    """What every list takes beside its own filters."""

    cursor: Annotated[str, StringConstraints(max_length=500, pattern=NO_NUL)] | None = Field(
        None, description="The `next` of the page before."
    )
    limit: int = Field(50, ge=1, le=MOST_ROWS)


def read_page(
    rows: QuerySet[Thing],
    asked: Paged,
    shape: Callable[[Thing], Row],
    *,
    order: Sequence[str] = ("-id",),
) -> Page[Row]:
    """The stretch of rows that was asked for. `order` ends in a unique field, and all of it runs the
    same way (all `-field`, or all `field`).
    """
    page, after = stretch(rows, asked, order=order)
    return Page(items=[shape(row) for row in page], next=after)


def stretch(
    rows: QuerySet[Thing], asked: Paged, *, order: Sequence[str] = ("-id",)
) -> tuple[list[Thing], str | None]:
    """The rows themselves and the cursor of the next stretch, for whoever shapes them together."""
    names = [name.removeprefix("-") for name in order]
    if asked.cursor:
        rows = rows.filter(_after(rows.model, names, asked.cursor, is_down=order[0][0] == "-"))
    found = list(rows.order_by(*order)[: asked.limit + 1])
    page = found[: asked.limit]
    has_more = len(found) > asked.limit
    return page, _cursor(page[-1], names) if has_more else None


def _cursor(row: Model, names: Sequence[str]) -> str:
    values = [_column(type(row), name).value_to_string(row) for name in names]
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")


def _column(model: type[Model], name: str) -> "Column[Any, Any]":
    column = model._meta.get_field(name)
    assert isinstance(column, Column)  # noqa: S101  (a list runs along its own columns)
    return column


def _after(model: type[Model], names: Sequence[str], cursor: str, *, is_down: bool) -> Q:
    """What comes after the row of a cursor, as `a < x OR (a = x AND b < y)`."""
    values = _read(model, names, cursor)
    way = "lt" if is_down else "gt"
    beyond = Q()
    for index, name in enumerate(names):
        same = dict(zip(names[:index], values[:index], strict=True))
        beyond |= Q(**same, **{f"{name}__{way}": values[index]})
    return beyond & Q(**{f"{names[0]}__{way}e": values[0]})  # this part an index can use


def _read(model: type[Model], names: Sequence[str], cursor: str) -> list[Any]:
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        texts = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        if not isinstance(texts, list) or len(texts) != len(names):
            raise ValueError("another list's cursor")
        values = [
            _column(model, name).to_python(text) for name, text in zip(names, texts, strict=True)
        ]
        if any(value is None or (isinstance(value, str) and "\x00" in value) for value in values):
            raise ValueError("a value is missing")
    except (ValueError, TypeError, RecursionError, binascii.Error, ValidationError) as error:
        raise Refused(
            422,
            "bad_cursor",
            "The cursor is none of this list's; begin without one.",
            errors=[FieldError("Use the `next` of a page as it is.", "bad_cursor", "", "cursor")],
        ) from error
    return values
