"""A map is checked before a single row is read, and says what is wrong with it."""

from decimal import Decimal
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest

from oms.intake.generic import GenericReader
from oms.intake.mapping import BadMapping, read_mapping
from oms.intake.reading import Source
from tests.intake.files import EXAMPLES

SOURCE = Source("web", ZoneInfo("Europe/Berlin"), "EUR", True)
LEAST = """
[columns]
external_id = "Order"
placed_at = "Date"
[columns.line]
sku = "SKU"
quantity = "Qty"
unit_price = "Price"
"""
ROW = {"Order": "A-1", "Date": "2026-09-01", "SKU": "MUG", "Qty": "2", "Price": "10.00"}


def read(text: str, *rows: dict[str, str]):
    reader = GenericReader(read_mapping(text))
    return reader.read_order(
        [SimpleNamespace(number=2 + i, values=values) for i, values in enumerate(rows)], SOURCE
    )


def document(text: str, *rows: dict[str, str]):
    found = read(text, *rows)
    assert found.findings.errors == []
    return found.document


def refusal(text: str) -> str:
    with pytest.raises(BadMapping) as error:
        read_mapping(text)
    return error.value.message


def test_the_examples_are_maps():
    for path in sorted(EXAMPLES.glob("*.toml")) + sorted(EXAMPLES.glob("*.json")):
        assert read_mapping(path.read_text()).all_columns


def test_json_says_the_same_as_toml():
    json = """{"columns": {"external_id": "Order", "placed_at": "Date",
        "line": {"sku": "SKU", "quantity": "Qty", "unit_price": "Price"}}}"""
    assert read_mapping(json) == read_mapping(LEAST)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("= nonsense", "neither TOML nor JSON"),
        ("title = 'x'", "needs a part “columns”"),
        (LEAST + "[extra]\n", "a part “extra”"),
        (LEAST.replace('sku = "SKU"', 'sko = "SKU"'), "“line.sko” is no field"),
        (LEAST.replace('placed_at = "Date"', ""), "which column is “placed_at”"),
        (LEAST + 'total = "Sum"\n', "exactly one of line.unit_price"),
        (LEAST + "[formats]\ndecimal = ';'\n", "“decimal” is"),
        (LEAST + "[formats]\ndates = 'iso'\n", "must be a list"),
        (LEAST + "[words]\npayment_status = { Bezahlt = 'payed' }\n", "“payed” is no word"),
        (LEAST + "[constants]\npayment_status = 'payed'\n", "constant payment_status"),
    ],
)
def test_a_wrong_map_is_refused_with_the_place(text, words):
    assert words in refusal(text)


def test_a_line_total_after_discount_stays_exactly_that():
    order = document(
        LEAST.replace("unit_price", "total") + 'discount_rate = "Off"\n',
        {**ROW, "Qty": "5", "Price": "957.5775", "Off": "0.45"},
    )
    line = order.lines[0]
    assert line.amount - line.discount == Decimal("957.58")
    assert line.amount == Decimal("1741.05")
    assert line.unit_price == Decimal("348.2100")


def test_a_line_given_away_comes_to_nothing():
    line = document(
        LEAST.replace("unit_price", "total") + 'discount_rate = "Off"\n',
        {**ROW, "Price": "0", "Off": "1"},
    ).lines[0]
    assert (line.amount, line.discount) == (0, 0)


def test_the_unit_price_is_derived_from_an_amount():
    line = document(
        LEAST.replace("unit_price", "amount"), {**ROW, "Qty": "3", "Price": "10"}
    ).lines[0]
    assert (line.amount, line.unit_price) == (Decimal("10.00"), Decimal("3.3333"))


def test_rates_may_be_in_percent():
    text = LEAST + 'discount_rate = "Off"\n[formats]\nrates_in_percent = true\n'
    assert document(text, {**ROW, "Off": "25"}).lines[0].discount == Decimal("5.00")
    share = read(LEAST + 'discount_rate = "Off"\n', {**ROW, "Off": "25"})
    assert [one.code for one in share.findings.errors] == ["not_a_share"]


def test_order_amounts_stand_once_or_are_added_up():
    rows = ({**ROW, "Ship": "4.90"}, {**ROW, "SKU": "LAMP", "Ship": "4.90"})
    text = LEAST.replace("[columns.line]", 'shipping = "Ship"\n[columns.line]')
    assert document(text, *rows).shipping_amount == Decimal("4.90")
    per_line = text + '[formats]\norder_amounts = "per_line"\n'
    assert document(per_line, *rows).shipping_amount == Decimal("9.80")


def test_the_words_of_a_file_are_put_into_ours():
    text = (
        LEAST.replace("[columns.line]", 'payment_status = "Status"\n[columns.line]')
        + '[words.payment_status]\n"Bezahlt" = "paid"\n"Offen" = "pending"\n'
    )
    assert document(text, {**ROW, "Status": "BEZAHLT"}).paid == Decimal("20.00")
    assert document(text, {**ROW, "Status": "offen"}).paid == 0
    unknown = read(text, {**ROW, "Status": "Vielleicht"})
    assert [(one.column, one.code) for one in unknown.findings.errors] == [
        ("Status", "unknown_status")
    ]


def test_dates_and_decimals_follow_the_map():
    text = LEAST + "[formats]\ndates = ['%d.%m.%Y']\ndecimal = ','\n"
    order = document(text, {**ROW, "Date": "07.10.2026", "Price": "1.234,50"})
    assert (order.placed_at.month, order.lines[0].unit_price) == (10, Decimal("1234.50"))
    assert [one.code for one in read(text, ROW).findings.errors] == ["not_a_date"]


def test_lost_zeros_are_put_back_where_the_map_says_how_many_digits_there_are():
    text = LEAST + (
        "[columns.shipping_address]\npostal_code = 'Zip'\ncity = 'City'\n"
        "[formats]\npad = { 'shipping_address.postal_code' = 5 }\n"
    )
    order = document(text, {**ROW, "Zip": "6824", "City": "Fairfield"})
    assert order.shipping.postal_code == "06824"
    assert order.billing == order.shipping


def test_what_was_paid_is_the_amount_given_or_all_the_order_comes_to():
    text = LEAST.replace("[columns.line]", 'paid = "Paid"\nrefunded = "Back"\n[columns.line]')
    order = document(text, {**ROW, "Paid": "15.00", "Back": "3.00"})
    assert (order.paid, order.refunded) == (Decimal("15.00"), Decimal("3.00"))
    assert document(LEAST + "[constants]\npayment_status = 'paid'\n", ROW).paid == Decimal("20.00")
