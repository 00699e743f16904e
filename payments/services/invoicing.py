"""Invoices and credit notes: numbered without gaps in the transaction that issues them."""

from datetime import date, datetime
from typing import Any

from django.db import transaction

from core import documents
from core.facts import Fact
from core.models import LegalEntity
from core.money import ZERO, quantise
from core.numbers import next_gapless
from core.outbox import publish
from customers.models import CreditAccount
from orders.locks import lock_order, refuse_stale
from orders.models import Order
from orders.states import OrderState
from payments.errors import CannotInvoice
from payments.events import CreditNoteIssued, InvoiceIssued
from payments.gateways import TERMS
from payments.gateways.terms import due_on
from payments.models import Invoice, Payment
from payments.selectors.composing import Composition, compose, difference
from payments.selectors.papers import PaperChange, paper_change, standing_invoice
from payments.states import InvoiceKind

DIGITS = 5


@transaction.atomic
def issue_invoice(*, order_id: int, version: int | None = None, now: datetime) -> Invoice:
    """Invoice an order as it is worth now; issuing it twice returns the same invoice.

    On account its day of payment is set. Raises CannotInvoice when there is nothing to charge.
    """
    order = lock_order(order_id)
    if earlier := standing_invoice(order):
        return earlier
    refuse_stale(order, version)
    if order.state == OrderState.DRAFT:
        raise CannotInvoice(f"Order {order.number} is a draft; place it first.")
    composition = compose(order, order.lines.select_related("kit"))
    if composition.total == ZERO:
        raise CannotInvoice(
            f"Order {order.number} comes to nothing, so there is nothing to invoice."
        )
    issued_on = now.astimezone(order.channel.zone).date()
    pay_by = _pay_by(order, issued_on)
    if pay_by:
        Payment.objects.filter(order=order, provider=TERMS).update(due_on=pay_by)
    return _issue(
        order,
        InvoiceKind.INVOICE,
        composition,
        snapshot=_particulars(order) | {"after": composition.as_json()},
        now=now,
        issued_on=issued_on,
        pay_by=pay_by,
    )


@transaction.atomic
def issue_credit_note(
    *, order_id: int, reason: str = "", version: int | None = None, now: datetime
) -> Invoice:
    """Take back on paper what an invoiced order is worth less by now. Raises CannotInvoice when the
    order has no invoice, or was credited already.
    """
    order = lock_order(order_id, version=version)
    if standing_invoice(order) is None:
        raise CannotInvoice(f"Order {order.number} has no invoice yet; a credit note corrects one.")
    note = credit_what_is_uncredited(order, reason=reason, now=now)
    if note is None:
        raise CannotInvoice(
            f"Nothing of order {order.number} was taken back since its last invoice or credit note."
        )
    return note


def credit_what_is_uncredited(order: Order, *, reason: str, now: datetime) -> Invoice | None:
    """The credit note of a locked order, when an invoice stands and the order is worth less by now
    than its papers say; None when there is nothing to correct.
    """
    invoice = standing_invoice(order)
    if invoice is None:
        return None
    latest = order.invoices.order_by("-pk").first() or invoice
    before = Composition.from_json(latest.snapshot["after"])
    after = compose(order, order.lines.select_related("kit"))
    credit = difference(before, after)
    if credit.total <= ZERO:
        return None
    return _issue(
        order,
        InvoiceKind.CREDIT_NOTE,
        credit,
        snapshot=_particulars(order) | {"after": after.as_json(), "reason": reason},
        now=now,
        issued_on=now.astimezone(order.channel.zone).date(),
        corrects=invoice,
    )


