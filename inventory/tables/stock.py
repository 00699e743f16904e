"""The lists of stock, of movements and of products."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Sum
from django.urls import reverse

from core.listing import (
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
from inventory.filters import (
    CONDITIONS,
    TO_SELL,
    MovementFilter,
    ProductFilter,
    StockFilter,
    waits,
)
from inventory.models import Movement, Product, StockLevel, Variant
from inventory.rights import EDIT_CATALOGUE, SEE_STOCK
from inventory.selectors import visible_levels, visible_locations, waiting_units
from inventory.selectors.catalogue import pictures_of
from inventory.selectors.kits import kits_to_sell
from inventory.states import Condition, MovementReason, VariantKind


def variant_named(text: str) -> Variant | None:
    """The variant whose SKU or barcode this is."""
    return Variant.objects.filter(Q(sku__iexact=text) | Q(barcode=text)).order_by("pk").first()


def variant_url(text: str) -> str | None:
    variant = variant_named(text)
    return reverse("inventory:variant_detail", args=[variant.pk]) if variant else None


class StockList(Listing):
    """Every variant at every location where it ever lay."""

    name = "inventory.stock"
    title = "Stock"
    noun = ("stock level", "stock levels")
    url_name = "inventory:stock_list"
    right = SEE_STOCK
    custom_subject, custom_path = "inventory.variant", "variant__custom"
    columns = (
        Column(
            "sku",
            "SKU",
            sort=("variant__sku", "location__name"),
            value="variant.sku",
            is_fixed=True,
        ),
        Column("product", "Product", sort="variant__product__name", value="variant.full_name"),
        Column("location", "Location", sort="location__name", value="location.name"),
        Column("on_hand", "On hand", sort="on_hand_units", value="on_hand", kind="number"),
        Column("allocated", "Allocated", sort="allocated", kind="number"),
        Column("safety", "Safety", sort="safety", kind="number"),
        Column("available", "To sell", sort="available_units", value="available", kind="number"),
        Column("aside", "Not for sale", sort="aside_units", value="aside_units", kind="number"),
        Column("waiting", "Waiting", value="waiting", kind="number"),
        Column("sellable", "Sellable", sort="sellable", kind="number", is_default=False),
        Column(
            "quality_control",
            "Quality control",
            sort="quality_control",
            kind="number",
            is_default=False,
        ),
        Column("damaged", "Damaged", sort="damaged", kind="number", is_default=False),
        Column("bin", "Bin", sort="bin", is_default=False),
        Column("barcode", "Barcode", value="variant.barcode", is_default=False),
    )
    filterset = StockFilter
    promoted = ("location", "supply")
    tokens = (
        text_token("sku", "variant__sku__iexact"),
        text_token("bin", "bin__iexact", example="bin:A-01-2"),
        text_token("location", "location__code__iexact", example="location:ber"),
        number_token("sellable", "sellable"),
        number_token("allocated", "allocated"),
        number_token("available", "available_units"),
        flag_token("is", lambda: {**CONDITIONS, "waiting": Q(waits())}, example="is:low"),
    )
    search_label = "Search stock by SKU, product or barcode"
    default_sort = "sku"
    row_template = "inventory/stock_rows.html"
    template = "inventory/stock_list.html"
    presets = (
        Preset("low", "Low", "supply=low"),
        Preset("waiting", "Demand waits", "waiting=yes"),
        Preset("aside", "Not for sale", "aside=yes"),
    )
    empty = Empty(
        "No stock yet",
        "Stock appears here once goods are received or counted.",
        "inventory:stock_adjust",
        "Count stock",
        "layers",
    )

    def queryset(self) -> QuerySet[StockLevel]:
        aside = F("quality_control") + F("damaged")
        return (
            visible_levels(self.user)
            .select_related("variant__product", "location")
            .annotate(
                on_hand_units=F("sellable") + aside,
                available_units=TO_SELL,
                aside_units=aside,
            )
        )

    def match(self, word: str) -> Q:
        return (
            Q(variant__sku__icontains=word)
            | Q(variant__product__name__icontains=word)
            | Q(variant__name__icontains=word)
            | Q(variant__barcode=word)
        )

    def exact(self, text: str) -> str | None:
        return variant_url(text)

    def decorate(self, rows: Sequence[Any]) -> None:
        waiting = waiting_units({row.variant_id for row in rows})
        for row in rows:
            row.waiting = waiting.get(row.variant_id, 0)

    def row_class(self, row: Any) -> str:
        if row.waiting:
            return "row--danger"
        return "row--warning" if row.safety and row.available_units <= 0 else ""

    def row_label(self, row: Any) -> str:
        return f"{row.variant.sku} at {row.location.name}"


class MovementList(Listing):
    """The ledger: why every figure is what it is."""

    name = "inventory.movements"
    title = "Stock movements"
    noun = ("movement", "movements")
    url_name = "inventory:movement_list"
    right = SEE_STOCK
    columns = (
        Column(
            "time", "Time", sort=("moved_at", "pk"), value="moved_at", kind="moment", is_fixed=True
        ),
        Column("sku", "SKU", value="level.variant.sku"),
        Column("product", "Product", value="level.variant.full_name", is_default=False),
        Column("location", "Location", value="level.location.name"),
        Column("condition", "Condition", value=lambda row: row.get_condition_display()),
        Column("quantity", "Change", kind="number"),
        Column("balance", "Balance", kind="number"),
        Column("reason", "Reason", value=lambda row: row.get_reason_display()),
        Column("reference", "Reference"),
        Column("note", "Note", is_default=False),
        Column("actor", "By", value="actor_label"),
    )
    filterset = MovementFilter
    promoted = ("location", "reason")
    tokens = (
        text_token("sku", "level__variant__sku__iexact"),
        text_token("ref", "reference__iexact", example="ref:SO-1042"),
        choice_token("reason", MovementReason.choices, "reason"),
        choice_token("condition", Condition.choices, "condition"),
        number_token("change", "quantity"),
        day_token("moved", "moved_at"),
    )
    search_label = "Search by reference, SKU or person"
    default_sort = "-time"
    row_template = "inventory/movement_rows.html"
    presets = (
        Preset("today", "Today", "moved=today"),
        Preset(
            "by-hand",
            "Corrections",
            "reason=found&reason=lost&reason=damaged&reason=scrapped&reason=count&reason=correction",
        ),
    )
    empty = Empty("No movements yet", "Every unit that comes or goes is written down here.")

    def queryset(self) -> QuerySet[Movement]:
        rows = Movement.objects.select_related("level__variant__product", "level__location")
        return rows.filter(level__location__in=visible_locations(self.user))

    def match(self, word: str) -> Q:
        return (
            Q(reference__iexact=word)
            | Q(level__variant__sku__iexact=word)
            | Q(actor_label__icontains=word)
        )

    def row_label(self, row: Any) -> str:
        return f"Movement of {row.level.variant.sku}"


class ProductList(Listing):
    """The catalogue."""

    name = "inventory.products"
    title = "Products"
    noun = ("product", "products")
    url_name = "inventory:product_list"
    right = SEE_STOCK
    custom_subject = "inventory.product"
    columns = (
        Column("name", "Product", sort="name", is_fixed=True),
        Column("skus", "SKUs", value=lambda row: ", ".join(row.skus)),
        Column("picture", "Picture", value=None, is_default=False),
        Column("brand", "Brand", sort="brand"),
        Column("category", "Category", sort="category__name", value="category.name"),
        Column("on_hand", "On hand", value="on_hand", kind="number"),
        Column("available", "To sell", value="available", kind="number"),
        Column("state", "State", value="is_active", kind="flag"),
        Column(
            "created",
            "Added",
            sort="created_at",
            value="created_at",
            kind="moment",
            is_default=False,
        ),
    )
    filterset = ProductFilter
    promoted = ("category", "active")
    tokens = (
        text_token("sku", lambda text: Q(Exists(_variants().filter(sku__iexact=text)))),
        text_token("brand", "brand__icontains", example="brand:Acme"),
        day_token("added", "created_at"),
    )
    search_label = "Search products by name, SKU or barcode"
    default_sort = "name"
    row_template = "inventory/product_rows.html"
    template = "inventory/product_list.html"
    presets = (Preset("sold", "Sold", "active=yes"),)
    empty = Empty(
        "No products yet",
        "A product has one or more variants; each variant is a SKU with its own stock.",
        "inventory:product_new",
        "Add product",
        "box",
        right=EDIT_CATALOGUE,
    )

    def queryset(self) -> QuerySet[Product]:
        return Product.objects.select_related("category")

    def match(self, word: str) -> Q:
        named = _variants().filter(
            Q(sku__icontains=word) | Q(barcode=word) | Q(name__icontains=word)
        )
        return Q(name__icontains=word) | Q(brand__icontains=word) | Q(Exists(named))

    def exact(self, text: str) -> str | None:
        return variant_url(text)

    def decorate(self, rows: Sequence[Any]) -> None:
        keys = [row.pk for row in rows]
        skus: dict[int, list[str]] = {}
        kits: dict[int, int] = {}
        variants = Variant.objects.filter(product__in=keys).order_by("sku")
        for product_id, sku, pk, kind in variants.values_list("product_id", "sku", "pk", "kind"):
            skus.setdefault(product_id, []).append(sku)
            if kind == VariantKind.KIT:
                kits[pk] = product_id
        put_together: dict[int, int] = {}
        for pk, count in kits_to_sell(self.user, kits).items():
            put_together[kits[pk]] = put_together.get(kits[pk], 0) + count
        levels = visible_levels(self.user).filter(variant__product__in=keys).order_by()
        units: dict[int, Any] = {
            one["variant__product_id"]: one
            for one in levels.values("variant__product_id").annotate(
                all_units=Sum(F("sellable") + F("quality_control") + F("damaged")),
                free=Sum(TO_SELL, filter=CONDITIONS["available"]),
            )
        }
        shown = any(column.code == "picture" for column in self.shown)
        pictures = pictures_of(rows) if shown else {}
        for row in rows:
            row.picture = pictures.get(row.pk)
            found = units.get(row.pk, {})
            row.skus = skus.get(row.pk, [])
            row.on_hand = found.get("all_units") or 0
            row.available = (found.get("free") or 0) + put_together.get(row.pk, 0)

    def row_class(self, row: Any) -> str:
        return "" if row.is_active else "row--muted"


def _variants() -> QuerySet[Variant]:
    """The variants of the product in the outer query."""
    return Variant.objects.filter(product=OuterRef("pk"))
