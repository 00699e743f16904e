"""Cells are read as people and spreadsheets write them, and never by guessing."""

from datetime import UTC, datetime
from decimal import Decimal
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oms.intake.cells import Cells, clean, country_code, read_amount, read_moment
from oms.intake.findings import Findings

BERLIN = ZoneInfo("Europe/Berlin")


def cells(**values) -> Cells:
    return Cells(SimpleNamespace(number=12, values=values), Findings())


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("12.50", "12.50"),
        ("12,50", "12.50"),
        ("1,234.56", "1234.56"),
        ("1.234,56", "1234.56"),
        ("1 234,5", "1234.5"),
        ("1'234.50", "1234.50"),
        ("-3", "-3"),
        ("0", "0"),
    ],
)
def test_an_amount_is_read_where_only_one_reading_is_possible(words, value):
    assert read_amount(words) == Decimal(value)


@pytest.mark.parametrize(
    "words",
    ["", "1,234", "12,34,56", "1e400", "NaN", "Infinity", "€5", "5 EUR", "--1", "1.2.3", "٣"],
)
def test_what_might_be_two_amounts_or_none_is_not_read(words):
    assert read_amount(words) is None


def test_the_decimal_mark_of_a_map_settles_the_doubt():
    assert read_amount("1,234", decimal=",") == Decimal("1.234")
    assert read_amount("1,234", decimal=".") == Decimal(1234)
    assert read_amount("1.234", decimal=",") == Decimal(1234)


@pytest.mark.parametrize(
    ("words", "moment"),
    [
        ("2025-10-07 09:50:26 +0200", datetime(2025, 10, 7, 7, 50, 26, tzinfo=UTC)),
        ("2025-10-07 09:50:26 UTC", datetime(2025, 10, 7, 9, 50, 26, tzinfo=UTC)),
        ("2025-10-07T09:50:26Z", datetime(2025, 10, 7, 9, 50, 26, tzinfo=UTC)),
        ("2025-07-07", datetime(2025, 7, 6, 22, tzinfo=UTC)),
    ],
)
def test_a_moment_without_an_offset_is_in_the_stores_zone(words, moment):
    assert read_moment(words, BERLIN) == moment


def test_a_date_is_read_by_the_formats_of_a_map_only():
    assert read_moment("07.10.2025", BERLIN, ("%d.%m.%Y",)) == datetime(2025, 10, 7, tzinfo=BERLIN)
    assert read_moment("2025-10-07", BERLIN, ("%d.%m.%Y",)) is None
    assert read_moment("0001-01-01", BERLIN) is None


def test_what_keeps_numbers_as_text_in_a_spreadsheet_is_taken_off():
    assert clean(" '00123 ") == "00123"
    assert clean("'=1+1") == "=1+1"
    assert clean("'t Hooft") == "'t Hooft"
    assert clean("a\x00b") == "ab"


def test_countries_are_known_by_code_and_by_name():
    assert [country_code(words) for words in ("de", "United States", "UK", "Narnia", "")] == [
        "DE",
        "US",
        "GB",
        "",
        "",
    ]


def test_a_finding_says_what_was_found_and_what_is_expected():
    row = cells(Price="abc", Quantity="2.5", Paid="maybe")
    row.amount("Price")
    row.whole("Quantity")
    row.flag("Paid")
    assert [(one.row, one.column, one.message) for one in row.findings.errors] == [
        (12, "Price", "found “abc”, expected an amount such as 12.50."),
        (12, "Quantity", "found “2.5”, expected a whole number from 0 to 1,000,000."),
        (12, "Paid", "found “maybe”, expected yes or no (true or false)."),
    ]


def test_long_words_are_cut_and_long_keys_refused():
    row = cells(Name="x" * 300, SKU="y" * 61)
    assert len(row.text("Name", most=200)) == 200
    assert row.key("SKU", most=60) == ""
    assert [one.code for one in row.findings.items] == ["cut", "too_long"]


def test_a_mistyped_address_or_country_does_not_lose_the_order():
    row = cells(Email="ada@", Country="Narnia")
    assert (row.email("Email"), row.country("Country")) == ("", "")
    assert [one.code for one in row.findings.warnings] == ["bad_email", "unknown_country"]
    assert row.findings.errors == []


def test_words_stand_on_one_line_unless_they_may_break():
    row = cells(Name="José\nNúñez", Notes="a\nb")
    assert row.text("Name") == "José Núñez"
    assert row.text("Notes", may_break=True) == "a\nb"


@given(st.text(max_size=200))
def test_no_text_whatever_breaks_a_reader_of_cells(words):
    row = cells(Cell=words)
    row.amount("Cell")
    row.whole("Cell")
    row.moment("Cell", zone=BERLIN)
    row.flag("Cell")
    row.email("Cell")
    row.country("Cell")
    row.text("Cell", most=10)
    row.key("Cell", most=10)
