"""Imports orders from a file: `manage.py import_orders FILE --format shopify --channel web-eu`."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from core.errors import DomainError
from core.import_command import ImportCommand
from core.models import Channel
from core.tabular import decode
from oms.intake.mapping import read_mapping
from oms.intake.options import ExistingRule, ProductRule, StockRule

EXAMPLES = """
examples:
  Check an export first, and keep the rows that would be rejected:
    manage.py import_orders docs/examples/shopify_orders.csv --format shopify --channel web-eu \\
        --dry-run --errors-file errors.csv
  Import any CSV by a map of its columns, adding the products it names:
    manage.py import_orders superstore.csv --format generic \\
        --map docs/examples/superstore.toml --channel web-us --products create
  Feed a mended errors file back, from standard input:
    manage.py import_orders - --format shopify --channel web-eu < errors.csv
"""


class Command(ImportCommand):
    """Orders of a channel, from Shopify's export or any CSV."""

    help = "Import orders from a file; what is here already stays as it is unless told otherwise."
    kind = "orders"
    examples = EXAMPLES

    def add_options(self, parser: ArgumentParser) -> None:
        group = parser.add_argument_group("orders")
        group.add_argument("--channel", help="code of the channel the orders come from; needed")
        group.add_argument("--map", type=Path, help="for generic: which column is which field")
        group.add_argument(
            "--existing",
            choices=ExistingRule.values,
            default=ExistingRule.SKIP,
            help="orders that are here already: skip them, update what may still change, or list"
            " what differs (default: skip)",
        )
        group.add_argument(
            "--stock",
            choices=StockRule.values,
            default=StockRule.SKIP,
            help="units that have left already: skip leaves stock alone, take takes them out"
            " (default: skip)",
        )
        group.add_argument(
            "--products",
            choices=ProductRule.values,
            default=ProductRule.ATTENTION,
            help="SKUs nobody knows: attention keeps the line for people, create adds the product"
            " (default: attention)",
        )

    def options_of(self, options: dict[str, Any]) -> dict[str, Any]:
        self._check(options)
        return {
            "channel": options["channel"],
            "existing": options["existing"],
            "stock": options["stock"],
            "products": options["products"],
            "map": self._map(options["map"]),
        }

    def _check(self, options: dict[str, Any]) -> None:
        """What the command line alone can say wrong."""
        known = list(Channel.objects.filter(is_active=True).values_list("code", flat=True))
        if options["channel"] not in known:
            said = f"There is no channel “{options['channel']}”" if options["channel"] else ""
            words = f"{said or 'Name the channel'}: --channel CODE, one of {', '.join(known)}."
            raise CommandError(words, returncode=2)
        if options["format"] == "generic" and not options["map"]:
            raise CommandError(
                "The format generic needs --map FILE; see docs/examples/superstore.toml.",
                returncode=2,
            )

    def _map(self, path: Path | None) -> str:
        if path is None:
            return ""
        try:
            text = decode(path.read_bytes()).text
            read_mapping(text)
        except OSError as error:
            raise CommandError(
                f"The map {path} cannot be read: {error.strerror}.", returncode=2
            ) from error
        except DomainError as refusal:
            raise CommandError(f"{path}: {refusal.message}", returncode=2) from refusal
        return text
