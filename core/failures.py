"""Background work that came to nothing, put before people until somebody mends it."""

from collections.abc import Sequence

from django.urls import reverse

from core import attention
from core.attention import AttentionKind
from core.models import Document, ExternalOperation, Job, Message
from core.rights import EDIT_MESSAGES, SEE_BACK_OFFICE, SEE_HEALTH

MESSAGE = attention.register(
    AttentionKind(
        "message_failed",
        "Messages not sent",
        "Look why, mend the address or the wording, and resend.",
        EDIT_MESSAGES,
        "mail",
    )
)
DOCUMENT = attention.register(
    AttentionKind(
        "document_failed",
        "Documents not made",
        "Look why, mend what they are made of, and try again.",
        SEE_BACK_OFFICE,
        "document",
    )
)
JOB = attention.register(
    AttentionKind(
        "job_failed",
        "Jobs that failed",
        "Look why, and start them again.",
        SEE_HEALTH,
        "jobs",
    )
)
OPERATION = attention.register(
    AttentionKind(
        "operation_parked",
        "Calls elsewhere that failed",
        "Find out at the provider what became of them, then retry.",
        SEE_HEALTH,
        "globe",
    )
)


def tell_message(message: Message) -> None:
    """A message was not sent, or nobody knows."""
    attention.raise_item(
        kind=MESSAGE.code,
        subject_type="message",
        subject_id=message.pk,
        title=f"{message.label} to {message.to}",
        detail=message.last_error,
        url=reverse("message_detail", args=[message.pk]),
    )


def tell_document(document: Document) -> None:
    """A document could not be made."""
    attention.raise_item(
        kind=DOCUMENT.code,
        subject_type="document",
        subject_id=document.pk,
        title=document.name,
        detail=document.last_error,
        url=reverse("document_detail", args=[document.pk]),
    )


def tell_job(job: Job) -> None:
    """A job was parked."""
    attention.raise_item(
        kind=JOB.code,
        subject_type="job",
        subject_id=job.pk,
        title=job.title,
        detail=job.last_error,
        url=reverse("job_detail", args=[job.pk]),
    )


def tell_operation(operation: ExternalOperation) -> None:
    """A call elsewhere was parked."""
    attention.raise_item(
        kind=OPERATION.code,
        subject_type="externaloperation",
        subject_id=operation.pk,
        title=f"{operation.kind} at {operation.provider}",
        detail=operation.last_error,
        url=reverse("failed_work"),
    )


def resolve(kind: AttentionKind, subject_type: str, ids: Sequence[int]) -> None:
    """Somebody saw to it."""
    attention.resolve(kind=kind.code, subject_type=subject_type, subject_ids=ids)
