"""Documents as answers say them: asked for once, fetched by asking again when they are made."""

from base64 import b64encode
from datetime import datetime

from core import documents
from core.api.shapes import Output
from core.models import Document, DocumentStatus


class PaperOut(Output):
    """A document. While `status` is `pending` it is being made: ask again in a moment, without the
    Idempotency-Key of before. `content` is the PDF in Base64 once it is `ready`.
    """

    id: int
    label: str
    number: str
    version: int
    status: DocumentStatus
    requested_at: datetime
    content: str | None


def paper_out(document: Document) -> PaperOut:
    """A document with its bytes, if they are there."""
    content = documents.content_of(document) if document.is_ready else None
    return PaperOut(
        id=document.pk,
        label=document.label,
        number=document.number,
        version=document.version,
        status=DocumentStatus(document.status),
        requested_at=document.requested_at,
        content=b64encode(content).decode() if content is not None else None,
    )
