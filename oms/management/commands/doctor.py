"""Looks at everything the system stands on, one line each, with the line that mends it."""

import argparse
import json
import shutil
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import redis
from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from oms.runtime import system_packages

OLDEST_POSTGRES = 150000
CLOCK_TOLERANCE_SECONDS = 2.0
DISK_WANTED_BYTES = 1024**3


@dataclass(frozen=True)
class Finding:
    """What one check saw; `mend` is the line to type when it is not well."""

    text: str
    is_well: bool = True
    mend: str = ""
    is_needed: bool = True

    @property
    def verdict(self) -> str:
        if self.is_well:
            return "ok"
        return "FAILED" if self.is_needed else "missing"


def check_python() -> Finding:
    version = ".".join(str(part) for part in sys.version_info[:3])
    return Finding(
        f"{version} ({sys.executable})",
        is_well=sys.version_info >= (3, 11),
        mend="install Python 3.11 or newer, then: OMS_PYTHON=/path/to/python3 ./run",
    )


def check_database() -> Finding:
    mend = "./run (or mend DATABASE_URL)"
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('server_version_num')::int, version()")
            number, version = cursor.fetchone()
    except DatabaseError as error:
        return Finding(f"does not answer: {_first_line(error)}", is_well=False, mend=mend)
    name = " ".join(str(version).split()[:2])
    if number < OLDEST_POSTGRES:
        return Finding(f"{name} is too old", is_well=False, mend="use PostgreSQL 15 or newer")
    return Finding(f"{name} answers")


def check_queue() -> Finding:
    try:
        link = redis.Redis.from_url(settings.REDIS_URL, socket_timeout=2, socket_connect_timeout=2)
        link.ping()
    except (redis.RedisError, OSError, ValueError) as error:
        return Finding(
            f"does not answer: {_first_line(error)}",
            is_well=False,
            mend="./run (or mend REDIS_URL)",
        )
    return Finding("answers")


def check_migrations() -> Finding:
    try:
        executor = MigrationExecutor(connection)
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError as error:
        return Finding(
            f"cannot be read: {_first_line(error)}", is_well=False, mend="mend the database first"
        )
    if plan:
        return Finding(f"{len(plan)} to run", is_well=False, mend="./run manage migrate")
    return Finding("all have run")


def check_pango() -> Finding:
    return _system_package(system_packages.PANGO, is_needed=True)


def check_chromium() -> Finding:
    return _system_package(system_packages.CHROMIUM, is_needed=False)


def _system_package(wanted: system_packages.SystemPackage, *, is_needed: bool) -> Finding:
    if wanted.is_there():
        return Finding("installed")
    return Finding(
        f"not installed: {wanted.without}", is_well=False, mend=wanted.line, is_needed=is_needed
    )


def check_clock() -> Finding:
    """The machine's clock against the database's, and the time zone that days are counted in."""
    try:
        ZoneInfo(settings.TIME_ZONE)
    except (ZoneInfoNotFoundError, ValueError):
        return Finding(
            f"the time zone {settings.TIME_ZONE!r} is unknown",
            is_well=False,
            mend="set TIME_ZONE to a name such as Europe/Berlin",
        )
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT clock_timestamp()")
            theirs: datetime = cursor.fetchone()[0]
    except DatabaseError:
        return Finding(f"{settings.TIME_ZONE}; the database's clock cannot be read")
    apart = abs((datetime.now(UTC) - theirs).total_seconds())
    if apart > CLOCK_TOLERANCE_SECONDS:
        return Finding(
            f"differs from the database's by {apart:.1f} s",
            is_well=False,
            mend="sudo timedatectl set-ntp true (on both machines)",
        )
    return Finding(f"agrees with the database's; days are counted in {settings.TIME_ZONE}")


def check_disk() -> Finding:
    folder = Path(settings.OMS_VAR)
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    return Finding(
        f"{free / 1024**3:.1f} GB free for {settings.OMS_VAR}",
        is_well=free >= DISK_WANTED_BYTES,
        mend="make room, or set OMS_VAR to a folder on a larger disk",
    )


def _first_line(error: Exception) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0]


CHECKS: dict[str, Callable[[], Finding]] = {
    "python": check_python,
    "database": check_database,
    "queue": check_queue,
    "migrations": check_migrations,
    "Pango": check_pango,
    "chromium": check_chromium,
    "clock": check_clock,
    "disk": check_disk,
}


class Command(BaseCommand):
    help = "Look at everything the system stands on; exit 1 when something needed is not well."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.formatter_class = argparse.RawDescriptionHelpFormatter
        parser.epilog = (
            "examples:\n"
            "  ./run doctor          one line a check, with the line that mends it\n"
            "  ./run doctor --json   the same for a program\n"
            "exit codes: 0 all well, 1 something needed is not"
        )
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *_arguments: object, **options: object) -> None:
        findings = {name: check() for name, check in CHECKS.items()}
        if options["json"]:
            told = {name: asdict(found) for name, found in findings.items()}
            self.stdout.write(json.dumps(told, indent=2))
        else:
            for name, found in findings.items():
                self._print(name, found)
        if any(not found.is_well and found.is_needed for found in findings.values()):
            sys.exit(1)

    def _print(self, name: str, found: Finding) -> None:
        line = f"{name:<11} {found.verdict:<8} {found.text}"
        if not found.is_well:
            line += f"; this mends it: {found.mend}"
        style = self.style.SUCCESS if found.is_well else self.style.ERROR
        self.stdout.write(style(line) if found.is_well or found.is_needed else line)
