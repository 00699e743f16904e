"""What payments shows on an order's page, in the navigation, the search and Needs attention."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from core import attention, menu, search, settings_pages, subjects
from core.attention import AttentionKind
from core.menu import MenuEntry, MenuGroup
from core.models import User
from core.money import ZERO, in_words
from core.panels import plug
from core.search import Hit, Searcher
from core.settings_pages import SettingsPage
from core.subjects import SubjectKind, page
from core.timeline import dress
from customers.models import Company
from customers.sockets import COMPANY_PAGE
from orders.models import Order
from orders.selectors import Blocker
from orders.services import preview_cancel
from orders.sockets import (
    BLOCKERS,
    CANCEL_EFFECTS,
    EDIT_EFFECTS,
    MERGE_REFUSALS,
    ORDER_PAGE,
    ORDER_PAPERS,
    PAPER_KINDS,
    PRINTABLES,
    SPLIT_REFUSALS,
)
from orders.states import PaymentStatus, PaymentTerms
from payments.documents import CREDIT_NOTE, INVOICE
from payments.models import GoodwillLimit, Invoice, Payment
from payments.rights import (
    EDIT_LIMITS,
    GIVE_REFUNDS,
    RECORD_PAYMENTS,
    SEE_INVOICES,
    SEE_PAYMENTS,
)
from payments.selectors import has_uncredited, invoices_seen_by, order_money, ways_back
from payments.selectors.papers import PaperChange, paper_change, standing_invoice
from payments.selectors.reading import invoices_of
from payments.services.overdue import OVERDUE
from payments.services.storing import REFUND_FAILED

UNPAID, OWED_BACK = 30, 60
LATEST = 10

menu.add(
    MenuEntry(
        "Payments",
        "payments:payment_list",
        "bank",
        MenuGroup.MONEY,
        SEE_PAYMENTS,
        10,
        shortcut="g m",
    )
)
menu.add(
    MenuEntry("Invoices", "payments:invoice_list", "invoice", MenuGroup.MONEY, SEE_INVOICES, 20)
)
settings_pages.add(
    SettingsPage(
        "Goodwill limits",
        "How much each role may give back beyond what is owed",
        "payments:goodwill_limit_list",
        "refund",
        "Money",
        EDIT_LIMITS,
    )
)
attention.register(
    AttentionKind(
        OVERDUE,
        "Money overdue",
        "Confirm that it came, remind the customer, or stop waiting.",
        RECORD_PAYMENTS,
        "clock",
    )
)
attention.register(
    AttentionKind(
        REFUND_FAILED,
        "Refund failed",
        "The customer’s money is still here: give it back another way.",
        GIVE_REFUNDS,
        "refund",
    )
)

for fact, icon, role in (
    ("payments.PaymentExpected", "clock", "info"),
    ("payments.PaymentReceived", "bank", "success"),
    ("payments.PaymentAuthorised", "lock", "info"),
    ("payments.PaymentReleased", "undo", "neutral"),
    ("payments.PaymentFailed", "alert", "danger"),
    ("payments.MoneyMoved", "arrow-right", "info"),
    ("payments.RefundRequested", "refund", "info"),
    ("payments.MoneyRefunded", "refund", "accent"),
    ("payments.RefundFailed", "alert", "danger"),
    ("payments.GoodwillGranted", "star", "accent"),
    ("payments.InvoiceIssued", "invoice", "info"),
    ("payments.CreditNoteIssued", "invoice", "accent"),
):
    dress(fact, icon, role)


def money_panel(_request: HttpRequest, order: Order) -> dict[str, Any]:
    """An order's money: sums, payments with their events, papers. A constant number of queries."""
    money = order_money(order)
    return {
        "order": order,
        "money": money,
        "has_uncredited": has_uncredited(order, money.invoices),
    }


plug(
    ORDER_PAGE,
    template="payments/panels/money.html",
    context=money_panel,
    position=20,
    right=SEE_PAYMENTS,
)


@ORDER_PAPERS.plug
def invoices(order: Order) -> list[tuple[str, list[int]]]:
    """Its invoices and credit notes. One query."""
    return [("invoice", [one.pk for one in invoices_of(order)])]


@BLOCKERS.plug
def waits_for_money(order: Order) -> Blocker | None:
    """An order that is paid in advance waits for its money."""
    awaiting = order.payment_status in PaymentStatus.awaiting_money()
    if not awaiting or order.payment_terms == PaymentTerms.NET:
        return None
    if order.outstanding <= order.may_owe:
        return None
    words = in_words(order.outstanding, order.currency)
    expected = order.payments.awaited().order_by("due_on", "pk").first()
    if expected is None:
        return Blocker(
            UNPAID,
            f"Waiting for payment of {words}.",
            "Record payment",
            reverse("payments:payment_record", args=[order.pk]),
            RECORD_PAYMENTS.code,
            "bank",
        )
    by = f" by {expected.due_on:%d %b}" if expected.due_on else ""
    return Blocker(
        UNPAID,
        f"Waiting for payment of {words}; a payment ({expected.method_label.lower()}) is"
        f" expected{by}.",
        "Confirm payment",
        reverse("payments:payment_confirm", args=[expected.pk]),
        RECORD_PAYMENTS.code,
        "bank",
    )


