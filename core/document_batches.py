"""Several documents as one PDF, in the order given."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO

from pypdf import PdfReader, PdfWriter

from core import documents
from core.errors import NotPossible
from core.jobs import Handle, job
from core.models import Document, DocumentFile

WAIT_SECONDS = 90.0


@dataclass(frozen=True)
class Merged:
    """One PDF of many documents; `skipped` were not ready."""

    content: bytes
    page_count: int
    skipped: list[Document]


def merge(wanted: Sequence[Document]) -> Merged:
    """Put the ready ones among `wanted` behind each other, in their order."""
    files = DocumentFile.objects.in_bulk([document.pk for document in wanted])
    writer = PdfWriter()
    for document in wanted:
        if document.pk in files:
            writer.append(PdfReader(BytesIO(bytes(files[document.pk].content))))
    out = BytesIO()
    writer.write(out)
    skipped = [document for document in wanted if document.pk not in files]
    return Merged(out.getvalue(), len(writer.pages), skipped)


def print_merged(handle: Handle, wanted: Sequence[Document], *, name: str) -> str | None:
    """Make what is not made yet, put all behind each other as the job's file and count the printing;
    says how it went, None where nothing could be made. For jobs whose rows are other things.
    """
    for done, document in enumerate(wanted, start=1):
        _make(handle, document, done, len(wanted))
    return _bundle(handle, wanted, name)


@job("core.print_documents", title="Print documents")
def print_documents(handle: Handle, *, document_ids: list[int]) -> str:
    """Make what is not made yet, put all behind each other and count the printing."""
    rows = Document.objects.in_bulk(document_ids)
    wanted = [rows[pk] for pk in document_ids if pk in rows]
    for done, document in enumerate(wanted, start=1):
        _make(handle, document, done, len(wanted))
        handle.result(
            str(document.pk),
            document.name,
            ok=document.is_ready,
            message="" if document.is_ready else document.last_error or "Not ready yet.",
        )
        handle.progress(done, len(wanted), "Making documents")
    said = _bundle(handle, wanted, "documents.pdf")
    if said is None:
        raise NotPossible("None of these documents could be made.")
    return said


def _bundle(handle: Handle, wanted: Sequence[Document], name: str) -> str | None:
    """Keep the ready ones as one file, print counted; how many there are, None without any."""
    merged = merge(wanted)
    ready = [document.pk for document in wanted if document.is_ready]
    if not ready:
        return None
    handle.file(name, "application/pdf", merged.content)
    documents.record_print(ready)
    left_out = f"; {len(merged.skipped)} left out" if merged.skipped else ""
    return f"{len(ready)} documents on {merged.page_count} pages{left_out}."


def _make(handle: Handle, document: Document, done: int, total: int) -> None:
    """Make it here, or wait for the worker that is already at it."""
    give_up_at = time.monotonic() + WAIT_SECONDS
    while document.is_pending and documents.pdf_available() and time.monotonic() < give_up_at:
        before = document.attempts
        documents.render_now(document)
        if document.is_pending and document.attempts != before:
            return
        if document.is_pending:
            handle.progress(done - 1, total, "Waiting for a document")
            time.sleep(0.2)