def correct_papers(order: Order, *, reason: str, now: datetime) -> list[Invoice]:
    """Bring the papers of a locked order that was edited up to date: a credit note where it is only
    worth less; where anything was added, one over the whole invoice and a new invoice.
    """
    change = paper_change(order)
    if change == PaperChange.NOTHING:
        return []
    if change == PaperChange.CREDIT:
        note = credit_what_is_uncredited(order, reason=reason, now=now)
        return [note] if note else []
    invoice = standing_invoice(order)
    after = compose(order, order.lines.select_related("kit"))
    latest = order.invoices.latest("pk")
    rest = Composition.from_json(latest.snapshot["after"])
    issued_on = now.astimezone(order.channel.zone).date()
    papers = []
    if rest.total > ZERO:
        empty = Composition()
        papers.append(
            _issue(
                order,
                InvoiceKind.CREDIT_NOTE,
                difference(rest, empty),
                snapshot=_particulars(order) | {"after": empty.as_json(), "reason": reason},
                now=now,
                issued_on=issued_on,
                corrects=invoice,
            )
        )
    if after.total > ZERO:
        papers.append(
            _issue(
                order,
                InvoiceKind.INVOICE,
                after,
                snapshot=_particulars(order) | {"after": after.as_json()},
                now=now,
                issued_on=issued_on,
                pay_by=_pay_by(order, issued_on),
                replaces=invoice,
            )
        )
    return papers


def _issue(
    order: Order,
    kind: InvoiceKind,
    composition: Composition,
    *,
    snapshot: dict[str, Any],
    now: datetime,
    issued_on: date,
    pay_by: date | None = None,
    corrects: Invoice | None = None,
    replaces: Invoice | None = None,
) -> Invoice:
    entity = order.channel.legal_entity
    if corrects:
        snapshot["corrects"] = {
            "number": corrects.number,
            "issued_on": corrects.issued_on.isoformat(),
        }
    sequence = next_gapless(f"{kind.value}:{entity.pk}")
    invoice = Invoice.objects.create(
        kind=kind,
        legal_entity=entity,
        order=order,
        corrects=corrects,
        replaces=replaces,
        sequence=sequence,
        number=_number(entity, kind, sequence),
        customer_name=order.bill_to.company or order.bill_to.name or order.customer_name,
        currency=order.currency,
        net=composition.net,
        tax=composition.tax,
        total=composition.total,
        issued_at=now,
        issued_on=issued_on,
        due_on=pay_by,
        snapshot=snapshot | composition.as_json(),
    )
    documents.request(kind.value, invoice.pk)
    publish(_fact(invoice))
    return invoice


def _number(entity: LegalEntity, kind: InvoiceKind, sequence: int) -> str:
    is_invoice = kind == InvoiceKind.INVOICE
    prefix = entity.invoice_prefix if is_invoice else entity.credit_note_prefix
    return f"{prefix}{sequence:0{DIGITS}d}"


def _fact(invoice: Invoice) -> Fact:
    stated = CreditNoteIssued if invoice.is_credit_note else InvoiceIssued
    return stated(
        order_id=invoice.order_id,
        invoice_id=invoice.pk,
        number=invoice.number,
        total=str(quantise(invoice.total, invoice.currency)),
        currency=invoice.currency,
    )


def _pay_by(order: Order, issued_on: date) -> date | None:
    """The day by which a company pays what it bought on account."""
    if not order.takes_credit or order.company_id is None:
        return None
    account = CreditAccount.objects.filter(
        company_id=order.company_id, currency=order.currency
    ).first()
    return due_on(issued_on, account.net_days) if account else None


def _particulars(order: Order) -> dict[str, Any]:
    """Whose invoice it is and to whom, as it is known now."""
    entity, company = order.channel.legal_entity, order.company
    return {
        "seller": {
            "name": entity.name,
            "line1": entity.line1,
            "postal_code": entity.postal_code,
            "city": entity.city,
            "country": entity.country,
            "vat_id": entity.vat_id,
            "email": entity.email,
            "bank_account": entity.bank_account,
        },
        "bill_to": order.billing_address or {"name": order.customer_name},
        "ship_to": order.shipping_address,
        "buyer_vat_id": company.vat_id if company else "",
        "order_number": order.number,
        "purchase_order": order.purchase_order,
        "placed_on": order.placed_at.astimezone(order.channel.zone).date().isoformat()
        if order.placed_at
        else "",
        "prices_include_tax": order.prices_include_tax,
        "tax_treatment": order.tax_treatment,
        "discount_code": order.discount_code,
        "time_zone": order.channel.time_zone,
    }
