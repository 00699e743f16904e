"""Documents: requests, versions, making, immutability, printing and batches."""

import threading
from io import BytesIO

import pytest
from django.db import DatabaseError, connections, transaction
from django.utils import timezone
from pypdf import PdfReader

from core import document_batches, documents, jobs, pdf
from core.actors import acting
from core.documents import DocumentKind
from core.models import Document, DocumentFile, DocumentPrint, DocumentStatus, User
from core.rights import Role, right

needs_pango = pytest.mark.skipif(not pdf.pdf_available(), reason=f"run: {pdf.INSTALL}")
SEE = right("core.test_documents", "See test documents", Role.SALES)
entity = {"name": "Quay Ltd"}


def context(subject_id: int) -> dict:
    return {"entity": {**entity, "line1": f"Pier {subject_id}"}}


SLIP = documents.register_kind(
    DocumentKind("test_slip", "Slip", "thing", "documents/base.html", context, SEE)
)
INVOICE = documents.register_kind(
    DocumentKind(
        "test_invoice",
        "Invoice",
        "thing",
        "documents/base.html",
        context,
        SEE,
        is_final=True,
        number=lambda subject_id: f"INV-{subject_id}",
    )
)


def broken(subject_id: int) -> dict:
    raise LookupError(f"thing {subject_id} is gone")


BROKEN = documents.register_kind(
    DocumentKind("test_broken", "Broken", "thing", "documents/base.html", broken, SEE)
)


@pytest.fixture(autouse=True)
def _name_of_the_shop():
    entity["name"] = "Quay Ltd"
    yield
    pdf.stop()


def due_now(document: Document) -> None:
    Document.objects.filter(pk=document.pk).update(next_attempt_at=timezone.now())


def test_a_request_is_one_pending_row_and_asked_again_it_is_the_same(db):
    first = documents.request(SLIP, 7)
    assert (first.status, first.version, first.name) == (DocumentStatus.PENDING, 1, "Slip")
    assert documents.request("test_slip", 7).pk == first.pk


@needs_pango
def test_the_worker_makes_it_and_keeps_the_bytes(db):
    asked = documents.request(INVOICE, 7)
    assert documents.render_due() == 1
    asked.refresh_from_db()
    assert (asked.status, asked.pages, asked.number) == (DocumentStatus.READY, 1, "INV-7")
    content = documents.content_of(asked)
    assert (len(content), content[:5]) == (asked.size, b"%PDF-")
    text = PdfReader(BytesIO(content)).pages[0].extract_text()
    assert "INV-7" in text
    assert "Pier 7" in text


@needs_pango
def test_the_same_inputs_give_no_new_version_and_others_do(db):
    first = documents.request(SLIP, 7)
    documents.render_due()
    assert documents.request(SLIP, 7).pk == first.pk
    entity["name"] = "Harbour Ltd"
    second = documents.request(SLIP, 7)
    assert (second.version, second.name) == (2, "Slip v2")


