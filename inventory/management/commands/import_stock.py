"""Imports counted stock: `manage.py import_stock FILE --reason opening`."""

from argparse import ArgumentParser
from typing import Any

from core.import_command import ImportCommand
from inventory.states import MovementReason


class Command(ImportCommand):
    """Stock counts, a row per SKU and location."""

    help = (
        "Import what lies at each location; the difference to what is booked is written to the"
        " ledger. The same file a second time changes nothing."
    )
    kind = "stock"
    examples = """
examples:
  Bring opening stock in:             manage.py import_stock stock.csv --reason opening
"""

    def add_options(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--reason",
            choices=[MovementReason.COUNT.value, MovementReason.OPENING.value],
            default=MovementReason.COUNT.value,
            help="what the figures are (default: count)",
        )

    def options_of(self, options: dict[str, Any]) -> dict[str, Any]:
        return {"reason": options["reason"]}
