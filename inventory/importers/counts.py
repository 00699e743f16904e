"""Imports of counted stock, of what a third party counted and of suppliers’ prices."""

from itertools import islice

from django import forms
from django.db.models.functions import Upper
from django.forms import model_to_dict

from core.imports import Importer, ImportHandle, register
from core.listing.escaping import unescape
from core.tabular import BadFile, Row
from inventory.forms import MOST_UNITS
from inventory.forms.cells import BadCell
from inventory.forms.snapshots import SnapshotImportForm
from inventory.forms.suppliers import PriceForm
from inventory.importers.rows import each_row, flag_of, need_columns, take_one
from inventory.models import (
    Location,
    StockLevel,
    Supplier,
    SupplierItem,
    Variant,
)
from inventory.rights import ADJUST_STOCK, BUY, EDIT_CATALOGUE
from inventory.services import (
    Mode,
    correct_stock,
    set_threshold,
    take_snapshot,
)
from inventory.services.stocktaking import take_counts
from inventory.services.suppliers import set_price
from inventory.states import Condition, MovementReason, SnapshotDecision

SNAPSHOT_COLUMNS = ("sku", "counted")
STOCK_COLUMNS = ("sku", "location", "counted", "condition", "safety", "bin")


class StockImportForm(forms.Form):
    """What the counts are."""

    reason = forms.ChoiceField(
        label="What the figures are",
        choices=[
            (MovementReason.COUNT.value, "A count"),
            (MovementReason.OPENING.value, "Opening stock"),
        ],
        help_text="Sent a second time, the same file changes nothing.",
    )


FAULTS = {
    "sku": "No variant has the SKU “{sku}”.",
    "location": "No location has the code “{location}”.",
    "kind": "“{sku}” is a kit or a service and has no stock of its own; count its parts.",
    "counted": "“{counted}” is no possible number of units; give a whole number from 0 to"
    f" {MOST_UNITS:,}.",
    "safety": "“{safety}” is no possible number of units; give a whole number from 0 to"
    f" {MOST_UNITS:,}.",
    "condition": f"“{{condition}}” is no condition; use {', '.join(Condition.values)}.",
    "twice": "This SKU is counted here further up already; keep one of the rows.",
}
FAULTY_COLUMN = {"kind": "sku", "twice": "sku"}
STOCK_BATCH = 20_000


def run_stock(handle: ImportHandle) -> None:
    """Rows of what lies at a location: the difference to what is booked is written down."""
    table = handle.table()
    need_columns(table, "sku", "location", "counted")
    reason = MovementReason(handle.options.get("reason") or MovementReason.COUNT)
    rows = table.rows(after=int(handle.resume_from or 0))
    while batch := list(islice(rows, STOCK_BATCH)):
        with handle.batch(checkpoint=batch[-1].number, rows=len(batch)):
            _take_counts(handle, batch, reason)


def _take_counts(handle: ImportHandle, batch: list[Row], reason: MovementReason) -> None:
    cells: dict[int, dict[str, str]] = {}
    for row in batch:
        if row.fault:
            handle.reject(row, code="bad_row", message=row.fault)
        else:
            cells[row.number] = {
                name.strip().lower(): unescape(value) for name, value in row.values.items()
            }
    taken = take_counts(
        [
            (
                number,
                one.get("sku", ""),
                one.get("location", ""),
                one.get("counted", ""),
                CONDITIONS.get(one.get("condition", "").lower(), one.get("condition", "")),
                one.get("safety", ""),
                one.get("bin", "")[:30],
            )
            for number, one in cells.items()
        ],
        reason=reason,
        note=f"Import {handle.run.pk}",
        now=handle.now,
    )
    handle.count(updated=taken.booked, unchanged=taken.unchanged)
    for row in batch:
        if fault := taken.faults.get(row.number):
            words = dict.fromkeys(STOCK_COLUMNS, "") | cells[row.number]
            handle.reject(
                row,
                column=FAULTY_COLUMN.get(fault, fault),
                code="bad_cell",
                message=FAULTS[fault].format_map(words),
            )
    thoughtful = set(taken.one_by_one)
    for row in batch:
        if row.number in thoughtful:
            take_one(handle, row, take_count)


def take_count(handle: ImportHandle, cells: dict[str, str]) -> str:
    """Set one SKU at one location, both known, to what was counted; its safety stock and its bin."""
    variant = Variant.objects.get(sku__iexact=cells["sku"])
    location = Location.objects.active().get(code__iexact=cells["location"])
    booked = correct_stock(
        variant=variant,
        location=location,
        mode=Mode.SET,
        units=_units(cells, "counted"),
        reason=MovementReason(handle.options.get("reason") or MovementReason.COUNT),
        condition=Condition(CONDITIONS[cells.get("condition", "").lower()]),
        note=f"Import {handle.run.pk}",
        now=handle.now,
    )
    is_set = _set_threshold(handle, variant, location, cells)
    return "updated" if booked or is_set else "unchanged"


def _set_threshold(
    handle: ImportHandle, variant: Variant, location: Location, cells: dict[str, str]
) -> bool:
    level = StockLevel.objects.select_related("location").get(variant=variant, location=location)
    safety = _units(cells, "safety") if cells.get("safety") else level.safety
    bin_ = cells.get("bin", "")[:30] or level.bin
    if (safety, bin_) == (level.safety, level.bin):
        return False
    set_threshold(level=level, safety=safety, bin_=bin_, now=handle.now)
    return True


