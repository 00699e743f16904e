"""The handle an importer works through: its table, its batches, its counts and its refusals."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import transaction

from core.errors import DomainError
from core.job_handle import Handle
from core.models import ImportIssue, ImportRun
from core.tabular import Row, Table, read_table

COUNTS = ("rows", "created", "updated", "unchanged", "rejected", "warnings")
BATCH_SIZE = 500


class TooManyRejected(DomainError):
    """More rows were rejected than the run allows."""

    code = "too_many_rejected"


class _Rehearsed(Exception):
    """Rolls a batch of a dry run back."""


class ImportHandle:
    """What an importer's function is given.

    Everything is written in batches: one transaction with the importer's verbs, the counts, the
    issues and the checkpoint, so that a run that was interrupted goes on without doing a thing
    twice. In a dry run the verbs are rolled back, and the counts and issues kept.
    """

    def __init__(self, run: ImportRun, job: Handle, *, batch_size: int | None = None) -> None:
        self.run = run
        self.format = run.format
        self.options: dict[str, Any] = run.options
        self.is_dry_run = run.is_dry_run
        self.resume_from: Any = run.checkpoint
        self.batch_size = batch_size or BATCH_SIZE
        self.now = run.started_at
        self._job = job
        self._total = 0
        self._issues: list[ImportIssue] | None = None
        self._rejected_rows: set[int] = set()

    def table(self, *, delimiter: str = "") -> Table:
        """The file, decoded and with its header read. Raises BadFile."""
        table = read_table(bytes(self.run.source.content), delimiter=delimiter)
        self.run.encoding, self.run.delimiter = table.encoding, table.delimiter
        self.run.header = list(table.header)
        self.run.save(update_fields=["encoding", "delimiter", "header"])
        self._total = sum(1 for _ in table.rows())
        self._job.progress(self.run.rows, self._total, "Reading rows")
        return table

    @contextmanager
    def batch(self, *, checkpoint: Any, rows: int) -> Iterator[None]:
        """One transaction for `rows` rows; `checkpoint` is where the next one begins.

        What the block raises undoes the batch, counts and issues included. Raises TooManyRejected
        once the batch stands, and Stopped when the run was cancelled or its turn is over.
        """
        before = {name: getattr(self.run, name) for name in COUNTS}
        self._issues = []
        self._rejected_rows = set()
        try:
            with transaction.atomic():
                yield
                if self.is_dry_run:
                    raise _Rehearsed
                self._write(checkpoint, rows)
        except _Rehearsed:
            with transaction.atomic():
                self._write(checkpoint, rows)
        except BaseException:
            for name, value in before.items():
                setattr(self.run, name, value)
            raise
        finally:
            self._issues = None
        self.resume_from = checkpoint
        if self.run.max_errors is not None and self.run.rejected > self.run.max_errors:
            raise TooManyRejected(
                f"Stopped after {self.run.rejected} rejected rows; {self.run.max_errors} are allowed."
            )
        self._job.progress(self.run.rows, self._total, "Importing rows")

    def _write(self, checkpoint: Any, rows: int) -> None:
        self.run.rows += rows
        self.run.checkpoint = checkpoint
        ImportIssue.objects.bulk_create(self._issues or [])
        self.run.save(update_fields=[*COUNTS, "checkpoint"])
        self._job.checkpoint(checkpoint)

    def count(self, *, created: int = 0, updated: int = 0, unchanged: int = 0) -> None:
        """Count things (not rows) that came of the file. Only within a batch."""
        self._open_batch()
        self.run.created += created
        self.run.updated += updated
        self.run.unchanged += unchanged

    def reject(
        self,
        rows: Row | Sequence[Row],
        *,
        column: str = "",
        code: str,
        message: str,
        at: Row | None = None,
    ) -> None:
        """Refuse a thing with all its rows: they go to the errors file. Only within a batch.

        `at` is the row that is at fault (the first one if left out); the others say so.
        """
        issues = self._open_batch()
        every = [rows] if isinstance(rows, Row) else list(rows)
        at_fault = at or every[0]
        for row in every:
            is_guilty = row.number == at_fault.number
            if row.number in self._rejected_rows and not is_guilty:
                continue
            if row.number not in self._rejected_rows:
                self._rejected_rows.add(row.number)
                self.run.rejected += 1
            issues.append(
                self._issue(
                    row,
                    column if is_guilty else "",
                    code if is_guilty else "rejected_with",
                    message if is_guilty else f"Rejected together with row {at_fault.number}.",
                    is_rejection=True,
                )
            )

    def warn(self, row: Row, *, column: str = "", code: str, message: str) -> None:
        """Say what is doubtful about a row that goes in all the same. Only within a batch."""
        self._open_batch().append(self._issue(row, column, code, message, is_rejection=False))
        self.run.warnings += 1

    def _open_batch(self) -> list[ImportIssue]:
        if self._issues is None:
            raise RuntimeError("counts and issues are written within a batch")
        return self._issues

    def _issue(
        self, row: Row, column: str, code: str, message: str, *, is_rejection: bool
    ) -> ImportIssue:
        return ImportIssue(
            run=self.run,
            row=row.number,
            column=column[:120],
            code=code[:60],
            message=message[:500],
            raw=list(row.cells) if is_rejection else [],
            is_rejection=is_rejection,
        )
