"""Running one piece of work again and again in several processes, and what came of it."""

import multiprocessing
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Any

from django.db import connections


@dataclass(frozen=True)
class Measured:
    """How often the work was done in a second, and how long it took each time (milliseconds)."""

    per_second: float
    p50_ms: float
    p95_ms: float
    count: int
    errors: int

    def as_dict(self) -> dict[str, Any]:
        return {
            "per_second": round(self.per_second, 1),
            "p50_ms": round(self.p50_ms, 2),
            "p95_ms": round(self.p95_ms, 2),
            "count": self.count,
            "errors": self.errors,
        }


Work = Callable[[Random], None]
Prepare = Callable[[], Work]


def measure(prepare: Prepare, *, processes: int, seconds: float, warm_up: float = 0.5) -> Measured:
    """Let `processes` processes do the work for `seconds`. Each calls `prepare` once (its own
    connection) and is warmed up before the clock starts for all together.
    """
    connections.close_all()
    context = multiprocessing.get_context("fork")
    start = context.Barrier(processes)
    answers: multiprocessing.Queue[tuple[list[float], float, int]] = context.Queue()
    running = [
        context.Process(
            target=_run,
            args=(prepare, start, answers),
            kwargs={"seconds": seconds, "warm_up": warm_up, "seed": seed},
            daemon=True,
        )
        for seed in range(processes)
    ]
    for process in running:
        process.start()
    results = [answers.get(timeout=seconds + warm_up + 60) for _ in running]
    for process in running:
        process.join(timeout=10)
    took = sorted(ms for times, _, _ in results for ms in times)
    if not took:
        raise RuntimeError("no piece of work was finished; look at the errors above")
    return Measured(
        per_second=sum(len(times) / elapsed for times, elapsed, _ in results),
        p50_ms=statistics.median(took),
        p95_ms=took[int(len(took) * 0.95) - 1],
        count=len(took),
        errors=sum(errors for _, _, errors in results),
    )


def _run(
    prepare: Prepare, start: Any, answers: Any, *, seconds: float, warm_up: float, seed: int
) -> None:
    work = prepare()
    random = Random(seed)  # noqa: S311  (not a secret: the same orders in every run)
    until = time.perf_counter() + warm_up
    while time.perf_counter() < until:
        work(random)
    start.wait()
    times: list[float] = []
    errors = 0
    began = time.perf_counter()
    while (at := time.perf_counter()) < began + seconds:
        try:
            work(random)
        except Exception as error:  # noqa: BLE001  (counted and shown; the run goes on)
            errors += 1
            if errors == 1:
                print(f"first error: {error!r}")  # noqa: T201
        else:
            times.append((time.perf_counter() - at) * 1000)
    answers.put((times, time.perf_counter() - began, errors))
