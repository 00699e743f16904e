"""Measure the system beside something known: ./run bench capture --json."""

import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from oms.bench import (
    capture,
    importing,
    lists,
    promise,
    recommendations,
    replenishment,
    risk,
    ruling,
    sourcing,
    stock,
)
from oms.bench.scratch import scratch_database

BENCHES: dict[str, Callable[..., dict[str, Any]]] = {
    "capture": capture.run,
    "import": importing.run,
    "lists": lists.run,
    "promise": promise.run,
    "recommendations": recommendations.run,
    "replenishment": replenishment.run,
    "risk": risk.run,
    "rules": ruling.run,
    "sourcing": sourcing.run,
    "stock": stock.run,
}


@contextmanager
def only_figures_on_stdout() -> Iterator[None]:
    """Whatever a library in C prints by itself while it works goes to standard error."""
    sys.stdout.flush()
    kept = os.dup(1)
    os.dup2(2, 1)
    try:
        yield
    finally:
        sys.stdout.flush()
        os.dup2(kept, 1)
        os.close(kept)


class Command(BaseCommand):
    help = "Run a benchmark in a scratch database and print its figures."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", choices=sorted(BENCHES))
        parser.add_argument("--json", action="store_true", help="print one JSON object")
        parser.add_argument("--seconds", type=float, default=5.0, help="per measurement")
        parser.add_argument(
            "--connections", default="1,8", help="numbers of connections, such as 1,8"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        counts = tuple(int(count) for count in options["connections"].split(","))
        with scratch_database(), only_figures_on_stdout():
            figures = BENCHES[options["name"]](seconds=options["seconds"], connections=counts)
        if options["json"]:
            self.stdout.write(json.dumps(figures, indent=2, default=str))
            return
        for name, figure in figures.items():
            self.stdout.write(f"{name}: {json.dumps(figure, default=str)}")
