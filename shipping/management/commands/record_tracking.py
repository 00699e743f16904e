"""`manage.py record_tracking`: what carriers tell of parcels, from a file or one event by hand."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError

from core.import_command import ImportCommand
from core.tabular import write_table
from shipping.services.reporting import COLUMNS


class Command(ImportCommand):
    help = "Record tracking events: from a CSV file, or one with --parcel, --status and --when."
    kind = "tracking"
    examples = """Examples:
  manage.py record_tracking events.csv --errors-file rejected.csv
  manage.py record_tracking --parcel OWN00001000015 --status delivered --when 2026-11-20T10:30
  cat events.csv | manage.py record_tracking - --dry-run --json

The file has the columns tracking_number, status, occurred_at and, if you like, text, place and
event_id (the carrier's own id of the event). Recording the same event again changes nothing."""

    def add_options(self, parser: ArgumentParser) -> None:
        one = parser.add_argument_group("one event")
        one.add_argument("--parcel", metavar="NUMBER", help="the parcel's tracking number")
        one.add_argument("--status", help="what happened, such as in_transit or delivered")
        one.add_argument("--when", help="when it happened, in ISO 8601")
        one.add_argument("--text", default="", help="in words; the customer reads this, too")
        one.add_argument("--place", default="", help="where it happened")

    def handle(self, *args: str, **options: Any) -> None:
        single = [options["parcel"], options["status"], options["when"]]
        self._single: bytes | None = None
        if any(single):
            if options["file"] or not all(single):
                raise CommandError(
                    "Give either a file, or --parcel, --status and --when together.", returncode=2
                )
            cells = [*single, options["text"], options["place"], ""]
            self._single = write_table(COLUMNS, [cells])
        super().handle(*args, **options)

    def _read(self, file: str | None) -> bytes:
        if self._single is not None:
            return self._single
        return super()._read(file)
