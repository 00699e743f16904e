"""The lists of lots, serial numbers and what third parties counted."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from core.listing import Column, Empty, Listing, Preset, choice_token, day_token, text_token
from inventory.filters.tracing import LotFilter, SerialFilter, SnapshotFilter
from inventory.models import Lot, Serial, StockSnapshot
from inventory.rights import SEE_STOCK
from inventory.selectors.tracing import (
    lot_state,
    lots_seen_by,
    serials_seen_by,
    snapshots_seen_by,
)
from inventory.states import SerialState


class LotList(Listing):
    """Lots, the first to expire first."""

    name = "inventory.lots"
    title = "Lots"
    noun = ("lot", "lots")
    url_name = "inventory:lot_list"
    right = SEE_STOCK
    columns = (
        Column("lot", "Lot", sort="code", value="code", is_fixed=True),
        Column("sku", "SKU", sort="variant__sku", value="variant.sku"),
        Column("product", "Product", value="variant.full_name"),
        Column("expires", "Expires", sort="expires_on", value="expires_on", kind="day"),
        Column("state", "State", value="state_words"),
        Column(
            "on_hand", "On hand", sort="on_hand", value=lambda row: row.on_hand or 0, kind="number"
        ),
        Column("held", "Set aside", value=lambda row: row.set_aside or 0, kind="number"),
        Column("made", "Made", sort="made_on", value="made_on", kind="day", is_default=False),
        Column("why", "Why recalled", value="recall_reason", is_default=False),
    )
    filterset = LotFilter
    promoted = ("expiry", "recalled")
    tokens = (
        text_token("sku", "variant__sku__iexact"),
        text_token("lot", "code__iexact", example="lot:L-2041"),
        day_token("expires", "expires_on"),
    )
    search_label = "Search lots by number, SKU or product"
    default_sort = "expires"
    row_template = "inventory/lot_rows.html"
    presets = (
        Preset("soon", "Expire soon", "expiry=30&held=yes"),
        Preset("expired", "Expired, on hand", "expiry=expired&held=yes"),
        Preset("recalled", "Recalled", "recalled=yes"),
    )
    empty = Empty(
        "No lots yet",
        "A product that is kept by lot gets its lots when goods are received.",
        "inventory:product_list",
        "Products",
        "layers",
    )

    def queryset(self) -> QuerySet[Lot]:
        return lots_seen_by(self.user)

    def match(self, word: str) -> Q:
        return (
            Q(code__icontains=word)
            | Q(variant__sku__icontains=word)
            | Q(variant__product__name__icontains=word)
        )

    def exact(self, text: str) -> str | None:
        found = list(Lot.objects.filter(code__iexact=text)[:2])
        return reverse("inventory:lot_detail", args=[found[0].pk]) if len(found) == 1 else None

    def decorate(self, rows: Sequence[Any]) -> None:
        today = timezone.localdate()
        for row in rows:
            row.state_words, row.state_role, row.state_icon = lot_state(row, today)

    def row_class(self, row: Any) -> str:
        if row.on_hand and row.state_role == "danger":
            return "row--danger"
        return "row--warning" if row.on_hand and row.state_role == "warning" else ""

    def row_label(self, row: Any) -> str:
        return f"lot {row.code} of {row.variant.sku}"


class SerialList(Listing):
    """Units with numbers of their own."""

    name = "inventory.serials"
    title = "Serial numbers"
    noun = ("serial number", "serial numbers")
    url_name = "inventory:serial_list"
    right = SEE_STOCK
    columns = (
        Column("serial", "Serial number", sort="code", value="code", is_fixed=True),
        Column("sku", "SKU", sort="variant__sku", value="variant.sku"),
        Column("product", "Product", value="variant.full_name"),
        Column("state", "State", value=lambda row: row.get_state_display()),
        Column("condition", "Condition", value=lambda row: row.get_condition_display()),
        Column(
            "location",
            "Location",
            value=lambda row: row.level.location.name if row.level else "",
        ),
    )
    filterset = SerialFilter
    promoted = ("state", "location")
    tokens = (
        choice_token("state", SerialState.choices, "state"),
        text_token("sku", "variant__sku__iexact"),
        text_token("serial", "code__iexact", example="serial:A-100"),
    )
    search_label = "Search serial numbers, SKUs or products"
    default_sort = "serial"
    row_template = "inventory/serial_rows.html"
    template = "inventory/serial_list.html"
    presets = (
        Preset("here", "In stock", "state=in_stock"),
        Preset("shipped", "Shipped", "state=shipped"),
    )
    empty = Empty(
        "No serial numbers yet",
        "A product with serial numbers gets them when goods are received.",
        "inventory:product_list",
        "Products",
        "barcode",
    )

    def queryset(self) -> QuerySet[Serial]:
        return serials_seen_by(self.user)

    def match(self, word: str) -> Q:
        return (
            Q(code__icontains=word)
            | Q(variant__sku__icontains=word)
            | Q(variant__product__name__icontains=word)
        )

    def exact(self, text: str) -> str | None:
        found = list(self.queryset().filter(code__iexact=text)[:2])
        return reverse("inventory:serial_detail", args=[found[0].pk]) if len(found) == 1 else None

    def row_label(self, row: Any) -> str:
        return f"{row.code} of {row.variant.sku}"


class SnapshotList(Listing):
    """What third parties counted."""

    name = "inventory.snapshots"
    title = "Counts of third parties"
    noun = ("count", "counts")
    url_name = "inventory:snapshot_list"
    right = SEE_STOCK
    columns = (
        Column("name", "File", sort="name", is_fixed=True),
        Column("location", "Location", sort="location__name", value="location.name"),
        Column("created", "Read in", sort="created_at", value="created_at", kind="moment"),
        Column("by", "By", value="made_by"),
        Column("rows", "SKUs", value=lambda row: row.rows or 0, kind="number"),
        Column("left", "To decide", value=lambda row: row.left or 0, kind="number"),
    )
    filterset = SnapshotFilter
    promoted = ("location", "open")
    search_label = "Search by file"
    default_sort = "-created"
    row_template = "inventory/snapshot_rows.html"
    template = "inventory/snapshot_list.html"
    presets = (Preset("open", "To decide", "open=yes"),)
    empty = Empty(
        "No count of a third party yet",
        "Import the file of stock that they send you; differences are listed, nothing is booked.",
        "import_list",
        "Imports",
        "upload",
    )

    def queryset(self) -> QuerySet[StockSnapshot]:
        return snapshots_seen_by(self.user)

    def match(self, word: str) -> Q:
        return Q(name__icontains=word) | Q(location__name__icontains=word)

    def row_class(self, row: Any) -> str:
        return "row--warning" if row.left else ""
