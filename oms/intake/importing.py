"""Orders from files, batch by batch: the same service behind the command and the pages."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from core.errors import DomainError
from core.import_handle import ImportHandle
from core.models import Channel
from core.tabular import Row, Table
from oms.intake import shopify
from oms.intake.generic import GenericReader
from oms.intake.mapping import FIELDS, BadMapping, read_mapping
from oms.intake.options import ExistingRule, IntakeOptions, ProductRule, StockRule
from oms.intake.reading import AHEAD, OrderRead, Source, need_columns, orders_of
from oms.intake.taking import Outcome, Result, take_orders

FORMATS = {"shopify": "Shopify’s own order export", "generic": "Any CSV, with a map of its columns"}
SHOPIFY_LABELS = {
    "external_id": "Id",
    "cancelled_at": "Cancelled at",
    "subtotal": "Subtotal",
    "tax_total": "Taxes",
    "total": "Total",
    "tags": "Tags",
    "note": "Notes",
    "paid": "Financial Status",
    "refunded": "Refunded Amount",
    "shipping_address": "Shipping Address1",
    "line.sku": "Lineitem sku",
    "line.quantity": "Lineitem quantity",
    "line.unit_price": "Lineitem price",
}


class UnknownChannel(DomainError):
    """No channel has the code that was given."""

    code = "unknown_channel"


@dataclass(frozen=True, slots=True)
class Format:
    """How one format is read: what keeps rows together, what they say, which columns it needs."""

    key_of: Callable[[Row], str]
    read_order: Callable[[Sequence[Row], Source], OrderRead[Row]]
    needed: tuple[str, ...]
    labels: Mapping[str, str]
    what: str
    delimiter: str = ""


def run_orders(handle: ImportHandle) -> None:
    """Take in the orders of the handle's file. Its checkpoint counts orders that are done."""
    file_format = format_of(handle.format, handle.options)
    options = options_of(handle.options, file_format.labels)
    table = handle.table(delimiter=file_format.delimiter)
    need_columns(table.header, file_format.needed, what=file_format.what)
    channel = options.channel
    source = Source(
        channel.code,
        channel.zone,
        channel.currency,
        channel.prices_include_tax,
        latest=handle.now + AHEAD,
    )
    done = int(handle.resume_from or 0)
    for reads in _batches(table, file_format, source, skip=done, size=handle.batch_size):
        done += len(reads)
        with handle.batch(checkpoint=done, rows=sum(len(read.rows) for read in reads)):
            _take(handle, reads, options)


def format_of(name: str, options: Mapping[str, Any]) -> Format:
    """The format by its name; “generic” reads its map from the options. Raises BadMapping."""
    if name == "shopify":
        return Format(
            shopify.key_of,
            shopify.read_order,
            shopify.NEEDED,
            SHOPIFY_LABELS,
            "Shopify’s order export",
        )
    text = str(options.get("map") or "")
    if not text.strip():
        raise BadMapping("This format needs a map that says which column is which field; give one.")
    file_map = read_mapping(text)
    reader = GenericReader(file_map)
    labels = {name: columns[0] for name, columns in file_map.columns.items() if name in FIELDS}
    return Format(
        reader.key_of,
        reader.read_order,
        tuple(file_map.all_columns),
        labels,
        "The map",
        file_map.delimiter,
    )


def options_of(raw: Mapping[str, Any], labels: Mapping[str, str]) -> IntakeOptions:
    """The choices of a run, read from its JSON. Raises UnknownChannel."""
    code = str(raw.get("channel") or "")
    channel = Channel.objects.filter(code=code, is_active=True).first()
    if channel is None:
        known = ", ".join(
            Channel.objects.filter(is_active=True).values_list("code", flat=True)[:20]
        )
        raise UnknownChannel(
            f"No channel has the code “{code}”; there are {known or 'none yet'}.", field="channel"
        )
    return IntakeOptions(
        channel=channel,
        stock=StockRule(raw.get("stock") or StockRule.SKIP),
        existing=ExistingRule(raw.get("existing") or ExistingRule.SKIP),
        products=ProductRule(raw.get("products") or ProductRule.ATTENTION),
        labels=labels,
    )


def _batches(
    table: Table, file_format: Format, source: Source, *, skip: int, size: int
) -> Iterator[list[OrderRead[Row]]]:
    """The orders of the file, read, `size` at a time."""
    orders = islice(orders_of(table.rows, file_format.key_of), skip, None)
    while reads := [_read(rows, file_format, source) for rows in islice(orders, size)]:
        yield reads


def _read(rows: Sequence[Row], file_format: Format, source: Source) -> OrderRead[Row]:
    read = file_format.read_order(rows, source)
    for row in rows:
        if row.fault:
            read.document = None
            read.findings.refuse(row.number, "", "ragged", row.fault)
    return read


def _take(handle: ImportHandle, reads: Sequence[OrderRead[Row]], options: IntakeOptions) -> None:
    good = [read for read in reads if read.document is not None]
    outcomes = take_orders(
        [read.document for read in good if read.document is not None], options, now=handle.now
    )
    for read in reads:
        if read.document is None:
            _tell(handle, read, None)
    for read, outcome in zip(good, outcomes, strict=True):
        _tell(handle, read, outcome)


def _tell(handle: ImportHandle, read: OrderRead[Row], outcome: Outcome | None) -> None:
    """Count what became of an order, or hand back its rows; and say what is doubtful."""
    rows = {row.number: row for row in read.rows}
    first = read.rows[0]
    findings = [*read.findings.items, *(outcome.findings.items if outcome else ())]
    for one in findings:
        row = rows.get(one.row, first)
        if one.is_error:
            handle.reject(read.rows, column=one.column, code=one.code, message=one.message, at=row)
        elif outcome and outcome.result != Result.REJECTED:
            handle.warn(row, column=one.column, code=one.code, message=one.message)
    if outcome is None or outcome.result == Result.REJECTED:
        return
    handle.count(
        created=int(outcome.result == Result.CREATED),
        updated=int(outcome.result == Result.UPDATED),
        unchanged=int(outcome.result == Result.UNCHANGED),
    )
