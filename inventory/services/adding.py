"""Adding products and their variants to the catalogue, many at once."""

from collections.abc import Iterable
from dataclasses import dataclass

from core.bulk import insert_all
from core.outbox import publish_all
from inventory.events import VariantAdded
from inventory.models import Category, Product, Variant


@dataclass(frozen=True, slots=True, kw_only=True)
class NewVariant:
    """A SKU that is not in the catalogue yet, with the product it is the only variant of."""

    sku: str
    name: str
    brand: str = ""
    category: str = ""
    barcode: str = ""
    weight_g: int = 0
    can_backorder: bool = False


def add_variants(wanted: Iterable[NewVariant]) -> dict[str, Variant]:
    """Add what is missing, by SKU; those that are there already stay as they are. Returns the added
    ones.

    Runs in the open transaction, in a constant number of statements. A barcode that something else
    bears already is left out rather than refused: it can be mended, a lost order cannot.
    """
    by_sku = {one.sku: one for one in wanted}
    known = set(Variant.objects.filter(sku__in=by_sku).values_list("sku", flat=True))
    missing = [one for sku, one in by_sku.items() if sku not in known]
    if not missing:
        return {}
    categories = _categories({one.category for one in missing if one.category})
    products = insert_all(
        Product(
            name=(one.name or one.sku)[:200],
            brand=one.brand[:100],
            category=categories.get(one.category[:100]),
        )
        for one in missing
    )
    barcodes = _free_barcodes(missing)
    variants = insert_all(
        Variant(
            product=product,
            sku=one.sku,
            barcode=barcodes.get(one.sku, ""),
            weight_g=one.weight_g,
            can_backorder=one.can_backorder,
        )
        for one, product in zip(missing, products, strict=True)
    )
    publish_all([VariantAdded(variant_id=one.pk, sku=one.sku) for one in variants])
    return {one.sku: one for one in variants}


def _categories(names: set[str]) -> dict[str, Category]:
    if not names:
        return {}
    wanted = {name[:100] for name in names}
    Category.objects.bulk_create(
        (Category(name=name) for name in sorted(wanted)), ignore_conflicts=True
    )
    return {one.name: one for one in Category.objects.filter(name__in=wanted)}


def _free_barcodes(missing: list[NewVariant]) -> dict[str, str]:
    wanted = {one.barcode for one in missing if one.barcode}
    if not wanted:
        return {}
    taken = set(Variant.objects.filter(barcode__in=wanted).values_list("barcode", flat=True))
    free: dict[str, str] = {}
    for one in missing:
        if one.barcode and one.barcode not in taken:
            taken.add(one.barcode)
            free[one.sku] = one.barcode
    return free
