"""Invoices and credit notes for machines: the list, one of them, its paper, and issuing them."""

from datetime import date, datetime

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from ninja import Query

from core import documents
from core.api.client import Client, client_of
from core.api.paging import Paged, read_page
from core.api.papers import PaperOut, paper_out
from core.api.rooms import Room
from core.api.shapes import Id, Output, Page, PathId, answer, money, version_asked
from core.clock import now
from orders.selectors.scoped import order_within
from payments.models import Invoice
from payments.rights import ISSUE_INVOICES, SEE_INVOICES
from payments.services import issue_credit_note, issue_invoice
from payments.states import InvoiceKind

room = Room("Invoices")


class InvoiceOut(Output):
    """An invoice, or a credit note (`corrects_id` is its invoice); its amounts are positive then too."""

    id: int
    kind: InvoiceKind
    number: str
    order_id: int
    corrects_id: int | None
    customer_name: str
    currency: str
    net: str
    tax: str
    total: str
    issued_at: datetime
    issued_on: date
    due_on: date | None


class InvoiceFilters(Paged):
    order_id: Id | None = None
    kind: InvoiceKind | None = None


def invoice_out(one: Invoice) -> InvoiceOut:
    """An invoice or credit note as it was issued."""
    told = {name: getattr(one, name) for name in InvoiceOut.model_fields}
    for name in ("net", "tax", "total"):
        told[name] = money(told[name], one.currency)
    return InvoiceOut.model_validate(told)


def _within(client: Client) -> QuerySet[Invoice]:
    rows = Invoice.objects.all()
    return rows if client.channel_id is None else rows.filter(order__channel=client.channel_id)


def _invoice(request: HttpRequest, invoice_id: int) -> Invoice:
    found = _within(client_of(request)).filter(pk=invoice_id).first()
    if found is None:
        raise Http404("No such invoice in this channel.")
    return found


@room.reads("/invoices", SEE_INVOICES, Page[InvoiceOut])
def list_invoices(request: HttpRequest, filters: Query[InvoiceFilters]) -> HttpResponse:
    """List invoices and credit notes, the newest first."""
    rows = _within(client_of(request))
    if filters.order_id is not None:
        rows = rows.filter(order_id=filters.order_id)
    if filters.kind is not None:
        rows = rows.filter(kind=filters.kind)
    return answer(read_page(rows, filters, invoice_out, order=("-issued_at", "-id")))


@room.reads("/invoices/{invoice_id}", SEE_INVOICES, InvoiceOut)
def read_invoice(request: HttpRequest, invoice_id: PathId) -> HttpResponse:
    """Read an invoice or a credit note."""
    return answer(invoice_out(_invoice(request, invoice_id)))


@room.reads("/invoices/{invoice_id}/paper", SEE_INVOICES, PaperOut)
def read_paper(request: HttpRequest, invoice_id: PathId) -> HttpResponse:
    """Read the paper of an invoice or a credit note."""
    found = _invoice(request, invoice_id)
    paper = documents.for_subject("invoice", found.pk).first()
    if paper is None:
        raise Http404("No paper of it was made.")
    return answer(paper_out(paper))


@room.changes("/orders/{order_id}/invoice", ISSUE_INVOICES, InvoiceOut, is_versioned=True)
def invoice(request: HttpRequest, order_id: PathId) -> HttpResponse:
    """Invoice an order; one that has its invoice answers with it."""
    order = order_within(client_of(request).channel_id, order_id)
    made = issue_invoice(order_id=order.pk, version=version_asked(request), now=now())
    return answer(invoice_out(made))


@room.changes("/orders/{order_id}/credit-note", ISSUE_INVOICES, InvoiceOut, is_versioned=True)
def credit(request: HttpRequest, order_id: PathId) -> HttpResponse:
    """Take back on paper what an invoiced order is worth less by now."""
    order = order_within(client_of(request).channel_id, order_id)
    made = issue_credit_note(order_id=order.pk, version=version_asked(request), now=now())
    return answer(invoice_out(made))
