"""One way out: whoever calls a machine elsewhere over HTTP goes through core.outgoing."""

import ast
from pathlib import Path

from django.conf import settings

ROOT = Path(settings.BASE_DIR)
APPS = (
    "core", "customers", "inventory", "orders", "payments", "shipping", "returns", "reports", "oms",
)  # fmt: skip
CLIENTS = {"requests", "requests_hardened", "urllib3", "httpx", "aiohttp"}
PARTS = {"urllib.request", "http.client"}
# The start of the whole asks its own health page, before Django is there; the benchmark of the API
# calls the web workers that it started itself.
EXCUSED = {
    "core/outgoing.py",
    "oms/runtime/supervisor.py",
    "oms/runtime/probe.py",
    "oms/bench/http.py",
}


def imported(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return names


def test_nobody_else_brings_an_http_client():
    found = {
        str(path.relative_to(ROOT))
        for app in APPS
        for path in (ROOT / app).rglob("*.py")
        for name in imported(path)
        if name.partition(".")[0] in CLIENTS or any(name.startswith(part) for part in PARTS)
    }
    assert found == EXCUSED
