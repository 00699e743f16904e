"""What the clock decides: holds whose time is up, and orders that nobody paid for too long.

Each order is handled in a transaction of its own: one that somebody holds locked, or that may not be
changed now, is left for the next sweep and keeps up no other.
"""

import logging
from datetime import datetime, timedelta
from functools import partial

from django.db import OperationalError
from django.db.models import Exists, OuterRef, Q, QuerySet

from core.errors import DomainError
from core.models import Channel
from orders.models import Hold, Order
from orders.services.cancelling import expire_order
from orders.services.holding import release_hold
from orders.states import HoldKind, OrderState, PaymentStatus, PaymentTerms

logger = logging.getLogger(__name__)


def release_due_holds(*, now: datetime) -> int:
    """Release every hold whose time is up; returns how many."""
    due = Hold.objects.filter(released_at=None, until__lte=now).order_by("until", "pk")
    return sum(
        _tried(partial(release_hold, order_id=order_id, hold_id=hold_id, now=now))
        for order_id, hold_id in list(due.values_list("order_id", "pk"))
    )


def expire_unpaid(*, now: datetime) -> int:
    """End the orders for which no money came within their channel's days; returns how many."""
    return sum(
        _tried(partial(expire_order, order_id=order_id, days=days, now=now))
        for order_id, days in list(
            unpaid_too_long(now=now).values_list("pk", "channel__unpaid_days")
        )
    )


def unpaid_too_long(*, now: datetime) -> QuerySet[Order]:
    """Open orders to be paid before they leave, without a cent after their channel's days, the oldest
    first. Orders on account, brought in with their history, authorised, or held for another reason
    than the payment are left to people.
    """
    is_past = Q(pk__in=())
    for pk, days in Channel.objects.values_list("pk", "unpaid_days"):
        is_past |= Q(channel=pk, placed_at__lt=now - timedelta(days=days))
    kept = Hold.objects.filter(order=OuterRef("pk"), released_at=None).exclude(
        kind=HoldKind.PAYMENT
    )
    return Order.objects.filter(
        is_past,
        ~Exists(kept),
        state=OrderState.OPEN,
        payment_status=PaymentStatus.PENDING,
        payment_terms=PaymentTerms.PREPAID,
        authorised=0,
        units_shipped=0,
        is_historical=False,
    ).order_by("placed_at", "pk")


def _tried(verb: "partial[Order] | partial[Order | None]") -> bool:
    """Whether the verb did something; a refusal or a lock is logged and left for the next sweep."""
    try:
        return verb() is not None
    except (DomainError, OperationalError) as reason:
        logger.warning("order %s is left for the next sweep: %s", verb.keywords["order_id"], reason)
        return False
