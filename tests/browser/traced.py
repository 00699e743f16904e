"""Lots, serial numbers and a third party's count, in every state that looks different."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from core.tasks import drain_all
from inventory.models import Location, Lot, Serial, StockSnapshot
from inventory.services import (
    StockChange,
    decide_lines,
    move_stock,
    recall_lot,
    receive_serials,
    receive_stock,
    take_snapshot,
)
from inventory.states import MovementReason, Tracking
from tests.cast import Shop, make_variant, pay
from tests.shipping.factories import dispatched


@transaction.atomic
def trace(shop: Shop) -> None:
    """Jam in three lots, one of them recalled after it was sent; drills with numbers; a depot."""
    now = timezone.now()
    jam = make_variant("JAM-250", "Sea buckthorn jam", tracking=Tracking.LOT, cost=Decimal("2.10"))
    for code, days in (("L-2040", -20), ("L-2041", 20), ("L-2042", 200)):
        lot = Lot.objects.create(
            variant=jam, code=code, expires_on=timezone.localdate() + timedelta(days=days)
        )
        change = StockChange(
            jam.pk, shop.warehouse.pk, 12, MovementReason.RECEIPT, "PO-1", lot_id=lot.pk
        )
        move_stock([change], now=now)
    drill = make_variant("DRILL-18", "Cordless drill", tracking=Tracking.SERIAL)
    shop.stock(drill, 4)
    receive_serials(
        variant=drill,
        location=shop.warehouse,
        codes=["CD18-00417", "CD18-00418", "CD18-00419"],
        reference="PO-1",
        now=now,
    )
    depot = Location.objects.create(code="depot", name="Depot", kind="third_party", country="DE")
    receive_stock(
        location_id=depot.pk,
        quantities={shop.mug.pk: 20, shop.lamp.pk: 4, shop.shirt.pk: 7},
        reference="PO-1",
        now=now,
    )
    for counted in (18, 25):
        snapshot = take_snapshot(
            location=depot,
            counted={shop.mug.pk: counted, shop.lamp.pk: 4},
            name=f"depot-{counted}.csv",
            now=now,
        )
    mug = snapshot.lines.get(variant=shop.mug)
    decide_lines(snapshot_id=snapshot.pk, line_ids=[mug.pk], accept=True, now=now)


def recall(shop: Shop) -> None:
    """Two customers got the lot that expires first; it is recalled."""
    jam = Lot.objects.filter(code="L-2041").get().variant
    orders = [pay(shop.order((jam, count, "6.50"))) for count in (2, 1)]
    drain_all()
    for order in orders:
        dispatched(order)
    shop.order((jam, 3, "6.50"))
    recall_lot(
        lot_id=Lot.objects.get(code="L-2041").pk,
        reason="A jar may hold a piece of glass",
        now=timezone.now(),
    )
    drain_all()


def pages(page) -> Iterator[tuple[str, str]]:
    """An example of each page."""
    for lot in Lot.objects.filter(code__in=["L-2041", "L-2042"]):
        yield page("inventory:lot_detail", lot.pk)
        yield page("inventory:lot_recall", lot.pk)
        yield page("inventory:variant_detail", lot.variant_id)
    recalled = Lot.objects.get(code="L-2041")
    yield page("orders:recall_message", recalled.pk)
    serial = Serial.objects.filter(code="CD18-00417").get()
    yield page("inventory:serial_detail", serial.pk)
    yield page("inventory:serial_scrap", serial.pk)
    yield page("inventory:variant_detail", serial.variant_id)
    for snapshot in StockSnapshot.objects.all():
        yield page("inventory:snapshot_detail", snapshot.pk)
