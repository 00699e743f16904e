"""A kit, a case code, a substitute, a picture and custom fields, and their pages, for the walk."""

from collections.abc import Iterator
from io import BytesIO

from django.db import transaction
from PIL import Image

from core.models import CustomField, CustomKind
from inventory.models import Variant
from inventory.services.composing import (
    CodeWish,
    PartWish,
    StandIn,
    set_barcodes,
    set_parts,
    set_related,
    set_substitutes,
)
from inventory.services.picturing import add_picture
from inventory.states import VariantKind
from orders.models import Order
from tests.cast import NOON, Shop, make_variant

WITHOUT_ARGUMENTS = ("custom_field_list", "custom_field_new", "inventory:product_paste")


def catalogue(shop: Shop) -> None:
    """A breakfast set of mugs and a lamp, ordered once, with all that can hang on a variant."""
    for subject, code, label, kind in (
        ("inventory.product", "care", "Care", CustomKind.TEXT),
        ("inventory.variant", "fragile", "Fragile", CustomKind.FLAG),
        ("orders.order", "gift_card", "Gift card", CustomKind.URL),
        ("customers.customer", "birthday", "Birthday", CustomKind.DAY),
    ):
        CustomField.objects.create(subject=subject, code=code, label=label, kind=kind)
    kit = make_variant("SET", "Breakfast set", kind=VariantKind.KIT, custom={"fragile": True})
    with transaction.atomic():
        set_parts(kit, [PartWish(shop.mug, 2), PartWish(shop.lamp, 1)])
        set_barcodes(shop.mug, [CodeWish("14006381333938", 6, "case")])
        set_substitutes(shop.mug, [StandIn(shop.lamp, "gives light, too")])
        set_related(kit.product, [shop.mug.product])
        out = BytesIO()
        Image.new("RGB", (300, 200), "#b5541c").save(out, "PNG")
        add_picture(
            product=kit.product, content=out.getvalue(), description="A laid table", now=NOON
        )
    Order.objects.filter(pk=shop.order((kit, 1, "89.00")).pk).update(
        custom={"gift_card": "https://example.com/card"}, discount_code=""
    )


def pages(page) -> Iterator[tuple[str, str]]:
    kit = Variant.objects.get(sku="SET")
    yield page("custom_field_edit", CustomField.objects.earliest("pk").pk)
    yield page("inventory:variant_detail", kit.pk)
    yield page("inventory:variant_links", kit.pk)
    yield page("inventory:product_detail", kit.product_id)
    yield page("inventory:product_related", kit.product_id)
    yield page("inventory:picture_add", kit.product_id)
    yield page("orders:order_detail", Order.objects.get(kits__variant=kit).pk)
    yield page("orders:order_cancel", Order.objects.get(kits__variant=kit).pk)
    yield page("orders:order_details", Order.objects.get(kits__variant=kit).pk)
