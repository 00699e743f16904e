"""The catalogue as a file: a row a variant, with everything that the importer takes back."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from django.db.models import F

from core.custom_fields import fields_of, words
from core.listing.escaping import escape
from inventory.forms.cells import LINK_COLUMNS, write_barcodes, write_parts, write_substitutes
from inventory.models import RelatedProduct, Variant

PRODUCT_FIELDS = {
    "product": "name",
    "brand": "brand",
    "category": "category",
    "description": "description",
    "tax_class": "tax_class",
    "product_sold": "is_active",
}
VARIANT_FIELDS = {
    "sku": "sku",
    "variant": "name",
    "barcode": "barcode",
    "weight_g": "weight_g",
    "length_mm": "length_mm",
    "width_mm": "width_mm",
    "height_mm": "height_mm",
    "hs_code": "hs_code",
    "origin_country": "origin_country",
    "kind": "kind",
    "tracking": "tracking",
    "shelf_life_days": "shelf_life_days",
    "cost": "cost",
    "can_backorder": "can_backorder",
    "backorder_limit": "backorder_limit",
    "available_from": "available_from",
    "preorder_limit": "preorder_limit",
    "order_minimum": "order_minimum",
    "order_multiple": "order_multiple",
    "variant_tax_class": "tax_class",
    "hazardous": "is_hazardous",
    "sold": "is_active",
}
PRODUCT_COLUMNS = tuple(dict.fromkeys(("sku", *PRODUCT_FIELDS, *VARIANT_FIELDS, *LINK_COLUMNS)))
BATCH = 500


def header_of() -> list[str]:
    """The columns of the file, custom fields included. Two queries."""
    custom = [
        f"{prefix}:{field.code}"
        for prefix in ("product", "variant")
        for field in fields_of(f"inventory.{prefix}")
    ]
    return [*PRODUCT_COLUMNS, *custom]


def rows_of(header: Sequence[str]) -> Iterator[list[str]]:
    """The cells of every variant, by product and SKU; five queries for each batch of variants."""
    ids = Variant.objects.order_by("product_id", "sku").values_list("pk", flat=True)
    for batch in _batches(list(ids)):
        variants = Variant.objects.filter(pk__in=batch).order_by("product_id", "sku")
        found = variants.select_related("product__category").prefetch_related(
            "parts__part", "barcodes", "substitutes__substitute"
        )
        related = _related({variant.product_id for variant in found})
        for variant in found:
            cells = _cells(variant, related)
            yield [escape(cells.get(column, "")) for column in header]


def _batches(ids: list[int]) -> Iterator[list[int]]:
    for start in range(0, len(ids), BATCH):
        yield ids[start : start + BATCH]


def _cells(variant: Variant, related: dict[int, list[str]]) -> dict[str, str]:
    product = variant.product
    cells = {column: _text(getattr(product, name)) for column, name in PRODUCT_FIELDS.items()}
    cells |= {column: _text(getattr(variant, name)) for column, name in VARIANT_FIELDS.items()}
    cells |= {
        "parts": write_parts(variant.parts.all()),
        "barcodes": write_barcodes(variant.barcodes.all()),
        "substitutes": write_substitutes(variant.substitutes.all()),
        "related": " | ".join(related.get(product.pk, ())),
    }
    for prefix, thing in (("product", product), ("variant", variant)):
        cells |= {f"{prefix}:{code}": words(value) for code, value in thing.custom.items()}
    return cells


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return str(value)


def _related(product_ids: set[int]) -> dict[int, list[str]]:
    """A SKU of each product that goes with these, in their order: the first one's. One query."""
    found: dict[int, dict[int, str]] = defaultdict(dict)
    rows = RelatedProduct.objects.filter(product_id__in=product_ids).annotate(
        sku=F("other__variants__sku")
    )
    for product_id, other_id, sku in rows.order_by(
        "product_id", "position", "id", "sku"
    ).values_list("product_id", "other_id", "sku"):
        if sku:
            found[product_id].setdefault(other_id, sku)
    return {product_id: list(skus.values()) for product_id, skus in found.items()}
