"""Work that was tried five times and set aside: what there is of it, and how it is tried again."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models, transaction

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
    """One kind of work. `number` is the subject under which its one item stands on home."""

    code: str
    label: str
    number: int
    rows: Callable[[], models.QuerySet[Any]]
    retry: Callable[[Sequence[int]], int]
    hint: str

    def count(self) -> int:
        return self.rows().count()

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
            1,
            lambda: Delivery.objects.filter(status=DeliveryStatus.PARKED).select_related("fact"),
            outbox.retry,
            "Something happened and one reaction to it failed.",
        ),
        FailedKind(
            "operations",
            "Operations at providers",
            2,
            lambda: ExternalOperation.objects.filter(state=OperationState.PARKED),
            external.retry,
            "Look the operation up at the provider before it is tried again.",
        ),
        FailedKind(
            "documents",
            "Documents",
            3,
            lambda: Document.objects.filter(status=DocumentStatus.FAILED),
            documents.retry,
            "The page could not be laid out.",
        ),
        FailedKind(
            "messages",
            "Messages",
            4,
            lambda: Message.objects.filter(status=MessageStatus.FAILED),
            lambda ids: messages.retry(list(ids)),
            "The mail server refused them or did not answer.",
        ),
        FailedKind(
            "jobs",
            "Jobs",
            5,
            lambda: Job.objects.filter(status=JobStatus.PARKED),
            _retry_jobs,
            "A job stopped before its end; it goes on where it stopped.",
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
    """One item on home for every kind of which something was set aside; none for the others."""
    with transaction.atomic():
        for kind in KINDS.values():
            count = kind.count()
            if count:
                attention.raise_item(
                    kind=KIND,
                    subject_type="failed_work",
                    subject_id=kind.number,
                    title=f"{kind.label}: {count} failed five times",
                    detail=kind.hint,
                    url="/system/failed/",
                )
            else:
                attention.resolve(kind=KIND, subject_type="failed_work", subject_ids=[kind.number])
