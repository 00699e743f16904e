"""Rows written at once are the rows that the ORM would have written."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from core.bulk import insert_all, update_all
from core.models import ImportFile, StoredFact
from inventory.models import Category, Product, Variant
from orders.models import Order, OrderLine
from orders.states import OrderState
from tests.cast import NOON

pytestmark = pytest.mark.django_db


def test_rows_get_ids_and_keep_every_value(shop):
    order = Order(
        number="SO-1",
        channel=shop.web,
        state=OrderState.OPEN,
        currency="EUR",
        subtotal=Decimal("12.3456"),
        total=Decimal("12.3456"),
        billing_address={"name": 'A "B"\\\n\tÖ 🎁'},
        tags=["a,b", 'c"d', "\\"],
        placed_at=NOON,
        created_at=NOON,
    )
    line = OrderLine(
        order=order, position=1, variant=shop.mug, name="Tab\tand\\N", quantity=1,
        unit_price=1, amount=1, total=1,
    )  # fmt: skip
    assert insert_all([order]) == [order]
    insert_all([line])
    assert order.pk
    assert not order._state.adding
    kept = Order.objects.get()
    assert kept.billing_address == order.billing_address
    assert kept.tags == order.tags
    assert (kept.subtotal, kept.placed_at, kept.state) == (Decimal("12.3456"), NOON, "open")
    assert kept.ship_by is None
    assert kept.lines.get().name == "Tab\tand\\N"
    kept.delete()


def test_what_the_model_sets_itself_is_set(shop):
    [category] = insert_all([Category(name="Cups")])
    [product] = insert_all([Product(name="Cup", category=category)])
    kept = Product.objects.get(pk=product.pk)
    assert (kept.category, kept.is_active) == (category, True)
    assert kept.created_at is not None


def test_a_broken_rule_is_the_same_error(shop):
    with pytest.raises(IntegrityError, match="sku"), transaction.atomic():
        insert_all([Variant(product=shop.mug.product, sku="MUG")])
    assert Variant.objects.count() == 3


def test_triggers_see_the_rows_before_them(shop):
    insert_all(
        StoredFact(
            name="x", subject_type="test", subject_id=1, sequence=0, sentence="x",
            actor_kind="system", actor_label="x", occurred_at=NOON,
        )
        for _ in range(5)
    )  # fmt: skip
    assert list(StoredFact.objects.order_by("id").values_list("sequence", flat=True)) == [
        1,
        2,
        3,
        4,
        5,
    ]


def test_statements_do_not_grow_with_rows(db):
    def statements(count: int) -> int:
        with CaptureQueriesContext(connection) as captured:
            insert_all(Category(name=f"{count}-{n}") for n in range(count))
        return len(captured)

    assert (statements(0), statements(3), statements(100), statements(500)) == (0, 1, 1, 1)


def test_what_it_cannot_say_is_refused_and_names_the_other_way(db):
    with pytest.raises(TypeError, match="use bulk_create"):
        insert_all([ImportFile(sha256="x", content=b"\x00\xff", size=2, kept_at=NOON)])


def test_rows_are_changed_in_one_statement_and_only_in_the_fields_named(shop):
    shop.mug.weight_g, shop.shirt.weight_g, shop.lamp.weight_g = 1, 2, 3
    shop.mug.sku = "not written"
    with CaptureQueriesContext(connection) as captured:
        assert update_all([shop.mug, shop.shirt], ["weight_g"]) == 2
    assert len(captured) == 1
    assert update_all([], ["weight_g"]) == 0
    assert list(Variant.objects.order_by("sku").values_list("sku", "weight_g")) == [
        ("LAMP", 250),
        ("MUG", 1),
        ("SHIRT-M", 2),
    ]
