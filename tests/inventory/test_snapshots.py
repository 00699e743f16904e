"""What a third party counted is listed beside our books, and booked only where somebody accepts it."""

import pytest

from core import imports
from inventory.errors import CannotDecide
from inventory.models import Location, Movement, SnapshotLine, StockSnapshot
from inventory.services import decide_lines, receive_stock, take_snapshot
from tests.cast import NOON

pytestmark = pytest.mark.django_db


@pytest.fixture
def depot(shop):
    place = Location.objects.create(code="dep", name="Depot", kind="third_party", country="DE")
    receive_stock(
        location_id=place.pk,
        quantities={shop.mug.pk: 10, shop.lamp.pk: 4, shop.shirt.pk: 2},
        reference="test",
        now=NOON,
    )
    return place


def run(text, **options):
    return imports.run_here(
        "stock_snapshot",
        format="csv",
        name="friday.csv",
        content=text.encode(),
        options={"location": "dep", **options},
    )


def lines(snapshot):
    found = snapshot.lines.select_related("variant").order_by("variant__sku")
    return [(one.variant.sku, one.expected, one.counted, one.decision) for one in found]


def test_differences_are_listed_and_nothing_is_booked(shop, depot):
    moved = Movement.objects.count()
    done = run("SKU,Counted\nmug,8\nLAMP,4\nNOPE,3\nMUG,9\nshirt-m,-1\n")
    assert lines(StockSnapshot.objects.get()) == [
        ("LAMP", 4, 4, "agrees"),
        ("MUG", 10, 8, "open"),
        ("SHIRT-M", 2, 0, "open"),
    ]
    assert Movement.objects.count() == moved
    assert sorted(done.issues.values_list("column", flat=True)) == ["counted", "sku", "sku"]


def test_what_is_accepted_is_booked_as_a_difference(shop, depot):
    snapshot = take_snapshot(
        location=depot, counted={shop.mug.pk: 8, shop.lamp.pk: 5}, name="friday", now=NOON
    )
    receive_stock(location_id=depot.pk, quantities={shop.mug.pk: 5}, reference="late", now=NOON)
    mug = snapshot.lines.get(variant=shop.mug)
    assert decide_lines(snapshot_id=snapshot.pk, line_ids=[mug.pk], accept=True, now=NOON) == 1
    assert shop.level(shop.mug, depot).sellable == 13
    assert decide_lines(snapshot_id=snapshot.pk, line_ids=None, accept=False, now=NOON) == 2
    assert shop.level(shop.lamp, depot).sellable == 4
    assert set(SnapshotLine.objects.values_list("decision", flat=True)) == {"accepted", "refused"}


def test_a_difference_is_decided_once(shop, depot):
    snapshot = take_snapshot(location=depot, counted={shop.mug.pk: 8}, name="x", now=NOON)
    decide_lines(snapshot_id=snapshot.pk, line_ids=None, accept=True, now=NOON)
    with pytest.raises(CannotDecide, match="Nothing is left"):
        decide_lines(snapshot_id=snapshot.pk, line_ids=None, accept=True, now=NOON)
    with pytest.raises(CannotDecide, match="does not exist"):
        decide_lines(snapshot_id=0, line_ids=None, accept=True, now=NOON)
