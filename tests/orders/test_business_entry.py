"""Entering orders of companies: their number, their credit, their packs, and rows from a spreadsheet."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customers.models import Company
from customers.services import block_ordering
from orders.models import Order, Price
from orders.selectors.pasting import left_over, read_rows
from tests.cast import NOON, make_company_buyer
from tests.orders.test_pages import enter

pytestmark = pytest.mark.django_db


@pytest.fixture
def buyer(shop):
    shop.stock(shop.mug, 50)
    Price.objects.create(variant=shop.mug, currency="EUR", amount=Decimal("10"))
    return make_company_buyer(limit="100")


def test_a_company_s_credit_is_shown_and_its_limit_told_before_placing(shop, buyer, as_manager):
    page = enter(as_manager, shop, do="quote", customer_id=buyer.pk, **{"lines-0-quantity": "12"})
    words = page.content.decode()
    assert "Credit limit" in words
    assert "beyond its credit limit" in words
    assert page.context["terms"].over == 20
    refused = enter(
        as_manager,
        shop,
        customer_id=buyer.pk,
        payment_terms="net",
        **{"lines-0-quantity": "12"},
    )
    assert refused.status_code == 422
    assert "only 100.00 EUR of the credit limit of 100.00 EUR is left" in refused.content.decode()
    assert not Order.objects.exists()


def test_an_order_on_account_carries_the_company_and_its_number(shop, buyer, as_manager):
    enter(as_manager, shop, customer_id=buyer.pk, payment_terms="net", purchase_order="PO-1")
    order = Order.objects.get()
    assert (order.company, order.purchase_order) == (buyer.company, "PO-1")
    page = as_manager.get("/orders/", {"q": "po:po-1"})
    assert [row.pk for row in page.context["list"].rows] == [order.pk]
    again = enter(
        as_manager, shop, do="quote", customer_id=buyer.pk, purchase_order="PO-1"
    ).content.decode()
    assert f'used this number before: <a href="/orders/{order.pk}/">{order.number}</a>' in again
    Company.objects.update(warns_of_repeats=False)
    calm = enter(as_manager, shop, do="quote", customer_id=buyer.pk, purchase_order="PO-1")
    assert "used this number before" not in calm.content.decode()


def test_taking_a_company_s_buyer_proposes_to_pay_on_account(shop, buyer, as_manager):
    page = enter(as_manager, shop, do=f"choose-{buyer.pk}")
    assert page.context["entry"]["payment_terms"].value() == "net"
    assert page.context["entry"]["company"].value() == "Ferry Line AB"


def test_a_missing_number_and_a_block_are_refused_where_they_can_be_mended(shop, buyer, as_manager):
    Company.objects.update(needs_purchase_order=True)
    refused = enter(as_manager, shop, customer_id=buyer.pk)
    assert list(refused.context["entry"].errors) == ["purchase_order"]
    block_ordering(company_id=buyer.company_id, why="Owes us", now=NOON)
    refused = enter(as_manager, shop, customer_id=buyer.pk, purchase_order="1")
    assert "may not order: Owes us" in refused.content.decode()


def test_the_next_quantity_that_fits_is_offered(shop, buyer, as_manager):
    type(shop.mug).objects.filter(pk=shop.mug.pk).update(order_minimum=6, order_multiple=6)
    page = enter(as_manager, shop, do="quote", customer_id=buyer.pk)
    assert "6 is the next quantity that fits" in page.content.decode()


PASTED = "SKU\tQty\tPrice\nmug\t3\t\nNOPE\t1\t\nLAMP\t2\t12,50\n4006381333948\tx\t\nMUG\t100\t\n"


def test_pasted_rows_are_seen_before_they_are_lines_and_none_is_lost(shop, buyer, as_manager):
    shop.stock(shop.lamp, 5)
    seen = enter(as_manager, shop, do="paste", pasted=PASTED)
    assert [
        (row.sku, row.quantity, row.price, bool(row.problem), line.missing if line else None)
        for row, line in seen.context["preview"]
    ] == [
        ("mug", 3, None, False, 0),
        ("NOPE", 1, None, True, None),
        ("LAMP", 2, Decimal("12.50"), False, 0),
        ("4006381333948", 0, None, True, None),
        ("MUG", 100, None, False, 53),
    ]
    taken = enter(as_manager, shop, do="take", pasted=PASTED)
    lines = [
        (form["sku"].value(), form["quantity"].value(), form["unit_price"].value())
        for form in taken.context["lines"]
    ]
    assert lines == [("MUG", "105", ""), ("LAMP", "2", "12.50")]
    assert taken.context["pasted"] == "NOPE\t1\t\n4006381333948\tx\t"
    kept = enter(as_manager, shop, pasted=taken.context["pasted"])
    assert kept.status_code == 422
    assert "Pasted rows are still in their box" in kept.content.decode()


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("MUG;2;1.234,50", [("MUG", 2, Decimal("1234.50"))]),
        ("MUG,2,9.90", [("MUG", 2, Decimal("9.90"))]),
        ("MUG 2", [("MUG", 2, None)]),
        ("price;sku;qty\n€ 3;MUG;1 000", [("MUG", 1000, Decimal(3))]),
        ("MUG\t12.0", [("MUG", 12, None)]),
        ('"MUG";"2"', [("MUG", 2, None)]),
    ],
)
def test_rows_are_read_however_a_spreadsheet_writes_them(shop, text, read):
    rows = read_rows(text)
    assert [(row.sku, row.quantity, row.price) for row in rows] == read
    assert [row.problem for row in rows] == [""] * len(read)


@pytest.mark.parametrize("text", ["MUG,2,9,90", "MUG;1.5", "MUG;-1", ";3", "MUG;2;dear", "MUG"])
def test_a_row_that_cannot_be_a_line_stays_as_it_was(shop, text):
    assert left_over(read_rows(text)) == text


@given(st.text(alphabet=st.characters(exclude_categories=("Cs",)), max_size=80))
def test_every_row_is_a_line_or_left_over(text):
    rows = read_rows(text)
    lost = [row for row in rows if not row.problem and row.variant is None]
    assert lost == []
