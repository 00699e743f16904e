"""100,000 order lines through the importer, beside a bare COPY of the same rows, and where time goes."""

import cProfile
import csv
import io
import json
import pstats
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from django.conf import settings
from django.db import connection

from core import imports
from core.models import Channel, LegalEntity
from inventory.models import Category, ChannelLocation, Location, Product, Variant
from oms.bench.scratch import scratch_environment
from orders.models import Order, OrderLine

LINES = 100_000
LINES_AN_ORDER = 3
SKUS = 2_000
CUSTOMERS = 8_000
PROFILED_LINES = 9_000
OPENED_AT = datetime(2025, 1, 1, 8, tzinfo=UTC)
HEADER = (
    "order", "placed", "customer", "email", "street", "postal", "city", "country", "sku", "name",
    "quantity", "price",
)  # fmt: skip
MAP = """
title = "Bench"
[columns]
external_id = "order"
placed_at = "placed"
[columns.customer]
name = "customer"
email = "email"
[columns.shipping_address]
name = "customer"
line1 = "street"
postal_code = "postal"
city = "city"
country = "country"
[columns.line]
sku = "sku"
name = "name"
quantity = "quantity"
unit_price = "price"
[constants]
currency = "EUR"
payment_status = "paid"
fulfilment_status = "fulfilled"
payment_method = "Shop checkout"
[formats]
dates = ["%Y-%m-%d"]
decimal = "."
prices_include_tax = true
"""
STAGES = {  # what is named after the function that does it, its own callees included
    "reading_and_checking": ("importing.py", "_read"),
    "customers": ("finding.py", "find_or_add_many"),
    "placing": ("placing.py", "place_orders"),
    "payments": ("history.py", "record_past"),
    "progress_and_checkpoint": ("import_handle.py", "_write"),
}
WAITING = ("connection.py", "wait")


def run(*, seconds: float, connections: tuple[int, ...]) -> dict[str, Any]:
    """Import once by the command, a process of its own, and a part once more under the profiler; one
    connection, so that `seconds` and `connections` mean nothing here.
    """
    del seconds, connections
    _fill()
    content = _file(LINES, first_order=0)
    told = _import_by_command(content)
    bare = _copy(content)
    return {
        "lines": OrderLine.objects.count(),
        "orders": Order.objects.count(),
        "rejected": told["rejected"],
        "seconds": round(told["seconds"], 1),
        "lines_per_second": round(LINES / told["seconds"]),
        "peak_memory_mb": told["peak_memory_mb"],
        "bare_copy_lines_per_second": round(LINES / bare),
        "ratio": round(bare / told["seconds"], 4),
        "where_time_goes_percent": _profile(),
    }


def _fill() -> None:
    entity = LegalEntity.objects.create(
        code="bench",
        name="Bench",
        country="DE",
        invoice_prefix="BENCH-",
        credit_note_prefix="BENCH-CN-",
    )
    channel = Channel.objects.create(
        code="bench", name="Bench", kind="web", legal_entity=entity, currency="EUR"
    )
    place = Location.objects.create(code="bench", name="Bench", country="DE")
    ChannelLocation.objects.create(channel=channel, location=place, priority=1)
    product = Product.objects.create(
        name="Bench product", category=Category.objects.create(name="Bench")
    )
    Variant.objects.bulk_create(
        Variant(product=product, sku=f"BENCH-{n:04d}", name=f"Size {n}") for n in range(SKUS)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _rows(lines: int, first_order: int) -> Iterator[tuple[str, ...]]:
    random = Random(first_order)  # noqa: S311  (the same file in every run)
    for number in range(first_order, first_order + -(-lines // LINES_AN_ORDER)):
        buyer = random.randrange(CUSTOMERS)
        placed = OPENED_AT + timedelta(minutes=20 * number)
        for _ in range(min(LINES_AN_ORDER, lines)):
            sku = random.randrange(SKUS)
            yield (
                f"SHOP-{number:06d}",
                f"{placed:%Y-%m-%d}",
                f"Buyer {buyer}",
                f"buyer{buyer}@example.com",
                f"Hafenstraße {buyer % 200}",
                "20457",
                "Hamburg",
                "DE",
                f"BENCH-{sku:04d}",
                f"Bench product, size {sku}",
                str(random.randint(1, 4)),
                f"{random.randint(300, 9900) / 100:.2f}",
            )
            lines -= 1


def _file(lines: int, *, first_order: int) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(HEADER)
    writer.writerows(_rows(lines, first_order))
    return text.getvalue().encode()


def _import_by_command(content: bytes) -> dict[str, Any]:
    """What the command tells of its run."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        file, mapping = Path(folder) / "bench.csv", Path(folder) / "bench.toml"
        file.write_bytes(content)
        mapping.write_text(MAP)
        command: list[str | Path] = [
            sys.executable, "-P", settings.BASE_DIR / "manage.py", "import_orders", file,
            "--format", "generic", "--map", mapping, "--channel", "bench", "--json", "-v", "0",
        ]  # fmt: skip
        done = subprocess.run(
            command, env=scratch_environment(), stdout=subprocess.PIPE, check=True
        )
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def _import(content: bytes) -> None:
    imports.run_here(
        "orders",
        format="generic",
        name="bench.csv",
        content=content,
        options={"channel": "bench", "map": MAP},
    )


def _copy(content: bytes) -> float:
    """Seconds that PostgreSQL takes to keep the very same rows as text, unread."""
    columns = ", ".join(f'"{name}" text' for name in HEADER)
    began = time.perf_counter()
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE bare_copy ({columns})")
        with cursor.copy("COPY bare_copy FROM STDIN WITH (FORMAT csv, HEADER)") as copy:
            copy.write(content)
    return time.perf_counter() - began


def _profile() -> dict[str, int]:
    """Shares of the whole that each stage takes, and of it the wait for the database, in percent."""
    content = _file(PROFILED_LINES, first_order=-(-LINES // LINES_AN_ORDER))
    profiler = cProfile.Profile()
    profiler.enable()
    _import(content)
    profiler.disable()
    stats: dict[Any, Any] = pstats.Stats(profiler).stats  # type: ignore[attr-defined]
    spent = {
        (file.rsplit("/", 1)[-1], name): (own, cumulative)
        for (file, _, name), (_, _, own, cumulative, _) in stats.items()
    }
    whole = max(cumulative for _, cumulative in spent.values())
    shares = {stage: spent.get(key, (0, 0))[1] for stage, key in STAGES.items()}
    shares["everything_else"] = whole - sum(shares.values())
    shares["of_all_waiting_for_postgresql"] = spent.get(WAITING, (0, 0))[0]
    return {stage: round(100 * seconds / whole) for stage, seconds in shares.items()}
