"""Serial numbers: unique, and traced from receipt to return."""

import pytest

from inventory.errors import BadSerial, NotEnoughStock
from inventory.models import Serial
from inventory.services import (
    receive_serials,
    return_serials,
    scrap_serials,
    ship_serials,
)
from inventory.states import Condition, MovementReason, SerialState, Tracking
from tests.cast import NOON, make_variant
from tests.inventory.test_availability import bring

pytestmark = pytest.mark.django_db


@pytest.fixture
def drill(shop):
    made = make_variant("DRILL", "Drill", tracking=Tracking.SERIAL)
    bring(shop, made, 3)
    return made


def receive(shop, drill, *codes, **more):
    return receive_serials(
        variant=drill, location=shop.warehouse, codes=codes, reference="PO-1", now=NOON, **more
    )


def life(code):
    events = Serial.objects.get(code=code).events.select_related("location")
    return [(one.state, one.location.name if one.location else "", one.reference) for one in events]


def test_a_unit_is_traced_from_receipt_to_return(shop, drill):
    (one,) = receive(shop, drill, "A-1")
    ship_serials(serial_ids=[one.pk], reference="SH-1", now=NOON)
    one.refresh_from_db()
    assert (one.state, one.level_id) == (SerialState.SHIPPED, None)
    return_serials(serial_ids=[one.pk], location=shop.store, reference="RMA-1", now=NOON)
    one.refresh_from_db()
    assert (one.state, one.condition) == (SerialState.IN_STOCK, Condition.QUALITY_CONTROL)
    assert one.level.location == shop.store
    assert life("A-1") == [
        ("in_stock", "Berlin", "PO-1"),
        ("shipped", "Berlin", "SH-1"),
        ("in_stock", "Munich store", "RMA-1"),
    ]


@pytest.mark.parametrize(
    ("codes", "words"),
    [
        ((), "at least one"),
        (("A", "B", " A "), "A is given twice"),
        (("x" * 81,), "no serial number"),
        (("A", "B", "C", "D"), "3 units of DRILL are sellable at Berlin and 0 have numbers"),
    ],
)
def test_numbers_that_cannot_be_are_refused(shop, drill, codes, words):
    with pytest.raises(BadSerial, match=words):
        receive(shop, drill, *codes)
    assert not Serial.objects.exists()


def test_a_number_in_stock_is_not_received_again(shop, drill):
    receive(shop, drill, "A")
    with pytest.raises(BadSerial, match="A of DRILL lies in stock already"):
        receive(shop, drill, "B", "A")


def test_a_number_that_left_may_come_again(shop, drill):
    (one,) = receive(shop, drill, "A")
    ship_serials(serial_ids=[one.pk], reference="SH-1", now=NOON)
    assert receive(shop, drill, "A") == [one]


def test_only_goods_with_serial_numbers_have_them(shop):
    bring(shop, shop.mug, 1)
    with pytest.raises(BadSerial, match="MUG has no serial numbers"):
        receive(shop, shop.mug, "A")


def test_what_is_not_there_is_not_shipped_and_what_never_left_does_not_come_back(shop, drill):
    (one,) = receive(shop, drill, "A")
    with pytest.raises(BadSerial, match="is in stock, not shipped"):
        return_serials(serial_ids=[one.pk], location=shop.store, reference="R", now=NOON)
    ship_serials(serial_ids=[one.pk], reference="SH-1", now=NOON)
    with pytest.raises(BadSerial, match="is shipped, not in stock"):
        ship_serials(serial_ids=[one.pk], reference="SH-2", now=NOON)


def test_scrapping_takes_stock_and_number_together(shop, drill):
    one, two = receive(shop, drill, "A", "B")
    scrap_serials(serial_ids=[one.pk], reason=MovementReason.SCRAPPED, now=NOON)
    assert shop.level(drill).sellable == 2
    assert life("A")[-1] == ("gone", "Berlin", "Scrapped")
    shop.order((drill, 2))
    with pytest.raises(NotEnoughStock):
        scrap_serials(serial_ids=[two.pk], reason=MovementReason.SCRAPPED, now=NOON)
    two.refresh_from_db()
    assert two.state == SerialState.IN_STOCK
