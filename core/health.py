"""How the system is: what is ready, what waits, what failed; each app may add its own gauges."""

import logging
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from pathlib import Path

import django
import redis
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Count, Min, Q
from django.utils import timezone

from core import pdf
from core.models import (
    AttentionItem,
    Delivery,
    DeliveryStatus,
    Document,
    DocumentStatus,
    ExternalOperation,
    Job,
    JobStatus,
    Message,
    MessageStatus,
    OperationState,
)
from core.models.jobs import JOB_OPEN

logger = logging.getLogger(__name__)

LATE = timedelta(minutes=2)
LOW_DISK = 1024**3


class State(StrEnum):
    GOOD = "good"
    WARNING = "warning"
    BAD = "bad"


@dataclass(frozen=True)
class Value:
    """What a gauge reads: words for people, a number for machines, and how that is."""

    text: str
    number: float | None = None
    state: State = State.GOOD
    hint: str = ""


@dataclass(frozen=True)
class Gauge:
    """One figure of the health page; `url` leads to what it counts."""

    code: str
    label: str
    group: str
    read: Callable[[], Value]
    url_name: str = ""


@dataclass(frozen=True)
class Reading:
    gauge: Gauge
    value: Value

    @property
    def number(self) -> float | None:
        return self.value.number


_gauges: list[Gauge] = []


def register(gauge: Gauge) -> Gauge:
    """Add a figure to the health page and to /metrics."""
    _gauges.append(gauge)
    return gauge


def gauge(
    code: str, label: str, group: str, *, url_name: str = ""
) -> Callable[[Callable[[], Value]], Callable[[], Value]]:
    """Register a function as a gauge."""

    def add(read: Callable[[], Value]) -> Callable[[], Value]:
        register(Gauge(code, label, group, read, url_name))
        return read

    return add


def readings() -> list[Reading]:
    """All gauges, read now; one that fails reads as bad and holds up no other."""
    return [Reading(one, _read(one)) for one in _gauges]


def _read(one: Gauge) -> Value:
    try:
        return one.read()
    except (DatabaseError, OSError, redis.RedisError, ValueError) as error:
        logger.warning("the gauge %s could not be read: %s", one.code, type(error).__name__)
        return Value("cannot be read", None, State.BAD, type(error).__name__)


def waiting(count: int, *, limit: int = 0, hint: str = "") -> Value:
    """A count that is good up to `limit`."""
    return Value(
        str(count),
        count,
        State.WARNING if count > limit else State.GOOD,
        hint if count > limit else "",
    )


# --- ready -----------------------------------------------------------------------------------


def not_ready() -> list[str]:
    """The parts without which no page can be served: database, queue, migrations."""
    parts = (
        ("database", _database_answers),
        ("queue", _queue_answers),
        ("migrations", _is_migrated),
    )
    return [name for name, answers in parts if not _holds(answers)]


def _holds(answers: Callable[[], bool]) -> bool:
    try:
        return answers()
    except (DatabaseError, redis.RedisError, OSError):
        return False


def _database_answers() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return True


def _queue() -> redis.Redis:
    return redis.Redis.from_url(settings.REDIS_URL, socket_timeout=2, socket_connect_timeout=2)


def _queue_answers() -> bool:
    return bool(_queue().ping())


_migrated: list[bool] = []


def _is_migrated() -> bool:
    """Whether every migration ran; once true it stays so for this process."""
    if not _migrated:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            return False
        _migrated.append(True)
    return True


# --- the ground's own gauges ------------------------------------------------------------------


@gauge("queue_depth", "Calls in the queue", "Queue")
def queue_depth() -> Value:
    depth = int(_queue().llen("celery"))
    return waiting(depth, limit=1_000, hint="The workers do not keep up, or none runs.")


@gauge("outbox_waiting", "Deliveries waiting", "Outbox")
def outbox_waiting() -> Value:
    count = Delivery.objects.filter(status=DeliveryStatus.WAITING).count()
    return waiting(count, limit=10_000, hint="The workers do not keep up, or none runs.")


@gauge("outbox_oldest_seconds", "Oldest delivery that is due", "Outbox")
def outbox_oldest() -> Value:
    oldest = Delivery.objects.filter(
        status=DeliveryStatus.WAITING, next_attempt_at__lte=timezone.now()
    ).aggregate(since=Min("next_attempt_at"))["since"]
    if oldest is None:
        return Value("none", 0)
    late = timezone.now() - oldest
    state = State.WARNING if late > LATE else State.GOOD
    hint = "Is a worker running?" if late > LATE else ""
    return Value(f"{int(late.total_seconds())} s", late.total_seconds(), state, hint)


