"""Standing orders on the days they are due: placed by the clock, each day once, or put before people."""

import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from django.db import OperationalError, transaction

from core import attention
from core.errors import DomainError
from core.outbox import publish
from orders.drafts import OrderDraft, WhenShort
from orders.errors import BadLine, BadSchedule, CannotRepeat, CouponSpent
from orders.events.business import StandingOrderPlaced, StandingOrderRefused
from orders.locks import lock_standing_order
from orders.models import Order, StandingOrder, StandingRun
from orders.selectors.quoting import LineWish, Quote, price_draft, quote_order
from orders.services.placing import place_order
from orders.services.repeating import end_if_over, record_run
from orders.states import PaymentTerms, RunOutcome, StandingState

logger = logging.getLogger(__name__)

REFUSED = "standing_order_refused"
MISSED = "Its day had passed already."


def place_standing_orders(*, now: datetime) -> int:
    """Place every standing order that is due; returns how many orders were placed. Each in a
    transaction of its own; run twice, or by two at once, each day gives one order.
    """
    somewhere = now.date() + timedelta(days=1)  # it is tomorrow already; each is asked where it is
    due = StandingOrder.objects.filter(state=StandingState.ACTIVE, next_on__lte=somewhere)
    placed = 0
    for pk in list(due.order_by("next_on", "pk").values_list("pk", flat=True)):
        try:
            placed += _place_due(pk, now=now)
        except (DomainError, OperationalError) as reason:
            logger.warning("standing order %s is left for the next sweep: %s", pk, reason)
    return placed


@transaction.atomic
def _place_due(standing_order_id: int, *, now: datetime) -> bool:
    """Place it for the latest day it was due. Days before that were missed and are not made up for."""
    standing = lock_standing_order(standing_order_id)
    today = now.astimezone(standing.channel.zone).date()
    if standing.state != StandingState.ACTIVE or standing.next_on > today:
        return False
    while (following := standing.due_after(standing.next_on)) <= today:
        record_run(standing, standing.next_on, RunOutcome.SKIPPED, MISSED, now=now)
        standing.next_on = following
    run = record_run(standing, standing.next_on, RunOutcome.REFUSED, "", now=now)
    is_placed = _try(standing, run, now=now)
    standing.next_on = following
    standing.version += 1
    standing.save()
    end_if_over(standing)
    return is_placed


def _try(standing: StandingOrder, run: StandingRun, *, now: datetime) -> bool:
    """Place the order of one day; a refusal is kept and put before people."""
    try:
        with transaction.atomic():
            _place(standing, run, now=now)
    except DomainError as refusal:
        run.detail = refusal.message[:500]
        run.save(update_fields=["detail"])
        attention.raise_item(
            kind=REFUSED,
            subject_type="standingorder",
            subject_id=standing.pk,
            title=f"{standing}: not ordered for {run.due_on:%-d %B}",
            detail=refusal.message,
            url=f"/standing-orders/{standing.pk}/",
        )
        publish(
            StandingOrderRefused(
                standingorder_id=standing.pk,
                number=standing.number,
                due_on=run.due_on.isoformat(),
                why=refusal.message[:300],
            )
        )
        return False
    return True


def _place(standing: StandingOrder, run: StandingRun, *, now: datetime) -> Order:
    order, left_out = _ordered(standing, now=now)
    run.order, run.outcome, run.detail = order, RunOutcome.PLACED, left_out[:500]
    run.save(update_fields=["order", "outcome", "detail"])
    publish(
        StandingOrderPlaced(
            standingorder_id=standing.pk,
            number=standing.number,
            due_on=run.due_on.isoformat(),
            order_id=order.pk,
            order_number=order.number,
        )
    )
    return order


def _ordered(standing: StandingOrder, *, now: datetime) -> tuple[Order, str]:
    """The order of the day, and which coupons it goes without. One that somebody else used up while
    it was being placed is left out like any other.
    """
    draft, left_out = _draft_of(standing, standing.coupons, now=now)
    try:
        with transaction.atomic():
            return place_order(draft, now=now), left_out
    except CouponSpent as spent:
        bare, _ = _draft_of(standing, (), now=now)
        words = f"{spent.message} Ordered without coupons."
        return place_order(replace(bare, staff_note=words), now=now), words


@transaction.atomic
def place_refused_run(*, run_id: int, now: datetime) -> Order:
    """Try again to place the order of a day on which it was refused; done twice it is one order.
    Raises CannotRepeat for a day that was skipped, and what placing refuses.
    """
    found = StandingRun.objects.filter(pk=run_id).first()
    if found is None:
        raise BadSchedule("There is no such day; reload the page.")
    standing = lock_standing_order(found.standing_order_id)
    run = StandingRun.objects.select_related("order").get(pk=run_id)
    if run.order is not None:
        return run.order
    if run.outcome != RunOutcome.REFUSED:
        raise CannotRepeat(f"{standing} was skipped for {run.due_on:%-d %B %Y}.")
    order = _place(standing, run, now=now)
    if not standing.runs.filter(outcome=RunOutcome.REFUSED).exists():
        attention.resolve(kind=REFUSED, subject_type="standingorder", subject_ids=[standing.pk])
    return order


def _left_out(quote: Quote, codes: Sequence[str]) -> str:
    """Which of the coupons take nothing off, and why."""
    why = {
        code: one.words
        for one in quote.told
        for code in codes
        if one.label == code or one.label.endswith(f"({code})")
    }
    missing = [code for code in codes if code not in quote.codes]
    told = [f"{code}: {why.get(code) or 'takes nothing off this order'}" for code in missing]
    return f"Ordered without coupon {'; '.join(told)}." if told else ""


def _wishes(standing: StandingOrder) -> list[LineWish]:
    return [
        LineWish(
            line.variant.sku if line.variant else line.sku,
            line.quantity,
            line.unit_price,
            line.price_reason or f"Standing order {standing}",
        )
        for line in standing.lines.select_related("variant")
    ]


def _draft_of(
    standing: StandingOrder, codes: Sequence[str], *, now: datetime
) -> tuple[OrderDraft, str]:
    """Today's order: prices, taxes, coupons and shipping as they are now, and which of the coupons it
    goes without. Raises BadLine.
    """
    quote = quote_order(
        _wishes(standing),
        channel=standing.channel,
        country=standing.ship_to.country,
        service=standing.shipping_service,
        shipping=None,
        region=standing.ship_to.region,
        customer_id=standing.customer_id,
        codes=codes,
        now=now,
    )
    for position, line in enumerate(quote.lines, start=1):
        is_priced = line.wish.unit_price is not None or line.list_price is not None
        if line.variant is None or not is_priced:
            raise BadLine(f"Line {position}: {line.problem}", field=f"lines.{position}.unit_price")
    service, left_out = standing.shipping_service, _left_out(quote, codes)
    draft = OrderDraft(
        channel=standing.channel,
        currency=standing.channel.currency,
        lines=(),
        customer_id=standing.customer_id,
        purchase_order=standing.purchase_order,
        customer_name=standing.customer_name,
        email=standing.email,
        phone=standing.phone,
        billing_address=standing.bill_to,
        shipping_address=standing.ship_to,
        shipping_service=service,
        shipping_method=service.name if service else "",
        payment_terms=PaymentTerms(standing.payment_terms),
        when_short=WhenShort(standing.when_short),
        customer_note=standing.note,
        staff_note=left_out,
        tags=("standing order",),
    )
    return price_draft(draft, quote), left_out
