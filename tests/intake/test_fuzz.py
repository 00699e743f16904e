"""No file whatever breaks a reader: it is read, or its cells are pointed out."""

from types import SimpleNamespace
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from oms.intake import shopify
from oms.intake.generic import GenericReader
from oms.intake.mapping import read_mapping
from oms.intake.reading import Source
from tests.intake.files import superstore_map

SOURCE = Source("web", ZoneInfo("Europe/Berlin"), "EUR", True)
CELLS = st.one_of(
    st.text(max_size=40),
    st.sampled_from(
        ["0", "1", "-1", "1e9", "99999999999999999999", "NaN", "paid", "fulfilled", "EUR", "JPY"]
    ),
    st.decimals(allow_nan=False, allow_infinity=False, places=3).map(str),
    st.dates().map(str),
)


def rows(columns: tuple[str, ...]):
    row = st.dictionaries(st.sampled_from(columns), CELLS, max_size=len(columns))
    return st.lists(row, min_size=1, max_size=4)


def numbered(values):
    return [SimpleNamespace(number=2 + i, values=one) for i, one in enumerate(values)]


@settings(max_examples=200, deadline=None)
@given(rows(shopify.COLUMNS))
def test_shopifys_export_with_anything_in_it(values):
    read = shopify.read_order(numbered(values), SOURCE)
    assert (read.document is None) == bool(read.findings.errors)


GENERIC = GenericReader(read_mapping(superstore_map()))


@settings(max_examples=200, deadline=None)
@given(rows(tuple(GENERIC.map.all_columns)))
def test_a_mapped_file_with_anything_in_it(values):
    read = GENERIC.read_order(numbered(values), SOURCE)
    assert (read.document is None) == bool(read.findings.errors)