@BLOCKERS.plug
def owes_money_back(order: Order) -> Blocker | None:
    """An order is not over while the customer is owed money."""
    if order.balance >= ZERO:
        return None
    return Blocker(
        OWED_BACK,
        f"{in_words(-order.balance, order.currency)} has to be given back to the customer.",
        "Give money back",
        reverse("payments:refund_create", args=[order.pk]),
        GIVE_REFUNDS.code,
        "refund",
    )


@CANCEL_EFFECTS.plug
def refund_of_cancelling(order: Order, units: Mapping[int, int] | None) -> str | None:
    """What the customer will get back when units of an order are cancelled."""
    amount = preview_cancel(order, units).money_to_return
    if not amount:
        return None
    ways = ways_back(order, amount)
    by = f" by {ways}" if ways else ""
    return (
        f"The customer will get {in_words(amount, order.currency)} back{by}, if you tick it below."
    )


@PAPER_KINDS.plug
def money_papers() -> list[tuple[str, str]]:
    return [(kind.code, kind.label) for kind in (INVOICE, CREDIT_NOTE)]


@PRINTABLES.plug
def invoices_to_print(
    codes: Sequence[str], order_ids: Sequence[int]
) -> dict[int, list[tuple[str, int]]]:
    """Invoices and credit notes. One query."""
    found: dict[int, list[tuple[str, int]]] = defaultdict(list)
    rows = Invoice.objects.filter(order__in=order_ids, kind__in=codes).order_by("pk")
    for order_id, kind, pk in rows.values_list("order_id", "kind", "pk"):
        found[order_id].append((kind, pk))
    return found


@SPLIT_REFUSALS.plug
def money_under_way(order: Order) -> str | None:
    """Money that is only promised by its provider belongs to one order. One query."""
    for payment in order.payments.all():
        if payment.authorised or payment.pending or payment.refund_pending:
            return (
                f"Money of order {order.number} is authorised or under way"
                f" ({payment.method_label.lower()}); capture it or let it go first."
            )
    return None


@MERGE_REFUSALS.plug
def papers_and_money(kept: Order, other: Order) -> str | None:
    """An invoice stands for one order, and money under way too. Three queries at most."""
    for order in (kept, other):
        if order.invoices.exists():
            return f"Order {order.number} is invoiced already."
    why: str | None = money_under_way(other)
    return why


@EDIT_EFFECTS.plug
def papers_of_editing(order: Order) -> str | None:
    """What becomes of the order's invoice once it is changed."""
    invoice = standing_invoice(order)
    change = paper_change(order) if invoice else PaperChange.NOTHING
    if invoice is None or change == PaperChange.NOTHING:
        return None
    if change == PaperChange.CREDIT:
        return f"Invoice {invoice.number} is corrected by a credit note."
    return f"Invoice {invoice.number} is taken back by a credit note, and a new one is issued."


@EDIT_EFFECTS.plug
def money_of_editing(order: Order) -> str | None:
    """What becomes of the money once an order is changed."""
    if order.balance < ZERO:
        amount = -order.balance
        ways = ways_back(order, amount)
        by = f" by {ways}" if ways else ""
        return f"{in_words(amount, order.currency)} can be given back{by} afterwards, on the refund page."
    if order.authorised and order.outstanding > order.authorised:
        more = order.outstanding - order.authorised
        return f"{in_words(more, order.currency)} more than was authorised has to be paid."
    return None


def find_invoices(user: User, query: str, limit: int) -> list[Hit]:
    """Invoices by number. One query."""
    found = invoices_seen_by(user).filter(number__istartswith=query).select_related("order")
    return [
        Hit(
            label=invoice.number,
            url=reverse("payments:invoice_detail", args=[invoice.pk]),
            icon="invoice",
            hint=f"{invoice.order.number} · {invoice.customer_name}",
            is_exact=invoice.number.lower() == query.lower(),
        )
        for invoice in found.order_by("-pk")[:limit]
    ]


search.plug(Searcher("Invoices", SEE_INVOICES, find_invoices, position=40))

for kind in (
    SubjectKind(
        Payment,
        "Payment for",
        page("payments:payment_detail"),
        SEE_PAYMENTS,
        name=lambda row: row.order.number,
        related=("order",),
    ),
    SubjectKind(GoodwillLimit, "Goodwill limit", page("payments:goodwill_limit_edit"), EDIT_LIMITS),
    SubjectKind(
        Invoice,
        "",
        page("payments:invoice_detail"),
        SEE_INVOICES,
        name=lambda row: f"{row.get_kind_display()} {row.number}",
    ),
):
    subjects.register(kind)


def company_invoices(request: HttpRequest, company: Company) -> dict[str, Any]:
    """The latest invoices and credit notes of a company. One query."""
    papers = invoices_seen_by(request.user).filter(order__company=company)  # type: ignore[arg-type]
    return {"invoices": papers.select_related("order").order_by("-issued_at", "-pk")[:LATEST]}


plug(
    COMPANY_PAGE,
    template="payments/panels/company_invoices.html",
    context=company_invoices,
    position=60,
    right=SEE_INVOICES,
)
