"""Tables in text files: encodings, delimiters, quotes, row numbers and what is refused."""

import pytest

from core.tabular import BadFile, read_table, write_table

PLAIN = 'Name,City\r\nJosé,Köln\r\n"A ""B""\nC",x\r\n'


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        (PLAIN.encode(), "utf-8"),
        (b"\xef\xbb\xbf" + PLAIN.encode(), "utf-8"),
        (b"\xff\xfe" + PLAIN.encode("utf-16-le"), "utf-16-le"),
        (b"\xfe\xff" + PLAIN.encode("utf-16-be"), "utf-16-be"),
        (PLAIN.encode("utf-16-le"), "utf-16-le"),
        (PLAIN.encode("utf-16-be"), "utf-16-be"),
        (PLAIN.encode("cp1252"), "cp1252"),
    ],
)
def test_the_same_table_is_read_from_every_encoding(content, encoding):
    table = read_table(content)
    assert table.encoding == encoding
    assert table.header == ("Name", "City")
    assert [row.values for row in table.rows()] == [
        {"Name": "José", "City": "Köln"},
        {"Name": 'A "B"\nC', "City": "x"},
    ]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found(delimiter):
    table = read_table(f'"a{delimiter};,x"{delimiter}b\n1{delimiter}2\n')
    assert (table.delimiter, len(table.header)) == (delimiter, 2)


def test_excel_s_hint_of_the_delimiter_is_believed_and_counts_as_a_row():
    table = read_table("sep=;\r\na;b\r\n1;2\r\n")
    assert (table.delimiter, table.header) == (";", ("a", "b"))
    assert [row.number for row in table.rows()] == [3]


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_rows_are_numbered_as_a_spreadsheet_numbers_them(newline):
    lines = ["a,b", '"one', 'cell",2', "", "3,4"]
    table = read_table(newline.join(lines) + newline)
    assert [(row.number, row.values["b"]) for row in table.rows()] == [(2, "2"), (4, "4")]
    assert [row.number for row in table.rows(after=2)] == [4]


def test_short_rows_are_filled_and_long_ones_say_what_is_wrong():
    short, long, trailing = read_table("a,b\n1\n1,2,3\n1,2,,\n").rows()
    assert (short.values, short.fault) == ({"a": "1", "b": ""}, "")
    assert long.fault == "Left over behind the last column: 3"
    assert trailing.fault == ""


def test_cells_are_kept_untouched_beside_their_trimmed_values():
    (row,) = read_table("a,b\n  x ,'=1+1\n").rows()
    assert (row.cells, row.values) == (("  x ", "'=1+1"), {"a": "x", "b": "'=1+1"})


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf\n", "empty"),
        (b"a,b\n1,\x002\n", "zero byte"),
        (b"PK\x03\x04\x00\x00\x08\x00", "zero byte"),
        (b"\x81\x8d\x8f\x90\x9d", "no text"),
        (b"a,a\n1,2\n", "more than once"),
        (("x," * 600).encode(), "columns"),
        (b"a,b\n1," + b"x" * 200_000, "more than 100,000 characters"),
        (b'a,b\n1,"never closed\n2,3\n4,5\n', "never closed"),
        (b"\xff\xfea", "utf-16-le"),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_sentence(content, words):
    with pytest.raises(BadFile, match=words):
        list(read_table(content).rows())


def test_an_errors_file_is_read_back_cell_by_cell_without_its_own_columns():
    header = ["a", "b", "_row", "_column", "_code", "_message"]
    cells = ['multi\nline "quoted"', "  =1+1", "7", "a", "bad", "It is bad."]
    table = read_table(write_table(header, [cells], delimiter=";"))
    assert table.header == ("a", "b")
    assert [row.cells for row in table.rows()] == [tuple(cells[:2])]


def test_an_inch_sign_in_a_cell_is_no_open_quote():
    rows = list(read_table('a,b\nPipe 5" long,1\nx,2\n').rows())
    assert [row.values["a"] for row in rows] == ['Pipe 5" long', "x"]
