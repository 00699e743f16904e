"""Pages of lots, serial numbers and third parties' counts."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core.once import FIELD
from core.rights import Role
from inventory.models import Location, Lot, Serial
from inventory.services import (
    StockChange,
    move_stock,
    recall_lot,
    receive_serials,
    receive_stock,
    take_snapshot,
)
from inventory.states import MovementReason, Tracking
from tests.cast import NOON, make_user, make_variant
from tests.inventory.test_availability import bring

pytestmark = pytest.mark.django_db


@pytest.fixture
def as_manager(client):
    client.force_login(make_user(Role.MANAGER))
    return client


@pytest.fixture
def milk(shop):
    return make_variant("MILK", "Milk", tracking=Tracking.LOT)


def lot(milk, code, days=30, units=4):
    made = Lot.objects.create(
        variant=milk, code=code, expires_on=NOON.date() + timedelta(days=days)
    )
    bring_units(milk, units, made)
    return made


def bring_units(milk, units, made):
    change = StockChange(
        milk.pk,
        Location.objects.get(code="ber").pk,
        units,
        MovementReason.RECEIPT,
        lot_id=made.pk,
    )
    move_stock([change], now=NOON)


def once(**values):
    return {**values, FIELD: str(uuid4())}


def address(name, *args):
    return reverse(f"inventory:{name}", args=args)


def test_a_lot_is_recalled_with_one_click_and_a_reason(as_manager, shop, milk):
    made = lot(milk, "L1")
    shop.order((milk, 3))
    page = as_manager.get(address("lot_recall", made.pk))
    assert page.context["lot"].set_aside == 3
    refused = as_manager.post(address("lot_recall", made.pk), once(reason=""))
    assert refused.status_code == 422
    sent = as_manager.post(address("lot_recall", made.pk), once(reason="Glass in it"))
    assert sent.url == address("lot_detail", made.pk)
    page = as_manager.get(sent.url).content.decode()
    assert "Glass in it" in page
    as_manager.post(address("lot_recall", made.pk), once(reason="False alarm"))
    made.refresh_from_db()
    assert made.recalled_at is None


def test_only_who_may_recalls(client, shop, milk):
    made = lot(milk, "L1")
    client.force_login(make_user(Role.SALES))
    assert client.get(address("lot_recall", made.pk)).status_code == 403


def test_lots_are_found_by_expiry(as_manager, shop, milk):
    for code, days in (("old", -1), ("soon", 10), ("late", 100)):
        made = Lot.objects.create(
            variant=milk, code=code, expires_on=timezone.localdate() + timedelta(days=days)
        )
        bring_units(milk, 2, made)
    for chosen, found in (("expired", ["old"]), ("30", ["soon"]), ("never", [])):
        page = as_manager.get(address("lot_list"), {"view": "all", "expiry": chosen})
        assert [row.code for row in page.context["list"].rows] == found


def test_serial_numbers_are_registered_and_taken_out_of_stock(as_manager, shop):
    drill = make_variant("DRILL", "Drill", tracking=Tracking.SERIAL)
    bring(shop, drill, 2)
    told = {"variant": "DRILL", "location": shop.warehouse.pk, "condition": "sellable"}
    refused = as_manager.post(address("serial_new"), {**told, "serials": "A\nB\nC"})
    assert refused.status_code == 422
    assert "2 units of DRILL are sellable" in refused.content.decode()
    as_manager.post(address("serial_new"), {**told, "serials": "A\n B \n"})
    one = Serial.objects.get(code="B")
    as_manager.post(address("serial_scrap", one.pk), once(reason="scrapped"))
    assert shop.level(drill).sellable == 1
    page = as_manager.get(address("serial_detail", one.pk)).content.decode()
    assert "Gone" in page
    page = as_manager.get(address("variant_detail", drill.pk)).content.decode()
    assert "Serial numbers" in page


def test_differences_of_a_third_party_are_booked_one_or_all(as_manager, shop):
    depot = Location.objects.create(code="dep", name="Depot", kind="third_party", country="DE")
    receive_stock(
        location_id=depot.pk,
        quantities={shop.mug.pk: 5, shop.lamp.pk: 5},
        reference="x",
        now=NOON,
    )
    snapshot = take_snapshot(location=depot, counted={shop.mug.pk: 3}, name="friday", now=NOON)
    line = snapshot.lines.get(variant=shop.mug)
    url = address("snapshot_decide", snapshot.pk)
    as_manager.post(url, once(do="accept", line=line.pk))
    assert shop.level(shop.mug, depot).sellable == 3
    as_manager.post(url, once(do="leave"))
    assert shop.level(shop.lamp, depot).sellable == 5
    page = as_manager.get(address("snapshot_detail", snapshot.pk)).content.decode()
    assert "All decided" in page


@pytest.fixture
def make_rows(shop, milk):
    """Rows of each list, and a page of each to count the queries of."""
    drill = make_variant("DRILL", "Drill", tracking=Tracking.SERIAL)
    depot = Location.objects.create(code="dep", name="Depot", kind="third_party", country="DE")

    def make(start, count):
        bring(shop, drill, count)
        numbers = range(start, start + count)
        receive_serials(
            variant=drill,
            location=shop.warehouse,
            codes=[f"S{n}" for n in numbers],
            now=NOON,
        )
        for n in numbers:
            lot(milk, f"L{n}", units=1)
            take_snapshot(location=depot, counted={shop.mug.pk: n}, name=f"{n}", now=NOON)

    return make


@pytest.mark.parametrize("name", ["lot_list", "serial_list", "snapshot_list"])
def test_a_list_is_as_many_queries_for_thirty_rows_as_for_one(as_manager, make_rows, name):
    make_rows(1, 1)
    as_manager.get(address(name), {"view": "all"})
    with CaptureQueriesContext(connection) as one:
        as_manager.get(address(name), {"view": "all"})
    make_rows(2, 24)
    with CaptureQueriesContext(connection) as many:
        page = as_manager.get(address(name), {"view": "all"})
    assert len(page.context["list"].rows) == 25
    assert len(many) == len(one)


def test_a_lot_page_is_as_many_queries_for_many_orders_as_for_one(as_manager, shop, milk):
    made = lot(milk, "L1", units=40)
    shop.order((milk, 1))
    url = address("lot_detail", made.pk)
    as_manager.get(url)
    with CaptureQueriesContext(connection) as one:
        as_manager.get(url)
    for _ in range(12):
        shop.order((milk, 1))
    with CaptureQueriesContext(connection) as many:
        page = as_manager.get(url)
    assert len(page.context["holders"]) == 13
    assert len(many) == len(one)


def test_the_lots_of_a_variant_stand_on_its_page(as_manager, shop, milk):
    made = lot(milk, "L1")
    recall_lot(lot_id=made.pk, reason="Glass", now=NOON)
    page = as_manager.get(address("variant_detail", milk.pk)).content.decode()
    assert "L1" in page
    assert "Recalled" in page
