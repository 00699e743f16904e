"""The rows of one order are kept together, wherever they stand."""

from types import SimpleNamespace

import pytest

from oms.intake.reading import BadColumns, need_columns, orders_of


def grouped(*keys: str) -> list[list[int]]:
    rows = [SimpleNamespace(number=count, key=key) for count, key in enumerate(keys, start=2)]
    groups = orders_of(lambda: rows, lambda row: row.key)
    return [[row.number for row in group] for group in groups]


def test_rows_that_follow_each_other_are_one_order():
    assert grouped("#1", "#1", "#2") == [[2, 3], [4]]


def test_a_row_without_a_key_goes_on_with_the_one_above():
    assert grouped("#1", "", "#2", "") == [[2, 3], [4, 5]]


def test_rows_of_one_order_that_stand_apart_are_one_order():
    assert grouped("#1", "#2", "#1") == [[3], [2, 4]]


def test_rows_before_any_key_are_an_order_without_one():
    assert grouped("", "#1") == [[2], [3]]


def test_a_file_without_the_needed_columns_is_refused_with_what_it_has():
    with pytest.raises(BadColumns) as refusal:
        need_columns(("a", "b"), ("Name", "a"), what="The format")
    assert refusal.value.message.startswith("The format needs the column “Name”; the file’s")