@gauge("outbox_parked", "Deliveries parked after five tries", "Outbox", url_name="failed_work")
def outbox_parked() -> Value:
    count = Delivery.objects.filter(status=DeliveryStatus.PARKED).count()
    return waiting(count, hint=RETRY_HINT)


@gauge("operations_open", "Operations on their way", "Providers")
def operations_open() -> Value:
    counted = _operations()
    return Value(str(counted["open"]), counted["open"])


@gauge(
    "operations_parked",
    "Operations parked or of unknown outcome",
    "Providers",
    url_name="failed_work",
)
def operations_parked() -> Value:
    return waiting(_operations()["stuck"], hint="Look the operation up at the provider.")


def _operations() -> dict[str, int]:
    return ExternalOperation.objects.aggregate(
        open=Count("id", filter=Q(state__in=[OperationState.INTENDED, OperationState.SENT])),
        stuck=Count("id", filter=Q(state__in=[OperationState.UNKNOWN, OperationState.PARKED])),
    )


@gauge("jobs_open", "Jobs waiting or running", "Work")
def jobs_open() -> Value:
    count = Job.objects.filter(status__in=JOB_OPEN).count()
    return waiting(count, limit=500, hint="The workers do not keep up, or none runs.")


@gauge("jobs_failed", "Jobs failed", "Work", url_name="failed_work")
def jobs_failed() -> Value:
    return waiting(Job.objects.filter(status=JobStatus.PARKED).count(), hint=RETRY_HINT)


@gauge("documents_failed", "Documents failed", "Work", url_name="failed_work")
def documents_failed() -> Value:
    return waiting(Document.objects.filter(status=DocumentStatus.FAILED).count(), hint=RETRY_HINT)


@gauge("messages_queued", "Messages waiting", "Work")
def messages_queued() -> Value:
    count = Message.objects.filter(status=MessageStatus.QUEUED).count()
    return waiting(count, limit=5_000, hint="The mail server does not keep up.")


@gauge("messages_failed", "Messages failed", "Work", url_name="failed_work")
def messages_failed() -> Value:
    return waiting(Message.objects.filter(status=MessageStatus.FAILED).count(), hint=RETRY_HINT)


RETRY_HINT = "Look at the error, mend its cause, then retry."


@gauge("attention_open", "Items that need attention", "People", url_name="home")
def attention_open() -> Value:
    count = AttentionItem.objects.filter(resolved_at=None).count()
    return Value(str(count), count)


@gauge("disk_free_bytes", "Free disk space", "Machine")
def disk_free() -> Value:
    folder = settings.OMS_VAR if Path(settings.OMS_VAR).exists() else settings.BASE_DIR
    free = shutil.disk_usage(folder).free
    low = free < LOW_DISK
    return Value(
        f"{free / 1024**3:.1f} GB",
        free,
        State.BAD if low else State.GOOD,
        "Make room: PostgreSQL stops when the disk is full." if low else "",
    )


@gauge("database_bytes", "Size of the database", "Machine")
def database_size() -> Value:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        size = int(cursor.fetchone()[0])
    return Value(f"{size / 1024**2:,.0f} MB", size)


@gauge("pdf_available", "PDF documents", "Machine")
def pdf_documents() -> Value:
    if pdf.pdf_available():
        return Value("available", 1)
    hint = f"Pages can be printed from the browser meanwhile. {pdf.install_hint()}"
    return Value("missing", 0, State.WARNING, hint)


def versions() -> list[tuple[str, str]]:
    """What runs here, by name and version."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        postgres = str(cursor.fetchone()[0])
    return [
        ("Build", settings.OMS_BUILD or "development"),
        ("Environment", settings.OMS_ENV),
        ("Python", sys.version.split()[0]),
        ("Django", django.get_version()),
        ("PostgreSQL", postgres),
        ("Queue", _queue_version()),
    ]


def _queue_version() -> str:
    try:
        about = _queue().info("server")
    except (redis.RedisError, OSError):
        return "does not answer"
    if "valkey_version" in about:
        return f"Valkey {about['valkey_version']}"
    return f"Redis {about.get('redis_version', '')}"
