"""Order capture as programs do it: through web workers, with a key, once for each Idempotency-Key."""

import http.client
import json
import signal
import socket
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from django.db import connections
from django.utils import timezone

from core.api.keys import create_api_key
from inventory.models import StockLevel
from oms.bench.goods import ADDRESS, LINES, SCARCE, SCARCE_UNITS, SKUS, sku_of
from oms.bench.load import Work, measure
from oms.bench.scratch import scratch_environment

WORKERS = 2
CLIENTS = 8
RUSH = 300
RUSH_AT_ONCE = 60
BUYERS = 200
READY_SECONDS = 60
PACE = 10_000_000


@dataclass(frozen=True)
class Target:
    """Where the workers listen, and the key that opens them."""

    port: int
    secret: str


class Caller:
    """One connection that is kept alive, and the orders sent over it."""

    def __init__(self, target: Target) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", target.port, timeout=30)
        self.headers = {
            "Authorization": f"Bearer {target.secret}",
            "Content-Type": "application/json",
        }

    def place(self, skus: list[str], buyer: int) -> int:
        """Send one order; the status of the answer."""
        headers = self.headers | {"Idempotency-Key": uuid.uuid4().hex}
        self.connection.request("POST", "/api/v1/orders", _body(skus, buyer), headers)
        response = self.connection.getresponse()
        response.read()
        return response.status


def _body(skus: list[str], buyer: int) -> str:
    return json.dumps(
        {
            "channel": "bench",
            "external_id": uuid.uuid4().hex,
            "customer": {"email": f"buyer-{buyer}@example.com", "name": ADDRESS.name},
            "shipping_address": ADDRESS.as_json(),
            "lines": [{"sku": sku, "quantity": 1} for sku in skus],
        }
    )


def run(*, seconds: float) -> dict[str, Any]:
    """Orders of 5 lines and of one hot SKU a second, and a rush on too few units."""
    _, secret = create_api_key(
        name="Bench", scopes=["orders.place"], per_minute=PACE, now=timezone.now()
    )
    with web_workers() as port:
        target = Target(port, secret)
        spread = measure(lambda: _spread(target), processes=CLIENTS, seconds=seconds, warm_up=2.0)
        hot = measure(lambda: _hot(target), processes=CLIENTS, seconds=seconds)
        rush = _rush(target)
    return {"workers": WORKERS, "clients": CLIENTS, "spread": spread, "hot": hot, "rush": rush}


def _spread(target: Target) -> Work:
    caller = Caller(target)

    def work(random: Random) -> None:
        skus = [sku_of(n) for n in random.sample(range(SKUS), LINES)]
        _expect(caller.place(skus, random.randrange(BUYERS)), 201)

    return work


def _hot(target: Target) -> Work:
    caller = Caller(target)

    def work(random: Random) -> None:
        _expect(caller.place([sku_of(0)], random.randrange(BUYERS)), 201)

    return work


def _expect(status: int, wanted: int) -> None:
    if status != wanted:
        raise RuntimeError(f"the answer was {status}")


def _rush(target: Target) -> dict[str, int]:
    """Many orders at once for a SKU of which there are too few: exactly so many are taken."""

    def place(_number: int) -> int:
        return Caller(target).place([SCARCE], 0)

    with ThreadPoolExecutor(RUSH_AT_ONCE) as pool:
        answers = list(pool.map(place, range(RUSH)))
    level = StockLevel.objects.get(variant__sku=SCARCE)
    return {
        "orders": RUSH,
        "units": SCARCE_UNITS,
        "accepted": answers.count(201),
        "refused": answers.count(422),
        "other_answers": len(answers) - answers.count(201) - answers.count(422),
        "units_allocated": level.allocated,
    }


@contextmanager
def web_workers() -> Iterator[int]:
    """Two web workers over the scratch database, on a loopback port of their own."""
    connections.close_all()
    port = _free_port()
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        log = Path(folder) / "web.log"
        with log.open("wb") as output:
            process = subprocess.Popen(
                _command(port), env=_environment(folder), stdout=output, stderr=output
            )
            try:
                _wait_for(port, process, log)
                yield port
            finally:
                process.send_signal(signal.SIGTERM)
                process.wait(timeout=20)


def _command(port: int) -> list[str]:
    return [
        sys.executable, "-P", "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1",
        "--port", str(port), "--workers", str(WORKERS), "--no-access-log", "oms.wsgi:application",
    ]  # fmt: skip


def _environment(folder: str) -> dict[str, str]:
    return scratch_environment() | {
        "PROMETHEUS_MULTIPROC_DIR": folder,
        "ALLOWED_HOSTS": "127.0.0.1",
        "OMS_HTTPS": "0",
    }


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_for(port: int, process: "subprocess.Popen[bytes]", log: Path) -> None:
    until = time.monotonic() + READY_SECONDS
    while time.monotonic() < until and process.poll() is None:
        try:
            asked = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
            asked.request("GET", "/healthz")
            if asked.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError(f"the web workers did not start: {log.read_text()[-2000:]}")
