"""The grid of stock: one row a SKU, one column a location."""

from collections.abc import Callable, Sequence
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from core.listing import Column, Empty, Listing, Preset, text_token
from core.sent import whole_numbers
from inventory.filters.moving import GridFilter
from inventory.models import Location, Variant
from inventory.rights import SEE_STOCK
from inventory.selectors import visible_locations, waiting_units
from inventory.selectors.grid import Cell, cells_of
from inventory.states import VariantKind
from inventory.tables.stock import variant_url

MOST_COLUMNS = 12
PLACE = "place"


class StockGrid(Listing):
    """What may be sold of each SKU at each location, what is set aside, what comes, how long it lasts.

    The columns are the locations that the user sees, or those that the filter names.
    """

    name = "inventory.grid"
    title = "Stock by location"
    noun = ("SKU", "SKUs")
    url_name = "inventory:stock_grid"
    right = SEE_STOCK
    filterset = GridFilter
    promoted = ("location", "supply", "category")
    tokens = (text_token("sku", "sku__iexact"), text_token("brand", "product__brand__icontains"))
    search_label = "Search by SKU, product or barcode"
    default_sort = "sku"
    row_template = "inventory/grid_rows.html"
    template = "inventory/grid_list.html"
    presets = (
        Preset("out", "Nothing free", "supply=out"),
        Preset("short", "Short", "supply=short"),
    )
    empty = Empty("No products yet", "Every SKU stands here with what lies at each location.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        asked = set(whole_numbers(self.params.getlist("location")))
        places = visible_locations(self.user).filter(is_active=True).order_by("name")
        if asked:
            places = places.filter(pk__in=list(asked)[:MOST_COLUMNS])
        self.places: list[Location] = list(places[:MOST_COLUMNS])
        self.columns = (  # type: ignore[misc]  # the columns are the locations
            Column("sku", "SKU", sort="sku", is_fixed=True),
            Column("product", "Product", sort="product__name", value="full_name"),
            *(
                Column(
                    f"{PLACE}-{place.pk}", place.name, value=_read_place(place.pk), kind="number"
                )
                for place in self.places
            ),
            Column("total", "To sell in all", value="total", kind="number"),
            Column("waiting", "Waiting", value="waiting", kind="number"),
            Column("barcode", "Barcode", is_default=False),
        )

    def queryset(self) -> QuerySet[Variant]:
        return Variant.objects.filter(kind=VariantKind.STOCKED).select_related("product")

    def match(self, word: str) -> Q:
        return (
            Q(sku__icontains=word)
            | Q(product__name__icontains=word)
            | Q(name__icontains=word)
            | Q(barcode=word)
        )

    def exact(self, text: str) -> str | None:
        return variant_url(text)

    def decorate(self, rows: Sequence[Any]) -> None:
        keys = [row.pk for row in rows]
        cells = cells_of(keys, [place.pk for place in self.places], now=timezone.now())
        waiting = waiting_units(keys)
        for row in rows:
            row.cells = {
                f"{PLACE}-{place.pk}": cells.get((row.pk, place.pk), Cell())
                for place in self.places
            }
            row.total = sum(cell.available for cell in row.cells.values())
            row.waiting = waiting.get(row.pk, 0)

    def row_class(self, row: Any) -> str:
        return "row--danger" if row.waiting else ""

    def row_label(self, row: Any) -> str:
        return str(row.sku)


def _read_place(place_id: int) -> Callable[[Any], int]:
    return lambda row: row.cells[f"{PLACE}-{place_id}"].available
