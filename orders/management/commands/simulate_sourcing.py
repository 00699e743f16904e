"""`manage.py simulate_sourcing`: replay past orders in another network and compare both."""

import json
from argparse import ArgumentTypeError
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from core import clock
from core.errors import DomainError
from inventory.models import Location, Variant
from orders.models import ShippingService
from orders.selectors.what_ifs import changes_in_words, notes_shown, rows_shown
from orders.services.simulating import simulate
from orders.sourcing import Criterion
from orders.sourcing.scenario import Move, Scenario

CRITERIA = ", ".join(Criterion)


def factor(text: str) -> Decimal:
    try:
        number = Decimal(text)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite():
        raise ArgumentTypeError(f"“{text}” is no number; give a factor such as 1.1")
    return number


def criteria(text: str) -> tuple[Criterion, ...]:
    words = [word.strip() for word in text.split(",") if word.strip()]
    if unknown := [word for word in words if word not in set(Criterion)]:
        raise ArgumentTypeError(f"“{unknown[0]}” is no criterion; there are {CRITERIA}")
    return tuple(Criterion(word) for word in words)


def move(text: str) -> tuple[str, str, str, str]:
    """FROM:TO:HOW_MANY, and the SKU that may hold a colon itself."""
    parts = text.split(":", 3)
    if len(parts) < 3:
        raise ArgumentTypeError(f"“{text}” is no move; give one such as berlin:munich:40:MUG")
    return parts[0], parts[1], parts[2], parts[3] if len(parts) > 3 else ""


class Command(BaseCommand):
    help = (
        "Decide the orders of the last days again, as it is and as the options say, and compare cost,"
        " splits, distance, late orders and units short. Nothing is written."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--days", type=int, default=30, help="orders of so many days (30)")
        parser.add_argument(
            "--without", action="append", default=[], metavar="CODE", help="leave a location out"
        )
        parser.add_argument(
            "--add", action="append", default=[], metavar="CODE", help="it sends for every channel"
        )
        parser.add_argument(
            "--rates", type=factor, default=Decimal(1), help="times what carriers take"
        )
        parser.add_argument("--service", metavar="CODE", help="all is sent with it")
        parser.add_argument(
            "--stock", type=factor, default=Decimal(1), help="times the stock at the start"
        )
        parser.add_argument("--levelled", action="store_true", help="stock spread evenly")
        parser.add_argument(
            "--move",
            action="append",
            type=move,
            default=[],
            metavar="FROM:TO:UNITS[:SKU]",
            help="stock that lies elsewhere; units or a share such as 25%%, of each without a SKU",
        )
        parser.add_argument(
            "--receipts-first", action="store_true", help="what came later is there from the start"
        )
        parser.add_argument("--no-rules", action="store_true", help="without sourcing rules")
        parser.add_argument(
            "--without-rule", action="append", default=[], metavar="NAME", help="leave a rule out"
        )
        parser.add_argument(
            "--criteria", type=criteria, default=(), help=f"what counts, in order: {CRITERIA}"
        )
        parser.add_argument("--most-parcels", type=int, help="parcels an order at most")
        parser.add_argument("--worth", action="store_true", help="the worth of stock is a cost")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *_args: Any, **options: Any) -> None:
        scenario = self._scenario(options)
        try:
            result = simulate(scenario, days=options["days"], now=clock.now())
        except DomainError as refusal:
            raise CommandError(refusal.message) from refusal
        if options["json"]:
            told = {"days": options["days"], "scenario": scenario.as_json(), **result}
            self.stdout.write(json.dumps(told))
            return
        self.stdout.write("; ".join(changes_in_words(scenario)) or "nothing is otherwise")
        self._table(result)

    def _scenario(self, options: dict[str, Any]) -> Scenario:
        return Scenario(
            without=self._locations(options["without"]),
            added=self._locations(options["add"]),
            rates=options["rates"],
            service_id=self._service(options["service"]),
            stock=options["stock"],
            levelled=options["levelled"],
            moves=tuple(self._move(*parts) for parts in options["move"]),
            receipts_first=options["receipts_first"],
            rules=not options["no_rules"],
            rules_off=frozenset(options["without_rule"]),
            criteria=options["criteria"],
            most_parcels=options["most_parcels"],
            worth=options["worth"],
        )

    @staticmethod
    def _locations(codes: Iterable[str]) -> frozenset[int]:
        known = dict(Location.objects.values_list("code", "pk"))
        if unknown := sorted(set(codes) - set(known)):
            raise CommandError(
                f"There is no location “{unknown[0]}”; there are {', '.join(sorted(known)) or 'none'}."
            )
        return frozenset(known[code] for code in codes)

    def _move(self, source: str, target: str, much: str, sku: str) -> Move:
        (source_id,), (target_id,) = (self._locations([code]) for code in (source, target))
        variant = Variant.objects.filter(sku=sku).first() if sku else None
        if sku and variant is None:
            raise CommandError(f"There is no SKU “{sku}”.")
        try:
            share = factor(much.removesuffix("%")) / 100 if much.endswith("%") else None
            units = int(much) if share is None else None
        except (ArgumentTypeError, ValueError) as error:
            raise CommandError(f"“{much}” is neither units nor a share such as 25%.") from error
        return Move(source_id, target_id, variant.pk if variant else None, units, share)

    @staticmethod
    def _service(code: str | None) -> int | None:
        if code is None:
            return None
        known = dict(ShippingService.objects.values_list("code", "pk"))
        if code not in known:
            raise CommandError(
                f"There is no service “{code}”; there are {', '.join(sorted(known)) or 'none'}."
            )
        return known[code]

    def _table(self, result: dict[str, Any]) -> None:
        heads = ("", "as it is", "what if", "difference")
        rows = [(row.label, row.before, row.after, row.difference) for row in rows_shown(result)]
        widths = [max(len(row[at]) for row in (heads, *rows)) for at in range(len(heads))]
        for label, *figures in (heads, *rows):
            shown = [text.rjust(width) for text, width in zip(figures, widths[1:], strict=True)]
            self.stdout.write("  ".join([label.ljust(widths[0]), *shown]).rstrip())
        orders = result["before"]["orders"]
        self.stdout.write(f"{result['changed']:,} of {orders:,} orders are decided otherwise.")
        for note in notes_shown(result):
            self.stdout.write(note)
