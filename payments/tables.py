"""The lists of payments and of invoices, and what may be done to many payments at once."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from core.listing import (
    BulkAction,
    Column,
    Empty,
    Listing,
    Preset,
    choice_token,
    day_token,
    flag_token,
    number_token,
    text_token,
)
from core.rights import Role
from payments.filters import InvoiceFilter, PaymentFilter, is_overdue
from payments.models import Invoice, Payment
from payments.rights import RECORD_PAYMENTS, SEE_INVOICES, SEE_PAYMENTS
from payments.selectors import invoices_seen_by, payments_seen_by, with_documents
from payments.services import cancel_payment, confirm_payment
from payments.states import InvoiceKind, Method, PaymentStanding


class ReasonForm(forms.Form):
    reason = forms.CharField(label="Reason", max_length=300)


class ConfirmPayments(BulkAction):
    code, label, title, icon = "confirm", "Confirm", "Confirm that the money came", "check"
    right = RECORD_PAYMENTS
    warning = "Each payment is confirmed in full, as received now."

    def refusal(self, row: Payment) -> str | None:
        return None if row.expected else "Nothing is expected of it."

    def apply(self, rows: Sequence[Payment], **values: Any) -> None:
        now = timezone.now()
        for row in rows:
            confirm_payment(payment_id=row.pk, received_at=now, now=now)


class CancelPayments(BulkAction):
    code, label, title, icon = "cancel", "Stop waiting", "Stop waiting for money", "cross"
    right = RECORD_PAYMENTS
    form_class = ReasonForm

    def refusal(self, row: Payment) -> str | None:
        return None if row.expected or row.authorised else "No money is awaited of it."

    def apply(self, rows: Sequence[Payment], *, reason: str = "", **values: Any) -> None:
        for row in rows:
            cancel_payment(payment_id=row.pk, reason=reason, now=timezone.now())


class PaymentList(Listing):
    name, title, noun = "payments.payments", "Payments", ("payment", "payments")
    url_name, right = "payments:payment_list", SEE_PAYMENTS
    columns = (
        Column("order", "Order", value="order.number", is_fixed=True),
        Column("customer", "Customer", value="order.customer_name"),
        Column("method", "Method", value="method_label"),
        Column("status", "Status", value=lambda payment: payment.get_status_display()),
        Column("received", "Received", sort="received_at", value="received_at", kind="moment"),
        Column(
            "captured",
            "Amount",
            sort="captured",
            value="captured",
            kind="money",
            currency="currency",
        ),
        Column(
            "expected",
            "To come",
            sort="expected",
            value="expected",
            kind="money",
            currency="currency",
        ),
        Column(
            "refunded",
            "Given back",
            sort="refunded",
            value="refunded",
            kind="money",
            currency="currency",
            is_default=False,
        ),
        Column("due", "Due", sort="due_on", value="due_on", kind="day"),
        Column("reference", "Reference", value="reference"),
        Column(
            "created",
            "Recorded",
            sort="created_at",
            value="created_at",
            kind="moment",
            is_default=False,
        ),
        Column("channel", "Channel", value="order.channel.name", is_default=False),
    )
    filterset = PaymentFilter
    promoted = ("status", "method")
    tokens = (
        choice_token("status", PaymentStanding.choices, "status"),
        choice_token("method", Method.choices, "method"),
        text_token("order", "order__number__iexact"),
        text_token("reference", "reference__iexact"),
        number_token("amount", "captured"),
        day_token("received", "received_at"),
        flag_token(
            "is", lambda: {"late": is_overdue(), "awaited": Q(expected__gt=0)}, example="is:late"
        ),
    )
    search_label = "Search payments: order, reference, customer"
    default_sort = "-created"
    row_template = "payments/payment_rows.html"
    presets = (
        Preset(
            "to-confirm",
            "To confirm",
            "awaited=yes&sort=due",
            roles=(Role.FINANCE,),
            is_counted=True,
        ),
        Preset("late", "Overdue", "late=yes&sort=due", is_counted=True),
        Preset("received", "Received this week", "received=last-7-days&sort=-received"),
    )
    bulk_actions = (ConfirmPayments(), CancelPayments())
    empty = Empty(
        "No payments yet",
        "Money is recorded on the page of the order it is for.",
        "orders:order_list",
        "See orders",
        "bank",
    )

    def queryset(self) -> QuerySet[Payment]:
        return payments_seen_by(self.user).select_related("order__channel")

    def match(self, word: str) -> Q:
        return (
            Q(reference__icontains=word)
            | Q(order__number__iexact=word)
            | Q(order__customer_name__icontains=word)
        )

    def row_class(self, row: Payment) -> str:
        is_late = row.expected and row.due_on and row.due_on < timezone.localdate()
        return "row--danger" if is_late else ""

    def row_label(self, row: Payment) -> str:
        return f"{row.order.number}, {row.method_label.lower()}"


class InvoiceList(Listing):
    name, title, noun = "payments.invoices", "Invoices", ("invoice", "invoices")
    url_name, right = "payments:invoice_list", SEE_INVOICES
    columns = (
        Column("number", "Number", sort=("number", "pk"), value="number", is_fixed=True),
        Column("kind", "Kind", value=lambda invoice: invoice.get_kind_display()),
        Column("issued", "Issued", sort="issued_on", value="issued_on", kind="day"),
        Column("order", "Order", value="order.number"),
        Column("customer", "Customer", sort="customer_name", value="customer_name"),
        Column("net", "Net", value="net", kind="money", currency="currency", is_default=False),
        Column("tax", "Tax", value="tax", kind="money", currency="currency", is_default=False),
        Column("total", "Total", sort="total", value="total", kind="money", currency="currency"),
        Column("due", "Due", sort="due_on", value="due_on", kind="day"),
        Column("document", "Document", value=None),
        Column("entity", "Issued by", value="legal_entity.name", is_default=False),
    )
    filterset = InvoiceFilter
    promoted = ("kind",)
    tokens = (
        choice_token("kind", InvoiceKind.choices, "kind"),
        text_token("order", "order__number__iexact"),
        number_token("total", "total"),
        day_token("issued", "issued_at"),
    )
    search_label = "Search invoices: number, order, customer"
    default_sort = "-issued"
    row_template = "payments/invoice_rows.html"
    presets = (
        Preset("credit-notes", "Credit notes", "kind=credit_note"),
        Preset("month", "Last 30 days", "issued=last-30-days"),
    )
    empty = Empty(
        "No invoices yet",
        "An order is invoiced when its goods leave, or by the button on its page.",
        icon="invoice",
    )

    def queryset(self) -> QuerySet[Invoice]:
        return invoices_seen_by(self.user).select_related("order", "legal_entity")

    def match(self, word: str) -> Q:
        return (
            Q(number__icontains=word)
            | Q(order__number__iexact=word)
            | Q(customer_name__icontains=word)
        )

    def exact(self, text: str) -> str | None:
        found = invoices_seen_by(self.user).filter(number__iexact=text).order_by("-pk").first()
        return reverse("payments:invoice_detail", args=[found.pk]) if found else None

    def decorate(self, rows: Sequence[Invoice]) -> None:
        with_documents(rows)

    def row_label(self, row: Invoice) -> str:
        return row.number
