"""Purchase orders drafted and changed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import transaction

from core import outbox
from core.address import Address
from core.bulk import insert_all
from core.editing import refuse_stale
from core.numbers import next_values
from inventory.errors import BadPurchase, BadQuantity
from inventory.events import PurchaseChanged, PurchaseCreated
from inventory.locks import lock_purchase
from inventory.models import (
    Location,
    PurchaseOrder,
    PurchaseOrderLine,
    Supplier,
    SupplierItem,
    Variant,
)
from inventory.services.buying import add_up, require_draft
from inventory.services.landing import spread_all
from inventory.services.lateness import forget_lateness
from inventory.services.moving import check_quantity
from inventory.services.suppliers import check_cost
from inventory.states import VariantKind

MOST_LINES = 500
FARTHEST = timedelta(days=3 * 365)


@dataclass(frozen=True, slots=True)
class PurchaseWish:
    """Units of a variant to buy. Without `unit_cost` the supplier's price holds, else the standard
    cost of the variant.
    """

    variant_id: int
    quantity: int
    unit_cost: Decimal | None = None
    expected_on: date | None = None


@transaction.atomic
def create_purchase(
    *,
    supplier: Supplier,
    location: Location,
    wishes: Sequence[PurchaseWish] = (),
    expected_on: date | None = None,
    exchange_rate: Decimal | None = None,
    ship_to: Address | None = None,
    ship_to_reference: str = "",
    supplier_reference: str = "",
    note: str = "",
    buyer_id: int | None = None,
    now: datetime,
) -> PurchaseOrder:
    """Draft a purchase order. `ship_to` with `ship_to_reference` sends the goods straight to a
    customer; else they go to the location, whose address is copied. Without `expected_on` the lead
    time of the goods tells it.

    Raises BadPurchase for a supplier not bought from, an odd rate or unbuyable lines; BadQuantity.
    """
    _refuse_inactive(supplier)
    (number,) = next_values("inventory_purchase_number")
    today = now.astimezone(location.zone).date()
    items = _items(supplier, [wish.variant_id for wish in wishes])
    order = PurchaseOrder.objects.create(
        number=f"PO-{number}",
        supplier=supplier,
        location=location,
        currency=supplier.currency,
        exchange_rate=_rate(exchange_rate, supplier.currency, location.currency),
        expected_on=expected_on or today + timedelta(days=_lead_time(supplier, items)),
        ship_to=(ship_to or _address_of(location)).as_json(),
        ship_to_reference=ship_to_reference[:60],
        supplier_reference=supplier_reference[:60],
        note=note,
        buyer_id=buyer_id,
        created_at=now,
    )
    _refuse_odd_day(order.expected_on, today)
    _write_lines(order, wishes, items, today=today)
    outbox.publish(
        PurchaseCreated(
            purchaseorder_id=order.pk,
            number=order.number,
            supplier=supplier.name,
            location=location.name,
            units=sum(wish.quantity for wish in wishes),
        )
    )
    return order


def _refuse_inactive(supplier: Supplier) -> None:
    if not supplier.is_active:
        raise BadPurchase(
            f"{supplier.name} is no longer bought from; choose another supplier.", field="supplier"
        )


@transaction.atomic
def change_purchase(
    *,
    order_id: int,
    wishes: Sequence[PurchaseWish],
    values: Mapping[str, object],
    version: int,
    now: datetime,
) -> PurchaseOrder:
    """Change a draft: all of its lines, and `values` of expected_on, exchange_rate, note and
    supplier_reference. Raises StaleEdit, CannotBuy, BadPurchase, BadQuantity.
    """
    order = lock_purchase(order_id)
    refuse_stale(order, version)
    require_draft(order)
    today = now.astimezone(order.location.zone).date()
    before = _told(order)
    for name in ("expected_on", "note", "supplier_reference"):
        setattr(order, name, values.get(name, getattr(order, name)))
    rate = values.get("exchange_rate", order.exchange_rate)
    order.exchange_rate = _rate(rate, order.currency, order.location.currency)  # type: ignore[arg-type]
    _refuse_odd_day(order.expected_on, today)
    order.save()
    items = _items(order.supplier, [wish.variant_id for wish in wishes])
    order.lines.all().delete()
    _write_lines(order, wishes, items, today=today)
    spread_all(order)
    after = _told(order)
    changes = {
        name: (before.get(name), after.get(name))
        for name in {**before, **after}
        if before.get(name) != after.get(name)
    }
    if changes:
        outbox.publish(
            PurchaseChanged(
                purchaseorder_id=order.pk,
                number=order.number,
                what=", ".join(changes),
            ),
            changes=changes,
        )
    return order


@transaction.atomic
def expect_on(
    *, order_id: int, day: date, supplier_reference: str, reason: str, now: datetime
) -> None:
    """The supplier named a day (or another one) for all that is still to come. Raises BadPurchase."""
    order = lock_purchase(order_id)
    _refuse_odd_day(day, now.astimezone(order.location.zone).date(), may_be_past=False)
    changes = {
        "expected on": (_day(order.expected_on), _day(day)),
        "supplier’s number": (order.supplier_reference, supplier_reference[:60]),
    }
    changes = {name: pair for name, pair in changes.items() if pair[0] != pair[1]}
    order.expected_on = day
    order.supplier_reference = supplier_reference[:60]
    order.save(update_fields=["expected_on", "supplier_reference"])
    order.lines.update(expected_on=None)
    if changes:
        fact = PurchaseChanged(
            purchaseorder_id=order.pk, number=order.number, what=", ".join(changes)
        )
        outbox.publish(fact, changes=changes, reason=reason or None)
    forget_lateness(order, now=now)


def _write_lines(
    order: PurchaseOrder,
    wishes: Sequence[PurchaseWish],
    items: Mapping[int, SupplierItem],
    *,
    today: date,
) -> None:
    if len(wishes) > MOST_LINES:
        raise BadPurchase(f"An order has {MOST_LINES} lines at most; make two of it.")
    known = Variant.objects.select_related("product").in_bulk([one.variant_id for one in wishes])
    rows = []
    for position, wish in enumerate(wishes, start=1):
        variant = known.get(wish.variant_id)
        if variant is None:
            raise BadPurchase("One of the variants does not exist any more; choose another.")
        check_bought(variant, wish.quantity)
        item = items.get(variant.pk)
        cost = wish.unit_cost
        if cost is None:
            cost = item.price if item else variant.cost
        check_cost(cost)
        _refuse_odd_day(wish.expected_on, today)
        rows.append(
            PurchaseOrderLine(
                order=order,
                position=position,
                variant=variant,
                sku=variant.sku,
                name=variant.full_name[:330],
                supplier_sku=item.supplier_sku if item else "",
                quantity=wish.quantity,
                unit_cost=cost,
                expected_on=wish.expected_on,
            )
        )
    insert_all(rows)
    add_up(order)


def check_bought(variant: Variant, quantity: int) -> None:
    """Refuse what cannot be bought. Raises BadPurchase, BadQuantity."""
    if variant.kind != VariantKind.STOCKED:
        raise BadPurchase(
            f"{variant.sku} is a {variant.get_kind_display().split(',')[0].lower()} and never lies"
            " on a shelf; buy its parts instead.",
            field="sku",
        )
    try:
        check_quantity(quantity)
    except BadQuantity as error:
        raise BadQuantity(f"{variant.sku}: {error.message}", field="quantity") from error


def _items(supplier: Supplier, variant_ids: Sequence[int]) -> dict[int, SupplierItem]:
    rows = SupplierItem.objects.filter(supplier=supplier, variant__in=variant_ids)
    return {row.variant_id: row for row in rows.select_related("supplier")}


def _lead_time(supplier: Supplier, items: Mapping[int, SupplierItem]) -> int:
    return max((item.days for item in items.values()), default=supplier.lead_time_days)


def _rate(rate: Decimal | None, currency: str, home: str) -> Decimal:
    if currency == home:
        return Decimal(1)
    if rate is None or not rate.is_finite() or not 0 < rate < Decimal(10) ** 9:
        raise BadPurchase(
            f"Say what one {currency} is worth in {home}, such as 0.92.", field="exchange_rate"
        )
    return rate


def _refuse_odd_day(day: date | None, today: date, *, may_be_past: bool = True) -> None:
    if day is None:
        return
    if abs(day - today) > FARTHEST or (day < today and not may_be_past):
        raise BadPurchase(
            f"{day:%-d %B %Y} is no day on which goods can be expected; check the year.",
            field="expected_on",
        )


def _address_of(location: Location) -> Address:
    return Address(
        name=location.name,
        line1=location.line1,
        postal_code=location.postal_code,
        city=location.city,
        country=location.country,
    )


def _told(order: PurchaseOrder) -> dict[str, str]:
    """An order as its changes name it."""
    told = {
        "expected on": _day(order.expected_on),
        "exchange rate": f"{order.exchange_rate.normalize():f}",
        "note": order.note,
        "supplier’s number": order.supplier_reference,
    }
    for line in order.lines.all():
        words = f"{line.quantity} at {line.unit_cost.normalize():f}"
        known = told.get(line.sku)
        told[line.sku] = f"{known}, {words}" if known else words
    return told


def _day(day: date | None) -> str:
    return f"{day:%-d %B %Y}" if day else ""
