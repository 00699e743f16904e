"""The lists of what stock is worth and how long it has lain there."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import DateTimeField, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Coalesce, Extract
from django.utils import timezone

from core.listing import Column, Empty, Listing, Preset, number_token, text_token
from inventory.filters.planning import AgeingFilter, HeldStockFilter
from inventory.models import Movement, StockLevel
from inventory.rights import SEE_PURCHASES, SEE_STOCK
from inventory.selectors.scope import visible_levels
from inventory.selectors.valuation import Layers, layers_of
from inventory.states import MovementReason
from inventory.tables.stock import variant_url

NOTHING_HELD = Empty("Nothing in stock", "What lies anywhere appears here.", icon="layers")


def held_levels(user: Any) -> QuerySet[StockLevel]:
    """The user's levels with something on them."""
    on_hand = F("sellable") + F("quality_control") + F("damaged")
    return (
        visible_levels(user)
        .select_related("variant__product", "location")
        .annotate(units=on_hand)
        .filter(units__gt=0)
    )


def _named(word: str) -> Q:
    return (
        Q(variant__sku__icontains=word)
        | Q(variant__product__name__icontains=word)
        | Q(variant__name__icontains=word)
    )


class ValuationList(Listing):
    """What stock is worth: by moving average and by FIFO."""

    name = "inventory.valuation"
    title = "Stock value"
    noun = ("stock level", "stock levels")
    url_name = "inventory:valuation_list"
    right = SEE_PURCHASES
    columns = (
        Column("sku", "SKU", sort=("variant__sku", "pk"), value="variant.sku", is_fixed=True),
        Column("product", "Product", value="variant.full_name"),
        Column("location", "Location", sort="location__name", value="location.name"),
        Column("on_hand", "On hand", sort="units", value="units", kind="number"),
        Column("cost", "Average cost", sort="average_cost", value="average_cost", kind="number"),
        Column(
            "average",
            "Worth, average",
            sort="average_worth",
            value="average_worth",
            kind="money",
            currency="location.currency",
        ),
        Column("fifo", "Worth, FIFO", value="fifo", kind="money", currency="location.currency"),
        Column(
            "difference",
            "Difference",
            value="difference",
            kind="money",
            currency="location.currency",
            is_default=False,
        ),
    )
    filterset = HeldStockFilter
    promoted = ("location", "category")
    tokens = (text_token("sku", "variant__sku__iexact"), number_token("worth", "average_worth"))
    search_label = "Search by SKU or product"
    default_sort = "-average"
    row_template = "inventory/valuation_rows.html"
    template = "inventory/valuation_list.html"
    presets = (Preset("uncosted", "Cost is unknown", "costed=no"),)
    empty = NOTHING_HELD

    def queryset(self) -> QuerySet[StockLevel]:
        return held_levels(self.user).annotate(average_worth=F("units") * F("average_cost"))

    def match(self, word: str) -> Q:
        return _named(word)

    def exact(self, text: str) -> str | None:
        return variant_url(text)

    def decorate(self, rows: Sequence[Any]) -> None:
        layers = layers_of([row.pk for row in rows])
        for row in rows:
            found = layers.get(row.pk, Layers())
            row.fifo = found.worth + (row.units - found.units) * row.average_cost
            row.difference = row.fifo - row.average_worth

    def row_label(self, row: Any) -> str:
        return f"{row.variant.sku} at {row.location.name}"


class AgeingList(Listing):
    """How long stock has lain there, the longest idle first."""

    name = "inventory.ageing"
    title = "Stock ageing"
    noun = ("stock level", "stock levels")
    url_name = "inventory:ageing_list"
    right = SEE_STOCK
    columns = (
        Column("sku", "SKU", sort=("variant__sku", "pk"), value="variant.sku", is_fixed=True),
        Column("product", "Product", value="variant.full_name"),
        Column("location", "Location", sort="location__name", value="location.name"),
        Column("on_hand", "On hand", sort="units", value="units", kind="number"),
        Column("new", "Up to 30 days", value="aged_30", kind="number"),
        Column("young", "31 to 90", value="aged_90", kind="number"),
        Column("grown", "91 to 180", value="aged_180", kind="number"),
        Column("old", "181 to 365", value="aged_365", kind="number"),
        Column("oldest", "Over a year", value="aged_over", kind="number"),
        Column("left", "Last left", sort="idle_days", value="left_at", kind="moment"),
        Column(
            "worth",
            "Worth",
            sort="worth",
            value="worth",
            kind="money",
            currency="location.currency",
        ),
    )
    filterset = AgeingFilter
    promoted = ("location", "category", "idle")
    tokens = (text_token("sku", "variant__sku__iexact"), number_token("idle", "idle_days"))
    search_label = "Search by SKU or product"
    default_sort = "-worth"
    row_template = "inventory/ageing_rows.html"
    template = "inventory/ageing_list.html"
    presets = (
        Preset("idle", "Nothing left for half a year", "idle=180"),
        Preset("dead", "Nothing left for a year", "idle=365"),
    )
    empty = NOTHING_HELD

    def queryset(self) -> QuerySet[StockLevel]:
        moves = Movement.objects.filter(level=OuterRef("pk")).order_by("-id")
        left = moves.filter(reason__in=[MovementReason.SHIPMENT, MovementReason.USED])
        first = Movement.objects.filter(level=OuterRef("pk")).order_by("id")
        now = Value(timezone.now(), DateTimeField())
        return (
            held_levels(self.user)
            .annotate(
                left_at=Subquery(left.values("moved_at")[:1]),
                begun_at=Subquery(first.values("moved_at")[:1]),
            )
            .annotate(
                worth=F("units") * F("average_cost"),
                idle_days=_days(now),
            )
        )

    def match(self, word: str) -> Q:
        return _named(word)

    def exact(self, text: str) -> str | None:
        return variant_url(text)

    def decorate(self, rows: Sequence[Any]) -> None:
        layers, now = layers_of([row.pk for row in rows]), timezone.now()
        for row in rows:
            _age(row, layers.get(row.pk, Layers()), now)

    def row_class(self, row: Any) -> str:
        return "row--warning" if row.aged_over else ""

    def row_label(self, row: Any) -> str:
        return f"{row.variant.sku} at {row.location.name}"


def _days(now: Value) -> Any:
    """Whole days since a unit last left, or since the first came."""
    since = Coalesce("left_at", "begun_at")
    return Cast(Extract(now - since, "epoch") / 86_400, IntegerField())


def _age(row: Any, found: Layers, now: datetime) -> None:
    row.aged_30, row.aged_90, row.aged_180, row.aged_365, row.aged_over = found.aged(now)
    row.oldest_at = found.oldest
