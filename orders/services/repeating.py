"""Standing orders as people keep them: made, changed, paused, skipped, ended."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django_fsm import can_proceed

from core.audit import record_move
from core.clock import day_in_words
from core.numbers import next_values
from core.outbox import publish
from customers.models import Customer
from inventory.models import Variant
from orders.drafts import OrderDraft, Schedule
from orders.errors import BadLine, BadSchedule, CannotRepeat, CouponSpent, EmptyOrder
from orders.events.business import StandingOrderChanged
from orders.locks import lock_standing_order
from orders.models import Coupon, StandingOrder, StandingOrderLine, StandingRun
from orders.states import RunOutcome, StandingState


@transaction.atomic
def save_standing_order(
    *,
    standing_order_id: int | None,
    draft: OrderDraft,
    prices: Sequence[Decimal | None],
    schedule: Schedule,
    codes: Sequence[str] = (),
    version: int | None = None,
    now: datetime,
) -> StandingOrder:
    """Keep what is ordered again and how often. `prices` has one for each line of the draft; None
    is the list price of the day. `codes` are coupons that each order asks for. Raises StaleEdit,
    BadSchedule, BadLine, EmptyOrder, CouponSpent for a code that there is not, CannotRepeat for one
    that has ended.
    """
    today = now.astimezone(draft.channel.zone).date()
    _check(schedule, draft, today, is_new=standing_order_id is None)
    if standing_order_id is None:
        number = f"ST-{next_values('orders_standing_number')[0]}"
        standing = StandingOrder(number=number, created_at=now)
    else:
        standing = lock_standing_order(standing_order_id, version=version)
        if standing.state == StandingState.ENDED:
            raise CannotRepeat(f"{standing} has ended; make a new one.")
        standing.version += 1
    _fill(standing, draft)
    standing.coupons = _known_codes(codes)
    is_moved = (standing.every, standing.unit, standing.first_on) != (
        schedule.every,
        schedule.unit,
        schedule.first_on,
    )
    standing.every, standing.unit = schedule.every, schedule.unit
    standing.first_on, standing.ends_on = schedule.first_on, schedule.ends_on
    if is_moved:
        standing.next_on = _first_free(standing, today)
    standing.save()
    _keep_lines(standing, draft, prices)
    _tell(standing, f"{'changed' if standing_order_id else 'made'}: {standing.rhythm}")
    return standing


def _check(schedule: Schedule, draft: OrderDraft, today: date, *, is_new: bool) -> None:
    if not draft.lines:
        raise EmptyOrder("A standing order needs at least one line; add a product.")
    if not 1 <= schedule.every <= 366:
        raise BadSchedule("Say every how many, from 1 to 366.", field="every")
    if is_new and schedule.first_on < today:
        raise BadSchedule("The first day has passed; give today or a later one.", field="first_on")
    if schedule.ends_on and schedule.ends_on < max(today, schedule.first_on):
        raise BadSchedule("The last day lies before the next one it is due.", field="ends_on")


def _fill(standing: StandingOrder, draft: OrderDraft) -> None:
    customer = Customer.objects.filter(pk=draft.customer_id or 0).select_related("company").first()
    standing.customer = customer
    standing.company = customer.company if customer else None
    standing.note = draft.customer_note
    for name in (
        "channel", "customer_name", "email", "phone", "purchase_order", "payment_terms",
        "when_short", "shipping_service",
    ):  # fmt: skip
        setattr(standing, name, getattr(draft, name))
    standing.billing_address = draft.billing_address.as_json()
    standing.shipping_address = draft.shipping_address.as_json()


def _known_codes(codes: Sequence[str]) -> list[str]:
    """The codes as they are written, each once. One that is used up or not valid today may be by
    then; one that there is not is a slip.
    """
    asked = list(dict.fromkeys(code.strip().upper() for code in codes if code.strip()))
    known = set(Coupon.objects.filter(code__in=asked).values_list("code", flat=True))
    for code in asked:
        if code not in known:
            raise CouponSpent(
                f"There is no coupon {code}; check it or leave it out.", field="coupon"
            )
    return asked


def _first_free(standing: StandingOrder, today: date) -> date:
    """The next day it is due that has not been dealt with."""
    latest = standing.runs.order_by("-due_on").first() if standing.pk else None
    if latest:
        return standing.due_after(max(latest.due_on, today))
    return standing.first_on if standing.first_on >= today else standing.due_after(today)


def _keep_lines(
    standing: StandingOrder, draft: OrderDraft, prices: Sequence[Decimal | None]
) -> None:
    rows = Variant.objects.filter(sku__in={line.sku for line in draft.lines})
    variants = {variant.sku: variant for variant in rows.select_related("product")}
    standing.lines.all().delete()
    lines = []
    for position, (line, price) in enumerate(zip(draft.lines, prices, strict=True), start=1):
        variant = variants.get(line.sku)
        if variant is None:
            raise BadLine(
                f"Line {position}: no product has the SKU “{line.sku}”.",
                field=f"lines.{position}.sku",
            )
        words = variant.pack_problem(line.quantity) if standing.company_id else ""
        if words:
            raise BadLine(f"Line {position}: {words}", field=f"lines.{position}.quantity")
        lines.append(
            StandingOrderLine(
                standing_order=standing,
                position=position,
                variant=variant,
                sku=variant.sku,
                name=variant.full_name,
                quantity=line.quantity,
                unit_price=price,
                price_reason=line.price_reason,
            )
        )
    StandingOrderLine.objects.bulk_create(lines)


def _tell(standing: StandingOrder, what: str) -> None:
    publish(StandingOrderChanged(standingorder_id=standing.pk, number=standing.number, what=what))


def _move(standing: StandingOrder, before: str, what: str) -> None:
    standing.version += 1
    standing.save()
    record_move(standing, before, standing.state)
    _tell(standing, what)


@transaction.atomic
def pause_standing_order(*, standing_order_id: int, version: int | None = None) -> StandingOrder:
    """Place nothing until it is resumed. Raises CannotRepeat, StaleEdit."""
    standing = lock_standing_order(standing_order_id, version=version)
    if not can_proceed(standing.pause):
        raise CannotRepeat(f"{standing} is {standing.get_state_display().lower()} already.")
    standing.pause()
    _move(standing, StandingState.ACTIVE, "paused")
    return standing


@transaction.atomic
def resume_standing_order(
    *, standing_order_id: int, version: int | None = None, now: datetime
) -> StandingOrder:
    """Go on from the next day it is due. Raises CannotRepeat, StaleEdit."""
    standing = lock_standing_order(standing_order_id, version=version)
    if not can_proceed(standing.resume):
        raise CannotRepeat(f"{standing} is not paused.")
    standing.resume(today=now.astimezone(standing.channel.zone).date())
    _move(standing, StandingState.PAUSED, f"resumed, next on {day_in_words(standing.next_on)}")
    return standing


@transaction.atomic
def end_standing_order(*, standing_order_id: int, version: int | None = None) -> StandingOrder:
    """Never place it again. Raises CannotRepeat, StaleEdit."""
    standing = lock_standing_order(standing_order_id, version=version)
    _end(standing)
    return standing


def _end(standing: StandingOrder) -> None:
    if not can_proceed(standing.end):
        raise CannotRepeat(f"{standing} has ended already.")
    before = standing.state
    standing.end()
    _move(standing, before, "ended")


@transaction.atomic
def skip_standing_order(
    *, standing_order_id: int, version: int | None = None, now: datetime
) -> StandingOrder:
    """Leave out the next day it is due. Raises CannotRepeat for one that has ended, StaleEdit."""
    standing = lock_standing_order(standing_order_id, version=version)
    if standing.state == StandingState.ENDED:
        raise CannotRepeat(f"{standing} has ended already.")
    day = standing.next_on
    record_run(standing, day, RunOutcome.SKIPPED, "Skipped by hand.", now=now)
    standing.next_on = standing.due_after(day)
    standing.version += 1
    standing.save()
    _tell(standing, f"skipped for {day_in_words(day)}, next on {day_in_words(standing.next_on)}")
    end_if_over(standing)
    return standing


def record_run(
    standing: StandingOrder, day: date, outcome: RunOutcome, detail: str, *, now: datetime
) -> StandingRun:
    """Write down what became of a day; the database allows one row for each."""
    return StandingRun.objects.create(
        standing_order=standing, due_on=day, outcome=outcome, detail=detail[:500], ran_at=now
    )


def end_if_over(standing: StandingOrder) -> None:
    """End a locked one whose last day has passed."""
    if standing.ends_on and standing.next_on > standing.ends_on:
        _end(standing)
