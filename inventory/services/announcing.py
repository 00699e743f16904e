"""Advance ship notices: what the supplier says is on its way."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction

from core import outbox
from core.clock import day_in_words
from inventory.errors import BadPurchase, CannotBuy
from inventory.events import ShipmentAnnounced
from inventory.locks import lock_purchase
from inventory.models import PurchaseOrder, PurchaseOrderLine, ShipNotice, ShipNoticeLine
from inventory.services.moving import check_quantity

FARTHEST = timedelta(days=2 * 365)


@dataclass(frozen=True, slots=True)
class Announced:
    """Units of a purchase line that are on their way."""

    line_id: int
    quantity: int
    lot_code: str = ""
    expires_on: date | None = None


@transaction.atomic
def announce_shipment(
    *,
    order_id: int,
    reference: str,
    expected_on: date,
    goods: Sequence[Announced],
    carrier: str = "",
    tracking_number: str = "",
    now: datetime,
) -> ShipNotice:
    """Keep what the supplier says is coming, and when. Raises CannotBuy when nothing is to come;
    BadPurchase for a notice that is known already, an odd day or more than is to come.
    """
    order = lock_purchase(order_id)
    if not order.is_coming:
        state = order.get_state_display().lower()
        raise CannotBuy(f"{order.number} is {state}; announce goods of an order under way only.")
    reference = _new_reference(order, reference)
    if abs(expected_on - now.astimezone(order.location.zone).date()) > FARTHEST:
        raise BadPurchase("Check the year of the day of arrival.", field="expected_on")
    rows = _merged(order, goods)
    notice = ShipNotice.objects.create(
        order=order,
        reference=reference,
        expected_on=expected_on,
        carrier=carrier[:60],
        tracking_number=tracking_number[:80],
        created_at=now,
    )
    ShipNoticeLine.objects.bulk_create(
        ShipNoticeLine(
            notice=notice,
            line_id=one.line_id,
            quantity=one.quantity,
            lot_code=one.lot_code,
            expires_on=one.expires_on,
        )
        for one in rows
    )
    outbox.publish(
        ShipmentAnnounced(
            purchaseorder_id=order.pk,
            number=order.number,
            reference=reference,
            units=sum(one.quantity for one in rows),
            expected_on=day_in_words(expected_on),
        )
    )
    return notice


def _new_reference(order: PurchaseOrder, told: str) -> str:
    """The number of a delivery note as it is kept, or a refusal."""
    reference = " ".join(told.split())
    if not reference or len(reference) > 60:
        raise BadPurchase(
            "Give the number of the delivery note, at most 60 characters.", field="reference"
        )
    if order.notices.filter(reference=reference).exists():
        raise BadPurchase(
            f"Delivery note {reference} was entered already; open it on the order’s page.",
            field="reference",
        )
    return reference


@transaction.atomic
def withdraw_notice(*, notice_id: int) -> PurchaseOrder:
    """The delivery does not come after all. Raises CannotBuy once it has arrived or is counted."""
    order_id = ShipNotice.objects.filter(pk=notice_id).values_list("order_id", flat=True).first()
    if order_id is None:
        raise CannotBuy("This notice is gone already; reload the page.")
    order = lock_purchase(order_id)
    notice = ShipNotice.objects.get(pk=notice_id)
    if notice.arrived_at or notice.receipts.exists():
        raise CannotBuy(f"Delivery {notice.reference} has arrived; it stays.")
    notice.delete()
    return order


def _merged(order: PurchaseOrder, goods: Sequence[Announced]) -> list[Announced]:
    """One row a line and lot; checked against what is to come."""
    lines = {line.pk: line for line in order.lines.all()}
    merged: dict[tuple[int, str], Announced] = {}
    for one in goods:
        check_quantity(one.quantity)
        if one.line_id not in lines:
            raise BadPurchase(f"{order.number} has no such line; reload the page.")
        lot = " ".join(one.lot_code.split())[:60]
        known = merged.get((one.line_id, lot))
        merged[one.line_id, lot] = Announced(
            one.line_id,
            one.quantity + (known.quantity if known else 0),
            lot,
            one.expires_on or (known.expires_on if known else None),
        )
    if not merged:
        raise BadPurchase("Say of at least one line how many units are on their way.")
    for line_id, line in lines.items():
        _refuse_more(line, sum(one.quantity for key, one in merged.items() if key[0] == line_id))
    return list(merged.values())


def _refuse_more(line: PurchaseOrderLine, units: int) -> None:
    if units > line.open:
        raise BadPurchase(
            f"{line.sku}: {units} units cannot be on their way, {line.open} are still to come."
            " Count what really arrives instead.",
            field="quantity",
        )
