"""Customers told that a lot they got is recalled: once for each order and lot."""

from django.db import transaction

from core import messages
from inventory.models import Lot
from orders.messages import LOT_RECALLED, recall_variables
from orders.models import Order


@transaction.atomic
def tell_of_recall(*, order_id: int, lot_id: int, units: int) -> bool:
    """Queue the message to the customer of one order; False where they were told before or left no
    e-mail address.
    """
    order = Order.objects.select_related("channel__legal_entity").get(pk=order_id)
    lot = Lot.objects.select_related("variant__product").get(pk=lot_id)
    if not order.email:
        return False
    queued = messages.queue(
        LOT_RECALLED,
        subject_id=order.pk,
        to=order.email,
        variables=recall_variables(order, lot, units),
        dedupe=f"{LOT_RECALLED.code}:{lot.pk}:{order.pk}",
        language=order.language,
        channel_id=order.channel_id,
    )
    return queued is not None
