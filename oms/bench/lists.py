"""The list of orders, an order's page and Home with a million orders behind them."""

import gc
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random
from typing import Any

from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core import clock
from core.invariants import all_invariants
from core.models import User
from core.rights import Role
from oms.bench.asking import kinds_of_request
from oms.bench.multiplying import Multiplier
from oms.demo.filling import DAYS
from oms.demo.store import LOGINS, build
from oms.demo.story import Story
from orders.models import Order, OrderLine

ORDERS = 1_000_000
PROTOTYPES = 150
SEED = 11
TIMES = 3
BASKETS = (10, 25, 30, 20, 15)  # three lines an order
BUDGET_MS = 150


@dataclass
class Timed:
    """How long the answers of one kind of request took, and how many statements they made."""

    took: list[tuple[float, str]] = field(default_factory=list)
    queries: int = 0

    def as_dict(self) -> dict[str, Any]:
        times = sorted(ms for ms, _ in self.took)
        if not times:
            return {"requests": 0}
        slowest = sorted(self.took, reverse=True)[:3]
        return {
            "requests": len(times),
            "p50_ms": round(times[len(times) // 2], 1),
            "p95_ms": round(times[int(len(times) * 0.95)], 1),
            "worst_ms": round(times[-1], 1),
            "most_queries": self.queries,
            "over_budget": sum(ms > BUDGET_MS for ms in times),
            "slowest": [f"{ms:.0f} ms {address}" for ms, address in slowest],
        }


def run(*, seconds: float, connections: tuple[int, ...]) -> dict[str, Any]:
    """Load the orders, audit, and ask for every kind of page; `seconds` and `connections` mean
    nothing here: the requests are counted, one after another.
    """
    del seconds, connections
    began = time.perf_counter()
    load(ORDERS)
    loaded = time.perf_counter() - began
    gc.collect()
    gc.freeze()  # what loading left in memory, no web worker holds: it is not searched between requests
    settings.ALLOWED_HOSTS = ["*"]
    reader = Reader()
    figures: dict[str, Any] = {
        "orders": Order.objects.count(),
        "lines": OrderLine.objects.count(),
        "load_seconds": round(loaded, 1),
        "audit": audit(),
    }
    for name, addresses in kinds_of_request(reader.user, seed=SEED).items():
        figures[name] = reader.ask(addresses).as_dict()
    return figures


def load(orders: int) -> None:
    """Prototypes by the demo's verbs, then copies of them."""
    now = timezone.now()
    with clock.at(now):
        store = build(Random(SEED), opened_at=now)  # noqa: S311
    story = Story(store, seed=SEED, opened_at=now - timedelta(days=DAYS), now=now, baskets=BASKETS)
    for _ in story.tell(PROTOTYPES):
        pass
    Multiplier(orders).run()


# --- what is asked -----------------------------------------------------------------------------


class Reader:
    """A manager who opens pages, one after another."""

    def __init__(self) -> None:
        email = next(email for role, email, _ in LOGINS if role == Role.MANAGER)
        self.user = User.objects.get(email=email)
        self.client = Client()
        self.client.force_login(self.user)

    def ask(self, addresses: Iterable[str]) -> Timed:
        """Each address once to count its statements, then TIMES times by the clock."""
        timed = Timed()
        for address in addresses:
            with CaptureQueriesContext(connection) as captured:
                self._open(address)
            timed.queries = max(timed.queries, len(captured))
            for _ in range(TIMES):
                began = time.perf_counter()
                self._open(address)
                timed.took.append(((time.perf_counter() - began) * 1000, address))
        return timed

    def _open(self, address: str) -> None:
        answer = self.client.get(address)
        if answer.status_code not in {200, 302}:
            raise RuntimeError(f"{address} answered {answer.status_code}")


def audit() -> dict[str, Any]:
    """Those invariants that are one statement over everything: how many, and which do not hold."""
    checked = [one for one in all_invariants() if one.is_sql]
    broken = {one.code: offences[:3] for one in checked if (offences := one.check())}
    return {"checked": len(checked), "broken": broken}
