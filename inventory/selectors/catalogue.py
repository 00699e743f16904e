"""What hangs on products and variants, as pages show it."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Q

from inventory.models import Barcode, Part, Picture, Product, Substitute, Variant


@dataclass
class Links:
    """All that hangs on one variant."""

    parts: list[Part] = field(default_factory=list)
    part_of: list[Part] = field(default_factory=list)
    barcodes: list[Barcode] = field(default_factory=list)
    substitutes: list[Substitute] = field(default_factory=list)
    pictures: list[Picture] = field(default_factory=list)


def products_called(words: str, *, most: int) -> list[Variant]:
    """What is on sale under these words: name, SKU or barcode; nothing for less than two letters."""
    if len(words.strip()) < 2:
        return []
    found = Variant.objects.active().select_related("product")
    for word in words.split()[:5]:
        found = found.filter(
            Q(sku__icontains=word)
            | Q(name__icontains=word)
            | Q(product__name__icontains=word)
            | Q(barcode=word)
        )
    return list(found.order_by("sku")[:most])


def links_of(variant: Variant) -> Links:
    """What a variant is made of, what it is part of, its codes, stand-ins and pictures, with those
    of its product. Five queries.
    """
    own = Picture.objects.filter(product_id=variant.product_id, variant=variant)
    shared = Picture.objects.filter(product_id=variant.product_id, variant=None)
    return Links(
        parts=list(variant.parts.select_related("part__product")),
        part_of=list(variant.part_of.select_related("whole__product").order_by("whole__sku")),
        barcodes=list(variant.barcodes.all()),
        substitutes=list(variant.substitutes.select_related("substitute__product")),
        pictures=sorted(own | shared, key=lambda one: (one.variant_id is None, one.position)),
    )


def stand_ins(variant_ids: Iterable[int]) -> dict[int, list[Substitute]]:
    """What may be offered instead, best first, by variant id; only what is sold. One query."""
    found: dict[int, list[Substitute]] = defaultdict(list)
    rows = Substitute.objects.filter(
        variant_id__in=list(variant_ids),
        substitute__is_active=True,
        substitute__product__is_active=True,
    )
    for row in rows.select_related("substitute__product").order_by("rank", "id"):
        found[row.variant_id].append(row)
    return found


def thumbnails_of(variants: Iterable[Variant]) -> dict[int, Picture]:
    """The picture that stands for each variant, its own before its product's, by id. One query."""
    wanted = list(variants)
    rows = Picture.objects.filter(product_id__in={one.product_id for one in wanted})
    by_variant: dict[int, Picture] = {}
    by_product: dict[int, Picture] = {}
    for row in rows.order_by("-position", "-id"):
        if row.variant_id is None:
            by_product[row.product_id] = row
        else:
            by_variant[row.variant_id] = row
    found = {one.pk: by_variant.get(one.pk) or by_product.get(one.product_id) for one in wanted}
    return {pk: picture for pk, picture in found.items() if picture}


def pictures_of(products: Iterable[Product]) -> dict[int, Picture]:
    """The picture that stands for each product, one of the whole before a variant's, by id. One query."""
    rows = Picture.objects.filter(product__in=list(products))
    ordered = sorted(rows, key=lambda one: (one.variant_id is not None, one.position, one.pk))
    return {row.product_id: row for row in reversed(ordered)}
