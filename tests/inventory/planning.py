"""What the tests of replenishment begin with: sales of the past, suppliers, rules."""

from datetime import timedelta
from decimal import Decimal

from django.utils import timezone

from inventory.models import (
    Allocation,
    BuyingLimit,
    Demand,
    ReorderRule,
    StockLevel,
    Supplier,
    SupplierItem,
)
from inventory.services import plan_replenishment
from tests.cast import NOON


def sold(shop, variant, days, units=1, *, before=NOON, location=None, **more):
    """`units` were wanted on each of the days (counted back from `before`) and went out."""
    wanted = {"quantity": units, "consumed": units, "channel": shop.web, **more}
    level, _ = StockLevel.objects.get_or_create(
        variant=variant, location=location or shop.warehouse
    )
    demands = Demand.objects.bulk_create(
        Demand(variant=variant, since=before - timedelta(days=day), **wanted) for day in days
    )
    Allocation.objects.bulk_create(
        Allocation(
            demand=demand,
            level=level,
            quantity=demand.consumed,
            consumed=demand.consumed,
            created_at=demand.since,
        )
        for demand in demands
        if demand.consumed
    )


def supplied(variant, *, supplier=None, price="4.00", **more):
    """The variant can be bought; by whom and at what price."""
    supplier = supplier or make_supplier()
    return SupplierItem.objects.create(
        supplier=supplier, variant=variant, price=Decimal(price), **more
    )


def make_supplier(code="acme", **more):
    return Supplier.objects.create(code=code, name=more.pop("name", code.title()), **more)


def rule(location, variant=None, **more):
    return ReorderRule.objects.create(
        location=location, variant=variant, **{"review_days": 1, **more}
    )


def limit(location, *, per_order="1000", per_day="1000"):
    return BuyingLimit.objects.create(
        location=location, per_order=Decimal(per_order), per_day=Decimal(per_day)
    )


def restock(shop):
    """Everything is planned, and there is something to buy and something to send."""
    rule(shop.warehouse)
    rule(shop.store)
    limit(shop.warehouse)
    now = timezone.now()
    acme = make_supplier("restock", name="Restock & Sons")
    for variant, units in ((shop.lamp, 2), (shop.shirt, 9)):
        sold(shop, variant, range(1, 80, 2), units, before=now)
        if not variant.supplier_items.exists():
            supplied(variant, supplier=acme, pack_size=12)
    shop.stock(shop.shirt, 30, shop.store)
    plan_replenishment(now=now)
