"""Shopify's export is read for what it says, and asked back where it says nothing."""

from decimal import Decimal
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest

from oms.intake.reading import Source
from oms.intake.shopify import read_order

SOURCE = Source("web", ZoneInfo("Europe/Berlin"), "EUR", True)
HEAD = {
    "Name": "#1001",
    "Email": "ada@example.com",
    "Financial Status": "paid",
    "Paid at": "2026-09-01 10:00:00 +0200",
    "Fulfillment Status": "fulfilled",
    "Currency": "EUR",
    "Subtotal": "20.00",
    "Shipping": "4.90",
    "Taxes": "3.98",
    "Total": "24.90",
    "Created at": "2026-09-01 09:59:00 +0200",
    "Lineitem quantity": "2",
    "Lineitem name": "Mug",
    "Lineitem price": "10.00",
    "Lineitem sku": "MUG",
    "Lineitem fulfillment status": "fulfilled",
    "Shipping Name": "Ada Lindqvist",
    "Shipping Address1": "Torstraße 1",
    "Shipping City": "Berlin",
    "Shipping Zip": "'10119",
    "Shipping Country": "DE",
    "Tax 1 Name": "VAT 19%",
    "Id": "6866149310695",
    "Tags": "VIP, Autumn",
}


def read(*rows: dict[str, str]):
    return read_order(
        [SimpleNamespace(number=2 + i, values=values) for i, values in enumerate(rows)], SOURCE
    )


def document(*rows: dict[str, str], **head: str):
    found = read({**HEAD, **head}, *rows)
    assert found.findings.errors == []
    return found.document


def codes(*rows: dict[str, str], **head: str) -> list[tuple[str, str]]:
    return [(one.column, one.code) for one in read({**HEAD, **head}, *rows).findings.items]


def test_an_order_is_read_with_all_it_says():
    order = document()
    assert (order.external_id, order.number, order.currency) == ("6866149310695", "#1001", "EUR")
    assert order.buyer.email == "ada@example.com"
    assert (order.shipping.postal_code, order.shipping.country) == ("10119", "DE")
    assert order.tags == ("VIP", "Autumn")
    assert [(line.sku, line.quantity, line.shipped) for line in order.lines] == [("MUG", 2, 2)]
    assert (order.paid, order.refunded) == (Decimal("24.90"), 0)
    assert order.is_finished


def test_continuation_rows_bring_lines_only():
    order = document(
        {
            "Name": "#1001",
            "Lineitem quantity": "1",
            "Lineitem name": "Lamp",
            "Lineitem price": "5.00",
            "Lineitem sku": "LAMP",
            "Lineitem fulfillment status": "pending",
        },
        **{"Fulfillment Status": "partial"},
    )
    assert [(line.sku, line.shipped) for line in order.lines] == [("MUG", 2), ("LAMP", 0)]
    assert not order.is_finished


def test_the_total_decides_whether_prices_contain_tax():
    assert document(Total="24.90").prices_include_tax is True
    assert document(Total="28.88").prices_include_tax is False


def test_tax_is_shared_over_taxed_lines_and_over_shipping_where_the_rate_says_so():
    order = document(Taxes="3.98")  # 24.90 at 19 %, contained
    assert order.lines[0].tax + order.shipping_tax == Decimal("3.98")
    assert order.shipping_tax == Decimal("0.78")
    assert order.lines[0].tax_rate == Decimal("0.19")
    only_goods = document(Taxes="3.19")
    assert (only_goods.lines[0].tax, only_goods.shipping_tax) == (Decimal("3.19"), 0)


def test_a_line_that_is_not_taxed_bears_no_tax():
    untaxed = {
        "Lineitem quantity": "1",
        "Lineitem name": "Book",
        "Lineitem price": "10.00",
        "Lineitem taxable": "false",
    }
    order = document(untaxed, Subtotal="30.00", Total="34.90", Taxes="3.19")
    assert [line.tax for line in order.lines] == [Decimal("3.19"), 0]


def test_the_discount_of_the_order_is_what_its_subtotal_shows():
    order = document(Subtotal="18.00", Total="22.90", **{"Discount Amount": "2.00"})
    assert (order.discount, order.shipping_amount) == (Decimal("2.00"), Decimal("4.90"))


