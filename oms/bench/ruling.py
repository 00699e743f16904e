"""200 rules over 10,000 orders: read in batches and judged as runs and previews judge them, beside a
loop of predicates written by hand in Python over the same orders. Both must agree on every order.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from random import Random
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.rules.definition import Condition, Definition, Group, Match, Which
from core.rules.judging import judge, read
from core.rules.registry import Batch, subject_named
from oms.bench import lists
from orders.models import Order, OrderLine
from orders.rules.reading_orders import lines_by_order
from orders.states import FulfilmentStatus, PaymentStatus

RULES = 200
ORDERS = 10_000
BATCH = 500
SEED = 20_261_128
LIMIT_SECONDS = 60

Lines = Sequence[OrderLine]
ByHand = Callable[[Order, Lines], bool]


@dataclass(frozen=True)
class Twice:
    """One rule, said to the engine and written by hand."""

    definition: Definition
    by_hand: ByHand


def _says(match: str, *parts: Condition | Group) -> Definition:
    return Definition("order", "orders.OrderPlaced", Group(match, parts), ())


def _large(random: Random) -> Twice:
    amount = random.randint(5, 400)
    least = Decimal(amount)
    status = random.choice(PaymentStatus.values)
    return Twice(
        _says(
            Match.ALL,
            Condition("order.total", "over", (str(amount),), "EUR"),
            Condition("payment.status", "one_of", (status,)),
        ),
        lambda order, _lines: (
            order.currency == "EUR" and order.total > least and order.payment_status == status
        ),
    )


def _abroad(random: Random) -> Twice:
    home = random.choice(("DE", "NL", "US"))
    units = random.randint(1, 6)
    return Twice(
        _says(
            Match.ALL,
            Condition("shipping.country", "none_of", (home,)),
            Condition("order.units", "at_least", (str(units),)),
            Condition("order.held", "no"),
        ),
        lambda order, _lines: (
            order.ship_country != home and order.units >= units and order.open_holds == 0
        ),
    )


def _by_name(random: Random) -> Twice:
    amount = random.randint(5, 400)
    part = random.choice(("an", "er", "li", "so"))
    return Twice(
        _says(
            Match.ANY,
            Condition("customer.name", "contains", (part,)),
            Condition("order.tags", "is", ("vip",)),
            Condition("order.total", "over", (str(amount * 4),), "EUR"),
        ),
        lambda order, _lines: (
            part in order.customer_name.casefold()
            or "vip" in order.tags
            or (order.currency == "EUR" and order.total > amount * 4)
        ),
    )


def _many_of_one(random: Random) -> Twice:
    begin, units = random.choice("abcdefghjklmnprst"), random.randint(1, 4)
    return Twice(
        _says(
            Match.ALL,
            Group(
                Match.SAME,
                (
                    Condition("line.sku", "begins", (begin,)),
                    Condition("line.quantity", "at_least", (str(units),)),
                ),
            ),
        ),
        lambda _order, lines: any(
            line.sku.casefold().startswith(begin) and line.quantity - line.cancelled >= units
            for line in lines
        ),
    )


def _heavy(random: Random) -> Twice:
    grams = random.randint(200, 5_000)
    return Twice(
        _says(
            Match.ALL,
            Condition("shipping.weight", "over", (str(grams),)),
            Condition("line.goods", "yes", which=Which.ALL),
        ),
        lambda _order, lines: (
            sum(line.weight_g * (line.quantity - line.cancelled) for line in lines) > grams
            and bool(lines)
            and all(line.is_physical for line in lines)
        ),
    )


def _waiting(random: Random) -> Twice:
    amount = random.randint(5, 400)
    goods = tuple(random.sample(FulfilmentStatus.values, 3))
    return Twice(
        _says(
            Match.ALL,
            Group(
                Match.ANY,
                (
                    Condition("stock.waiting", "over", ("0",)),
                    Condition("stock.status", "one_of", goods),
                ),
            ),
            Condition("payment.outstanding", "at_most", (str(amount),), "EUR"),
        ),
        lambda order, _lines: (
            (order.units_backordered > 0 or order.fulfilment_status in goods)
            and order.currency == "EUR"
            and order.outstanding <= amount
        ),
    )


SHAPES = (_large, _abroad, _by_name, _many_of_one, _heavy, _waiting)


def make_rules(count: int = RULES, *, seed: int = SEED) -> list[Twice]:
    """Rules of six shapes with figures of their own."""
    random = Random(seed)  # noqa: S311
    return [SHAPES[n % len(SHAPES)](random) for n in range(count)]


@dataclass
class Took:
    """Seconds, those of judging by the processor's clock too, which says the same on a busy machine;
    and how many queries each batch made.
    """

    reading: float = 0.0
    judging: float = 0.0
    judging_cpu: float = 0.0
    queries: set[int] = field(default_factory=set)

    def as_dict(self, judged: int) -> dict[str, Any]:
        return {
            "seconds": round(self.reading + self.judging, 2),
            "reading_seconds": round(self.reading, 2),
            "judging_seconds": round(self.judging, 2),
            "judging_cpu_seconds": round(self.judging_cpu, 2),
            "judged_per_second": round(judged / (self.reading + self.judging)),
            "queries_per_batch": sorted(self.queries),
        }


def by_engine(rules: Sequence[Twice], ids: Sequence[int]) -> tuple[list[set[int]], Took]:
    """Which orders each rule matches, by the way that runs and previews go."""
    took, found = Took(), [set[int]() for _ in rules]
    subject, now = subject_named("order"), timezone.now()
    fields = {code for rule in rules for code in rule.definition.fields}
    for start in range(0, len(ids), BATCH):
        began = time.perf_counter()
        with CaptureQueriesContext(connection) as captured:
            reading = read(subject, fields, ids[start : start + BATCH], now=now)
        took.reading += time.perf_counter() - began
        took.queries.add(len(captured))
        began, worked = time.perf_counter(), time.process_time()
        for rule, matching in zip(rules, found, strict=True):
            matching |= {one.subject_id for one in judge(rule.definition, reading) if one.runs}
        took.judging += time.perf_counter() - began
        took.judging_cpu += time.process_time() - worked
    return found, took


def by_hand(rules: Sequence[Twice], ids: Sequence[int]) -> tuple[list[set[int]], Took]:
    """The same by a bare loop over orders and lines that were fetched likewise."""
    took, found = Took(), [set[int]() for _ in rules]
    subject, now = subject_named("order"), timezone.now()
    for start in range(0, len(ids), BATCH):
        began = time.perf_counter()
        with CaptureQueriesContext(connection) as captured:
            batch = Batch(subject.load(ids[start : start + BATCH]), now=now)
            lines = lines_by_order(batch)
        took.reading += time.perf_counter() - began
        took.queries.add(len(captured))
        began, worked = time.perf_counter(), time.process_time()
        for rule, matching in zip(rules, found, strict=True):
            holds = rule.by_hand
            for pk, order in batch.rows.items():
                if not order.is_historical and holds(order, lines[pk]):
                    matching.add(pk)
        took.judging += time.perf_counter() - began
        took.judging_cpu += time.process_time() - worked
    return found, took


def compare(rules: Sequence[Twice], ids: Sequence[int]) -> dict[str, Any]:
    """The table of both; raises where they differ on any order."""
    engine, engine_took = by_engine(rules, ids)
    hand, hand_took = by_hand(rules, ids)
    differing = sum(one != other for one, other in zip(engine, hand, strict=True))
    if differing:
        raise RuntimeError(f"{differing} rules match other orders than by hand")
    judged = len(rules) * len(ids)
    seconds = engine_took.reading + engine_took.judging
    return {
        "rules": len(rules),
        "orders": len(ids),
        "matches": sum(len(matching) for matching in engine),
        "limit_seconds": LIMIT_SECONDS,
        "within_limit": seconds < LIMIT_SECONDS,
        "engine": engine_took.as_dict(judged),
        "by_hand": hand_took.as_dict(judged),
        "judging_to_by_hand": round(engine_took.judging_cpu / hand_took.judging_cpu, 2),
        "whole_to_by_hand": round(seconds / (hand_took.reading + hand_took.judging), 2),
    }


def run(**_measuring: object) -> dict[str, Any]:
    """As every bench is called; how long and over how many connections is nothing to this one."""
    lists.load(ORDERS)
    ids = list(Order.objects.order_by("pk").values_list("pk", flat=True)[:ORDERS])
    return compare(make_rules(), ids)
