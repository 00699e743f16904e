"""What cannot have happened is handed back with its row and its column, not quietly bent."""

from datetime import datetime
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest

from oms.intake import shopify
from oms.intake.generic import GenericReader
from oms.intake.mapping import read_mapping
from oms.intake.reading import Source
from orders.models import Order
from tests.intake.files import counts, run_import

BERLIN = ZoneInfo("Europe/Berlin")
SOURCE = Source("web", BERLIN, "EUR", True, latest=datetime(2026, 10, 1, tzinfo=BERLIN))
MAP = """
[columns]
external_id = "Order"
placed_at = "Date"
paid_at = "Paid on"
paid = "Paid"
refunded = "Back"
discount = "Off"
shipping = "Freight"
shipping_tax = "Freight tax"
[columns.line]
sku = "SKU"
quantity = "Qty"
unit_price = "Price"
discount = "Line off"
tax = "Tax"
"""
ROW = {"Order": "A-1", "Date": "2026-09-01", "SKU": "MUG", "Qty": "2", "Price": "10.00"}
EXPORT = {
    "Name": "#1001",
    "Created at": "2026-09-01 10:00:00 +0200",
    "Financial Status": "paid",
    "Total": "20.00",
    "Lineitem quantity": "2",
    "Lineitem name": "Mug",
    "Lineitem price": "10.00",
}
PART = "expected at most {}, the price that it is part of."
LATE = "expected a moment that has come."
BACK = "expected at most {}, what was paid."


def told(read) -> list[tuple[int, str, str, str]]:
    return [
        (one.row, one.column, one.code, one.message.partition(", ")[2])
        for one in read.findings.errors
    ]


def row_of(values):
    return [SimpleNamespace(number=7, values=values)]


@pytest.mark.parametrize(
    ("cells", "column", "code", "words"),
    [
        ({"Date": "2026-10-02"}, "Date", "in_future", LATE),
        ({"Paid on": "2027-01-01", "Paid": "5"}, "Paid on", "in_future", LATE),
        ({"Paid": "5.00", "Back": "5.01"}, "Back", "refund_above_paid", BACK.format("5")),
        ({"Back": "1.00"}, "Back", "refund_above_paid", BACK.format("0")),
        ({"Line off": "20.01"}, "Line off", "part_above_price", PART.format("20")),
        ({"Line off": "5", "Tax": "15.01"}, "Tax", "part_above_price", PART.format("15")),
        ({"Line off": "5", "Off": "15.5"}, "Off", "part_above_price", PART.format("15")),
        ({"Freight": "4", "Freight tax": "5"}, "Freight tax", "part_above_price", PART.format("4")),
    ],
)
def test_a_mapped_row_says_what_cannot_be(cells, column, code, words):
    read = GenericReader(read_mapping(MAP)).read_order(row_of({**ROW, **cells}), SOURCE)
    assert (told(read), read.document) == ([(7, column, code, words)], None)


@pytest.mark.parametrize(
    ("cells", "column", "code", "words"),
    [
        ({"Created at": "2026-10-02 10:00:00 +0200"}, "Created at", "in_future", LATE),
        ({"Cancelled at": "2027-01-01 10:00:00 +0200"}, "Cancelled at", "in_future", LATE),
        ({"Refunded Amount": "20.01"}, "Refunded Amount", "refund_above_paid", BACK.format("20")),
        (
            {
                "Financial Status": "partially_paid",
                "Outstanding Balance": "15",
                "Refunded Amount": "6",
            },
            "Refunded Amount",
            "refund_above_paid",
            BACK.format("5"),
        ),
        ({"Lineitem discount": "21"}, "Lineitem discount", "part_above_price", PART.format("20")),
        ({"Discount Amount": "20.5"}, "Discount Amount", "part_above_price", PART.format("20")),
        ({"Taxes": "21"}, "Taxes", "part_above_price", PART.format("20")),
    ],
)
def test_a_row_of_shopifys_says_what_cannot_be(cells, column, code, words):
    read = shopify.read_order(row_of({**EXPORT, **cells}), SOURCE)
    assert (told(read), read.document) == ([(7, column, code, words)], None)


LEFT_OUT = (
    "the discount is more than the goods, and the order's subtotal and total show {} of it nowhere;"
    " that much is left out."
)


@pytest.mark.parametrize(
    ("cells", "left_out"),
    [
        ({"Subtotal": "20", "Discount Amount": "500"}, "500"),
        ({"Subtotal": "15", "Discount Amount": "20.5", "Total": "15"}, "15.5"),
        ({"Subtotal": "18", "Lineitem discount": "2", "Discount Amount": "30"}, "28"),
        ({"Subtotal": "20", "Discount Amount": "4.90"}, None),  # shipping was free
        ({"Subtotal": "0", "Discount Amount": "25", "Shipping": "5", "Total": "0"}, None),
    ],
)
def test_a_discount_of_shopifys_above_the_goods_is_not_left_out_silently(cells, left_out):
    read = shopify.read_order(row_of({**EXPORT, **cells}), SOURCE)
    found = [(one.row, one.column, one.code, one.message) for one in read.findings.items]
    words = LEFT_OUT.format(left_out)
    expected = [(7, "Discount Amount", "discount_left_out", words)] if left_out else []
    assert (found, read.document is None) == (expected, False)


@pytest.mark.parametrize(
    "cells",
    [
        {"Paid": "20", "Back": "20"},
        {"Line off": "20", "Tax": "0"},
        {"Off": "20"},
        {"Paid": "99"},
    ],
)
def test_what_is_just_possible_goes_in(cells):
    read = GenericReader(read_mapping(MAP)).read_order(row_of({**ROW, **cells}), SOURCE)
    assert (read.findings.errors, read.document is None) == ([], False)


@pytest.mark.django_db
def test_a_file_with_a_day_to_come_is_rejected_and_goes_in_once_mended(shop):
    names = ",".join(EXPORT)
    cells = ",".join(EXPORT.values())
    bad = f"{names}\n{cells.replace('2026-09-01', '2099-09-01')}\n".encode()
    assert counts(run_import(bad)) == (0, 0, 0, 1)
    assert counts(run_import(f"{names}\n{cells}\n".encode())) == (1, 0, 0, 0)
    assert Order.objects.get().number == "#1001"
