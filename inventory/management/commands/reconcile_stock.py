"""`manage.py reconcile_stock`: do levels, ledger and counters add up? With --fix, make them."""

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import IntegrityError

from inventory.services.reconciling import Difference, differences, mend, report


class Command(BaseCommand):
    help = (
        "Compare stock levels with the ledger and with what is set aside. Exit code 0: all adds up;"
        " 1: something is off (or was, before --fix and still is)."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--fix",
            action="store_true",
            help="write compensating movements so that the ledger sums up to the levels, and set what"
            " is allocated and reserved to the sums of its rows",
        )
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *_args: Any, **options: Any) -> None:
        found = differences()
        mended: set[int] = set()
        error = ""
        if found and options["fix"]:
            mended, error = self._fix(found)
            found = found if error else differences()
        elif found:
            report(found)
        if options["json"]:
            rows = [{"code": one.code, **one.row} for one in found]
            self.stdout.write(
                json.dumps(
                    {"differences": rows, "mended_variants": sorted(mended), "error": error},
                    default=str,
                )
            )
        else:
            for one in found:
                self.stdout.write(f"{one.code}: {one.sentence} {one.row}")
            if mended:
                self.stdout.write(f"Set right: {len(mended)} variants.")
            if error:
                self.stderr.write(error)
            if not found:
                self.stdout.write("Stock adds up.")
        if found:
            sys.exit(1)

    def _fix(self, found: list[Difference]) -> tuple[set[int], str]:
        try:
            return mend(found), ""
        except IntegrityError:
            return set(), (
                "More is set aside than is there, so nothing was written; count these variants"
                " under Stock › Adjust, which frees the youngest orders first."
            )
