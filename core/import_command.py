"""The command line of every import: `manage.py import_<kind> FILE`, one service with the pages.

Exit codes: 0 all done, 1 failed, 2 bad usage, 3 finished with rejected rows, 4 another run is at
work, 130 interrupted.
"""

import getpass
import json
import os
import signal
import sys
import tempfile
import time
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any, ClassVar

from django.core.management.base import BaseCommand, CommandError

from core import imports
from core.actors import Actor, ActorKind, acting
from core.errors import DomainError
from core.memory import peak_memory_mb
from core.models import ImportRun, ImportStatus
from core.tabular import write_table

LINE_EVERY_SECONDS = 10.0
DRAW_EVERY_SECONDS = 0.2
SHOWN_ISSUES = 20


class ImportCommand(BaseCommand):
    """Base of the import commands: a subclass names its `kind` and adds its options."""

    kind: ClassVar[str] = ""
    examples: ClassVar[str] = ""

    def add_options(self, parser: ArgumentParser) -> None:
        """Add the options of this import."""

    def options_of(self, options: dict[str, Any]) -> dict[str, Any]:
        """The importer's options, as JSON, from the command's."""
        return {}

    def add_arguments(self, parser: ArgumentParser) -> None:
        importer = imports.importer_named(self.kind)
        parser.formatter_class = RawDescriptionHelpFormatter
        parser.epilog = f"{self.examples}\n\n{__doc__}"
        parser.add_argument("file", nargs="?", help="the file to read; - for standard input")
        parser.add_argument(
            "--format", choices=list(importer.formats), default=next(iter(importer.formats))
        )
        parser.add_argument("--dry-run", action="store_true", help="check everything, keep nothing")
        parser.add_argument("--errors-file", type=Path, help="where rejected rows are written")
        parser.add_argument("--json", action="store_true", help="print one JSON summary")
        parser.add_argument("--max-errors", type=int, help="stop when more rows are rejected")
        parser.add_argument("--batch-size", type=int, help="things per transaction")
        parser.add_argument("--resume", type=int, metavar="RUN", help="go on with this run")
        parser.add_argument("--actor", help="who imports (default: the user of this machine)")
        parser.add_argument("--template", action="store_true", help="print an empty file's header")
        self.add_options(parser)

    def handle(self, *_args: str, **options: Any) -> None:
        importer = imports.importer_named(self.kind)
        if options["template"]:
            self.stdout.write(write_table(importer.columns, []).decode("utf-8-sig"), ending="")
            return
        try:
            run = self._run(options)
        except imports.LockHeld as held:
            raise CommandError(held.message, returncode=4) from held
        except DomainError as refusal:
            raise CommandError(refusal.message) from refusal
        self._tell(run, options)
        if run.status == ImportStatus.FAILED:
            more = f" Go on with: --resume {run.pk}" if run.checkpoint else ""
            raise CommandError(f"{run.error}{more}")
        if self._interrupted or (run.job and run.job.is_cancel_asked):
            raise CommandError(f"Interrupted. Go on with: --resume {run.pk}", returncode=130)
        if code := imports.exit_code(run):
            raise CommandError(f"{run.rejected} rows were rejected.", returncode=code)

    def _run(self, options: dict[str, Any]) -> ImportRun:
        name = options["actor"] or f"cli:{getpass.getuser()}"
        self._interrupted = False
        self._began_at = self._told_at = time.monotonic()
        self._rows_before = 0
        with acting(Actor(ActorKind.COMMAND, name[:64], name)), self._finishing_the_batch():
            if options["resume"]:
                earlier = self._earlier(options["resume"])
                self._rows_before = earlier.rows
                return imports.run_here(self.kind, resume=earlier, **self._how(options))
            return imports.run_here(
                self.kind,
                format=options["format"],
                name=Path(options["file"] or "-").name,
                content=self._read(options["file"]),
                options=self.options_of(options),
                is_dry_run=options["dry_run"],
                max_errors=options["max_errors"],
                **self._how(options),
            )

    def _how(self, options: dict[str, Any]) -> dict[str, Any]:
        return {
            "batch_size": options["batch_size"],
            "on_progress": self._progress if options["verbosity"] else None,
            "is_stop_asked": lambda: self._interrupted,
        }

    def _earlier(self, number: int) -> ImportRun:
        run = ImportRun.objects.filter(pk=number, kind=self.kind).first()
        if run is None or run.status == ImportStatus.DONE:
            raise CommandError(f"There is no run {number} to go on with.")
        return run

    def _read(self, file: str | None) -> bytes:
        if not file:
            raise CommandError("Name the file to read, or - for standard input.", returncode=2)
        if file == "-":
            return sys.stdin.buffer.read()
        try:
            return Path(file).read_bytes()
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error.strerror}.") from error

    @contextmanager
    def _finishing_the_batch(self) -> Iterator[None]:
        """Ctrl-C ends the run after its batch; a second one at once."""

        def ask(_signal: int, _frame: FrameType | None) -> None:
            if self._interrupted:
                raise KeyboardInterrupt
            self._interrupted = True
            self.stderr.write("Finishing the batch; Ctrl-C again stops at once.")

        try:
            before = signal.signal(signal.SIGINT, ask)
        except ValueError:  # not the main thread
            yield
            return
        try:
            yield
        finally:
            signal.signal(signal.SIGINT, before)

    def _progress(self, run: ImportRun) -> None:
        """One line that moves on a terminal; elsewhere a line every ten seconds."""
        is_terminal = self.stderr.isatty()
        now = time.monotonic()
        if now - self._told_at < (DRAW_EVERY_SECONDS if is_terminal else LINE_EVERY_SECONDS):
            return
        self._told_at = now
        total = run.job.progress_total if run.job else 0
        words = (
            f"{run.rows:,} of {total:,} rows, {run.rejected:,} rejected,"
            f" {self._rows_per_second(run):,} rows a second"
        )
        self.stderr.write(
            f"\r{words:<78}" if is_terminal else words, ending="" if is_terminal else "\n"
        )

    def _rows_per_second(self, run: ImportRun) -> int:
        return round((run.rows - self._rows_before) / max(time.monotonic() - self._began_at, 0.001))

    def _tell(self, run: ImportRun, options: dict[str, Any]) -> None:
        if self.stderr.isatty() and options["verbosity"]:
            self.stderr.write("\r" + " " * 78 + "\r", ending="")
        rate, memory = self._rows_per_second(run), peak_memory_mb()
        errors = imports.errors_file(run)
        if options["errors_file"] and errors is not None:
            write_atomically(options["errors_file"], errors)
        if options["json"]:
            cost = {"rows_per_second": rate, "peak_memory_mb": memory}
            self.stdout.write(json.dumps({**summary(run), **cost}))
        elif options["verbosity"]:
            prefix = "DRY RUN " if run.is_dry_run else ""
            self.stdout.write(f"{prefix}Run {run.pk}: {imports.sentence(run)}")
            self.stdout.write(f"{rate:,} rows a second, at most {memory:,} MB of memory.")
        if options["verbosity"]:
            for issue in run.issues.order_by("-is_rejection", "row")[:SHOWN_ISSUES]:
                where = f", column {issue.column}" if issue.column else ""
                self.stderr.write(f"row {issue.row}{where}: {issue.message}")
            if options["errors_file"] and errors is not None:
                self.stderr.write(f"The rejected rows are in {options['errors_file']}")


def summary(run: ImportRun) -> dict[str, Any]:
    """A run's figures, for `--json`."""
    names = ("rows", "created", "updated", "unchanged", "rejected", "warnings")
    seconds = (run.finished_at - run.started_at).total_seconds() if run.finished_at else None
    return {
        "run": run.pk,
        "status": run.status,
        "is_dry_run": run.is_dry_run,
        **{name: getattr(run, name) for name in names},
        "seconds": seconds,
        "error": run.error,
        "exit_code": imports.exit_code(run),
    }


def write_atomically(path: Path, content: bytes) -> None:
    """Whoever looks sees the old file or the whole new one."""
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        Path(name).replace(path)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise
