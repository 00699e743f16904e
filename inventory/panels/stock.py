"""What stock and the catalogue show in the navigation, under settings and in the search."""

from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse

from core import attention, menu, search, settings_pages, subjects
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
    CountSession,
    Demand,
    Location,
    LocationAccess,
    Product,
    Transfer,
    Variant,
)
from inventory.rights import (
    ADJUST_STOCK,
    SEE_STOCK,
)
from inventory.selectors import is_bound_to_locations
from inventory.services.adjusting import LOST_ALLOCATION
from inventory.services.cycle_counting import COUNT_TO_APPROVE
from inventory.services.lotting import LOT_UNKNOWN
from inventory.services.reconciling import STOCK_DRIFT

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
