"""Figures for Prometheus: requests as each process counts them, and what waits, read on asking."""

import os
from collections.abc import Iterator

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from core import health

BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)

REGISTRY = CollectorRegistry()
REQUESTS = Counter(
    "oms_requests_total", "Requests answered", ["view", "method", "status"], registry=REGISTRY
)
SECONDS = Histogram(
    "oms_request_seconds", "Time to answer", ["view"], buckets=BUCKETS, registry=REGISTRY
)


def count_request(*, view: str, method: str, status: int, seconds: float) -> None:
    """Count one answered request. `view` is the name of the address, never the path."""
    REQUESTS.labels(view or "none", method, str(status)).inc()
    SECONDS.labels(view or "none").observe(seconds)


class Readings(Collector):
    """What the health page shows, as gauges."""

    def collect(self) -> Iterator[Metric]:
        for reading in health.readings():
            if reading.number is not None:
                name = f"oms_{reading.gauge.code}"
                yield GaugeMetricFamily(name, reading.gauge.label, value=reading.number)


def exposition() -> bytes:
    """Everything in Prometheus' text format; all processes' counts where they share a folder."""
    shared = os.environ.get("PROMETHEUS_MULTIPROC_DIR")
    if shared:
        counted = CollectorRegistry()
        MultiProcessCollector(counted, path=shared)  # type: ignore[no-untyped-call]
    else:
        counted = REGISTRY
    waiting = CollectorRegistry()
    waiting.register(Readings())
    return generate_latest(counted) + generate_latest(waiting)
