"""Invoices and credit notes: the list, one paper, and issuing them."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from core import documents
from core.access import requires, staff_of
from core.errors import DomainError
from core.once import once
from orders.selectors import order_seen_by
from payments.rights import ISSUE_INVOICES, SEE_INVOICES
from payments.selectors import invoice_papers, invoice_seen_by
from payments.services import issue_credit_note, issue_invoice
from payments.tables import InvoiceList


@requires(SEE_INVOICES)
def invoice_list(request: HttpRequest) -> HttpResponse:
    """Invoices and credit notes with their documents."""
    response: HttpResponse = InvoiceList(request).respond()
    return response


@requires(SEE_INVOICES)
def invoice_detail(request: HttpRequest, invoice_id: int) -> HttpResponse:
    """One invoice or credit note as it was issued."""
    invoice = invoice_seen_by(staff_of(request), invoice_id)
    context = {
        "invoice": invoice,
        "papers": invoice_papers(invoice),
        "particulars": invoice.snapshot,
        "credit_notes": invoice.credit_notes.order_by("pk"),
        "documents": documents.for_subject("invoice", invoice.pk),
    }
    return render(request, "payments/invoice_detail.html", context)


@requires(ISSUE_INVOICES)
@require_POST
@once
def invoice_issue(request: HttpRequest, order_id: int) -> HttpResponse:
    """Invoice an order now; an order that has its invoice shows it."""
    order = order_seen_by(staff_of(request), order_id)
    try:
        invoice = issue_invoice(order_id=order.pk, now=timezone.now())
    except DomainError as refusal:
        messages.error(request, refusal.message)
        return redirect("orders:order_detail", order.pk)
    return redirect("payments:invoice_detail", invoice.pk)


@requires(ISSUE_INVOICES)
@require_POST
@once
def credit_note_issue(request: HttpRequest, order_id: int) -> HttpResponse:
    """Take back on paper what an invoiced order is worth less by now."""
    order = order_seen_by(staff_of(request), order_id)
    try:
        note = issue_credit_note(order_id=order.pk, now=timezone.now())
    except DomainError as refusal:
        messages.error(request, refusal.message)
        return redirect("orders:order_detail", order.pk)
    return redirect("payments:invoice_detail", note.pk)
