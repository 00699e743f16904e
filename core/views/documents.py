"""Documents: the list, one document while it is made and after, its file and its printings."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from core import documents, subjects
from core.access import requires, staff_of
from core.attachments import attachment
from core.errors import DomainError
from core.models import Document
from core.queue import wake_on_commit
from core.rights import SEE_BACK_OFFICE
from core.tables import DocumentList


@requires(SEE_BACK_OFFICE)
@require_GET
def document_list(request: HttpRequest) -> HttpResponse:
    return DocumentList(request).respond()


def _seen(request: HttpRequest, document_id: int) -> Document:
    return get_object_or_404(documents.visible_to(staff_of(request)), pk=document_id)


def _page(document: Document) -> dict[str, object]:
    others = documents.for_subject(document.subject_type, document.subject_id)
    return {
        "document": document,
        "versions": others.filter(kind=document.kind).exclude(pk=document.pk)[:20],
        "prints": document.prints.order_by("-id")[:20],
        "printings": document.prints.count(),
        "is_pdf_available": documents.pdf_available(),
        "install_hint": documents.install_hint(),
    }


@requires(SEE_BACK_OFFICE)
@require_GET
def document_detail(request: HttpRequest, document_id: int) -> HttpResponse:
    """One document. While it is being made the page waits and looks again by itself."""
    document = _seen(request, document_id)
    if document.is_pending:
        wake_on_commit("core.render_wanted", document.pk)
    subjects.name_rows(staff_of(request), [document])
    return render(request, "core/documents/document_detail.html", _page(document))


@requires(SEE_BACK_OFFICE)
@require_GET
def document_progress(request: HttpRequest, document_id: int) -> HttpResponse:
    """Whether it is there yet; once it is (or has failed) the whole page is loaded again."""
    document = _seen(request, document_id)
    response = render(request, "core/documents/waiting.html", _page(document))
    if not document.is_pending:
        response["HX-Refresh"] = "true"
    return response


@requires(SEE_BACK_OFFICE)
@require_GET
def document_file(request: HttpRequest, document_id: int) -> HttpResponse:
    """The PDF, opened in the browser; `?download` saves it. One that is not made leads to its page."""
    document = _seen(request, document_id)
    if not document.is_ready:
        return redirect("document_detail", document_id=document.pk)
    return attachment(
        documents.content_of(document),
        "application/pdf",
        f"{document.name}.pdf",
        is_inline="download" not in request.GET,
    )


@requires(SEE_BACK_OFFICE)
@require_GET
def document_html(request: HttpRequest, document_id: int) -> HttpResponse:
    """The print view in the browser, for machines that cannot make PDFs."""
    document = _seen(request, document_id)
    try:
        return HttpResponse(documents.html_of(document, for_browser=True))
    except DomainError as refusal:
        messages.error(request, refusal.message)
        return redirect("document_detail", document_id=document.pk)


@requires(SEE_BACK_OFFICE)
@require_POST
def document_print(request: HttpRequest, document_id: int) -> HttpResponse:
    """Count the printing and open the file."""
    document = _seen(request, document_id)
    documents.record_print([document.pk])
    return redirect("document_file" if document.is_ready else "document_html", document.pk)


@requires(SEE_BACK_OFFICE)
@require_POST
def document_renew(request: HttpRequest, document_id: int) -> HttpResponse:
    """Make it from today's data: a new version where they differ; a failed one is tried again."""
    document = _seen(request, document_id)
    try:
        latest = documents.request(document.kind, document.subject_id)
    except DomainError as refusal:
        messages.error(request, refusal.message)
        return redirect("document_detail", document_id=document.pk)
    if latest.is_ready:
        words = (
            "An issued document is never changed." if latest.is_final else "Nothing has changed."
        )
        messages.info(request, f"{words} This is the latest version.")
    return redirect("document_detail", document_id=latest.pk)