def test_a_discount_on_shipping_is_not_taken_off_the_goods():
    order = document(Total="20.00", Taxes="3.19", **{"Discount Amount": "4.90"})
    assert (order.discount, order.shipping_amount) == (0, 0)


def test_a_lines_own_discount_is_part_of_the_orders():
    order = document(
        Subtotal="17.00", Total="21.90", **{"Discount Amount": "3.00", "Lineitem discount": "1.00"}
    )
    assert (order.lines[0].discount, order.discount) == (Decimal("1.00"), Decimal("2.00"))


@pytest.mark.parametrize(
    ("head", "paid", "refunded"),
    [
        ({"Financial Status": "pending"}, "0", "0"),
        ({"Financial Status": "authorized"}, "0", "0"),
        ({"Financial Status": "voided"}, "0", "0"),
        ({"Financial Status": "partially_paid", "Outstanding Balance": "14.90"}, "10.00", "0"),
        ({"Financial Status": "partially_refunded", "Refunded Amount": "5.00"}, "24.90", "5.00"),
        ({"Financial Status": "refunded", "Refunded Amount": "24.90"}, "24.90", "24.90"),
        ({"Financial Status": "refunded"}, "24.90", "24.90"),
    ],
)
def test_money_follows_the_financial_status(head, paid, refunded):
    order = document(**head)
    assert (order.paid, order.refunded) == (Decimal(paid), Decimal(refunded))


def test_refunded_before_anything_was_sent_means_cancelled():
    order = document(
        **{
            "Financial Status": "refunded",
            "Fulfillment Status": "unfulfilled",
            "Lineitem fulfillment status": "pending",
        }
    )
    assert order.cancelled_at is not None
    assert order.cancel_reason == "Refunded in full before anything was sent"


def test_refunded_after_part_was_sent_means_that_people_must_look():
    rest = {"Lineitem quantity": "1", "Lineitem name": "Lamp", "Lineitem price": "5.00"}
    order = document(
        rest,
        **{"Financial Status": "refunded", "Fulfillment Status": "partial"},
    )
    assert order.cancelled_at is None
    assert order.hold_reason == "Refunded in full in the shop after part was sent"


def test_what_needs_no_shipping_is_done_once_paid():
    order = document(
        **{
            "Fulfillment Status": "unfulfilled",
            "Lineitem fulfillment status": "pending",
            "Lineitem requires shipping": "false",
        }
    )
    assert order.lines[0].shipped == 2


def test_a_line_without_units_is_left_out_and_said():
    taken_off = {"Lineitem quantity": "0", "Lineitem name": "Lamp", "Lineitem price": "5.00"}
    assert codes(taken_off) == [("Lineitem quantity", "no_units")]
    assert len(document(taken_off).lines) == 1


def test_every_broken_cell_is_found_not_only_the_first():
    broken = {"Lineitem quantity": "two", "Lineitem name": "Lamp", "Lineitem price": "x"}
    assert codes(broken, Currency="EURO", **{"Created at": "soon"}) == [
        ("Created at", "not_a_date"),
        ("Currency", "unknown_currency"),
        ("Lineitem quantity", "not_a_quantity"),
        ("Lineitem price", "not_an_amount"),
    ]
    assert codes({**broken, "Lineitem quantity": "1"}) == [("Lineitem price", "not_an_amount")]


def test_an_id_that_a_spreadsheet_shortened_is_refused():
    assert codes(Id="6.86615E+12") == [("Id", "shortened_number")]


def test_without_an_id_the_name_is_the_key():
    assert document(Id="").external_id == "#1001"


def test_skus_stay_as_they_are_written():
    assert [document(**{"Lineitem sku": sku}).lines[0].sku for sku in ("00123", "1E5", "'007")] == [
        "00123",
        "1E5",
        "007",
    ]


def test_an_order_without_a_name_or_lines_is_refused():
    assert ("Name", "no_name") in codes(Name="")
    no_line = {
        "Lineitem quantity": "",
        "Lineitem name": "",
        "Lineitem price": "",
        "Lineitem sku": "",
    }
    assert codes(**no_line) == [("Lineitem name", "no_lines")]
