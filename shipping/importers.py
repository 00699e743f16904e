"""The import of tracking events: the same for the pages and `manage.py record_tracking`."""

from itertools import islice

from django.db import transaction

from core import imports
from core.errors import DomainError
from core.imports import Importer, ImportHandle
from core.tabular import BadFile, Row
from shipping.rights import IMPORT_TRACKING
from shipping.services.reporting import COLUMNS, parcel_meant, read_report
from shipping.services.tracking import record_tracking
from shipping.states import EventSource

NEEDED = COLUMNS[:3]


def run_tracking(handle: ImportHandle) -> None:
    """Record a file's events, one row each. Its checkpoint counts rows that are done."""
    table = handle.table()
    missing = [name for name in NEEDED if name not in table.header]
    if missing:
        raise BadFile(
            f"The file has no column {', '.join(missing)}; its header reads"
            f" {', '.join(table.header)[:200]}.",
            field="file",
        )
    done = int(handle.resume_from or 0)
    rows = islice(table.rows(), done, None)
    while batch := list(islice(rows, handle.batch_size)):
        done += len(batch)
        with handle.batch(checkpoint=done, rows=len(batch)):
            for row in batch:
                _record(handle, row)


def _record(handle: ImportHandle, row: Row) -> None:
    if row.fault:
        handle.reject(row, code="bad_row", message=row.fault)
        return
    try:
        with transaction.atomic():
            report = read_report(row.values)
            parcel = parcel_meant(row.values.get("tracking_number", ""), report.occurred_at)
            new = record_tracking(
                parcel_id=parcel.pk, reports=[report], source=EventSource.COMMAND, now=handle.now
            )
    except DomainError as refusal:
        handle.reject(row, column=refusal.field or "", code=refusal.code, message=refusal.message)
    else:
        handle.count(created=new, unchanged=1 - new)


TRACKING = imports.register(
    Importer(
        kind="tracking",
        label="Tracking events",
        right=IMPORT_TRACKING,
        formats={"generic": "CSV: one event per row"},
        run=run_tracking,
        columns=COLUMNS,
    )
)
