"""Stock at speed: setting aside and giving back, one hot SKU, availability, and counts from a file."""

import csv
import io
import time
from datetime import datetime, timedelta
from random import Random
from statistics import median
from typing import Any

from django.db import connection, transaction
from django.db.models import Sum
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core import imports
from core.models import Channel, LegalEntity
from inventory.errors import StockMoved
from inventory.models import (
    Allocation,
    ChannelLocation,
    Location,
    Product,
    StockLevel,
    Variant,
)
from inventory.selectors.availability import availability_of
from inventory.selectors.ranking import ranked_places
from inventory.services import ReadLevels, Wish, cancel_demands, look_first, raise_demands
from oms.bench.handstock import HandStock, copy_counts
from oms.bench.load import Measured, Work, measure
from orders.services.sourcing import plain_question, source
from orders.sourcing.asking import Need

SKUS = 10_000
LOCATIONS = 5
PLENTY = 1_000_000
MOVEMENTS = 1_000_000
ROWS = 100_000
ASKED = 200
LAST_UNITS = 300
HOT = "STOCK-00000"
SCARCE = "STOCK-00001"


def run(*, seconds: float, connections: tuple[int, ...]) -> dict[str, Any]:
    """Measure each part beside hand-written SQL that does the same; ratios are within this run."""
    _fill()
    clients = max(connections)
    figures: dict[str, Any] = {"skus": SKUS, "locations": LOCATIONS, "clients": clients}
    figures["allocate_and_release"] = _beside(
        measure(prepare_service, processes=clients, seconds=seconds),
        measure(prepare_by_hand, processes=clients, seconds=seconds),
    )
    figures["hot_sku"] = _beside(
        measure(prepare_hot_service, processes=clients, seconds=seconds),
        measure(prepare_hot_by_hand, processes=clients, seconds=seconds),
    )
    figures["hot_sku"]["oversold"] = _oversold(clients)
    figures["import"] = _import()
    _fill_ledger()
    figures["availability"] = _availability()
    return figures


def _beside(service: Measured, by_hand: Measured) -> dict[str, Any]:
    return {
        "service": service.as_dict(),
        "hand_written_sql": by_hand.as_dict(),
        "ratio": round(service.per_second / by_hand.per_second, 3),
    }


def _fill() -> None:
    entity = LegalEntity.objects.create(
        code="bench", name="Bench", country="DE", invoice_prefix="BS-", credit_note_prefix="BC-"
    )
    channel = Channel.objects.create(
        code="bench", name="Bench", kind="web", legal_entity=entity, currency="EUR"
    )
    for number in range(LOCATIONS):
        place = Location.objects.create(code=f"bench-{number}", name=f"B{number}", country="DE")
        ChannelLocation.objects.create(channel=channel, location=place, priority=number)
    product = Product.objects.create(name="Bench product")
    Variant.objects.bulk_create(
        (Variant(product=product, sku=sku_of(number)) for number in range(SKUS)), batch_size=2000
    )
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO inventory_stocklevel (variant_id, location_id, sellable, quality_control,"
            " damaged, allocated, reserved, safety, bin, average_cost)"
            " SELECT v.id, l.id, CASE WHEN v.sku = %s THEN 0 ELSE %s END, 0, 0, 0, 0, 0, '', 0"
            " FROM inventory_variant v CROSS JOIN inventory_location l",
            [SCARCE, PLENTY],
        )
        cursor.execute(
            "UPDATE inventory_stocklevel SET sellable = %s WHERE id = (SELECT min(level.id)"
            " FROM inventory_stocklevel level JOIN inventory_variant v ON v.id = level.variant_id"
            " WHERE v.sku = %s)",
            [LAST_UNITS, SCARCE],
        )
        cursor.execute("ANALYZE")


def sku_of(number: int) -> str:
    return f"STOCK-{number:05d}"


def _allocate(variant_id: int, channel: Channel, now: datetime) -> int:
    """One unit set aside by the verbs that placing an order uses; the demand's id."""
    return look_first(lambda read_levels: _raise_one(variant_id, channel, read_levels, now))


def _raise_one(variant_id: int, channel: Channel, read_levels: ReadLevels, now: datetime) -> int:
    places = [place.id for place in ranked_places([channel.pk])[channel.pk]]
    levels = read_levels([variant_id], location_ids=places)
    question = plain_question([Need(0, variant_id, 1)], places, now=now)
    takes = source(question, levels=levels, buffer=0, usable_on=now.date()).takes
    if not takes and not all(level.is_locked for level in levels.values()):
        raise StockMoved
    wish = Wish(variant_id, 1, channel.pk, "bench", since=now)
    return raise_demands([wish], takes, levels=levels, now=now)[0]