@needs_pango
def test_an_issued_document_is_never_changed_nor_deleted_nor_made_anew(db):
    issued = documents.request(INVOICE, 7)
    documents.render_due()
    entity["name"] = "Harbour Ltd"
    assert documents.request(INVOICE, 7).pk == issued.pk
    for change in (
        lambda: Document.objects.filter(pk=issued.pk).update(number="INV-8"),
        lambda: Document.objects.filter(pk=issued.pk).delete(),
        lambda: DocumentFile.objects.filter(document=issued).update(content=b"other"),
        lambda: DocumentFile.objects.filter(document=issued).delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    documents.record_print([issued.pk])
    assert issued.prints.count() == 1
    with pytest.raises(DatabaseError), transaction.atomic():
        DocumentPrint.objects.all().delete()


def test_training_copies_say_so(db, settings):
    settings.IS_TRAINING = True
    assert "TRAINING" in documents.html_of(documents.request(SLIP, 7))


def test_what_people_typed_stays_text(db):
    entity["name"] = "<script>alert(1)</script><img src=file:///etc/passwd>"
    html = documents.html_of(documents.request(SLIP, 7))
    assert "<script" not in html
    assert "<img" not in html


@needs_pango
def test_a_document_that_cannot_be_made_is_tried_five_times_then_shown_as_failed(db):
    asked = documents.request(BROKEN, 7)
    for _ in range(6):
        due_now(asked)
        documents.render_due()
    asked.refresh_from_db()
    assert (asked.status, asked.attempts) == (DocumentStatus.FAILED, 5)
    assert "thing 7 is gone" in asked.last_error
    assert documents.request(BROKEN, 7).pk == asked.pk
    asked.refresh_from_db()
    assert (asked.status, asked.attempts) == (DocumentStatus.PENDING, 0)


@needs_pango
def test_a_child_killed_in_the_middle_of_a_document_costs_one_attempt(db, monkeypatch):
    asked = documents.request(SLIP, 7)
    whole = documents.html_of(asked)
    heavy = whole.replace("<main>", "<main><table>" + "<tr><td>x</td></tr>" * 20_000 + "</table>")
    pdf.render("<html><body>warm</body></html>")
    child = pdf._running[0]
    monkeypatch.setattr(documents, "html_of", lambda _document: heavy)
    threading.Timer(0.4, child._process.kill).start()
    documents.render_due()
    asked.refresh_from_db()
    assert (asked.status, asked.attempts) == (DocumentStatus.PENDING, 1)
    assert "ended" in asked.last_error
    monkeypatch.setattr(documents, "html_of", lambda _document: whole)
    due_now(asked)
    documents.render_due()
    asked.refresh_from_db()
    assert asked.status == DocumentStatus.READY


def test_without_pango_documents_wait_untouched(db, monkeypatch):
    monkeypatch.setattr(documents, "pdf_available", lambda: False)
    asked = documents.request(SLIP, 7)
    assert documents.render_due() == 0
    asked.refresh_from_db()
    assert asked.attempts == 0
    assert 'rel="stylesheet"' in documents.html_of(asked, for_browser=True)


@needs_pango
def test_a_frozen_worker_may_not_overwrite_the_document_of_the_next(db):
    asked = documents.request(SLIP, 7)
    due = Document.objects.filter(pk=asked.pk)
    now = timezone.now()
    frozen = documents.leases.claim(due, limit=1, now=now, lease=documents.LEASE)[0]
    due_now(asked)
    documents.render_due()
    documents.render_claimed(frozen)
    assert DocumentFile.objects.filter(document=asked).count() == 1
    asked.refresh_from_db()
    assert asked.fence == frozen.fence + 1


@needs_pango
def test_a_batch_is_one_pdf_in_the_order_given_and_tells_what_it_leaves_out(db):
    first, second = documents.request_many(SLIP, [1, 2])
    left_out = documents.request(BROKEN, 3)
    wanted = [second.pk, left_out.pk, first.pk]
    started = jobs.start("core.print_documents", params={"document_ids": wanted})
    jobs.run_due()
    started.refresh_from_db()
    assert started.summary == "2 documents on 2 pages; 1 left out."
    pages = PdfReader(BytesIO(bytes(started.file.content))).pages
    assert [("Pier 2" in page.extract_text()) for page in pages] == [True, False]
    assert list(started.results.filter(is_ok=False).values_list("key", flat=True)) == [
        str(left_out.pk)
    ]
    assert first.prints.count() == 1
    merged = document_batches.merge([left_out])
    assert [one.pk for one in merged.skipped] == [left_out.pk]


def test_only_documents_of_allowed_kinds_and_scope_are_seen(db):
    ada = User.objects.create_user("ada@example.com", name="Ada", roles=[Role.SALES])
    bob = User.objects.create_user("bob@example.com", name="Bob", roles=[Role.WAREHOUSE])
    with acting(ada.actor):
        asked = documents.request(SLIP, 7)
    assert asked.actor_label == "Ada"
    assert list(documents.visible_to(ada)) == [asked]
    assert list(documents.visible_to(bob)) == []


@pytest.mark.django_db(transaction=True)
def test_two_requests_at_once_make_one_version():
    barrier = threading.Barrier(4)
    made: list[int] = []

    def work() -> None:
        barrier.wait()
        try:
            made.append(documents.request(SLIP, 9).pk)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(made)) == 1
    assert Document.objects.count() == 1
