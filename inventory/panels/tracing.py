"""What lots, serial numbers and promises show in the navigation and on a variant."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from core import attention, menu, subjects
from core.access import staff_of
from core.attention import AttentionKind
from core.menu import MenuEntry, MenuGroup
from core.panels import plug
from core.subjects import SubjectKind, page
from core.timeline import dress
from inventory.models import (
    Lot,
    Serial,
    StockSnapshot,
    Variant,
)
from inventory.rights import (
    ADJUST_STOCK,
    SEE_STOCK,
)
from inventory.selectors import is_bound_to_locations, promising
from inventory.selectors.availability import short_day
from inventory.selectors.tracing import traced_units
from inventory.services.doubting import NUMBERS_TO_FIND
from inventory.services.recalling import LOT_EXPIRING, LOT_RECALLED
from inventory.sockets import VARIANT_PAGE, VARIANT_SIDE

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
    (
        NUMBERS_TO_FIND,
        "Serial numbers to find",
        "Scan the numbers that are there; those never found are gone.",
        "barcode",
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
