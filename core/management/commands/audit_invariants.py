"""Checks every invariant and names the rows that break one."""

import json
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from typing import Any

from django.core.management.base import BaseCommand

from core.invariants import all_invariants, audit

EPILOG = """examples:
  manage.py audit_invariants              all checks, a line for each broken one
  manage.py audit_invariants S1 S2        only these
  manage.py audit_invariants --json       one JSON object, for machines

exit codes: 0 nothing is broken, 1 something is, 2 wrong usage"""


class Command(BaseCommand):
    help = "Check what must never be false; exit 1 with the offending ids."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.formatter_class = RawDescriptionHelpFormatter
        parser.epilog = EPILOG
        parser.add_argument(
            "codes", nargs="*", help="codes of invariants, such as S1; all if left out"
        )
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *_args: Any, **options: Any) -> None:
        known = [one.code for one in all_invariants()]
        unknown = sorted(set(options["codes"]) - set(known))
        if unknown:
            self.stderr.write(
                f"No such invariant: {', '.join(unknown)}. Known: {', '.join(known)}."
            )
            raise SystemExit(2)
        findings = audit(options["codes"])
        checked = options["codes"] or known
        if options["json"]:
            broken = [
                {
                    "code": one.invariant.code,
                    "sentence": one.invariant.sentence,
                    "offences": one.offences,
                }
                for one in findings
            ]
            report = {"checked": checked, "broken": broken, "ok": not broken}
            self.stdout.write(json.dumps(report, default=str))
        else:
            self._tell(findings, len(checked))
        if findings:
            raise SystemExit(1)

    def _tell(self, findings: Any, checked: int) -> None:
        for finding in findings:
            self.stdout.write(
                self.style.ERROR(f"{finding.invariant.code}: {finding.invariant.sentence}")
            )
            for row in finding.offences:
                self.stdout.write(
                    "  " + ", ".join(f"{name} {value}" for name, value in row.items())
                )
        if not findings:
            self.stdout.write(self.style.SUCCESS(f"{checked} invariants hold."))
