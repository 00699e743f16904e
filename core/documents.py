"""Documents: kinds that apps register, versions that are requested, and their making by the worker.

A request is one row in the caller's transaction. The worker makes the PDF outside any transaction
and keeps the bytes in the database. The same inputs give no new version, and a final document is
made once and never changed.
"""

import logging
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils import timezone, translation

from core import actors, clock, failures, leases, pdf, transactions
from core.errors import DomainError
from core.models import Document, DocumentFile, DocumentPrint, DocumentStatus, PageSize, User
from core.pdf import install_hint, pdf_available
from core.queue import wake_on_commit
from core.rights import Right

__all__ = ["DocumentKind", "install_hint", "pdf_available", "register_kind", "request"]

logger = logging.getLogger(__name__)

LEASE = timedelta(minutes=3)
_slot = threading.Lock()
_is_put_off: ContextVar[bool] = ContextVar("documents are put off", default=False)


@dataclass(frozen=True)
class DocumentKind:
    """One kind of document about one kind of subject.

    `context` reads the template's variables by the subject's id, in a constant number of queries;
    it looks at neither clock nor chance, so that the same data make the same document. It may name
    an `entity` (LegalEntity, for head and foot) and a `time_zone`. `number` is asked once, for the
    first version. `scope` narrows which documents of the kind a user sees.
    """

    code: str
    label: str
    subject_type: str
    template: str
    context: Callable[[int], dict[str, Any]]
    right: Right
    page: str = PageSize.A4
    is_final: bool = False
    number: Callable[[int], str] | None = None
    scope: Callable[[User, QuerySet[Document]], QuerySet[Document]] | None = None


_kinds: dict[str, DocumentKind] = {}


def register_kind(kind: DocumentKind) -> DocumentKind:
    """Name a kind; apps do so in documents.py."""
    if kind.code in _kinds:
        raise ValueError(f"two document kinds are named {kind.code}")
    _kinds[kind.code] = kind
    return kind


def kind_named(code: str) -> DocumentKind:
    try:
        return _kinds[code]
    except KeyError:
        raise DomainError(f"This version knows no document of the kind “{code}”.") from None


def all_kinds() -> list[DocumentKind]:
    return sorted(_kinds.values(), key=lambda kind: kind.label)


def kinds_for(user: User) -> list[DocumentKind]:
    """The kinds whose documents the user may see."""
    return [kind for kind in _kinds.values() if user.has_right(kind.right)]


def visible_to(user: User) -> QuerySet[Document]:
    """Every document the user may see, newest first."""
    allowed = kinds_for(user)
    found = Document.objects.filter(kind__in=[kind.code for kind in allowed])
    for kind in allowed:
        if kind.scope:
            hidden = Document.objects.filter(kind=kind.code).exclude(
                pk__in=kind.scope(user, Document.objects.filter(kind=kind.code)).values("pk")
            )
            found = found.exclude(pk__in=hidden.values("pk"))
    return found.order_by("-id")


def for_subject(subject_type: str, subject_id: int) -> QuerySet[Document]:
    """The documents about one thing, newest first."""
    return Document.objects.filter(subject_type=subject_type, subject_id=subject_id).order_by("-id")


def papers_of(user: User, subjects: Iterable[tuple[str, Sequence[int]]]) -> list[Document]:
    """The documents about several things that the user may see, newest first. One query, and one
    more for each kind among them that is narrowed by `scope`.
    """
    about = Q(pk__in=[])
    for subject_type, ids in subjects:
        about |= Q(subject_type=subject_type, subject_id__in=ids)
    allowed = {kind.code: kind for kind in kinds_for(user)}
    found = list(Document.objects.filter(about, kind__in=list(allowed)).order_by("-id"))
    hidden: set[int] = set()
    for code in {row.kind for row in found}:
        if scope := allowed[code].scope:
            mine = {row.pk for row in found if row.kind == code}
            seen = scope(user, Document.objects.filter(pk__in=mine)).values_list("pk", flat=True)
            hidden |= mine - set(seen)
    return [row for row in found if row.pk not in hidden]


def request(kind: DocumentKind | str, subject_id: int) -> Document:
    """Ask for one document; see `request_many`."""
    return request_many(kind, [subject_id])[0]


def request_many(kind: DocumentKind | str, subject_ids: Sequence[int]) -> list[Document]:
    """Ask for documents, in the caller's transaction, and return them in the order of the subjects.

    One that is being made is returned as it is, and so is a ready one that is final or whose inputs
    are still the same; otherwise a new version is begun. A failed one is begun again.
    """
    named = kind_named(kind) if isinstance(kind, str) else kind
    with transaction.atomic():
        _lock_subjects(named, subject_ids)
        rows = Document.objects.filter(
            kind=named.code, subject_type=named.subject_type, subject_id__in=subject_ids
        ).order_by("version")
        latest = {row.subject_id: row for row in rows}
        kept = {
            row.subject_id: row for row in latest.values() if row.is_pending or _is_current(row)
        }
        begun = [
            _begin(named, subject_id, latest.get(subject_id))
            for subject_id in dict.fromkeys(subject_ids)
            if subject_id not in kept
        ]
        Document.objects.bulk_create(row for row in begun if row.pk is None)
        if begun:
            wake_on_commit("core.render_documents")
    made = kept | {row.subject_id: row for row in begun}
    return [made[subject_id] for subject_id in subject_ids]


@contextmanager
def made_when_opened() -> Iterator[None]:
    """Within the block documents are asked for as ever, but made only once somebody opens them: for
    history in bulk, whose papers few will look at.
    """
    token = _is_put_off.set(True)
    try:
        yield
    finally:
        _is_put_off.reset(token)


