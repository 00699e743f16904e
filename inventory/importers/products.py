"""Imports of products, a row per SKU with all that hangs on it, and what they would do."""

from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.db import transaction
from django.forms import model_to_dict

from core.errors import DomainError
from core.imports import Importer, ImportHandle, register
from core.listing.escaping import unescape
from core.tabular import BadFile, read_table
from inventory.forms import ProductForm, VariantForm
from inventory.forms.cells import BadCell, custom_cells, custom_kept, read_links
from inventory.forms.product_file import PRODUCT_COLUMNS, PRODUCT_FIELDS, VARIANT_FIELDS
from inventory.importers.rows import each_row, flag_of, need_columns
from inventory.models import (
    Product,
    Variant,
)
from inventory.rights import EDIT_CATALOGUE
from inventory.services import (
    save_product,
    save_variant,
)
from inventory.services.catalogue import version_of
from inventory.services.composing import set_barcodes, set_parts, set_related, set_substitutes

MOST_PASTED = 500
FLAGS = frozenset({"can_backorder", "hazardous", "sold", "product_sold"})


def run_products(handle: ImportHandle) -> None:
    """Rows of SKUs with their product. A known SKU is updated by the cells that are filled; rows of
    one product name and brand are variants of one product.
    """
    table = handle.table()
    need_columns(table, "sku")
    each_row(handle, table, lambda _handle, cells: take_product(cells))


def take_product(cells: dict[str, str]) -> str:
    """Make or change one SKU and its product, and what hangs on them."""
    sku = cells.get("sku", "")
    if not sku:
        raise BadCell("The row has no SKU.", field="sku")
    variant = Variant.objects.select_related("product__category").filter(sku__iexact=sku).first()
    if variant is None:
        product = _product_named(cells)
        variant = _save_variant(product, None, {**cells, "sold": cells.get("sold") or "yes"})
        set_links(variant, cells)
        return "created"
    was = (version_of(variant), version_of(variant.product))
    _save_product(variant.product, cells)
    variant = _save_variant(variant.product, variant, cells)
    set_links(variant, cells)
    is_changed = (version_of(variant), version_of(variant.product)) != was
    return "updated" if is_changed else "unchanged"


@dataclass(frozen=True)
class Previewed:
    """What would become of one pasted row: created, updated, unchanged, or refused in words."""

    number: int
    sku: str
    result: str
    message: str = ""


def preview_products(text: str) -> list[Previewed]:
    """What importing these rows would do, in their order; nothing of it stays. Raises BadFile."""
    table = read_table(text)
    need_columns(table, "sku")
    rows = list(islice(table.rows(), MOST_PASTED + 1))
    if len(rows) > MOST_PASTED:
        raise BadFile(f"Paste at most {MOST_PASTED} rows at a time; import a file for more.")
    found = []
    with transaction.atomic():
        for row in rows:
            cells = {name.strip().lower(): unescape(text) for name, text in row.values.items()}
            sku = cells.get("sku", "")
            try:
                if row.fault:
                    raise BadCell(row.fault)
                with transaction.atomic():
                    found.append(Previewed(row.number, sku, take_product(cells)))
            except DomainError as refusal:
                found.append(Previewed(row.number, sku, "refused", refusal.message))
        transaction.set_rollback(True)
    return found


def set_links(variant: Variant, cells: dict[str, str]) -> None:
    """Set what the filled cells say that hangs on a variant and its product."""
    links = read_links(cells)
    if links.parts is not None:
        set_parts(variant, links.parts)
    if links.barcodes is not None:
        set_barcodes(variant, links.barcodes)
    if links.substitutes is not None:
        set_substitutes(variant, links.substitutes)
    if links.related is not None:
        set_related(variant.product, links.related)


def _product_named(cells: dict[str, str]) -> Product:
    name, brand = cells.get("product", ""), cells.get("brand", "")
    if not name:
        raise BadCell("A new SKU needs the product it belongs to.", field="product")
    known = Product.objects.filter(name=name, brand=brand).order_by("pk").first()
    return known or _save_product(None, cells)


def _save_product(product: Product | None, cells: dict[str, str]) -> Product:
    kept = _filled(cells, PRODUCT_FIELDS) | custom_cells("product", cells)
    start: dict[str, Any] = {"tax_class": "standard", "is_active": True}
    if product is not None:
        start = model_to_dict(product, fields=ProductForm.Meta.fields)
        start["category"] = product.category.name if product.category else ""
        start |= custom_kept(product)
    form = ProductForm({**start, **kept}, instance=product)
    values = _cleaned(form, PRODUCT_FIELDS)
    return save_product(
        product_id=product.pk if product else None,
        values=values,
        version=version_of(product) if product else 0,
    )


def _save_variant(product: Product, variant: Variant | None, cells: dict[str, str]) -> Variant:
    kept = _filled(cells, VARIANT_FIELDS) | custom_cells("variant", cells)
    sizes = dict.fromkeys(("weight_g", "length_mm", "width_mm", "height_mm"), 0)
    start: dict[str, Any] = sizes
    if variant:
        start = model_to_dict(variant, fields=VariantForm.Meta.fields) | custom_kept(variant)
        kept["sku"] = variant.sku
    form = VariantForm({**start, **kept}, instance=variant)
    values = _cleaned(form, VARIANT_FIELDS)
    return save_variant(
        variant_id=variant.pk if variant else None,
        product=product,
        values=values,
        version=version_of(variant) if variant else 0,
    )


def _filled(cells: dict[str, str], fields: dict[str, str]) -> dict[str, Any]:
    """The cells that hold something, by the field they belong to."""
    return {
        field: flag_of(column, cells[column]) if column in FLAGS else cells[column]
        for column, field in fields.items()
        if cells.get(column)
    }


def _cleaned(form: ProductForm | VariantForm, fields: dict[str, str]) -> dict[str, Any]:
    if form.is_valid():
        values: dict[str, Any] = form.values
        return values
    columns = {field: column for column, field in fields.items()}
    name, errors = next(iter(form.errors.items()))
    raise BadCell(" ".join(map(str, errors)), field=columns.get(name, name))


PRODUCTS = register(
    Importer(
        kind="products",
        label="Products",
        right=EDIT_CATALOGUE,
        formats={"csv": "CSV, a row per SKU"},
        run=run_products,
        columns=PRODUCT_COLUMNS,
    )
)
