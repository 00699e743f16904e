"""Work that was tried five times and set aside: what there is of it, and how it is tried again."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models, transaction
from django.urls import reverse

from core import attention, documents, external, jobs, messages, outbox
from core.models import (
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

KIND = "core.failed_work"
SHOWN = 200


@dataclass(frozen=True)
class FailedKind:
    """One kind of work, as the page of failed work lists it."""

    code: str
    label: str
    rows: Callable[[], models.QuerySet[Any]]
    retry: Callable[[Sequence[int]], int]

    def newest(self) -> models.QuerySet[Any]:
        return self.rows().order_by("-id")[:SHOWN]


def _retry_jobs(ids: Sequence[int]) -> int:
    for job_id in ids:
        jobs.retry(job_id)
    return len(ids)


KINDS = {
    kind.code: kind
    for kind in (
        FailedKind(
            "deliveries",
            "Deliveries",
            lambda: Delivery.objects.filter(status=DeliveryStatus.PARKED).select_related("fact"),
            outbox.retry,
        ),
        FailedKind(
            "operations",
            "Operations at providers",
            lambda: ExternalOperation.objects.filter(state=OperationState.PARKED),
            external.retry,
        ),
        FailedKind(
            "documents",
            "Documents",
            lambda: Document.objects.filter(status=DocumentStatus.FAILED),
            documents.retry,
        ),
        FailedKind(
            "messages",
            "Messages",
            lambda: Message.objects.filter(status=MessageStatus.FAILED),
            lambda ids: messages.retry(list(ids)),
        ),
        FailedKind(
            "jobs",
            "Jobs",
            lambda: Job.objects.filter(status=JobStatus.PARKED),
            _retry_jobs,
        ),
    )
}


def retry(kind: FailedKind, ids: Sequence[int] | None = None) -> int:
    """Try rows of one kind again (all when `ids` is None); returns how many were set aside."""
    rows = kind.rows() if ids is None else kind.rows().filter(pk__in=list(ids))
    found = list(rows.values_list("pk", flat=True))
    tried = kind.retry(found) if found else 0
    tell_home()
    return tried


def tell_home() -> None:
    """One item on home while deliveries are parked; other failed work raises items of its own."""
    parked = KINDS["deliveries"].rows().count()
    with transaction.atomic():
        if parked:
            attention.raise_item(
                kind=KIND,
                subject_type="outbox",
                subject_id=1,
                title=f"Reactions to what happened that failed five times: {parked}",
                detail="Until they went through, something that should have followed did not.",
                url=reverse("failed_work"),
            )
        else:
            attention.resolve(kind=KIND, subject_type="outbox", subject_ids=[1])