def hasten(document_ids: Sequence[int]) -> None:
    """Somebody waits for these: those that were put off are due now."""
    Document.objects.filter(
        pk__in=document_ids, status=DocumentStatus.PENDING, next_attempt_at=None
    ).update(next_attempt_at=timezone.now())


def _lock_subjects(kind: DocumentKind, subject_ids: Iterable[int]) -> None:
    """One request at a time per kind and subject, until the caller's transaction ends."""
    keys = [f"document:{kind.code}:{subject_id}" for subject_id in sorted(set(subject_ids))]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(key, 0))"
            " FROM unnest(%s::text[]) WITH ORDINALITY AS k (key, place) ORDER BY place",
            [keys],
        )


def _is_current(row: Document) -> bool:
    return row.is_ready and (row.is_final or _hash(html_of(row)) == row.input_hash)


def _begin(kind: DocumentKind, subject_id: int, latest: Document | None) -> Document:
    now = clock.now()
    if latest is not None and latest.status == DocumentStatus.FAILED:
        leases.retry(Document, [latest.pk], now=now)
        failures.resolve(failures.DOCUMENT, "document", [latest.pk])
        latest.refresh_from_db()
        return latest
    number = latest.number if latest else kind.number(subject_id) if kind.number else ""
    actor = actors.current().actor
    return Document(
        kind=kind.code,
        label=kind.label,
        subject_type=kind.subject_type,
        subject_id=subject_id,
        number=number,
        version=latest.version + 1 if latest else 1,
        page=kind.page,
        is_final=kind.is_final,
        next_attempt_at=None if _is_put_off.get() else now,
        requested_at=now,
        actor_kind=actor.kind,
        actor_key=actor.key,
        actor_label=actor.label[:150],
    )


def html_of(document: Document, *, for_browser: bool = False) -> str:
    """The document as HTML: what the PDF is made of, or the print view with a link to its style."""
    kind = kind_named(document.kind)
    context = kind.context(document.subject_id)
    zone = ZoneInfo(str(context.get("time_zone") or settings.TIME_ZONE))
    with timezone.override(zone), translation.override(settings.LANGUAGE_CODE):
        return render_to_string(
            kind.template,
            {
                **context,
                "document": document,
                "is_training": settings.IS_TRAINING,
                "stylesheet_url": static("css/document.css") if for_browser else "",
            },
        )


def _hash(html: str) -> str:
    return sha256((pdf.stylesheet_hash() + html).encode()).hexdigest()


def render_due(*, limit: int = 50) -> int:
    """Make what is due; returns how many were tried. Without Pango documents wait untouched.

    While another thread of this process is at it this returns at once: there is one child to make
    them, and the other threads have other work.
    """
    if not pdf_available() or not _slot.acquire(blocking=False):
        return 0
    tried = 0
    try:
        while tried < limit:
            due = Document.objects.filter(status=DocumentStatus.PENDING)
            claimed = leases.claim(due, limit=1, now=timezone.now(), lease=LEASE)
            if not claimed:
                break
            render_claimed(claimed[0])
            tried += 1
    finally:
        _slot.release()
    return tried


def render_claimed(document: Document) -> None:
    """Make one claimed document and keep it; a failure is kept with it and tried again later."""
    try:
        html = html_of(document)
        rendered = pdf.render(html)
    except pdf.RenderFailed as error:
        _put_off(document, error.message)
    except Exception as error:
        logger.exception("document %s (%s) could not be made", document.pk, document.kind)
        _put_off(document, leases.explain(error))
    else:
        _keep(document, html, rendered)


def _put_off(document: Document, error: str) -> None:
    leases.put_off(document, error, now=timezone.now())
    if document.status == DocumentStatus.FAILED:
        failures.tell_document(document)


def _keep(document: Document, html: str, rendered: pdf.Rendered) -> None:
    with transaction.atomic():
        is_ours = leases.mark(
            document,
            status=DocumentStatus.READY,
            ready_at=timezone.now(),
            next_attempt_at=None,
            last_error="",
            input_hash=_hash(html),
            sha256=sha256(rendered.content).hexdigest(),
            size=len(rendered.content),
            pages=rendered.pages,
        )
        if is_ours:
            DocumentFile.objects.create(document=document, content=rendered.content)


def render_now(document: Document) -> Document:
    """Make a pending document at once, for workers and jobs; never within a transaction.

    Returns the row as it then is: ready, failed, or still pending where another worker has it.
    """
    transactions.refuse("a document was made")
    hasten([document.pk])
    due = Document.objects.filter(pk=document.pk, status=DocumentStatus.PENDING)
    for claimed in leases.claim(due, limit=1, now=timezone.now(), lease=LEASE):
        render_claimed(claimed)
    document.refresh_from_db()
    return document


def retry(document_ids: Sequence[int]) -> int:
    """Let failed documents be made again; returns how many had failed."""
    tried = leases.retry(Document, document_ids, now=timezone.now())
    failures.resolve(failures.DOCUMENT, "document", document_ids)
    wake_on_commit("core.render_documents")
    return tried


def content_of(document: Document) -> bytes:
    """The bytes of a ready document."""
    return bytes(DocumentFile.objects.get(document_id=document.pk).content)


def record_print(document_ids: Sequence[int]) -> None:
    """Count a printing of each document."""
    actor = actors.current().actor
    now = timezone.now()
    DocumentPrint.objects.bulk_create(
        DocumentPrint(
            document_id=document_id,
            printed_at=now,
            actor_kind=actor.kind,
            actor_key=actor.key,
            actor_label=actor.label[:150],
        )
        for document_id in document_ids
    )
