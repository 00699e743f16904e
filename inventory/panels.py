"""What inventory shows in the navigation, under settings, on a user's page and in the search."""

from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from core import attention, menu, search, settings_pages, subjects
from core.access import staff_of
from core.attention import AttentionKind
from core.menu import MenuEntry, MenuGroup
from core.models import User
from core.panels import plug
from core.rights import EDIT_SETTINGS, EDIT_USERS
from core.search import Hit, Searcher
from core.settings_pages import SettingsPage
from core.sockets import USER_PAGE
from core.subjects import SubjectKind, page
from core.timeline import dress
from inventory.forms import LocationAccessForm
from inventory.models import (
    AssemblyOrder,
    BuyingLimit,
    CountSession,
    Demand,
    Location,
    LocationAccess,
    Lot,
    Product,
    PurchaseOrder,
    Receipt,
    ReorderRule,
    Serial,
    StockSnapshot,
    Supplier,
    Transfer,
    Variant,
)
from inventory.rights import (
    ADJUST_STOCK,
    BUY,
    RECEIVE,
    SEE_PURCHASES,
    SEE_STOCK,
)
from inventory.selectors import is_bound_to_locations, promising
from inventory.selectors.availability import short_day
from inventory.selectors.planning import suggestions_seen_by
from inventory.selectors.purchasing import purchases_of, purchases_seen_by
from inventory.selectors.suggesting import outlooks_of
from inventory.selectors.tracing import traced_units
from inventory.services.adjusting import LOST_ALLOCATION
from inventory.services.alerting import LOW_STOCK
from inventory.services.automatic_ordering import ORDER_HELD
from inventory.services.cycle_counting import COUNT_TO_APPROVE
from inventory.services.lateness import LATE_SUPPLIER
from inventory.services.lotting import LOT_UNKNOWN
from inventory.services.recalling import LOT_EXPIRING, LOT_RECALLED
from inventory.services.reconciling import STOCK_DRIFT
from inventory.sockets import VARIANT_PAGE, VARIANT_SIDE

menu.add(
    MenuEntry(
        "Stock", "inventory:stock_list", "layers", MenuGroup.STOCK, SEE_STOCK, 10, shortcut="g i"
    )
)
menu.add(
    MenuEntry("By location", "inventory:stock_grid", "columns", MenuGroup.STOCK, SEE_STOCK, 12)
)
menu.add(MenuEntry("Transfers", "inventory:transfer_list", "truck", MenuGroup.STOCK, SEE_STOCK, 14))
menu.add(MenuEntry("Counts", "inventory:count_list", "scan", MenuGroup.STOCK, SEE_STOCK, 16))
menu.add(MenuEntry("Assembly", "inventory:assembly_list", "boxes", MenuGroup.STOCK, SEE_STOCK, 18))
menu.add(
    MenuEntry("Movements", "inventory:movement_list", "ledger", MenuGroup.STOCK, SEE_STOCK, 20)
)
menu.add(MenuEntry("Products", "inventory:product_list", "tag", MenuGroup.STOCK, SEE_STOCK, 30))

for item, label, advice, icon in (
    (
        LOST_ALLOCATION,
        "Promised stock was not there",
        "Look who waits, and find or buy stock.",
        "box",
    ),
    (
        LOT_UNKNOWN,
        "Units of an unknown lot",
        "Find the lot number on the goods and correct the stock.",
        "question",
    ),
    (
        COUNT_TO_APPROVE,
        "Counts that differ",
        "Look at the differences; have lines counted again, or book them.",
        "scan",
    ),
    (
        STOCK_DRIFT,
        "Stock that does not add up",
        "Count it; `reconcile_stock --fix` lets the ledger follow the level.",
        "alert",
    ),
):
    attention.register(AttentionKind(item, label, advice, ADJUST_STOCK, icon))

settings_pages.add(
    SettingsPage(
        "Locations",
        "Warehouses and stores: address, clock and the last moment to leave the same day.",
        "inventory:location_list",
        "warehouse",
        group="Stock",
        position=20,
    )
)
settings_pages.add(
    SettingsPage(
        "Where channels sell from",
        "Which locations a channel sells from, and which is asked first.",
        "inventory:channel_places_list",
        "split",
        group="Stock",
        position=21,
    )
)

