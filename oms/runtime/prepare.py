"""Brings the database up to date, or fills an empty store; run by the supervisor inside Django.

Prints one line per step for the supervisor to show. Bringing it up to date writes to the file it is
given, as JSON, whether the store is empty and who can log in to the demo.
"""

import io
import json
import os
import sys
from pathlib import Path

import django
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor


def main(step: str, report: Path) -> None:
    """Do one step: `migrate`, which also reports what it found, or `fill`."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "oms.settings")
    django.setup()
    if step == "migrate":
        _migrate()
        _collect_static()
        report.write_text(json.dumps({"is_empty": _is_empty(), "logins": demo_logins()}))
    else:
        _fill()


def say(text: str) -> None:
    """One line to the supervisor."""
    print(text, flush=True)


def _migrate() -> None:
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if not plan:
        say("the database is up to date")
        return
    say(f"migrating the database ({len(plan)} steps)")
    call_command("migrate", interactive=False, verbosity=0)
    say("the database is migrated")


def _collect_static() -> None:
    """Only where files are served by their fingerprinted names, as in production."""
    backend = settings.STORAGES["staticfiles"]["BACKEND"]
    if "Manifest" in backend:
        call_command("collectstatic", interactive=False, verbosity=0)
        say("collected the static files")


def _is_empty() -> bool:
    return not apps.get_model("core.Channel").objects.exists()


def _fill() -> None:
    """The demo decides itself whether the store is empty; its own words are shown."""
    call_command("seed_demo", if_empty=True, stdout=_Lines())


class _Lines(io.TextIOBase):
    """Hands each finished line on to the supervisor."""

    def write(self, text: str) -> int:
        for line in text.splitlines():
            if line.strip():
                say(line.strip())
        return len(text)


def demo_logins() -> list[list[str]]:
    """Rows of role, e-mail address and password, as `seed_demo --print-logins` gives them."""
    printed = io.StringIO()
    call_command("seed_demo", print_logins=True, stdout=printed)
    rows = [line.rsplit(maxsplit=2) for line in printed.getvalue().splitlines() if line.strip()]
    return [row for row in rows if len(row) == 3]


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
