"""What purchasing shows in the navigation, on a variant and in the search."""

from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse

from core import attention, menu, search, subjects
from core.attention import AttentionKind
from core.menu import MenuEntry, MenuGroup
from core.models import User
from core.panels import plug
from core.search import Hit, Searcher
from core.subjects import SubjectKind, page
from core.timeline import dress
from inventory.models import (
    PurchaseOrder,
    Receipt,
    Supplier,
    Variant,
)
from inventory.rights import (
    BUY,
    RECEIVE,
    SEE_PURCHASES,
)
from inventory.selectors.purchasing import purchases_of, purchases_seen_by
from inventory.services.lateness import LATE_SUPPLIER
from inventory.sockets import VARIANT_PAGE

for label, url_name, icon, right, position in (
    ("Purchase orders", "inventory:purchase_list", "cart", SEE_PURCHASES, 50),
    ("Receive goods", "inventory:receive_start", "scan", RECEIVE, 52),
    ("Suppliers", "inventory:supplier_list", "building", SEE_PURCHASES, 54),
    ("Delivery differences", "inventory:difference_list", "alert", SEE_PURCHASES, 56),
):
    menu.add(MenuEntry(label, url_name, icon, MenuGroup.STOCK, right, position))

attention.register(
    AttentionKind(
        LATE_SUPPLIER,
        "Late suppliers",
        "Ask for another day and enter it, or close the order short.",
        BUY,
        "clock",
    )
)

for fact, icon, role in (
    ("inventory.SupplierChanged", "edit", "neutral"),
    ("inventory.PurchaseCreated", "plus", "neutral"),
    ("inventory.PurchaseChanged", "edit", "neutral"),
    ("inventory.PurchaseApproved", "check", "info"),
    ("inventory.PurchaseReopened", "undo", "warning"),
    ("inventory.PurchaseSent", "mail", "info"),
    ("inventory.ShipmentAnnounced", "truck", "info"),
    ("inventory.GoodsReceived", "box", "success"),
    ("inventory.PurchaseReceived", "check-circle", "success"),
    ("inventory.PurchaseClosedShort", "minus", "warning"),
    ("inventory.PurchaseCancelled", "blocked", "danger"),
):
    dress(fact, icon, role)

for kind in (
    SubjectKind(PurchaseOrder, "Purchase order", page("inventory:purchase_detail"), SEE_PURCHASES),
    SubjectKind(Supplier, "Supplier", page("inventory:supplier_detail"), SEE_PURCHASES),
    SubjectKind(Receipt, "Receipt", page("inventory:receipt_page"), SEE_PURCHASES),
):
    subjects.register(kind)


def variant_purchases(request: HttpRequest, variant: Variant) -> dict[str, Any] | None:
    """What of a variant is bought and still to come, and who sells it. Two queries."""
    lines = purchases_of(variant, request.user)  # type: ignore[arg-type]
    items = list(variant.supplier_items.select_related("supplier").order_by("price"))
    return {"coming": lines, "items": items} if lines or items else None


plug(
    VARIANT_PAGE,
    template="inventory/panels/variant_purchases.html",
    context=variant_purchases,
    position=20,
    right=SEE_PURCHASES,
)


def find_purchases(user: User, query: str, limit: int) -> list[Hit]:
    """Purchase orders by number, and suppliers by name. Two queries."""
    orders = purchases_seen_by(user).filter(
        Q(number__iexact=query) | Q(supplier_reference__iexact=query)
    )
    hits = [
        Hit(
            label=order.number,
            url=reverse("inventory:purchase_detail", args=[order.pk]),
            icon="cart",
            hint=order.supplier.name,
            is_exact=query.lower() == order.number.lower(),
        )
        for order in orders.select_related("supplier").order_by("-pk")[:limit]
    ]
    suppliers = Supplier.objects.filter(Q(name__icontains=query) | Q(code__iexact=query))
    hits += [
        Hit(
            label=supplier.name,
            url=reverse("inventory:supplier_detail", args=[supplier.pk]),
            icon="building",
            hint="Supplier",
        )
        for supplier in suppliers.order_by("name")[:limit]
    ]
    return hits[:limit]


search.plug(Searcher("Purchasing", SEE_PURCHASES, find_purchases, position=35))
