"""Watching the clock: what should have left by now, and parcels of which nothing is heard."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from core import attention
from core.models import AttentionItem
from core.outbox import publish
from orders.models import Fulfilment, Order
from orders.services import lock_fulfilment
from orders.states import FulfilmentState, OrderState
from shipping.events import FulfilmentLate
from shipping.models import LateNotice, Parcel
from shipping.states import ShipmentState

LATE = "fulfilment_late"
STALLED = "tracking_stalled"
SHORT_PICK = "short_pick"
BATCH = 200


def flag_late(*, now: datetime) -> int:
    """Find work whose time has passed, state so once and put it before people; returns how many."""
    due = list(
        Fulfilment.objects.filter(
            state__in=FulfilmentState.open_states(),
            ship_by__lt=now,
            late_notice=None,
            order__state=OrderState.OPEN,
            order__open_holds=0,
        )
        .order_by("ship_by", "id")
        .values_list("pk", flat=True)[:BATCH]
    )
    return sum(_flag(pk, now=now) for pk in due)


@transaction.atomic
def _flag(fulfilment_id: int, *, now: datetime) -> bool:
    order, fulfilment = lock_fulfilment(fulfilment_id)
    is_late = fulfilment.ship_by is not None and fulfilment.ship_by < now
    if fulfilment.state not in FulfilmentState.open_states() or not is_late or order.open_holds:
        return False
    assert fulfilment.ship_by is not None  # noqa: S101 - it is late, so it is set
    _, is_new = LateNotice.objects.get_or_create(
        fulfilment=fulfilment, defaults={"ship_by": fulfilment.ship_by, "noticed_at": now}
    )
    if not is_new:
        return False
    attention.raise_item(
        kind=LATE,
        subject_type="fulfilment",
        subject_id=fulfilment.pk,
        title=f"{fulfilment.number} should have left {fulfilment.location.name}",
        detail=_late_words(fulfilment),
        url=f"/shipping/work/{fulfilment.pk}/",
        since=fulfilment.ship_by,
    )
    publish(
        FulfilmentLate(
            order_id=order.pk,
            fulfilment_id=fulfilment.pk,
            number=fulfilment.number,
            location=fulfilment.location.name,
            ship_by=fulfilment.ship_by.isoformat(),
            is_historical=order.is_historical,
        )
    )
    return True


def _late_words(fulfilment: Fulfilment) -> str:
    """Since when it is late, and how far it has come."""
    due = fulfilment.ship_by
    when = f"{due.astimezone(fulfilment.location.zone):%-d %B %H:%M}" if due else "earlier"
    words = f"It was due {when} and is {fulfilment.get_state_display().lower()}"
    return f"{words}; its order is on hold." if fulfilment.order.open_holds else f"{words}."


@transaction.atomic
def retell_late(*, fulfilment_ids: Iterable[int] | None = None) -> int:
    """Let what is said of late work follow its steps, of these or of all; returns how many items
    that changed.
    """
    items = AttentionItem.objects.filter(
        kind=LATE, subject_type="fulfilment", resolved_at=None
    ).order_by("pk")
    if fulfilment_ids is not None:
        items = items.filter(subject_id__in=list(fulfilment_ids))
    item_of = dict(items.values_list("subject_id", "pk"))
    if not item_of:
        return 0
    late = Fulfilment.objects.filter(pk__in=item_of).select_related("location", "order")
    return attention.retell({item_of[one.pk]: _late_words(one) for one in late})


@transaction.atomic
def forget_late() -> int:
    """Work that is no longer open is no longer late; returns how many items that resolved."""
    from_items = AttentionItem.objects.filter(
        kind=LATE, subject_type="fulfilment", resolved_at=None
    ).values_list("subject_id", flat=True)
    done = Fulfilment.objects.filter(pk__in=list(from_items)).exclude(
        state__in=FulfilmentState.open_states()
    )
    return attention.resolve(
        kind=LATE, subject_type="fulfilment", subject_ids=list(done.values_list("pk", flat=True))
    )


@transaction.atomic
def flag_stalled(*, now: datetime) -> int:
    """Put parcels before people of which nothing was heard for longer than their lane takes."""
    quiet = list(
        Parcel.objects.filter(quiet_after__lt=now, shipment__state=ShipmentState.DISPATCHED)
        .select_related("shipment")
        .order_by("quiet_after")[:BATCH]
    )
    for parcel in quiet:
        attention.raise_item(
            kind=STALLED,
            subject_type="parcel",
            subject_id=parcel.pk,
            title=f"{parcel.shipment.number}: nothing heard of {parcel.tracking_number}",
            detail=f"Last known: {parcel.get_tracking_status_display().lower()}. Ask the carrier.",
            url=f"/shipping/shipments/{parcel.shipment_id}/",
            since=parcel.quiet_after,
        )
    return len(quiet)


@transaction.atomic
def forget_short_picks(*, order_id: int) -> int:
    """A short pick is mended once nothing of the order waits for stock; returns how many were."""
    order = Order.objects.filter(pk=order_id).first()
    if order is None or (order.state == OrderState.OPEN and order.units_backordered > 0):
        return 0
    return attention.resolve(kind=SHORT_PICK, subject_type="order", subject_ids=[order_id])