for fact, icon, role in (
    ("inventory.StockMoved", "layers", "info"),
    ("inventory.DemandFilled", "box", "success"),
    ("inventory.AllocationLost", "alert", "danger"),
    ("inventory.ThresholdChanged", "settings", "neutral"),
    ("inventory.ProductChanged", "edit", "neutral"),
    ("inventory.VariantChanged", "edit", "neutral"),
    ("inventory.LocationChanged", "warehouse", "neutral"),
    ("inventory.ChannelPlacesChanged", "split", "neutral"),
    ("inventory.LocationAccessChanged", "warehouse", "neutral"),
    ("inventory.BinsChanged", "boxes", "neutral"),
    ("inventory.ClosureSet", "calendar", "neutral"),
    ("inventory.TransferPlanned", "edit", "neutral"),
    ("inventory.TransferShipped", "truck", "info"),
    ("inventory.TransferReceived", "download", "success"),
    ("inventory.TransferUnitsLost", "alert", "danger"),
    ("inventory.TransferCancelled", "cross", "neutral"),
    ("inventory.CountOpened", "scan", "info"),
    ("inventory.CountSubmitted", "clock", "info"),
    ("inventory.RecountAsked", "refresh", "warning"),
    ("inventory.CountBooked", "check", "success"),
    ("inventory.CountCancelled", "cross", "neutral"),
    ("inventory.AssemblyPlanned", "edit", "neutral"),
    ("inventory.AssemblyStarted", "play", "info"),
    ("inventory.AssemblyFinished", "check", "success"),
    ("inventory.AssemblyCancelled", "cross", "neutral"),
):
    dress(fact, icon, role)


def access_panel(_request: HttpRequest, person: User) -> dict[str, Any] | None:
    """Where a member of the warehouse works; nothing for those who see every location."""
    if not is_bound_to_locations(person):
        return None
    given = list(LocationAccess.objects.filter(user=person).values_list("location_id", flat=True))
    return {
        "person": person,
        "form": LocationAccessForm(initial={"locations": given}),
        "has_none": not given,
    }


plug(
    USER_PAGE,
    template="inventory/panels/location_access.html",
    context=access_panel,
    right=EDIT_USERS,
)


def find_variants(_user: User, query: str, limit: int) -> list[Hit]:
    """Variants by SKU, barcode or product. One query."""
    found = Variant.objects.select_related("product").filter(
        Q(sku__icontains=query) | Q(barcode=query) | Q(product__name__icontains=query)
    )
    hits = [
        Hit(
            label=variant.sku,
            url=reverse("inventory:variant_detail", args=[variant.pk]),
            icon="barcode",
            hint=variant.full_name,
            is_exact=query.lower() == variant.sku.lower() or query == variant.barcode,
        )
        for variant in found.order_by("sku")[: limit * 3]
    ]
    return sorted(hits, key=lambda hit: not hit.is_exact)[:limit]


search.plug(Searcher("Products", SEE_STOCK, find_variants, position=30))

for kind in (
    SubjectKind(Variant, "Variant", page("inventory:variant_detail"), SEE_STOCK),
    SubjectKind(Product, "Product", page("inventory:product_detail"), SEE_STOCK),
    SubjectKind(Location, "Location", page("inventory:location_edit"), EDIT_SETTINGS),
    SubjectKind(Transfer, "Transfer", page("inventory:transfer_detail"), SEE_STOCK),
    SubjectKind(CountSession, "Count", page("inventory:count_detail"), SEE_STOCK),
    SubjectKind(AssemblyOrder, "Assembly order", page("inventory:assembly_detail"), SEE_STOCK),
    SubjectKind(
        Demand,
        "Demand of",
        lambda row: reverse("inventory:variant_detail", args=[row.variant_id]),
        SEE_STOCK,
        name=lambda row: row.reference,
    ),
):
    subjects.register(kind)

# --- purchasing -----------------------------------------------------------------------------

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


# --- lots, serial numbers, promises, third parties ------------------------------------------

for label, url_name, icon, position in (
    ("Lots", "inventory:lot_list", "layers", 40),
    ("Serial numbers", "inventory:serial_list", "barcode", 42),
    ("Counts of third parties", "inventory:snapshot_list", "building", 44),
):
    menu.add(MenuEntry(label, url_name, icon, MenuGroup.STOCK, SEE_STOCK, position))

for item, label, advice, icon in (
    (
        LOT_RECALLED,
        "Recalled lots",
        "Tell who got it, and take what is left off the shelf.",
        "alert",
    ),
    (LOT_EXPIRING, "Lots that expire soon", "Sell them first, move them or scrap them.", "clock"),
):
    attention.register(AttentionKind(item, label, advice, ADJUST_STOCK, icon))

