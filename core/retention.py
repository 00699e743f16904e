"""How long what is only of passing use is kept, and the nightly job that clears it away."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db.models import Q, QuerySet
from django.utils import timezone

from core.jobs import Handle, job
from core.models import (
    Delivery,
    DeliveryStatus,
    Document,
    DocumentStatus,
    FormToken,
    ImportFile,
    ImportRun,
    Job,
    RuleRun,
    RunOutcome,
    StoredAnswer,
    WebhookDelivery,
    WebhookStatus,
)
from core.models.jobs import JOB_OPEN

CHUNK = 1_000


@dataclass(frozen=True)
class Keep:
    """Rows that go after so many days (settings.OMS_KEEP_DAYS[code])."""

    code: str
    label: str
    rows: Callable[[datetime], "QuerySet"]  # type: ignore[type-arg]


KEEPS = [
    Keep(
        "api_answers",
        "Answers to Idempotency-Keys",
        lambda day: StoredAnswer.objects.filter(answered_at__lt=day),
    ),
    Keep("form_tokens", "Form tokens", lambda day: FormToken.objects.filter(sent_at__lt=day)),
    Keep("sessions", "Sessions past", lambda day: Session.objects.filter(expire_date__lt=day)),
    Keep(
        "deliveries",
        "Facts handed over",
        lambda day: Delivery.objects.filter(status=DeliveryStatus.DONE, done_at__lt=day),
    ),
    Keep(
        "jobs",
        "Finished jobs",
        lambda day: Job.objects.exclude(status__in=JOB_OPEN).filter(finished_at__lt=day),
    ),
    Keep(
        "drafts",
        "Older versions of documents",
        lambda day: Document.objects.filter(
            is_final=False, requested_at__lt=day, prints=None
        ).exclude(status=DocumentStatus.PENDING),
    ),
    Keep(
        "import_files",
        "Files of imports",
        lambda day: ImportFile.objects.filter(kept_at__lt=day).exclude(
            Q(pk__in=ImportRun.objects.values("source_id"))
            | Q(pk__in=ImportRun.objects.exclude(errors=None).values("errors_id"))
        ),
    ),
    Keep(
        "rule_runs",
        "Rules that passed something over",
        lambda day: RuleRun.objects.filter(outcome=RunOutcome.SKIPPED, at__lt=day),
    ),
    Keep(
        "webhooks",
        "Webhooks that were delivered",
        lambda day: WebhookDelivery.objects.filter(
            Q(status=WebhookStatus.DELIVERED, delivered_at__lt=day)
            | Q(status=WebhookStatus.SKIPPED, next_attempt_at__lt=day)
        ),
    ),
]


def keep(one: Keep) -> None:
    """Let the nightly job clear away rows of an app too; apps say so in jobs.py."""
    KEEPS.append(one)


@job("core.purge", title="Clear away what is no longer needed")
def purge(handle: Handle) -> str:
    """Delete what is past its days, in chunks; days of 0 keep it for good."""
    now = timezone.now()
    gone = 0
    for done, keep in enumerate(KEEPS, start=1):
        days = settings.OMS_KEEP_DAYS.get(keep.code, 0)
        count = _delete(keep.rows(now - timedelta(days=days)), handle) if days else 0
        handle.result(keep.code, keep.label, message=f"{count} cleared away after {days} days.")
        handle.progress(done, len(KEEPS), keep.label)
        gone += count
    return f"{gone} rows cleared away."


def _delete(rows: "QuerySet", handle: Handle) -> int:  # type: ignore[type-arg]
    gone = 0
    while ids := list(rows.values_list("pk", flat=True)[:CHUNK]):
        rows.model._default_manager.filter(pk__in=ids).delete()
        gone += len(ids)
        handle.progress(handle.job.progress_done)
    return gone
