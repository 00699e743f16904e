"""Files of rows: taken in batches, each row by itself."""

from collections.abc import Callable
from itertools import islice

from django.db import transaction

from core.errors import DomainError
from core.imports import ImportHandle
from core.listing.escaping import unescape
from core.tabular import BadFile, Row, Table
from inventory.forms.cells import BadCell

YES, NO = frozenset({"yes", "true", "1", "y"}), frozenset({"no", "false", "0", "n"})


def each_row(
    handle: ImportHandle, table: Table, take: Callable[[ImportHandle, dict[str, str]], str]
) -> None:
    """Take the rows in batches, each row by itself; `take` says created, updated or unchanged."""
    last = int(handle.resume_from or 0)
    rows = table.rows(after=last)
    while batch := list(islice(rows, handle.batch_size)):
        with handle.batch(checkpoint=batch[-1].number, rows=len(batch)):
            for row in batch:
                take_one(handle, row, take)


def take_one(
    handle: ImportHandle, row: Row, take: Callable[[ImportHandle, dict[str, str]], str]
) -> None:
    if row.fault:
        handle.reject(row, code="bad_row", message=row.fault)
        return
    cells = {name.strip().lower(): unescape(value) for name, value in row.values.items()}
    try:
        with transaction.atomic():
            done = take(handle, cells)
    except DomainError as refusal:
        handle.reject(row, column=refusal.field or "", code=refusal.code, message=refusal.message)
    else:
        handle.count(**{done: 1})


def need_columns(table: Table, *columns: str) -> None:
    known = {name.strip().lower() for name in table.header}
    missing = [column for column in columns if column not in known]
    if missing:
        raise BadFile(f"The file has no column {' and no column '.join(missing)}.")


def flag_of(column: str, text: str) -> bool:
    if text.lower() in YES | NO:
        return text.lower() in YES
    raise BadCell(f"“{text}” is neither yes nor no.", field=column)
