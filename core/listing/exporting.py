"""Exports of a list: the rows and columns on show as CSV or XLSX, streamed."""

import csv
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from itertools import islice
from tempfile import SpooledTemporaryFile
from typing import IO, Any

from django.utils import timezone
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from core.listing.columns import Column, follow
from core.listing.escaping import escape, printable
from core.listing.lists import Listing
from core.money import quantise

AT_ONCE = 2_000
MOST_ROWS = 200_000
CHUNK = 1_000
BOM = "\ufeff"
CONTENT_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
Progress = Callable[[int], None]


@dataclass(frozen=True)
class Cell:
    """One column of the file."""

    label: str
    read: Callable[[Any], Any]


def file_cells(columns: Sequence[Column]) -> list[Cell]:
    """The columns of the file: those on show, and behind the first amount in a currency that currency."""
    cells: list[Cell] = []
    currencies: set[str] = set()
    for column in columns:
        if column.value is None:
            continue
        cells.append(Cell(column.label, _reader(column)))
        if column.currency and column.currency not in currencies:
            currencies.add(column.currency)
            label = "Currency" if len(currencies) == 1 else f"Currency of {column.label}"
            cells.append(Cell(label, partial(_at, path=column.currency)))
    return cells


def _at(row: Any, path: str) -> Any:
    return follow(row, path)


def _reader(column: Column) -> Callable[[Any], Any]:
    if column.kind != "money" or not column.currency:
        return column.read

    def amount(row: Any) -> Any:
        value, currency = column.read(row), follow(row, column.currency)
        return quantise(Decimal(value), currency) if value is not None and currency else value

    return amount


def plain(value: Any) -> str | int | float | Decimal | None:
    """A value as files hold it: numbers as numbers, moments in ISO 8601 with the store's zone."""
    match value:
        case None:
            return None
        case bool():
            return "yes" if value else "no"
        case int() | float() | Decimal():
            return value
        case datetime():
            return timezone.localtime(value).isoformat(timespec="seconds")
        case date():
            return value.isoformat()
        case _:
            return str(value)


def values(listing: Listing, cells: Sequence[Cell], *, limit: int) -> Iterator[list[Any]]:
    """The rows of the file, in the list's order, fetched in portions."""
    rows = iter(listing.ordered()[:limit].iterator(chunk_size=CHUNK))
    while portion := list(islice(rows, CHUNK)):
        listing.decorate(portion)
        for row in portion:
            yield [plain(cell.read(row)) for cell in cells]


class _Echo:
    """A file that hands back what is written to it."""

    def write(self, text: str) -> str:
        return text


def csv_lines(
    listing: Listing, *, has_bom: bool, limit: int = MOST_ROWS, progress: Progress | None = None
) -> Iterator[str]:
    """The CSV file line by line: comma, CRLF, text escaped against formulas."""
    cells = file_cells(listing.shown)
    writer = csv.writer(_Echo())
    yield (BOM if has_bom else "") + writer.writerow([escape(cell.label) for cell in cells])
    for count, row in enumerate(values(listing, cells, limit=limit), start=1):
        yield writer.writerow([escape(one) if isinstance(one, str) else one for one in row])
        if progress and count % CHUNK == 0:
            progress(count)


def write_xlsx(
    listing: Listing, target: IO[bytes], *, limit: int = MOST_ROWS, progress: Progress | None = None
) -> None:
    """The XLSX file; every text is typed as text, so nothing in it is a formula."""
    cells = file_cells(listing.shown)
    book = Workbook(write_only=True)
    sheet = book.create_sheet(re.sub(r"[\[\]:*?/\\]", " ", listing.title)[:31])
    sheet.freeze_panes = "A2"

    def text(value: str) -> WriteOnlyCell:
        cell = WriteOnlyCell(sheet, printable(value)[:32_767])
        cell.data_type = "s"
        return cell

    sheet.append([text(cell.label) for cell in cells])
    for count, row in enumerate(values(listing, cells, limit=limit), start=1):
        sheet.append([text(one) if isinstance(one, str) else one for one in row])
        if progress and count % CHUNK == 0:
            progress(count)
    book.save(target)


def whole_file(listing: Listing, format_: str, *, has_bom: bool, progress: Progress) -> bytes:
    """The finished file, for a job."""
    with SpooledTemporaryFile(max_size=8_000_000) as target:
        if format_ == "xlsx":
            write_xlsx(listing, target, progress=progress)
        else:
            for line in csv_lines(listing, has_bom=has_bom, progress=progress):
                target.write(line.encode())
        target.seek(0)
        return target.read()


def file_name(listing: Listing, format_: str, *, today: date, view: str = "") -> str:
    """“orders_on-hold_2026-11-22.csv”: the list, what it is narrowed to, the day."""
    words = [listing.title, view, "filtered" if listing.is_narrowed and not view else ""]
    slugs = [re.sub(r"[^a-z0-9]+", "-", word.lower()).strip("-") for word in words if word]
    return f"{'_'.join(filter(None, slugs))}_{today.isoformat()}.{format_}"
