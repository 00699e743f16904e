"""A shop whose orders are promised: two services, carriers' days, and how long parcels took."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

import pytest

from orders.drafts import WhenShort
from orders.models import (
    CarrierClosure,
    LaneStatistic,
    Order,
    Price,
    ShippingRate,
    ShippingService,
    ShippingZone,
)
from orders.selectors import promise_tables
from orders.services import place_order
from tests.cast import NOON, Shop

AFTER_CUT_OFF = datetime(2026, 11, 18, 13, 0, 1, tzinfo=UTC)  # 14:00:01 in Berlin


@dataclass
class Promising:
    """The shop, with a standard and an express service to Germany."""

    shop: Shop
    standard: ShippingService
    express: ShippingService
    zone: ShippingZone

    def order(self, *lines, at: datetime = NOON, **more) -> Order:
        values = {"shipping_service": self.standard, **more}
        draft = self.shop.draft(*(lines or ((self.shop.mug, 1),)), **values)
        order = place_order(draft, now=at)
        order.refresh_from_db()
        return order

    def waiting(self, *lines, at: datetime = NOON, **more) -> Order:
        return self.order(*lines, at=at, when_short=WhenShort.BACKORDER, **more)

    def measured(self, counts: list[int], *, country: str = "DE") -> None:
        LaneStatistic.objects.create(
            service=self.standard,
            location=self.shop.warehouse,
            country=country,
            counts=counts,
            deliveries=sum(counts),
            refreshed_at=NOON,
        )
        promise_tables.forget()

    def closed(self, day: date, *, carrier: str = "", country: str = "") -> None:
        CarrierClosure.objects.create(carrier=carrier, country=country, day=day, name="Closed")
        promise_tables.forget()


@pytest.fixture
def promising(shop) -> Promising:
    for variant, price in ((shop.mug, 10), (shop.shirt, 20), (shop.lamp, 30)):
        Price.objects.create(variant=variant, currency="EUR", amount=price)
    shop.stock(shop.mug, 50)
    services = []
    for code, name, days, amount in (("std", "Standard", 2, 5), ("exp", "Express", 1, 12)):
        service = ShippingService.objects.create(code=code, name=name)
        zone = ShippingZone.objects.create(
            service=service, name="Germany", countries=["DE"], transit_days=days
        )
        ShippingRate.objects.create(
            zone=zone, up_to_g=30_000, currency="EUR", amount=amount, cost=amount - 1
        )
        services.append(service)
    return Promising(shop, *services, services[0].zones.get())