CONDITIONS = {"": Condition.SELLABLE.value} | {
    word.lower(): one.value for one in Condition for word in (one.value, one.label)
}


def _units(cells: dict[str, str], column: str) -> int:
    text = cells.get(column, "")
    if not text.isdecimal() or len(text) > 9 or int(text) > MOST_UNITS:
        raise BadCell(
            f"“{text}” is no possible number of units; give a whole number from 0 to"
            f" {MOST_UNITS:,}.",
            field=column,
        )
    return int(text)


STOCK = register(
    Importer(
        kind="stock",
        label="Stock counts",
        right=EDIT_CATALOGUE,
        formats={"csv": "CSV, a row per SKU and location"},
        run=run_stock,
        form=StockImportForm,
        columns=STOCK_COLUMNS,
    )
)

# --- what a third party counted ---------------------------------------------------------------


def run_snapshot(handle: ImportHandle) -> None:
    """Keep what a third party counted beside our books: one row per SKU, all in one go."""
    table = handle.table()
    need_columns(table, *SNAPSHOT_COLUMNS)
    rows = list(table.rows(after=int(handle.resume_from or 0)))
    if not rows:
        return
    location = Location.objects.active().filter(code=handle.options["location"]).first()
    if location is None:
        raise BadFile("The location is not there any more; choose another and import again.")
    with handle.batch(checkpoint=rows[-1].number, rows=len(rows)):
        counted = _counted(handle, rows)
        if not counted:
            return
        snapshot = take_snapshot(
            location=location, counted=counted, name=handle.run.name, now=handle.now
        )
        differing = snapshot.lines.filter(decision=SnapshotDecision.OPEN).count()
        handle.count(updated=differing, unchanged=snapshot.lines.count() - differing)


def _counted(handle: ImportHandle, rows: list[Row]) -> dict[int, int]:
    """Units by variant id; rows that name nothing we know, or no figure, are rejected."""
    cells = [
        {name.strip().lower(): unescape(text).strip() for name, text in row.values.items()}
        for row in rows
    ]
    known = Variant.objects.annotate(upper=Upper("sku")).filter(
        upper__in={one.get("sku", "").upper() for one in cells}
    )
    ids = dict(known.values_list("upper", "pk"))
    counted: dict[int, int] = {}
    for row, one in zip(rows, cells, strict=True):
        variant_id = ids.get(one.get("sku", "").upper())
        fault, column = row.fault, ""
        if not fault and variant_id is None:
            fault, column = f"No product has the SKU “{one.get('sku', '')}”; add it first.", "sku"
        elif not fault and variant_id in counted:
            fault, column = "This SKU stands on an earlier row already; leave one of them.", "sku"
        if not fault:
            try:
                counted[variant_id or 0] = _units(one, "counted")
            except BadCell as bad:
                fault, column = bad.message, "counted"
        if fault:
            handle.reject(row, column=column, code="bad_cell", message=fault)
    return counted


SNAPSHOT = register(
    Importer(
        kind="stock_snapshot",
        label="Stock counted by a third party",
        right=ADJUST_STOCK,
        formats={"csv": "CSV, a row per SKU"},
        run=run_snapshot,
        form=SnapshotImportForm,
        scope=lambda options: options.get("location", ""),
        columns=SNAPSHOT_COLUMNS,
    )
)

# --- supplier prices ------------------------------------------------------------------------

PRICE_FIELDS = (
    "supplier_sku",
    "price",
    "minimum_quantity",
    "pack_size",
    "lead_time_days",
    "is_preferred",
)
PRICE_COLUMNS = ("supplier", "sku", *PRICE_FIELDS)


def run_supplier_prices(handle: ImportHandle) -> None:
    """Rows of what suppliers ask for SKUs. A known price is updated by the cells that are filled."""
    table = handle.table()
    need_columns(table, "supplier", "sku", "price")
    each_row(handle, table, take_price)


def take_price(_handle: ImportHandle, cells: dict[str, str]) -> str:
    """Set what one supplier asks for one SKU."""
    code, sku = cells.get("supplier", ""), cells.get("sku", "")
    supplier = Supplier.objects.filter(code__iexact=code).first()
    if supplier is None:
        raise BadCell(f"No supplier has the code “{code}”; add it first.", field="supplier")
    variant = Variant.objects.filter(sku__iexact=sku).first()
    if variant is None:
        raise BadCell(f"No variant has the SKU “{sku}”.", field="sku")
    known = SupplierItem.objects.filter(supplier=supplier, variant=variant).first()
    kept = {name: cells[name] for name in PRICE_FIELDS if cells.get(name)}
    start = model_to_dict(known, fields=PRICE_FIELDS) if known else {}
    filled = {"minimum_quantity": 1, "pack_size": 1, **start, **kept, "sku": variant.sku}
    if "is_preferred" in kept:
        filled["is_preferred"] = flag_of("is_preferred", kept["is_preferred"])
    form = PriceForm(filled)
    if not form.is_valid():
        name, errors = next(iter(form.errors.items()))
        raise BadCell(" ".join(map(str, errors)), field=name)
    values = {name: form.cleaned_data[name] for name in PRICE_FIELDS}
    if set_price(supplier=supplier, variant=variant, values=values) is None:
        return "unchanged"
    return "updated" if known else "created"


SUPPLIER_PRICES = register(
    Importer(
        kind="supplier_prices",
        label="Supplier prices",
        right=BUY,
        formats={"csv": "CSV, a row per supplier and SKU"},
        run=run_supplier_prices,
        columns=PRICE_COLUMNS,
    )
)
