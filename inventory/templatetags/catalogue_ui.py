"""What hangs on variants, shown: parts, codes, substitutes, kin and pictures."""

from typing import Any

from django import template

from inventory.models import Product, Variant
from inventory.selectors.catalogue import links_of, thumbnails_of
from inventory.states import VariantKind

register = template.Library()


@register.inclusion_tag("inventory/panels/variant_links.html", takes_context=True)
def variant_links(context: template.Context, variant: Variant) -> dict[str, Any]:
    """The card of what hangs on a variant."""
    return {
        "request": context["request"],
        "variant": variant,
        "links": links_of(variant),
        "is_kit": variant.kind == VariantKind.KIT,
    }


@register.inclusion_tag("inventory/panels/product_links.html", takes_context=True)
def product_links(context: template.Context, product: Product) -> dict[str, Any]:
    """The pictures of a product and what goes with it. Two queries."""
    return {
        "request": context["request"],
        "product": product,
        "related": list(product.related.select_related("other")),
        "pictures": list(product.pictures.select_related("variant")),
    }


@register.inclusion_tag("inventory/thumbnail.html")
def thumbnail(variant: Variant | None) -> dict[str, Any]:
    """The picture that stands for a variant, small; nothing where there is none. One query."""
    found = thumbnails_of([variant]) if variant else {}
    return {"picture": found.get(variant.pk) if variant else None}
