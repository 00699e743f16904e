"""Reviews: a person releases or refuses a risky order, in time; the clock puts late ones forward."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from core import actors, attention
from core.models import AttentionItem
from orders.errors import CannotReview
from orders.events.risk import RiskReviewed
from orders.locks import lock_order
from orders.models import Order, RiskReview
from orders.selectors.risk.reading import open_review_of
from orders.services.cancelling import cancel_order
from orders.services.holding import release_hold
from orders.services.screening.blocking import block_buyer
from orders.services.settling import settle
from orders.states import OrderState, RiskLevel, RiskListKind, RiskVerdict

REVIEW_LATE = "risk_review_late"
MOST_LATE = 500
LEVELS = {
    RiskVerdict.APPROVED: RiskLevel.APPROVED,
    RiskVerdict.REFUSED: RiskLevel.REFUSED,
    RiskVerdict.OVER: RiskLevel.OVER,
}


@transaction.atomic
def review_order(
    *,
    order_id: int,
    verdict: RiskVerdict,
    reason: str,
    blocks: Collection[RiskListKind] = (),
    version: int | None = None,
    now: datetime,
) -> Order:
    """Release or refuse an order, and hold what `blocks` names of it against later ones. Raises
    CannotReview, BadListEntry, and what cancelling refuses.
    """
    if blocks:
        block_buyer(order_id=order_id, kinds=blocks, reason=reason, version=version, now=now)
    if verdict == RiskVerdict.REFUSED:
        return refuse_order(order_id=order_id, reason=reason, version=version, now=now)
    return approve_order(order_id=order_id, reason=reason, version=version, now=now)


@transaction.atomic
def approve_order(
    *, order_id: int, reason: str, version: int | None = None, now: datetime
) -> Order:
    """Release an order that waits for a review; its hold goes with it. Raises CannotReview where it
    waits for none, or no reason is given.
    """
    order = lock_order(order_id, version=version)
    review = _to_review(order, reason)
    _close(order, review, RiskVerdict.APPROVED, reason, now=now)
    if review.hold_id:
        release_hold(order_id=order.pk, hold_id=review.hold_id, now=now)
    return Order.objects.select_related("channel").get(pk=order.pk)


@transaction.atomic
def refuse_order(*, order_id: int, reason: str, version: int | None = None, now: datetime) -> Order:
    """Cancel what has not left of an order that waits for a review; what was paid goes back. Raises
    CannotReview, CannotCancel.
    """
    order = lock_order(order_id, version=version)
    review = _to_review(order, reason)
    _close(order, review, RiskVerdict.REFUSED, reason, now=now)
    return cancel_order(order_id=order.pk, reason=f"Risk review: {reason.strip()}", now=now)


def _to_review(order: Order, reason: str) -> RiskReview:
    review = open_review_of(order)
    if review is None:
        raise CannotReview(
            f"Order {order.number} waits for no risk review; reload it to see where it stands."
        )
    if not reason.strip():
        raise CannotReview("Say why; whoever reads it later will want to know.", field="reason")
    return review


def _close(
    order: Order, review: RiskReview, verdict: RiskVerdict, reason: str, *, now: datetime
) -> None:
    """End a review of a locked order, and save where the order stands then."""
    review.verdict = verdict
    review.reason = reason.strip()[:300]
    review.closed_by = actors.current().actor.label[:150]
    review.closed_at = now
    review.save()
    attention.resolve(kind=REVIEW_LATE, subject_type="order", subject_ids=[order.pk])
    order.risk_level = LEVELS[verdict]
    fact = RiskReviewed(
        order_id=order.pk, review_id=review.pk, verdict=verdict.label.lower(), why=review.reason
    )
    settle(order, [fact], now=now, reason=review.reason)


@transaction.atomic
def follow_released(*, order_id: int, hold_id: int, now: datetime) -> None:
    """A hold was released by hand: the review that it was for is answered."""
    order = lock_order(order_id)
    review = open_review_of(order)
    if review is not None and review.hold_id == hold_id:
        _close(order, review, RiskVerdict.APPROVED, "Its hold was released", now=now)


@transaction.atomic
def follow_over(*, order_id: int, now: datetime) -> None:
    """An order is over: nobody has to look at it any more."""
    order = lock_order(order_id)
    review = open_review_of(order)
    if order.state == OrderState.OPEN:
        return
    if review is not None:
        words = f"The order is {order.get_state_display().lower()}"
        _close(order, review, RiskVerdict.OVER, words, now=now)


def watch_reviews(*, now: datetime) -> int:
    """Put reviews whose clock ran out before people; returns how many wait. Run as often as wished."""
    late = RiskReview.objects.filter(closed_at=None, due_at__lte=now).select_related("order")
    known = set(
        AttentionItem.objects.filter(
            kind=REVIEW_LATE, subject_type="order", resolved_at=None
        ).values_list("subject_id", flat=True)
    )
    count = 0
    for review in late.order_by("due_at", "pk")[:MOST_LATE]:
        count += 1
        if review.order_id not in known:
            kept = "on hold" if review.hold_id else "going on meanwhile"
            attention.raise_item(
                kind=REVIEW_LATE,
                subject_type="order",
                subject_id=review.order_id,
                title=f"{review.order.number}: risk review is late",
                detail=f"It should have been decided by now; the order is {kept}.",
                url=f"/orders/{review.order_id}/risk/",
                since=review.due_at,
            )
    return count
