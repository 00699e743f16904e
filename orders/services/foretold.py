"""Orders by the channel's own id: a cancellation may come before the order it cancels."""

from datetime import datetime

from django.db import connection, transaction

from core.models import Channel
from orders.models import CancelledAhead, Order
from orders.services.cancelling import cancel_order
from orders.states import OrderState


def claim_external_id(channel: Channel, external_id: str) -> CancelledAhead | None:
    """Let nobody else tell of this order until the open transaction ends; the cancellation that came
    before it, if one did. Two statements.
    """
    if not external_id:
        return None
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, %s))", [external_id, channel.pk]
        )
    return CancelledAhead.objects.filter(channel=channel, external_id=external_id).first()


@transaction.atomic
def cancel_external(
    *,
    channel: Channel,
    external_id: str,
    reason: str,
    wants_refund: bool = True,
    now: datetime,
) -> Order | None:
    """Cancel what a channel calls `external_id`. An order that is not here yet is remembered and will
    be born cancelled (None); one that is cancelled already stays so. Raises CannotCancel.
    """
    earlier = claim_external_id(channel, external_id)
    order = Order.objects.filter(channel=channel, external_id=external_id).first()
    if order is None:
        if earlier is None:
            CancelledAhead.objects.create(
                channel=channel, external_id=external_id, reason=reason[:300], cancelled_at=now
            )
        return None
    if order.state in {OrderState.CANCELLED, OrderState.EXPIRED}:
        return order
    return cancel_order(order_id=order.pk, reason=reason, wants_refund=wants_refund, now=now)
