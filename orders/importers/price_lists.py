"""Price lists from files and from rows pasted on their page."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from itertools import islice

from django import forms
from django.db import transaction

from core.errors import DomainError
from core.imports import Importer, ImportHandle, register
from core.listing.escaping import unescape
from core.tabular import BadFile, read_table
from inventory.forms.cells import BadCell
from inventory.importers.rows import each_row, need_columns
from inventory.models import Variant
from orders.models import PriceList
from orders.rights import EDIT_PRICES
from orders.services.price_lists import Step, set_list_price

COLUMNS = ("price_list", "sku", "from_quantity", "price", "valid_from", "valid_until")
MOST_PASTED = 500


class PriceListImportForm(forms.Form):
    """The list that rows without a name of one are for."""

    price_list = forms.ModelChoiceField(
        PriceList.objects.all(),
        required=False,
        empty_label="Each row names its list",
        help_text="For files without a column price_list.",
    )

    def as_options(self) -> dict[str, object]:
        """The options as the run keeps them."""
        chosen = self.cleaned_data["price_list"]
        return {"price_list": chosen.pk if chosen else None}


def run_price_lists(handle: ImportHandle) -> None:
    """Rows of what SKUs cost by lists; an empty price takes it away."""
    table = handle.table()
    need_columns(table, "sku", "price")
    each_row(handle, table, take_price)


def take_price(handle: ImportHandle, cells: dict[str, str]) -> str:
    """Set one price of one list."""
    return set_from(cells, handle.options.get("price_list"))


def set_from(cells: dict[str, str], price_list_id: int | None) -> str:
    """Set the price that a row's cells say. Raises BadCell, BadPriceList."""
    sku = cells.get("sku", "").strip()
    variant = Variant.objects.filter(sku__iexact=sku).first()
    if variant is None:
        raise BadCell(f"No variant has the SKU “{sku}”.", field="sku")
    return set_list_price(
        price_list_id=_list_of(cells, price_list_id),
        variant=variant,
        amount=_amount(cells.get("price", "")),
        step=Step(
            min_quantity=_units(cells.get("from_quantity", "")),
            valid_from=_day(cells, "valid_from"),
            valid_until=_day(cells, "valid_until"),
        ),
    )


def _list_of(cells: dict[str, str], price_list_id: int | None) -> int:
    name = cells.get("price_list", "").strip()
    if not name and price_list_id:
        return price_list_id
    found = PriceList.objects.filter(name__iexact=name).first()
    if found is None:
        raise BadCell(f"No price list is called “{name}”; add it first.", field="price_list")
    return found.pk


def _amount(text: str) -> Decimal | None:
    if not text.strip():
        return None
    try:
        amount = Decimal(text.strip().replace(",", "."))
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite():
        raise BadCell(f"“{text}” is no amount; write it as 12.50.", field="price")
    return amount


def _units(text: str) -> int:
    text = text.strip() or "1"
    if not text.isdecimal() or len(text) > 7:
        raise BadCell(f"“{text}” is no number of units.", field="from_quantity")
    return int(text)


def _day(cells: dict[str, str], column: str) -> date | None:
    text = cells.get(column, "").strip()
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise BadCell(f"“{text}” is no day; write it as 2026-12-31.", field=column) from None


@dataclass(frozen=True)
class Previewed:
    """What would become of one pasted row: created, updated, unchanged, or refused in words."""

    number: int
    sku: str
    result: str
    message: str = ""


def preview_prices(text: str, price_list_id: int) -> list[Previewed]:
    """What importing these rows would do, in their order; nothing of it stays. Raises BadFile."""
    table = read_table(text)
    need_columns(table, "sku", "price")
    rows = list(islice(table.rows(), MOST_PASTED + 1))
    if len(rows) > MOST_PASTED:
        raise BadFile(f"Paste at most {MOST_PASTED} rows at a time; import a file for more.")
    found = []
    with transaction.atomic():
        for row in rows:
            cells = {name.strip().lower(): unescape(text) for name, text in row.values.items()}
            try:
                if row.fault:
                    raise BadCell(row.fault)
                with transaction.atomic():
                    done = set_from(cells, price_list_id)
                found.append(Previewed(row.number, cells["sku"], done))
            except DomainError as refusal:
                sku = cells.get("sku", "")
                found.append(Previewed(row.number, sku, "refused", refusal.message))
        transaction.set_rollback(True)
    return found


PRICE_LISTS = register(
    Importer(
        kind="price_lists",
        label="Price lists",
        right=EDIT_PRICES,
        formats={"csv": "CSV, a row per list, SKU and step"},
        run=run_price_lists,
        form=PriceListImportForm,
        columns=COLUMNS,
    )
)
