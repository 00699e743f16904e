"""What the clock decides: holds whose time is up, and orders that nobody paid for too long.

Each order is handled in a transaction of its own: one that somebody holds locked, or that may not be
changed now, is left for the next sweep and keeps up no other.
"""

import logging
from datetime import datetime, timedelta
from functools import partial

from django.db import OperationalError
from django.db.models import Exists, OuterRef, Q, QuerySet

from core import attention
from core.errors import DomainError
from core.models import AttentionItem, Channel
from orders.models import Hold, Order
from orders.services.cancelling import expire_order
from orders.services.holding import release_hold
from orders.states import HoldKind, OrderState, PaymentStatus, PaymentTerms

EXPIRING = "order_expiring"
WARN_BEFORE = timedelta(days=1)
MOST_WARNED = 500

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


def warn_of_expiry(*, now: datetime) -> int:
    """Put the orders that end within a day before people, and take away those that no longer do;
    returns how many wait. Run as often as wished.
    """
    soon = list(unpaid_too_long(now=now + WARN_BEFORE).values_list("pk", "number")[:MOST_WARNED])
    ids = {pk for pk, _ in soon}
    open_items = AttentionItem.objects.filter(
        kind=EXPIRING, subject_type="order", resolved_at=None
    ).values_list("subject_id", flat=True)
    known = set(open_items)
    attention.resolve(kind=EXPIRING, subject_type="order", subject_ids=sorted(known - ids))
    for pk, number in soon:
        if pk not in known:
            attention.raise_item(
                kind=EXPIRING,
                subject_type="order",
                subject_id=pk,
                title=f"{number} ends unpaid within a day",
                detail="Ask the customer for the money, or put it on hold to keep it.",
                url=f"/orders/{pk}/",
            )
    return len(soon)


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
