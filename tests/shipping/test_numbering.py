"""Units with serial numbers are packed by their numbers, and left the house by them."""

import pytest

from core.rights import Role
from inventory.models import Serial
from inventory.services import receive_serials
from inventory.states import SerialState, Tracking
from shipping.errors import CannotPack
from shipping.models import ParcelSerial
from shipping.services import Box, buy_labels, dispatch_shipment, finish_packing, set_packed, unpack
from shipping.services.packing import scan_pack
from shipping.states import ScanOutcome
from tests.cast import NOON, make_user, make_variant, pay
from tests.inventory.test_availability import bring
from tests.shipping.factories import make_service, picked, work_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def work(shop):
    """An order of two drills, in hand, of four with numbers."""
    make_service()
    drill = make_variant("DRILL", "Drill", tracking=Tracking.SERIAL)
    bring(shop, drill, 4)
    receive_serials(variant=drill, location=shop.warehouse, codes=["A", "B", "C", "D"], now=NOON)
    order = pay(shop.order((drill, 2)))
    picked(order, make_user(Role.ADMIN))
    return work_of(order)


def scan(work, code):
    return scan_pack(fulfilment_id=work.pk, code=code, now=NOON)


def test_the_number_is_what_goes_into_the_parcel(work):
    assert scan(work, "DRILL").outcome == ScanOutcome.WRONG
    assert scan(work, "b").outcome == ScanOutcome.ITEM
    twice = scan(work, "B")
    assert (twice.outcome, "lies in a parcel already" in twice.text) == (
        ScanOutcome.TOO_MANY,
        True,
    )
    assert scan(work, "D").outcome == ScanOutcome.ITEM
    assert scan(work, "A").outcome == ScanOutcome.TOO_MANY
    numbers = ParcelSerial.objects.values_list("serial__code", flat=True)
    assert list(numbers) == ["B", "D"]


def test_a_count_is_not_enough(work):
    with pytest.raises(CannotPack, match="Scan the serial number"):
        set_packed(fulfilment_id=work.pk, quantities=None, now=NOON)


def test_unpacking_frees_the_numbers(work):
    scan(work, "A")
    shipment = ParcelSerial.objects.get().parcel.shipment
    unpack(shipment_id=shipment.pk, reason="wrong box", now=NOON)
    assert not ParcelSerial.objects.exists()
    assert scan(work, "A").outcome == ScanOutcome.ITEM


def test_dispatch_ships_the_numbers(work):
    scan(work, "A")
    scan(work, "B")
    parcel = ParcelSerial.objects.first().parcel
    shipment = finish_packing(
        fulfilment_id=work.pk, boxes={parcel.pk: Box(500)}, service_id=None, now=NOON
    )
    buy_labels(shipment_id=shipment.pk, now=NOON)
    dispatch_shipment(shipment_id=shipment.pk, now=NOON)
    assert dict(Serial.objects.values_list("code", "state")) == {
        "A": SerialState.SHIPPED,
        "B": SerialState.SHIPPED,
        "C": SerialState.IN_STOCK,
        "D": SerialState.IN_STOCK,
    }
    last = Serial.objects.get(code="A").events.latest("pk")
    assert last.reference == shipment.number
