"""Reads of purchase orders: what is coming and when, what is late, what a buyer should know."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import (
    DateField,
    Exists,
    F,
    IntegerField,
    Max,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
)
from django.db.models.functions import Coalesce
from django.http import Http404

from core.markup.values import money_text
from core.models import User
from inventory.models import (
    PurchaseOrder,
    PurchaseOrderLine,
    Receipt,
    ReceiptDifference,
    ShipNoticeLine,
    SupplierItem,
    Variant,
)
from inventory.models.purchasing import PurchaseOrderQuerySet
from inventory.selectors.scope import is_bound_to_locations, visible_locations
from inventory.states import PurchaseState, ReceiptState

OPEN = F("quantity") + F("over") - F("received") - F("cancelled")


def purchases_seen_by(user: User) -> PurchaseOrderQuerySet:
    """The purchase orders for the user's locations."""
    orders = PurchaseOrder.objects.all()
    if is_bound_to_locations(user):
        return orders.filter(location__in=visible_locations(user))
    return orders


def purchase_seen_by(user: User, order_id: int) -> PurchaseOrder:
    """One purchase order with what its page names; Http404 when it is not there or not theirs."""
    orders = purchases_seen_by(user).select_related("supplier", "location", "buyer", "approved_by")
    order = orders.filter(pk=order_id).first()
    if order is None:
        raise Http404("No such purchase order, or it is another location's.")
    return order


def receipt_seen_by(user: User, receipt_id: int) -> Receipt:
    """One receipt; Http404 when it is not there or another location's."""
    receipts = Receipt.objects.select_related("order__supplier", "order__location", "notice")
    if is_bound_to_locations(user):
        receipts = receipts.filter(order__location__in=visible_locations(user))
    receipt = receipts.filter(pk=receipt_id).first()
    if receipt is None:
        raise Http404("No such receipt, or it is another location's.")
    return receipt


def differences_seen_by(user: User) -> QuerySet[ReceiptDifference]:
    """How deliveries to the user's locations differed from what was expected."""
    rows = ReceiptDifference.objects.all()
    if is_bound_to_locations(user):
        return rows.filter(receipt__order__location__in=visible_locations(user))
    return rows


def open_purchase_lines(*, with_approved: bool = True) -> "QuerySet[Any, Any]":
    """Lines that are still to come into stock, with `open_units` and `due_on`: the day that the
    supplier's last notice, else the line, else the order names (None: nobody knows). Approved orders
    count, unless not wanted; drafts, and goods that go straight to a customer, never do.
    """
    states = PurchaseState.open_states() if with_approved else PurchaseState.coming_states()
    told = (
        ShipNoticeLine.objects.filter(line=OuterRef("pk"), notice__arrived_at=None)
        .order_by()
        .values("line")
        .annotate(day=Max("notice__expected_on"))
        .values("day")
    )
    return (
        PurchaseOrderLine.objects.filter(order__state__in=states, order__ship_to_reference="")
        .annotate(
            open_units=OPEN,
            due_on=Coalesce(
                Subquery(told, output_field=DateField()), "expected_on", "order__expected_on"
            ),
        )
        .filter(open_units__gt=0)
    )


def late_condition(today: date) -> Q:
    """Orders of which something should have come before today."""
    told = (
        ShipNoticeLine.objects.filter(line=OuterRef("pk"), notice__arrived_at=None)
        .order_by()
        .values("line")
        .annotate(day=Max("notice__expected_on"))
        .values("day")
    )
    late = (
        PurchaseOrderLine.objects.filter(order=OuterRef("pk"))
        .annotate(
            open_units=OPEN,
            due_on=Coalesce(
                Subquery(told, output_field=DateField()), "expected_on", "order__expected_on"
            ),
        )
        .filter(open_units__gt=0, due_on__lt=today)
    )
    return Q(Exists(late), state__in=PurchaseState.coming_states())


def with_progress(orders: QuerySet[PurchaseOrder]) -> "QuerySet[Any, Any]":
    """Orders with the `ordered`, `arrived` and `missing` units of their lines, and `due_on`."""
    lines = PurchaseOrderLine.objects.filter(order=OuterRef("pk")).order_by().values("order")

    def summed(expression: Any) -> Subquery:
        return Subquery(lines.annotate(n=Sum(expression)).values("n"), output_field=IntegerField())

    due = lines.filter(quantity__gt=F("received") + F("cancelled") - F("over")).annotate(
        day=Min(Coalesce("expected_on", "order__expected_on"))
    )
    return orders.annotate(
        ordered=Coalesce(summed("quantity"), 0),
        arrived=Coalesce(summed("received"), 0),
        missing=Coalesce(summed(OPEN), 0),
        due_on=Subquery(due.values("day"), output_field=DateField()),
    )


def purchases_of(variant: Variant, user: User) -> list[PurchaseOrderLine]:
    """Lines on which a variant is still to come to the user's locations. One query."""
    lines = open_purchase_lines().filter(variant=variant, order__in=purchases_seen_by(user))
    return list(lines.select_related("order__supplier", "order__location").order_by("due_on", "pk"))


def advice_on(order: PurchaseOrder, lines: list[PurchaseOrderLine]) -> list[str]:
    """What a buyer should know before approving: packs, minima, doubtful prices. One query."""
    supplier = order.supplier
    prices = {
        item.variant_id: item
        for item in SupplierItem.objects.filter(
            supplier=supplier, variant__in=[line.variant_id for line in lines]
        )
    }
    said = []
    for line in lines:
        item = prices.get(line.variant_id)
        if item is None:
            said.append(f"{line.sku} is not on the price list of {supplier.name}.")
            continue
        if line.quantity < item.minimum_quantity:
            said.append(
                f"{line.sku}: {supplier.name} sells {item.minimum_quantity} units at least."
            )
        if line.quantity % item.pack_size:
            packs = -(-line.quantity // item.pack_size)
            said.append(
                f"{line.sku} comes in packs of {item.pack_size};"
                f" {packs * item.pack_size} units would be {packs} whole packs."
            )
        if line.unit_cost != item.price:
            listed = money_text(item.price, order.currency)
            said.append(f"{line.sku} is on the price list at {listed}.")
    if order.total < supplier.minimum_order:
        wanted = money_text(supplier.minimum_order, supplier.currency)
        said.append(f"{supplier.name} takes orders from {wanted}.")
    return said


def days_late(order: Any, today: date) -> int:
    """Days since goods of an order `with_progress` were due; 0 when they are not late."""
    if order.state not in PurchaseState.coming_states() or order.due_on is None:
        return 0
    days: int = (today - order.due_on) // timedelta(days=1)
    return max(0, days)


def counting_receipt(order: PurchaseOrder) -> Receipt | None:
    """The receipt of an order that is being counted."""
    return order.receipts.filter(state=ReceiptState.COUNTING).first()


def landed_total(order: PurchaseOrder) -> Decimal:
    """What the goods cost with their way in, in the order's currency."""
    return sum((cost.amount for cost in order.landed_costs.all()), Decimal(order.total))