def prepare_service() -> Work:
    channel = Channel.objects.get(code="bench")
    variants = list(Variant.objects.order_by("sku").values_list("id", flat=True))[2:]

    def work(random: Random) -> None:
        now = timezone.now()
        demand_id = _allocate(random.choice(variants), channel, now)
        with transaction.atomic():
            cancel_demands({demand_id: 1})

    return work


def prepare_by_hand() -> Work:
    by_hand = HandStock("bench")
    variants = list(Variant.objects.order_by("sku").values_list("id", flat=True))[2:]

    def work(random: Random) -> None:
        by_hand.release(by_hand.allocate(random.choice(variants)))

    return work


def _prepare_one(sku: str) -> Work:
    channel = Channel.objects.get(code="bench")
    variant_id = Variant.objects.values_list("id", flat=True).get(sku=sku)

    def work(_random: Random) -> None:
        _allocate(variant_id, channel, timezone.now())

    return work


def prepare_hot_service() -> Work:
    return _prepare_one(HOT)


def prepare_scarce_service() -> Work:
    return _prepare_one(SCARCE)


def prepare_hot_by_hand() -> Work:
    by_hand = HandStock("bench")
    variant_id = Variant.objects.values_list("id", flat=True).get(sku=HOT)

    def work(_random: Random) -> None:
        by_hand.allocate(variant_id)

    return work


def _oversold(clients: int) -> int:
    """Units of a SKU that ran out under load that were set aside beyond what there was."""
    measure(prepare_scarce_service, processes=clients, seconds=2.0, warm_up=0.1)
    given = Allocation.objects.filter(level__variant__sku=SCARCE).aggregate(units=Sum("quantity"))
    return int(given["units"] or 0) - LAST_UNITS


def _import() -> dict[str, Any]:
    """The same 100,000 counts through the importer and by a hand-written COPY and three statements."""
    counts = [
        (sku_of(row // LOCATIONS % SKUS), f"bench-{row % LOCATIONS}", PLENTY // 2 + row % 7)
        for row in range(2 * LOCATIONS, ROWS // 2)
    ]
    extra = _more_skus(counts)
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(("sku", "location", "counted"))
    writer.writerows(extra)
    content = text.getvalue().encode()
    began = time.perf_counter()
    run = imports.run_here("stock", format="csv", name="counts.csv", content=content, options={})
    took = time.perf_counter() - began
    began = time.perf_counter()
    copy_counts((sku, location, units + 1) for sku, location, units in extra)
    by_hand = time.perf_counter() - began
    return {
        "rows": run.rows,
        "booked": run.updated,
        "rejected": run.rejected,
        "rows_per_second": round(run.rows / took),
        "hand_written_rows_per_second": round(len(extra) / by_hand),
        "ratio": round(by_hand / took, 3),
    }


def _more_skus(counts: list[tuple[str, str, int]]) -> list[tuple[str, str, int]]:
    """As many more SKUs as make the file 100,000 rows, so that no SKU is counted twice."""
    product = Product.objects.get()
    number = -(-(ROWS - len(counts)) // LOCATIONS)
    Variant.objects.bulk_create(
        (Variant(product=product, sku=f"MORE-{n:05d}") for n in range(number)), batch_size=2000
    )
    more = [
        (f"MORE-{n // LOCATIONS:05d}", f"bench-{n % LOCATIONS}", 5)
        for n in range(number * LOCATIONS)
    ]
    return (counts + more)[:ROWS]


def _fill_ledger() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO inventory_movement (level_id, condition, quantity, balance, reason,"
            " reference, note, unit_cost, actor_kind, actor_key, actor_label, moved_at)"
            " SELECT (array(SELECT id FROM inventory_stocklevel ORDER BY id))[1 + n %% %s],"
            " 'sellable', 1, 1, 'correction', 'bench', '', 0, 'system', '', 'System', now()"
            " FROM generate_series(1, %s) AS n",
            [StockLevel.objects.count(), MOVEMENTS],
        )
        cursor.execute("ANALYZE")


def _availability() -> dict[str, Any]:
    channel = Channel.objects.get(code="bench")
    variants = list(Variant.objects.values_list("id", flat=True))
    random = Random(7)  # noqa: S311  (not a secret: the same SKUs in every run)
    today = timezone.now().date()
    queries = {}
    for count in (1, ASKED):
        with CaptureQueriesContext(connection) as captured:
            availability_of(random.sample(variants, count), channel=channel, today=today)
        queries[str(count)] = len(captured)
    took = []
    until = time.monotonic() + timedelta(seconds=5).total_seconds()
    while time.monotonic() < until:
        asked = random.sample(variants, ASKED)
        began = time.perf_counter()
        availability_of(asked, channel=channel, today=today)
        took.append((time.perf_counter() - began) * 1000)
    took.sort()
    return {
        "skus": ASKED,
        "movements": MOVEMENTS,
        "queries": queries,
        "p50_ms": round(median(took), 2),
        "p95_ms": round(took[int(len(took) * 0.95) - 1], 2),
        "calls": len(took),
    }
