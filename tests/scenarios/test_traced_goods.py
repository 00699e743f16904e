"""A lot is recalled; a unit with a number goes out and comes back: told with verbs only."""

from datetime import timedelta

import pytest

from core.jobs import run_due, start
from core.models import Message
from core.rights import Role
from core.tasks import drain_all
from inventory.models import Lot, Serial
from inventory.services import recall_lot, receive_serials
from inventory.states import Condition, Tracking
from orders.models import Order
from orders.selectors.recalls import who_got
from returns.services import (
    Inspected,
    Wanted,
    approve_return,
    inspect_return,
    receive_return,
    request_return,
)
from returns.states import ReturnReason
from shipping.models import ParcelSerial
from shipping.services import Box, buy_labels, dispatch_shipment, finish_packing
from shipping.services.packing import scan_pack
from tests.cast import NOON, make_user, make_variant, pay
from tests.inventory.test_availability import bring
from tests.shipping.factories import dispatched, make_service, picked, work_of

pytestmark = pytest.mark.django_db


def test_a_lot_is_recalled(shop):
    make_service()
    jam = make_variant("JAM", "Jam", tracking=Tracking.LOT)
    day = NOON.date()
    bad = Lot.objects.create(variant=jam, code="BAD", expires_on=day + timedelta(days=60))
    good = Lot.objects.create(variant=jam, code="GOOD", expires_on=day + timedelta(days=90))
    bring(shop, jam, 6, lot_id=bad.pk)
    bring(shop, jam, 4, lot_id=good.pk)
    gone = pay(shop.order((jam, 2), customer_name="Ada"))
    drain_all()
    dispatched(gone)
    ready = pay(shop.order((jam, 3), customer_name="Ben"))
    drain_all()
    assert recall_lot(lot_id=bad.pk, reason="Glass in a jar", now=NOON) == 3
    drain_all()

    ready = Order.objects.get(pk=ready.pk)
    assert ready.units_allocated == 3  # of the good lot, at once
    assert dispatched(ready).state == "dispatched"

    boss = make_user(Role.ADMIN)
    got = {row["order__customer_name"]: row["sent"] for row in who_got(boss, bad.pk)}
    assert got == {"Ada": 2}
    start("orders.tell_of_recall", params={"lot_id": bad.pk, "user_id": boss.pk})
    run_due()
    assert Message.objects.get(kind="lot_recalled").variables["lot"] == "BAD"


def test_a_unit_goes_out_and_comes_back_by_its_number(shop):
    make_service()
    drill = make_variant("DRILL", "Drill", tracking=Tracking.SERIAL)
    bring(shop, drill, 2)
    receive_serials(variant=drill, location=shop.warehouse, codes=["A", "B"], now=NOON)
    order = pay(shop.order((drill, 1)))
    picked(order, make_user(Role.ADMIN))
    work = work_of(order)
    scan_pack(fulfilment_id=work.pk, code="B", now=NOON)
    parcel = ParcelSerial.objects.get().parcel
    shipment = finish_packing(
        fulfilment_id=work.pk, boxes={parcel.pk: Box(500)}, service_id=None, now=NOON
    )
    buy_labels(shipment_id=shipment.pk, now=NOON)
    dispatch_shipment(shipment_id=shipment.pk, now=NOON)
    drain_all()
    back = request_return(
        order_id=order.pk,
        wanted=[Wanted(order.lines.get().pk, 1, ReturnReason.choices[0][0])],
        now=NOON,
    )
    approve_return(return_id=back.pk, now=NOON)
    line = back.lines.get()
    receive_return(
        return_id=back.pk,
        location=shop.warehouse,
        received={line.pk: 1},
        serials={line.pk: ["b"]},
        now=NOON,
    )
    inspect_return(
        return_id=back.pk,
        results={line.pk: Inspected(restocked=1, scrapped=0, credited=1)},
        now=NOON,
    )
    unit = Serial.objects.get(code="B")
    assert (unit.condition, unit.level.location) == (Condition.SELLABLE, shop.warehouse)
    states = list(unit.events.values_list("state", flat=True))
    assert states == ["in_stock", "shipped", "in_stock"]
