"""Serial numbers: unique, and traced from receipt to return."""

import pytest

from core.models import AttentionItem
from inventory.errors import BadQuantity, BadSerial, NotEnoughStock
from inventory.models import Serial
from inventory.selectors.counting import CountChoice, lines_of, numbers_over
from inventory.services import (
    Mode,
    StockChange,
    adjust_stock,
    correct_stock,
    move_stock,
    receive_serials,
    return_serials,
    scrap_serials,
    ship_serials,
)
from inventory.services.cycle_counting import (
    approve_count,
    open_count,
    record_count,
    submit_count,
)
from inventory.services.doubting import NUMBERS_TO_FIND
from inventory.services.stocktaking import take_counts
from inventory.services.transfer_receiving import receive_transfer
from inventory.services.transferring import WantedUnits, create_transfer, ship_transfer
from inventory.states import (
    Condition,
    CountMethod,
    CountState,
    MovementReason,
    SerialState,
    Tracking,
)
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
    move_stock(
        [
            StockChange(
                drill.pk,
                shop.store.pk,
                1,
                MovementReason.RETURN,
                condition=Condition.QUALITY_CONTROL,
            )
        ],
        now=NOON,
    )
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


def numbered(shop, drill):
    receive(shop, drill, "A", "B", "C")
    return drill


def states():
    return dict(Serial.objects.order_by("code").values_list("code", "state"))


def waiting():
    return list(
        AttentionItem.objects.filter(kind=NUMBERS_TO_FIND, resolved_at=None).values_list(
            "title", flat=True
        )
    )


def count(shop, drill, units, *, tolerance=2):
    session = open_count(
        location=shop.warehouse,
        choice=CountChoice(CountMethod.SKUS, variant_ids=[drill.pk]),
        tolerance_units=tolerance,
        now=NOON,
    )
    line = session.lines.get()
    record_count(session_id=session.pk, line_id=line.pk, counted=units, now=NOON)
    return submit_count(session_id=session.pk, now=NOON)


def test_a_count_that_would_leave_more_numbers_than_units_waits_for_approval(shop, drill):
    session = count(shop, numbered(shop, drill), 2)
    assert session.state == CountState.SUBMITTED
    over = numbers_over(session, lines_of(session))
    assert [(one.sku, one.counted, list(one.codes)) for one in over] == [
        ("DRILL", 2, ["A", "B", "C"])
    ]


def test_once_it_is_booked_the_numbers_are_to_be_found(shop, drill):
    session = count(shop, numbered(shop, drill), 2)
    approve_count(session_id=session.pk, now=NOON)
    assert states() == dict.fromkeys("ABC", SerialState.TO_FIND)
    assert waiting() == ["DRILL: 3 serial numbers, 2 units at Berlin"]
    assert life("A")[-1] == ("to_find", "Berlin", session.number)


def test_numbers_that_are_scanned_again_are_in_stock_and_the_rest_is_given_up(shop, drill):
    approve_count(session_id=count(shop, numbered(shop, drill), 2).pk, now=NOON)
    receive(shop, drill, "A")
    assert len(waiting()) == 1
    receive(shop, drill, "C")
    assert waiting() == []
    lost = Serial.objects.get(code="B")
    scrap_serials(serial_ids=[lost.pk], reason=MovementReason.LOST, now=NOON)
    assert states() == {
        "A": SerialState.IN_STOCK,
        "B": SerialState.GONE,
        "C": SerialState.IN_STOCK,
    }
    assert drill.levels.get(location=shop.warehouse).sellable == 2


def test_a_count_that_keeps_enough_units_doubts_no_number(shop, drill):
    bring(shop, drill, 5)
    count(shop, numbered(shop, drill), 7)
    assert states() == dict.fromkeys("ABC", SerialState.IN_STOCK)


def test_a_file_that_counts_fewer_units_than_numbers_is_refused_row_by_row(shop, drill):
    numbered(shop, drill)
    row = (2, "DRILL", shop.warehouse.code, "1", "sellable", "", "")
    taken = take_counts([row], reason=MovementReason.COUNT, note="", now=NOON)
    assert (taken.booked, taken.one_by_one) == (0, [2])
    with pytest.raises(BadQuantity, match="3 units have serial numbers here"):
        correct_stock(
            variant=drill,
            location=shop.warehouse,
            mode=Mode.SET,
            units=1,
            reason=MovementReason.COUNT,
            now=NOON,
        )


def test_units_sent_elsewhere_without_their_numbers_are_looked_for(shop, drill):
    numbered(shop, drill)
    transfer = create_transfer(
        source=shop.warehouse, target=shop.store, wanted=[WantedUnits(drill.pk, 2)], now=NOON
    )
    ship_transfer(transfer_id=transfer.pk, now=NOON)
    assert states() == dict.fromkeys("ABC", SerialState.TO_FIND)
    receive_transfer(
        transfer_id=transfer.pk,
        received={line.pk: line.shipped for line in transfer.lines.all()},
        now=NOON,
    )
    receive(shop, drill, "B")
    receive_serials(variant=drill, location=shop.store, codes=["A", "C"], reference="TR", now=NOON)
    assert waiting() == []


def test_a_number_to_be_found_that_is_shipped_is_found_by_that(shop, drill):
    numbered(shop, drill)
    adjust_stock(
        variant=drill,
        location=shop.warehouse,
        counted=2,
        reason=MovementReason.LOST,
        now=NOON,
    )
    one = Serial.objects.get(code="B")
    ship_serials(serial_ids=[one.pk], reference="SH-9", now=NOON)
    assert states()["B"] == SerialState.SHIPPED
