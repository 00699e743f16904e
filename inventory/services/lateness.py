"""Suppliers that are late are put before people, until their goods are here."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction

from core import attention
from core.models import AttentionItem
from inventory.models import Location, PurchaseOrder
from inventory.selectors.purchasing import days_late, late_condition, with_progress

LATE_SUPPLIER = "late_supplier"
SUBJECT = "purchaseorder"


@transaction.atomic
def flag_late_suppliers(*, now: datetime) -> int:
    """Raise attention for each order of which something should have come by now, and let go of those
    that are no longer late. Days are those of the location. Returns how many are late.
    """
    late: set[int] = set()
    for location in Location.objects.filter(purchase_orders__isnull=False).distinct():
        today = now.astimezone(location.zone).date()
        orders = PurchaseOrder.objects.filter(late_condition(today), location=location)
        for order in with_progress(orders.select_related("supplier", "location")):
            late.add(order.pk)
            days = max(1, days_late(order, today))
            attention.raise_item(
                kind=LATE_SUPPLIER,
                subject_type=SUBJECT,
                subject_id=order.pk,
                title=f"{order.number} from {order.supplier.name} is late",
                detail=(
                    f"{order.missing} of {order.ordered} units for {location.name} should have come"
                    f" {days} day{'' if days == 1 else 's'} ago. Ask for another day, or close it"
                    " short."
                ),
                url=f"/purchasing/orders/{order.pk}/",
                since=now - timedelta(days=days),
            )
    _let_go(
        AttentionItem.objects.filter(kind=LATE_SUPPLIER, resolved_at=None)
        .exclude(subject_id__in=late)
        .values_list("subject_id", flat=True)
    )
    return len(late)


def forget_lateness(order: PurchaseOrder, *, now: datetime) -> None:
    """Let go of an order where nothing of it is late any more."""
    today = now.astimezone(order.location.zone).date()
    if not PurchaseOrder.objects.filter(late_condition(today), pk=order.pk).exists():
        _let_go([order.pk])


def _let_go(order_ids: Iterable[int]) -> None:
    attention.resolve(kind=LATE_SUPPLIER, subject_type=SUBJECT, subject_ids=list(order_ids))
