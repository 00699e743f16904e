"""Invoices and credit notes on paper: everything on them is read from what was issued."""

from datetime import date
from typing import Any

from core.documents import DocumentKind, register_kind
from payments.models import Invoice
from payments.rights import SEE_INVOICES
from payments.selectors import invoice_papers
from payments.states import InvoiceKind


def invoice_context(invoice_id: int) -> dict[str, Any]:
    """The variables of one invoice or credit note, from its snapshot: one query."""
    invoice = Invoice.objects.get(pk=invoice_id)
    kept = invoice.snapshot
    corrects = kept.get("corrects")
    return {
        "entity": kept["seller"],
        "time_zone": kept["time_zone"],
        "invoice": invoice,
        "particulars": kept,
        "papers": invoice_papers(invoice),
        "placed_on": _day(kept["placed_on"]),
        "corrects": corrects and {**corrects, "issued_on": _day(corrects["issued_on"])},
    }


def _day(written: str) -> date | None:
    return date.fromisoformat(written) if written else None


def number_of(invoice_id: int) -> str:
    return Invoice.objects.values_list("number", flat=True).get(pk=invoice_id)


INVOICE = register_kind(
    DocumentKind(
        code=InvoiceKind.INVOICE.value,
        label="Invoice",
        subject_type="invoice",
        template="payments/documents/invoice.html",
        context=invoice_context,
        right=SEE_INVOICES,
        is_final=True,
        number=number_of,
    )
)
CREDIT_NOTE = register_kind(
    DocumentKind(
        code=InvoiceKind.CREDIT_NOTE.value,
        label="Credit note",
        subject_type="invoice",
        template="payments/documents/invoice.html",
        context=invoice_context,
        right=SEE_INVOICES,
        is_final=True,
        number=number_of,
    )
)
