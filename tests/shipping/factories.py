"""What tests of shipping stand on: a service with rates, paid orders, and work done to a point."""

from datetime import timedelta
from decimal import Decimal

from core.models import User
from core.rights import Role
from customers.models import Customer
from inventory.models import Location, LocationAccess, StockLevel, Variant
from orders.models import Fulfilment, Order, ShippingRate, ShippingService, ShippingZone
from orders.states import PaymentTerms
from shipping.models import Shipment
from shipping.services import (
    Box,
    buy_labels,
    dispatch_shipment,
    finish_packing,
    pick_all,
    set_packed,
    start_picking,
)
from tests.cast import NOON, Shop, make_company_buyer, make_user

SOON = NOON + timedelta(hours=1)


def make_service(code: str = "standard", *, up_to_g: int = 30_000, **more) -> ShippingService:
    """A service of our own that goes to Germany for 4.90 and anywhere else for 14.90."""
    service = ShippingService.objects.create(code=code, name=code.title(), **more)
    for name, countries, days, amount in (
        ("Germany", ["DE"], 2, "4.90"),
        ("World", ["*"], 9, "14.90"),
    ):
        zone = ShippingZone.objects.create(
            service=service, name=name, countries=countries, transit_days=days
        )
        ShippingRate.objects.create(
            zone=zone,
            up_to_g=up_to_g,
            currency="EUR",
            amount=Decimal(amount),
            cost=Decimal(amount) - 1,
        )
    return service


def paid_order(shop: Shop, *lines: tuple, **more) -> Order:
    """An order that may leave: its buyer pays on account."""
    buyer = Customer.objects.filter(email="nils@ferry.example").first() or make_company_buyer(
        limit="100000"
    )
    return shop.order(*lines, customer_id=buyer.pk, payment_terms=PaymentTerms.NET, **more)


def work_of(order: Order) -> Fulfilment:
    return order.fulfilments.get()


def put_in_bin(shop: Shop, variant: Variant, bin_name: str) -> None:
    StockLevel.objects.filter(variant=variant, location=shop.warehouse).update(bin=bin_name)


def picked(order: Order, picker: User | None = None) -> Fulfilment:
    work = work_of(order)
    start_picking(fulfilment_id=work.pk, picker=picker, now=NOON)
    pick_all(fulfilment_id=work.pk, now=NOON)
    return work


def fill(
    work: Fulfilment, units: dict[str, int] | None = None, parcel_id: int | None = None
) -> Shipment:
    """Put units by SKU (all that is in hand) into a parcel."""
    lines = {
        line.fulfilment_line.order_line.sku: line
        for line in work.picks.live().get().lines.select_related("fulfilment_line__order_line")
    }
    wanted = units or {sku: line.to_pack for sku, line in lines.items() if line.to_pack}
    return set_packed(
        fulfilment_id=work.pk,
        quantities={lines[sku].pk: count for sku, count in wanted.items()},
        parcel_id=parcel_id,
        now=NOON,
    )


def close(work: Fulfilment, *, is_partial: bool = False, weight_g: int = 800, **more) -> Shipment:
    shipment = work.shipments.open().get()
    return finish_packing(
        fulfilment_id=work.pk,
        boxes={parcel.pk: Box(weight_g) for parcel in shipment.parcels.all()},
        service_id=more.pop("service_id", None),
        is_partial=is_partial,
        now=NOON,
    )


def packed(order: Order, **more) -> Shipment:
    work = picked(order)
    fill(work)
    return close(work, **more)


def labelled(order: Order, **more) -> Shipment:
    return buy_labels(shipment_id=packed(order, **more).pk, now=NOON)


def dispatched(order: Order, **more) -> Shipment:
    return dispatch_shipment(shipment_id=labelled(order, **more).pk, now=SOON)


def make_picker(location: Location, name: str = "Petra Picker") -> User:
    """A member of the warehouse who works at one location."""
    email = f"{name.split(maxsplit=1)[0].lower()}@example.com"
    user = make_user(Role.WAREHOUSE, name=name, email=email)
    LocationAccess.objects.create(user=user, location=location)
    return user
