"""Products in files: everything that hangs on them goes out and comes back; rows are pasted."""

from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest

from core import imports, jobs
from core.models import CustomField, JobFile
from inventory.importers import preview_products
from inventory.models import Part, Product, Variant
from inventory.selectors.catalogue import links_of
from inventory.services.composing import (
    CodeWish,
    PartWish,
    StandIn,
    set_barcodes,
    set_parts,
    set_related,
    set_substitutes,
)
from inventory.states import VariantKind
from tests.cast import make_variant

pytestmark = pytest.mark.django_db


def take(text: str):
    return imports.run_here(
        "products", format="csv", name="p.csv", content=text.encode(), options={}
    )


def counts(run) -> tuple[int, int, int, int]:
    return run.created, run.updated, run.unchanged, run.rejected


@pytest.fixture
def rich(shop):
    """A kit with everything that can hang on a variant."""
    kit = make_variant("SET", "Set, “fine”", kind=VariantKind.KIT, cost=Decimal("3.5"))
    kit.available_from, kit.preorder_limit = date(2026, 12, 2), 5
    kit.custom = {"care": "=30°", "heavy": True}
    kit.save()
    kit.product.custom = {"story": "line one\nline two"}
    kit.product.save()
    CustomField.objects.create(subject="inventory.variant", code="care", label="Care")
    CustomField.objects.create(subject="inventory.variant", code="heavy", label="H", kind="flag")
    CustomField.objects.create(subject="inventory.product", code="story", label="Story")
    set_parts(kit, [PartWish(shop.mug, 2), PartWish(shop.lamp, 1)])
    set_barcodes(kit, [CodeWish("14006381333938", 6, "case"), CodeWish("X-1")])
    set_substitutes(kit, [StandIn(shop.shirt, "warms (as well)")])
    set_related(kit.product, [shop.mug.product])
    return kit


def export() -> str:
    job = jobs.run_here("inventory.export_products", params={})
    return bytes(JobFile.objects.get(job=job).content).decode("utf-8-sig")


def test_an_export_comes_back_unchanged(rich):
    run = take(export())
    assert counts(run) == (0, 0, 4, 0)


def test_an_export_makes_an_empty_catalogue_whole_again(shop, rich):
    file = export()
    before = links_of(rich)
    Part.objects.all().delete()
    Variant.objects.all().delete()
    Product.objects.all().delete()
    take(file)  # parts that stand further down are not there yet
    run = take(file)
    assert run.rejected == 0
    kit = Variant.objects.get(sku="SET")
    after = links_of(kit)
    assert [(one.part.sku, one.quantity) for one in after.parts] == [
        (one.part.sku, one.quantity) for one in before.parts
    ]
    assert [(one.code, one.units, one.label) for one in after.barcodes] == [
        ("X-1", 1, ""),
        ("14006381333938", 6, "case"),
    ]
    assert (kit.custom, kit.product.custom["story"]) == (
        {"care": "=30°", "heavy": True},
        "line one\nline two",
    )


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        ("parts\nMUG,NONE*2", "parts"),
        ("parts\nMUG,LAMP", "parts"),
        ("parts\nMUG,MUG*2", "parts"),
        ("barcodes\nMUG,4006381333948*6", "barcodes"),
        ("substitutes\nMUG,NOBODY", "substitutes"),
        ("kind\nMUG,thing", "kind"),
        ("cost\nMUG,-1", "cost"),
        ("available_from\nMUG,soon", "available_from"),
        ("preorder_limit\nMUG,3", "available_from"),
    ],
)
def test_a_bad_cell_is_refused_and_changes_nothing(shop, cells, column):
    run = take(f"sku,{cells}\n")
    assert counts(run) == (0, 0, 0, 1)
    assert run.issues.get().column == column


def test_a_dash_takes_all_away_and_an_empty_cell_nothing(rich):
    take("sku,parts,barcodes\nSET,,-\n")
    links = links_of(rich)
    assert (len(links.parts), links.barcodes) == (2, [])


def test_pasted_rows_are_seen_before_they_are_saved(shop, as_manager):
    text = "sku\tproduct\tcost\nMUG\tMug\t2.50\nNEW\tNew thing\t1\nLAMP\tLamp\tcheap\nSHIRT-M\tShirt\t\n"
    assert [(one.sku, one.result) for one in preview_products(text)] == [
        ("MUG", "updated"),
        ("NEW", "created"),
        ("LAMP", "refused"),
        ("SHIRT-M", "unchanged"),
    ]
    assert not Variant.objects.filter(sku="NEW").exists()
    page = as_manager.post(
        "/products/paste/", {"rows": text, "do": "preview", "_once": str(uuid4())}
    )
    assert "Save 2 rows" in page.content.decode()
    assert (
        as_manager.post(
            "/products/paste/", {"rows": text, "do": "save", "_once": str(uuid4())}
        ).status_code
        == 302
    )
    jobs.run_due()
    assert Variant.objects.get(sku="MUG").cost == Decimal("2.50")
    assert Variant.objects.filter(sku="NEW").exists()


@pytest.mark.parametrize("text", ["", "name\nMug", "sku\n" + "MUG\n" * 501])
def test_what_cannot_be_pasted_is_said(shop, as_manager, text):
    page = as_manager.post(
        "/products/paste/", {"rows": text, "do": "preview", "_once": str(uuid4())}
    )
    assert page.status_code == 422
