"""Sending again what was lost or damaged: a new, linked order at no charge."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import F, Sum

from core.money import ZERO
from orders.drafts import DraftLine, OrderDraft, WhenShort
from orders.errors import CannotReship
from orders.events import OrderReshipped
from orders.locks import lock_order
from orders.models import Order, OrderLine, OrderLink
from orders.services.placing import place_order
from orders.services.settling import settle
from orders.states import LinkKind, ReshipReason


@transaction.atomic
def reship_order(
    *,
    order_id: int,
    units: Mapping[int, int],
    reason: ReshipReason,
    note: str = "",
    when_short: WhenShort = WhenShort.BACKORDER,
    version: int | None = None,
    now: datetime,
) -> Order:
    """Send units, by line id, once more at no charge; returns the new order, its stock set aside.

    No more than was sent and neither came back nor was sent again already. Nothing is returned or
    credited by it. Raises CannotReship, OutOfStock.
    """
    order = lock_order(order_id, version=version)
    lines = _check(order, units)
    words = f"{reason.label}: {note.strip()}" if note.strip() else reason.label
    copy = place_order(_draft(order, lines, units, words, when_short), now=now)
    for line, new in zip(lines, copy.lines.order_by("position"), strict=True):
        new.origin = line
        new.save(update_fields=["origin"])
    count = sum(units[line.pk] for line in lines)
    OrderLink.objects.create(
        kind=LinkKind.RESHIP, source=order, target=copy, units=count, why=words[:300], made_at=now
    )
    fact = OrderReshipped(
        order_id=order.pk, copy_id=copy.pk, copy_number=copy.number, units=count, why=words
    )
    settle(order, [fact], now=now, reason=words)
    return copy


def _draft(
    order: Order,
    lines: list[OrderLine],
    units: Mapping[int, int],
    words: str,
    when_short: WhenShort,
) -> OrderDraft:
    """The same head and goods, at no charge."""
    return OrderDraft(
        channel=order.channel,
        currency=order.currency,
        customer_id=order.customer_id,
        customer_name=order.customer_name,
        email=order.email,
        phone=order.phone,
        purchase_order=order.purchase_order,
        billing_address=order.bill_to,
        shipping_address=order.ship_to,
        prices_include_tax=order.prices_include_tax,
        shipping_service=order.shipping_service,
        shipping_method=order.shipping_method,
        when_short=when_short,
        was_announced=True,
        staff_note=f"Sent again for {order.number}. {words}",
        lines=tuple(
            DraftLine(
                sku=line.variant.sku if line.variant else "",
                name=line.name,
                quantity=units[line.pk],
                unit_price=ZERO,
            )
            for line in lines
        ),
    )


def reshippable(lines: list[OrderLine]) -> dict[int, int]:
    """Units that may be sent again, by line id: sent, not back, and not sent again yet. One query."""
    again = {
        row["origin"]: row["units"]
        for row in OrderLine.objects.filter(
            origin__in=[line.pk for line in lines], order__links_in__kind=LinkKind.RESHIP
        )
        .values("origin")
        .annotate(units=Sum(F("quantity") - F("cancelled")))
    }
    left = {line.pk: line.returnable - again.get(line.pk, 0) for line in lines}
    return {pk: count for pk, count in left.items() if count > 0}


def _check(order: Order, units: Mapping[int, int]) -> list[OrderLine]:
    lines = list(order.lines.select_related("variant"))
    possible = reshippable([line for line in lines if line.is_physical])
    wanted = [line for line in lines if units.get(line.pk)]
    if not wanted or {pk for pk, count in units.items() if count} - {line.pk for line in wanted}:
        raise CannotReship(f"Choose what of order {order.number} is sent again.", field="units")
    for line in wanted:
        if not 0 < units[line.pk] <= possible.get(line.pk, 0):
            raise CannotReship(
                f"{line.sku or line.name}: {units[line.pk]} units cannot be sent again,"
                f" {possible.get(line.pk, 0)} were sent and are neither back nor sent again.",
                field="units",
            )
        if line.variant is None:
            raise CannotReship(
                f"{line.sku or line.name} is no product here any more; place a new order instead.",
                field="units",
            )
    return wanted