for fact, icon, role in (
    ("inventory.LotRecalled", "alert", "danger"),
    ("inventory.LotRecallLifted", "undo", "success"),
    ("inventory.ChannelStockRuleChanged", "clock", "neutral"),
    ("inventory.SnapshotTaken", "building", "neutral"),
    ("inventory.SnapshotDecided", "check", "neutral"),
):
    dress(fact, icon, role)

for kind in (
    SubjectKind(Lot, "Lot", page("inventory:lot_detail"), SEE_STOCK),
    SubjectKind(Serial, "Serial number", page("inventory:serial_detail"), SEE_STOCK),
    SubjectKind(
        StockSnapshot, "Count of a third party", page("inventory:snapshot_detail"), SEE_STOCK
    ),
):
    subjects.register(kind)


def variant_traced(request: HttpRequest, variant: Variant) -> dict[str, Any] | None:
    """The lots or serial numbers of a variant, on its page."""
    return traced_units(staff_of(request), variant, timezone.localdate())


def variant_promises(request: HttpRequest, variant: Variant) -> dict[str, Any] | None:
    """What may be sold of a variant now and later; nothing for those bound to locations."""
    if is_bound_to_locations(staff_of(request)):
        return None
    total, *channels = promising.outlooks_of(variant, today=timezone.localdate())
    steps = [(short_day(day, total.now.today), units) for day, units in total.steps]
    return {"total": total, "channels": channels, "columns": steps if len(steps) > 1 else ()}


plug(
    VARIANT_PAGE,
    template="inventory/panels/variant_lots.html",
    context=variant_traced,
    position=8,
    right=SEE_STOCK,
)
plug(
    VARIANT_SIDE,
    template="inventory/panels/variant_outlook.html",
    context=variant_promises,
    position=1,
    right=SEE_STOCK,
)

# --- replenishment ---------------------------------------------------------------------------

menu.add(
    MenuEntry(
        "Replenishment",
        "inventory:suggestion_list",
        "refresh",
        MenuGroup.STOCK,
        SEE_PURCHASES,
        49,
        badge=lambda user: min(suggestions_seen_by(user).open()[:100].count(), 99),
    )
)
menu.add(
    MenuEntry("Stock reports", "inventory:cover_list", "chart", MenuGroup.STOCK, SEE_STOCK, 60)
)

attention.register(
    AttentionKind(
        LOW_STOCK,
        "Running low",
        "It is sold out before an order made today would be here: order it, or send some.",
        SEE_PURCHASES,
        "box",
    )
)
attention.register(
    AttentionKind(
        ORDER_HELD,
        "Automatic orders that wait",
        "Order by hand what is beyond a limit, or send what is only approved.",
        BUY,
        "bolt",
    )
)

settings_pages.add(
    SettingsPage(
        "Reorder rules",
        "How stock is ordered again: the share to be served, how often, and without asking or not.",
        "inventory:reorder_rule_list",
        "refresh",
        group="Stock",
        right=SEE_PURCHASES,
        position=30,
    )
)
settings_pages.add(
    SettingsPage(
        "Limits of automatic orders",
        "What may be ordered for a location without anybody being asked.",
        "inventory:buying_limit_list",
        "bolt",
        group="Stock",
        position=31,
    )
)

for fact, icon, role in (
    ("inventory.SuggestionOrdered", "cart", "info"),
    ("inventory.SuggestionDismissed", "cross", "neutral"),
    ("inventory.ReorderRuleChanged", "refresh", "neutral"),
    ("inventory.BuyingLimitChanged", "bolt", "neutral"),
):
    dress(fact, icon, role)

for kind in (
    SubjectKind(ReorderRule, "Reorder rule", page("inventory:reorder_rule_edit"), BUY),
    SubjectKind(BuyingLimit, "Limit", page("inventory:buying_limit_edit"), EDIT_SETTINGS),
):
    subjects.register(kind)


def forecast_panel(request: HttpRequest, variant: Variant) -> dict[str, Any] | None:
    """What is foretold of a variant, where, and what is suggested. Two queries."""
    user = staff_of(request)
    outlooks = outlooks_of(user, variant)
    return {"variant": variant, "outlooks": outlooks} if outlooks else None


plug(VARIANT_PAGE, template="inventory/panels/forecast.html", context=forecast_panel, position=30)
