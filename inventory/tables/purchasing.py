"""The lists of suppliers, of purchase orders and of differences."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
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
from inventory.filters.purchasing import (
    DifferenceFilter,
    PurchaseFilter,
    SupplierFilter,
    is_late,
)
from inventory.forms.purchasing import WhyForm
from inventory.models import PurchaseOrder, PurchaseOrderLine, ReceiptDifference, Supplier
from inventory.rights import BUY, SEE_PURCHASES
from inventory.selectors.purchasing import (
    days_late,
    differences_seen_by,
    purchases_seen_by,
    with_progress,
)
from inventory.services.ordering import (
    approve_purchase,
    close_purchase_short,
    send_purchase,
)
from inventory.states import Difference, PurchaseState


class SupplierList(Listing):
    name, title, noun = "inventory.suppliers", "Suppliers", ("supplier", "suppliers")
    url_name, right = "inventory:supplier_list", SEE_PURCHASES
    columns = (
        Column("name", "Supplier", sort="name", is_fixed=True),
        Column("code", "Code", sort="code"),
        Column("country", "Country", sort="country"),
        Column("currency", "Currency", sort="currency"),
        Column(
            "lead",
            "Lead time in days",
            sort="lead_time_days",
            value="lead_time_days",
            kind="number",
        ),
        Column(
            "minimum",
            "Smallest order",
            sort="minimum_order",
            value="minimum_order",
            kind="money",
            currency="currency",
        ),
        Column("items", "SKUs", value="item_count", kind="number"),
        Column("open", "Open orders", value="open_count", kind="number"),
        Column("email", "E-mail", value="email", is_default=False),
        Column("phone", "Phone", value="phone", is_default=False),
    )
    filterset = SupplierFilter
    promoted = ("active",)
    tokens = (text_token("code", "code__iexact"), text_token("country", "country__iexact"))
    search_label = "Search suppliers by name, code or SKU"
    default_sort = "name"
    row_template = "inventory/supplier_rows.html"
    template = "inventory/supplier_list.html"
    empty = Empty(
        "No suppliers yet",
        "Suppliers come with a price list, a lead time and the currency they ask for.",
        "inventory:supplier_new",
        "Add supplier",
        "truck",
        right=BUY,
    )

    def queryset(self) -> QuerySet[Supplier]:
        return Supplier.objects.all()

    def match(self, word: str) -> Q:
        sold = Supplier.objects.filter(pk=OuterRef("pk")).filter(
            Q(items__variant__sku__iexact=word) | Q(items__supplier_sku__iexact=word)
        )
        return Q(name__icontains=word) | Q(code__iexact=word) | Q(Exists(sold))

    def decorate(self, rows: Sequence[Any]) -> None:
        from_them = Supplier.objects.filter(pk__in=[row.pk for row in rows]).order_by()
        items = dict(from_them.values_list("pk").annotate(n=Count("items")))
        orders = PurchaseOrder.objects.filter(
            supplier__in=rows, state__in=PurchaseState.open_states()
        ).order_by()
        opened = dict(orders.values_list("supplier").annotate(n=Count("id")))
        for row in rows:
            row.item_count = items.get(row.pk, 0)
            row.open_count = opened.get(row.pk, 0)

    def row_class(self, row: Any) -> str:
        return "" if row.is_active else "row--muted"

    def row_label(self, row: Supplier) -> str:
        return row.name


class ApprovePurchases(BulkAction):
    code, label, title, icon = "approve", "Approve", "Approve purchase orders", "check"
    right = BUY

    def refusal(self, row: PurchaseOrder) -> str | None:
        return None if row.state == PurchaseState.DRAFT else "It is no draft."

    def apply(self, rows: Sequence[PurchaseOrder], **values: Any) -> None:
        for row in rows:
            approve_purchase(order_id=row.pk, now=timezone.now())


class SendPurchases(BulkAction):
    code, label, title, icon = "send", "Send by mail", "Send purchase orders by mail", "mail"
    right = BUY
    warning = "Each supplier gets a mail with the PDF."

    def refusal(self, row: PurchaseOrder) -> str | None:
        if row.state != PurchaseState.APPROVED:
            return "It is not approved."
        return None if row.supplier.email else f"{row.supplier.name} has no e-mail address."

    def apply(self, rows: Sequence[PurchaseOrder], **values: Any) -> None:
        for row in rows:
            send_purchase(order_id=row.pk, now=timezone.now())


class CloseShort(BulkAction):
    code, label, title, icon = "close", "Close short", "Close purchase orders short", "blocked"
    right = BUY
    form_class = WhyForm
    warning = "What has not come is no longer waited for."

    def refusal(self, row: PurchaseOrder) -> str | None:
        return None if row.is_coming else "Nothing of it is on its way."

    def apply(self, rows: Sequence[PurchaseOrder], **values: Any) -> None:
        for row in rows:
            close_purchase_short(order_id=row.pk, reason=values["reason"], now=timezone.now())


class PurchaseList(Listing):
    name, title = "inventory.purchases", "Purchase orders"
    noun = ("purchase order", "purchase orders")
    url_name, right = "inventory:purchase_list", SEE_PURCHASES
    columns = (
        Column("number", "Order", sort="number", is_fixed=True),
        Column("supplier", "Supplier", sort="supplier__name", value="supplier.name"),
        Column("location", "For", sort="location__name", value="location.name"),
        Column("state", "State", sort="state", value=lambda one: one.get_state_display()),
        Column("units", "Received", value="arrived", kind="number"),
        Column("ordered", "Ordered", value="ordered", kind="number", is_default=False),
        Column("missing", "To come", value="missing", kind="number", is_default=False),
        Column("due", "Due", sort="due_on", value="due_on", kind="day"),
        Column("total", "Total", sort="total", kind="money", currency="currency"),
        Column("created", "Drafted", sort="created_at", value="created_at", kind="moment"),
        Column("buyer", "Buyer", value=lambda one: str(one.buyer or ""), is_default=False),
        Column("reference", "Supplier’s number", value="supplier_reference", is_default=False),
    )
    filterset = PurchaseFilter
    promoted = ("state", "supplier")
    tokens = (
        choice_token("state", PurchaseState.choices, "state"),
        text_token("sku", lambda sku: Q(Exists(_lines().filter(sku__iexact=sku)))),
        text_token("supplier", "supplier__code__iexact", example="supplier:nst"),
        number_token("total", "total"),
        day_token("created", "created_at"),
        flag_token("is", lambda: {"late": is_late()}, example="is:late"),
    )
    search_label = "Search purchase orders by number, supplier or SKU"
    default_sort = "-created"
    row_template = "inventory/purchase_rows.html"
    template = "inventory/purchase_list.html"
    presets = (
        Preset("late", "Late", "late=yes&sort=due", is_counted=True),
        Preset("approve", "To approve", "state=draft", is_counted=True),
        Preset("send", "To send", "state=approved", is_counted=True),
        Preset(
            "coming",
            "Coming",
            "state=sent&state=partly_received&sort=due",
            roles=(Role.WAREHOUSE,),
            is_counted=True,
        ),
    )
    bulk_actions = (ApprovePurchases(), SendPurchases(), CloseShort())
    empty = Empty(
        "No purchase orders yet",
        "A purchase order brings goods from a supplier to a location.",
        "inventory:purchase_create",
        "Create purchase order",
        "truck",
        right=BUY,
    )

    def queryset(self) -> QuerySet[Any]:
        orders = purchases_seen_by(self.user).select_related("supplier", "location", "buyer")
        return with_progress(orders)

    def match(self, word: str) -> Q:
        return (
            Q(number__iexact=word)
            | Q(supplier__name__icontains=word)
            | Q(supplier_reference__iexact=word)
            | Q(Exists(_lines().filter(Q(sku__iexact=word) | Q(name__icontains=word))))
        )

    def exact(self, text: str) -> str | None:
        found = purchases_seen_by(self.user).filter(number__iexact=text).first()
        return reverse("inventory:purchase_detail", args=[found.pk]) if found else None

    def decorate(self, rows: Sequence[Any]) -> None:
        now = timezone.now()
        for row in rows:
            row.days_late = days_late(row, now.astimezone(row.location.zone).date())

    def row_class(self, row: Any) -> str:
        return "row--warning" if row.days_late else ""

    def row_label(self, row: PurchaseOrder) -> str:
        return row.number


class DifferenceList(Listing):
    name, title = "inventory.differences", "Delivery differences"
    noun = ("difference", "differences")
    url_name, right = "inventory:difference_list", SEE_PURCHASES
    columns = (
        Column("sku", "SKU", sort="line__sku", value="line.sku", is_fixed=True),
        Column("units", "Units", sort="units", kind="number"),
        Column("reason", "Reason", sort="reason", value=lambda one: one.get_reason_display()),
        Column("note", "Note", value="note"),
        Column(
            "supplier",
            "Supplier",
            sort="receipt__order__supplier__name",
            value="receipt.order.supplier.name",
        ),
        Column("order", "Order", value="receipt.order.number"),
        Column("receipt", "Receipt", value="receipt.number"),
        Column(
            "posted",
            "Received",
            sort="receipt__posted_at",
            value="receipt.posted_at",
            kind="moment",
        ),
        Column("by", "By", value="receipt.posted_by", is_default=False),
    )
    filterset = DifferenceFilter
    promoted = ("reason", "supplier")
    tokens = (
        choice_token("reason", Difference.choices, "reason"),
        text_token("sku", "line__sku__iexact"),
        number_token("units", "units"),
    )
    search_label = "Search differences by SKU, order or supplier"
    default_sort = "-posted"
    row_template = "inventory/difference_rows.html"
    empty = Empty(
        "No differences yet",
        "Where a delivery brings less, more or damaged goods, it is listed here.",
        icon="check-circle",
    )

    def queryset(self) -> QuerySet[ReceiptDifference]:
        return differences_seen_by(self.user).select_related(
            "line", "receipt__order__supplier", "receipt__order__location"
        )

    def match(self, word: str) -> Q:
        return (
            Q(line__sku__icontains=word)
            | Q(receipt__order__number__iexact=word)
            | Q(receipt__number__iexact=word)
            | Q(receipt__order__supplier__name__icontains=word)
        )


def _lines() -> QuerySet[PurchaseOrderLine]:
    """The lines of the order in the outer query."""
    return PurchaseOrderLine.objects.filter(order=OuterRef("pk"))
