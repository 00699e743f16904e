"""Builds the environment that the processes run in (12 factors), and keeps its secret key."""

import os
import secrets
from collections.abc import Mapping
from pathlib import Path

from oms.runtime.layout import ROOT, Layout

# A page's statement may take 10 s, a worker's 60 s; commands have no limit.
PAGE_STATEMENT_MS = "10000"
WORKER_STATEMENT_MS = "60000"


def build(
    layout: Layout,
    environ: Mapping[str, str],
    *,
    database_url: str,
    redis_url: str,
    url: str = "",
    training: bool = False,
) -> dict[str, str]:
    """For everything that starts here; what the person set wins, but for where things are."""
    ours = {
        "OMS_ENV": "local",
        "BASE_URL": url,
        "PYTHONUNBUFFERED": "1",
    }
    built = {name: value for name, value in ours.items() if value} | dict(environ)
    built |= {
        "DATABASE_URL": database_url,
        "REDIS_URL": redis_url,
        "OMS_VAR": str(layout.var),
        "DJANGO_SETTINGS_MODULE": "oms.settings",
        "PYTHONPATH": str(ROOT),
    }
    if training:
        built["OMS_ENV"] = "training"
    if not built.get("SECRET_KEY"):
        built["SECRET_KEY"] = secret_key(layout.secret_key)
    return built


def secret_key(path: Path) -> str:
    """The key of this data folder, made once; only its owner can read it."""
    try:
        with path.open() as kept:
            return kept.read().strip()
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = secrets.token_urlsafe(50)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as out:
            out.write(fresh + "\n")
        return fresh


def test_environment(environ: Mapping[str, str], layout: Layout) -> dict[str, str]:
    """What a test run and its checks see: nothing of the person's own settings matters."""
    ignored = {"DEBUG", "EMAIL_URL", "OMS_HTTPS", "ALLOWED_HOSTS", "BASE_URL", "TIME_ZONE"}
    kept = {name: value for name, value in environ.items() if name not in ignored}
    return kept | {
        "OMS_ENV": "local",
        "SECRET_KEY": "only-for-tests-and-checks-where-nothing-is-at-stake",
        "OMS_VAR": str(layout.var),
        "DJANGO_SETTINGS_MODULE": "oms.settings",
        "PYTHONPATH": str(ROOT),
    }


def production_like(environ: Mapping[str, str]) -> dict[str, str]:
    """An environment as a production host would have it, for `check --deploy`."""
    return dict(environ) | {
        "OMS_ENV": "production",
        "DEBUG": "false",
        "SECRET_KEY": secrets.token_urlsafe(64),
        "ALLOWED_HOSTS": "orders.example.org",
        "CSRF_TRUSTED_ORIGINS": "https://orders.example.org",
        "BASE_URL": "https://orders.example.org",
        "OMS_BEHIND_PROXY": "true",
    }
