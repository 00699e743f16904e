"""What hangs on variants: parts, barcodes, substitutes, related products and pictures."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from inventory.errors import BadQuantity, HasStock, SkuTaken
from inventory.forms import VariantForm
from inventory.models import Barcode, Part, PictureFile
from inventory.selectors.catalogue import stand_ins, thumbnails_of
from inventory.selectors.codes import read_code
from inventory.services.catalogue import save_variant, version_of
from inventory.services.composing import (
    BadParts,
    CodeWish,
    PartWish,
    StandIn,
    set_barcodes,
    set_parts,
    set_substitutes,
)
from inventory.services.picturing import BadPicture, add_picture
from inventory.states import Tracking, VariantKind
from orders.drafts import WhenShort
from tests.cast import NOON, make_variant

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("kind", "words"),
    [(VariantKind.KIT, "book its components"), (VariantKind.SERVICE, "no stock of it")],
)
def test_kits_and_services_have_no_stock_to_book(shop, kind, words):
    shop.mug.kind = kind
    shop.mug.save()
    with pytest.raises(BadQuantity, match=words):
        shop.stock(shop.mug, 1)


def test_parts_are_set_as_a_whole_and_told_in_the_history(shop):
    assert set_parts(shop.lamp, [PartWish(shop.mug, 2), PartWish(shop.shirt, 1)])
    assert not set_parts(shop.lamp, [PartWish(shop.mug, 2), PartWish(shop.shirt, 1)])
    assert set_parts(shop.lamp, [PartWish(shop.mug, 3)])
    assert [(one.part, one.quantity) for one in shop.lamp.parts.all()] == [(shop.mug, 3)]


def test_parts_that_go_round_in_a_circle_are_refused(shop):
    set_parts(shop.lamp, [PartWish(shop.shirt, 1)])
    set_parts(shop.shirt, [PartWish(shop.mug, 1)])
    with pytest.raises(BadParts, match="round in a circle"):
        set_parts(shop.mug, [PartWish(shop.lamp, 1)])
    with pytest.raises(BadParts, match="part of itself"):
        set_parts(shop.mug, [PartWish(shop.mug, 1)])
    assert Part.objects.count() == 2


def test_a_case_code_counts_its_units(shop):
    set_barcodes(shop.mug, [CodeWish("14006381333938", 6, "case")])
    read = read_code("14006381333938")
    assert (read.variant, read.units) == (shop.mug, 6)


@pytest.mark.parametrize("code", ["4006381333948", "14006381333938"])
def test_a_code_names_one_thing_only(shop, code):
    Barcode.objects.create(variant=shop.shirt, code="14006381333938")
    with pytest.raises(SkuTaken, match="belongs to SHIRT-M already"):
        set_barcodes(shop.mug, [CodeWish(code)])


def test_a_code_with_its_units_beside_it_is_no_barcode(shop):
    with pytest.raises(SkuTaken, match="holds a space"):
        set_barcodes(shop.mug, [CodeWish("14006381333938 6")])


def test_nothing_stands_in_for_itself(shop):
    with pytest.raises(SkuTaken, match="MUG cannot stand in for itself"):
        set_substitutes(shop.mug, [StandIn(shop.mug)])


def test_a_variants_own_barcode_is_refused_where_a_case_bears_it(shop):
    Barcode.objects.create(variant=shop.shirt, code="CASE-1")
    form = VariantForm({"sku": "LAMP", "barcode": "CASE-1", "is_active": True}, instance=shop.lamp)
    assert "belongs to another variant" in form.errors["barcode"][0]


def test_substitutes_are_ranked_and_those_no_longer_sold_left_out(shop):
    set_substitutes(shop.mug, [StandIn(shop.lamp, "same colour"), StandIn(shop.shirt)])
    shop.lamp.is_active = False
    shop.lamp.save()
    assert [one.substitute for one in stand_ins([shop.mug.pk])[shop.mug.pk]] == [shop.shirt]


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"kind": "kit", "tracking": "lot"}, "tracking"),
        ({"shelf_life_days": 30}, "shelf_life_days"),
        ({"preorder_limit": 3}, "available_from"),
        ({"backorder_limit": 3}, "can_backorder"),
        ({"hs_code": "12"}, "hs_code"),
        ({"origin_country": "XX"}, "origin_country"),
        ({"weight_g": 99_999_999_999}, "weight_g"),
        ({"height_mm": 100_001}, "height_mm"),
    ],
)
def test_a_variant_that_contradicts_itself_is_refused_on_the_field(shop, more, field):
    sizes = dict.fromkeys(("weight_g", "length_mm", "width_mm", "height_mm"), 0)
    form = VariantForm({"sku": "LAMP", "is_active": True, **sizes, **more}, instance=shop.lamp)
    assert list(form.errors) == [field]


def test_what_lies_in_stock_cannot_become_a_kit(shop):
    shop.stock(shop.mug, 1)
    with pytest.raises(HasStock, match="Units of MUG lie in stock"):
        save_variant(
            variant_id=shop.mug.pk,
            product=shop.mug.product,
            values={"kind": VariantKind.KIT},
            version=version_of(shop.mug),
        )


def test_what_orders_wait_for_cannot_be_told_apart_otherwise(shop):
    shop.order((shop.lamp, 1), when_short=WhenShort.BACKORDER)
    with pytest.raises(HasStock, match="wanted by orders") as refused:
        save_variant(
            variant_id=shop.lamp.pk,
            product=shop.lamp.product,
            values={"tracking": Tracking.LOT},
            version=version_of(shop.lamp),
        )
    assert refused.value.field == "tracking"


# --- pictures -------------------------------------------------------------------------------


def png(colour="red", size=(600, 400)) -> bytes:
    out = BytesIO()
    Image.new("RGB", size, colour).save(out, "PNG")
    return out.getvalue()


def test_a_picture_is_kept_once_with_a_thumbnail(shop):
    add_picture(product=shop.mug.product, content=png(), now=NOON)
    add_picture(product=shop.mug.product, variant=shop.mug, content=png(), now=NOON)
    assert PictureFile.objects.count() == 2
    small = PictureFile.objects.get(is_thumbnail=True)
    assert Image.open(BytesIO(bytes(small.content))).size == (240, 160)
    found = thumbnails_of([shop.mug, shop.lamp])
    assert {pk: one.variant_id for pk, one in found.items()} == {shop.mug.pk: shop.mug.pk}


@pytest.mark.parametrize("content", [b"", b"no picture", b"<svg/>", png()[:200]])
def test_what_is_no_picture_is_refused(shop, content):
    with pytest.raises(BadPicture, match="JPEG, PNG or WebP"):
        add_picture(product=shop.mug.product, content=content, now=NOON)


def test_a_picture_is_served_for_good_and_to_staff_alone(shop, as_manager, client):
    picture = add_picture(product=shop.mug.product, content=png(), now=NOON)
    url = f"/products/pictures/{picture.sha256}/whole/"
    answer = as_manager.get(url)
    assert (answer.content, answer["Content-Type"]) == (png(), "image/png")
    assert "immutable" in answer["Cache-Control"]
    client.logout()
    assert client.get(url).status_code == 302


# --- pages ----------------------------------------------------------------------------------


def test_parts_codes_and_substitutes_are_set_on_one_page(shop, as_manager):
    kit = make_variant("SET", "Set", kind=VariantKind.KIT)
    url = f"/stock/variants/{kit.pk}/links/"
    answer = as_manager.post(
        url,
        {
            "parts": "MUG\t2\nLAMP; 1",
            "barcodes": "14006381333938; 6; case",
            "substitutes": "SHIRT-M; warms as well",
        },
    )
    assert answer.status_code == 302, answer.context["form"].errors
    page = as_manager.get(f"/stock/variants/{kit.pk}/").content.decode()
    for words in ("What the kit holds", "14006381333938", "counts 6", "warms as well"):
        assert words in page
    again = as_manager.get(url).context["form"].initial
    assert again == {
        "parts": "MUG; 2\nLAMP; 1",
        "barcodes": "14006381333938; 6; case",
        "substitutes": "SHIRT-M; warms as well",
    }


def test_nothing_is_half_saved_when_a_code_is_refused(shop, as_manager):
    url = f"/stock/variants/{shop.lamp.pk}/links/"
    answer = as_manager.post(url, {"parts": "MUG; 2", "barcodes": "4006381333948"})
    assert answer.status_code == 422
    assert "belongs to SHIRT-M" in answer.content.decode()
    assert not Part.objects.exists()


def test_related_products_and_pictures_are_set_on_pages(shop, as_manager):
    product = shop.mug.product
    as_manager.post(f"/products/{product.pk}/related/", {"related": "LAMP\nSHIRT-M"})
    upload = SimpleUploadedFile("mug.png", png(), "image/png")
    as_manager.post(f"/products/{product.pk}/pictures/new/", {"picture": upload})
    page = as_manager.get(f"/products/{product.pk}/").content.decode()
    assert "Lamp" in page
    assert "/small/" in page
    as_manager.post(f"/products/pictures/{product.pictures.get().pk}/remove/")
    assert not PictureFile.objects.exists()
