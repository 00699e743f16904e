"""Products and counts from files: made, updated, refused row by row, and the same twice."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core import imports
from core.models import ImportIssue
from inventory.models import Movement, Product, StockLevel, Variant
from orders.drafts import WhenShort
from tests.cast import make_variant

pytestmark = pytest.mark.django_db

PRODUCTS = """sku,product,brand,category,variant,weight_g,sold
KET-B,Kettle,Acme,Kitchen,Blue,900,
KET-R,Kettle,Acme,Kitchen,Red,900,no
,Nameless,,,,,
BAD,Bad,,,,heavy,
MUG,Mug,,Kitchen,,310,yes
"""


def take(kind, text, **options):
    return imports.run_here(
        kind, format="csv", name="file.csv", content=text.encode(), options=options
    )


def test_products_are_made_updated_and_refused_row_by_row(shop):
    run = take("products", PRODUCTS)
    assert (run.created, run.updated, run.rejected) == (2, 1, 2)
    kettle = Product.objects.get(name="Kettle")
    assert list(kettle.variants.values_list("sku", "name", "is_active")) == [
        ("KET-B", "Blue", True),
        ("KET-R", "Red", False),
    ]
    mug = Variant.objects.get(sku="MUG")
    assert (mug.weight_g, mug.product.category.name, mug.barcode) == (
        310,
        "Kitchen",
        "4006381333931",
    )
    issues = ImportIssue.objects.filter(run=run).order_by("row")
    assert [(one.column, one.message) for one in issues] == [
        ("sku", "The row has no SKU."),
        ("weight_g", "Give a whole number, such as 12."),
    ]


def test_the_same_products_twice_change_nothing(shop):
    take("products", PRODUCTS)
    again = take("products", PRODUCTS)
    assert (again.created, again.updated, again.unchanged) == (0, 0, 3)


def test_counts_are_booked_as_differences(shop):
    shop.stock(shop.mug, 5)
    text = (
        "sku,location,counted,condition,safety,bin\n"
        "MUG,ber,7,,2,A-1\nmug,BER,1,damaged,,\nLAMP,muc,3,,,\n"
        "NOPE,ber,1,,,\nMUG,nowhere,1,,,\nMUG,ber,-1,,,\nMUG,ber,2.5,,,\nMUG,ber,1,lost,,\n"
    )
    run = take("stock", text, reason="opening")
    assert (run.updated, run.rejected) == (3, 5)
    level = shop.level(shop.mug)
    assert (level.sellable, level.damaged, level.safety, level.bin) == (7, 1, 2, "A-1")
    assert StockLevel.objects.get(variant=shop.lamp).sellable == 3
    assert Movement.objects.latest("pk").reason == "opening"
    again = take("stock", text, reason="opening")
    assert (again.updated, again.unchanged) == (0, 3)


def test_a_file_without_the_columns_is_refused_as_a_whole(shop):
    run = take("stock", "sku,counted\nMUG,1\n")
    assert (run.status, "no column location" in run.error) == ("failed", True)


def test_counts_serve_who_waits_and_free_what_is_not_there(shop):
    waiting = shop.order((shop.lamp, 2), when_short=WhenShort.BACKORDER)
    shop.stock(shop.mug, 5)
    promised = shop.order((shop.mug, 5))
    run = take("stock", "sku,location,counted\nLAMP,ber,4\nMUG,ber,3\nSHIRT-M,ber,0\n")
    assert (run.updated, run.unchanged, run.rejected) == (2, 1, 0)
    demands = [order.lines.get().demand for order in (waiting, promised)]
    for demand in demands:
        demand.refresh_from_db()
    assert [demand.allocated for demand in demands] == [2, 3]
    assert shop.level(shop.mug).sellable == 3


def test_counts_of_lots_are_booked_by_lot(shop):
    milk = make_variant("MILK", "Milk", tracking="lot")
    take("stock", "sku,location,counted\nMILK,ber,4\n")
    assert milk.levels.get().lots.get().sellable == 4


def test_a_sku_counted_twice_and_a_kit_are_refused_with_the_row(shop):
    make_variant("BOX", "Gift box", kind="kit")
    run = take(
        "stock", "sku,location,counted\nMUG,ber,4\nmug,ber,5\nBOX,ber,1\nMUG,ber,99999999999\n"
    )
    assert (run.updated, run.rejected) == (1, 3)
    issues = ImportIssue.objects.filter(run=run).order_by("row")
    assert [(one.row, one.column) for one in issues] == [(3, "sku"), (4, "sku"), (5, "counted")]
    assert shop.level(shop.mug).sellable == 4


def test_statements_of_a_stock_import_do_not_grow_with_its_rows(shop):
    def statements(count):
        text = "sku,location,counted\n" + "".join(
            f"BULK-{n},ber,{n}\n" for n in range(1, count + 1)
        )
        with CaptureQueriesContext(connection) as captured:
            take("stock", text)
        return len(captured)

    product = Product.objects.create(name="Bulk")
    Variant.objects.bulk_create(Variant(product=product, sku=f"BULK-{n}") for n in range(1, 31))
    assert statements(1) == statements(30)
