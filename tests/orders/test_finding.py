"""Orders are found by what people type."""

from urllib.parse import urlencode

import pytest
from django.db import connection
from django.urls import reverse

from core.rights import Role
from orders.models import Order
from orders.panels import find_orders
from orders.selectors.finding import speaks_of
from orders.tables import OrderList
from tests.cast import Shop, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def stocked(shop: Shop) -> None:
    shop.stock(shop.mug, 50)


@pytest.mark.parametrize("typed", ["SO-1001", "so-1001", "1001"])
def test_an_order_is_found_by_its_number_with_or_without_prefix(shop: Shop, typed):
    wanted = shop.order((shop.mug, 1), number="SO-1001")
    shop.order((shop.mug, 1), number="SO-11001")
    [hit] = find_orders(make_user(Role.SALES), typed, 5)
    assert (hit.label, hit.is_exact) == (wanted.number, True)


def test_the_search_jumps_to_the_order_of_a_bare_number(shop: Shop, client):
    order = shop.order((shop.mug, 1), number="SO-1001")
    client.force_login(make_user(Role.SALES))
    page = reverse("orders:order_detail", args=[order.pk])
    assert client.get("/search?q=1001").headers["Location"] == page


def test_the_list_takes_the_bare_number_too_and_jumps_only_to_the_one_it_means(shop: Shop, client):
    order = shop.order((shop.mug, 1), number="SO-1001")
    client.force_login(make_user(Role.SALES))
    address = reverse("orders:order_list")
    assert order.number in client.get(f"{address}?q=1001").content.decode()
    found = client.get(f"{address}?q=1001&go=1")
    assert found.headers["Location"] == reverse("orders:order_detail", args=[order.pk])
    shop.order((shop.mug, 1), number="#1001")
    assert client.get(f"{address}?q=1001&go=1").status_code == 200


@pytest.mark.parametrize("typed", ["1001", "SO-1001", "ada@example.com", "lindqvist", "#9"])
def test_every_way_to_an_order_has_an_index(shop: Shop, typed):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_indexscan = off")
    plan = Order.objects.filter(speaks_of(typed)).order_by().explain()
    assert "Seq Scan" not in plan
    assert "BitmapOr" in plan


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("ada lovelace", ["A-1"]),
        ("lovelace ada", ["A-1"]),
        ("ada A-2", ["A-2"]),
        ("A-1 A-2", []),
        ("ada -lovelace", ["A-2"]),
        ("-ada", ["B-1"]),
        ("ada grace A-2", []),
        ('"ada love"', ["A-1"]),
        ("a d a l o v e", ["A-1"]),
    ],
)
def test_every_word_must_be_met_by_the_name_or_by_a_mark(shop: Shop, typed, found):
    for number, name in (("A-1", "Ada Lovelace"), ("A-2", "Ada Byron"), ("B-1", "Grace Hopper")):
        shop.order((shop.mug, 1), number=number, customer_name=name)
    rows = OrderList.for_user(make_user(Role.SALES), urlencode({"q": typed})).rows
    assert sorted(order.number for order in rows) == found


def test_words_of_a_name_are_looked_up_together(shop: Shop):
    listing = OrderList.for_user(make_user(Role.SALES), "q=ada+lovelace")
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_indexscan = off")
    looks = listing.rows.order_by().explain().split("Bitmap Index Scan on orders_name_anyhow")
    assert any("'%ADA%'" in look and "'%LOVELACE%'" in look for look in looks[1:])
