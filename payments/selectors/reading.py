"""Payments and invoices as their pages show them, within what a user may see."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Prefetch, QuerySet, prefetch_related_objects
from django.http import Http404

from core.models import Document, StoredFact, User
from core.money import ZERO
from inventory.selectors import is_bound_to_locations
from orders.models import Order
from orders.selectors import lines_of, orders_seen_by
from payments.errors import OverRefund
from payments.gateways import MANUAL, TERMS, gateway_named
from payments.models import GoodwillLimit, Invoice, MoneyEvent, Payment
from payments.rights import UNLIMITED_GOODWILL
from payments.selectors.composing import Composition, compose
from payments.selectors.planning import plan_refund, refundable, surplus
from payments.states import InvoiceKind, Method


@dataclass(frozen=True)
class OrderMoney:
    """All that an order's page says about its money."""

    order: Order
    payments: list[Payment]
    invoices: list[Invoice]

    @property
    def due_back(self) -> Decimal:
        """What has to be given back and is not under way."""
        return surplus(self.order, self.payments)

    @property
    def refundable(self) -> Decimal:
        return sum((one.refundable for one in refundable(self.payments)), ZERO)

    @property
    def refund_pending(self) -> Decimal:
        return sum((one.refund_pending for one in self.payments), ZERO)

    @property
    def expected(self) -> Decimal:
        return sum((one.expected for one in self.payments), ZERO)

    @property
    def has_invoice(self) -> bool:
        return any(one.kind == InvoiceKind.INVOICE for one in self.invoices)

    @property
    def due_on(self) -> date | None:
        """The first day by which expected money should be here."""
        return min(
            (one.due_on for one in self.payments if one.expected and one.due_on), default=None
        )


def order_money(order: Order) -> OrderMoney:
    """An order's payments with their events, and its invoices with their documents: four queries."""
    events = Prefetch("events", MoneyEvent.objects.order_by("-occurred_at", "-id"))
    payments = list(
        Payment.objects.filter(order=order).prefetch_related(events).order_by("-created_at", "-id")
    )
    return OrderMoney(order, payments, with_documents(invoices_of(order)))


def invoices_of(order: Order) -> list[Invoice]:
    """An order's invoices and credit notes, in order. One query, and none when asked again."""
    prefetch_related_objects([order], Prefetch("invoices", Invoice.objects.order_by("pk")))
    return list(order.invoices.all())


def with_documents(invoices: Iterable[Invoice]) -> list[Invoice]:
    """Invoices with their newest document as `.document`: one query for all."""
    found = list(invoices)
    newest = {
        (row.kind, row.subject_id): row
        for row in Document.objects.filter(
            subject_type="invoice", subject_id__in=[one.pk for one in found]
        ).order_by("pk")
    }
    for one in found:
        one.document = newest.get((one.kind, one.pk))  # type: ignore[attr-defined]
    return found


def goodwill_allowance(user: User, order: Order) -> Decimal | None:
    """How much goodwill the user may still grant on an order; None: as much as they like."""
    if user.has_right(UNLIMITED_GOODWILL):
        return None
    limits = GoodwillLimit.objects.filter(role__in=user.roles, currency=order.currency)
    limit = max((one.amount for one in limits), default=ZERO)
    return max(ZERO, limit - goodwill_given(order)) if limit else ZERO


def goodwill_given(order: Order) -> Decimal:
    """The goodwill granted on an order so far."""
    granted = StoredFact.objects.filter(
        subject_type="order", subject_id=order.pk, name="payments.GoodwillGranted"
    )
    return sum((Decimal(fact.payload["amount"]) for fact in granted), ZERO)


def ways_back(order: Order, amount: Decimal) -> str:
    """By which ways an amount would be given back: "bank transfer", "cash and cheque"."""
    payments = list(order.payments.all())
    try:
        shares = plan_refund(order, payments, amount)
    except OverRefund:
        return ""
    ways = dict.fromkeys(share.payment.method_label.lower() for share in shares)
    return " and ".join(ways)


def invoice_papers(invoice: Invoice) -> Composition:
    """The rows and taxes of an invoice as they were issued."""
    return Composition.from_json(invoice.snapshot)


def has_uncredited(order: Order, invoices: Iterable[Invoice]) -> bool:
    """Whether the order is worth less by now than its papers say."""
    issued = list(invoices)
    if not issued:
        return False
    latest: Mapping[str, object] = max(issued, key=lambda one: one.pk).snapshot["after"]
    return compose(order, lines_of(order)).total < Composition.from_json(latest).total


def methods_by_hand(payment: Payment | None = None) -> list[tuple[str, str]]:
    """The ways a person may record money by; for a payment on account, the same ways."""
    if payment is not None and payment.provider not in {MANUAL, TERMS}:
        return [(one.value, one.label) for one in gateway_named(payment.provider).methods]
    return [(one.value, one.label) for one in Method.by_hand()]


def payments_seen_by(user: User) -> QuerySet[Payment]:
    """The payments of the orders that a user may see."""
    payments = Payment.objects.all()
    return (
        payments.filter(order__in=orders_seen_by(user)) if is_bound_to_locations(user) else payments
    )


def invoices_seen_by(user: User) -> QuerySet[Invoice]:
    """The invoices and credit notes of the orders that a user may see."""
    invoices = Invoice.objects.all()
    return (
        invoices.filter(order__in=orders_seen_by(user)) if is_bound_to_locations(user) else invoices
    )


def payment_seen_by(user: User, payment_id: int) -> Payment:
    """One payment with its order; Http404 when the user may not see it."""
    found = payments_seen_by(user).select_related("order__channel").filter(pk=payment_id).first()
    if found is None:
        raise Http404("No such payment, or it is not yours to see.")
    return found


def invoice_seen_by(user: User, invoice_id: int) -> Invoice:
    """One invoice or credit note with its order; Http404 when the user may not see it."""
    found = (
        invoices_seen_by(user)
        .select_related("order", "corrects", "legal_entity")
        .filter(pk=invoice_id)
        .first()
    )
    if found is None:
        raise Http404("No such invoice, or it is not yours to see.")
    return found
