"""After placing: a promise that people change, and what is expected as things happen."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Subquery, prefetch_related_objects

from core import actors
from core.bulk import insert_all, update_all
from core.outbox import publish_all
from orders.errors import CannotPromise
from orders.events.promises import ArrivalExpected, PromiseChanged
from orders.locks import lock_order, lock_orders
from orders.models import Fulfilment, Order, OrderPromise
from orders.promising import Inputs, promise
from orders.promising.wording import day_words
from orders.selectors.expecting import expected_days, promised_orders
from orders.selectors.promise_tables import promise_tables
from orders.services.promising import promise_row
from orders.services.settling import settle
from orders.states import OrderState, PaymentTerms, PromiseBasis

BATCH = 500
FARTHEST = timedelta(days=731)
PAID_LATER = "The money came after the cut-off that the first day counted on"


@transaction.atomic
def change_promise(
    *, order_id: int, promised_on: date, reason: str, version: int | None = None, now: datetime
) -> Order:
    """Promise an order for another day, and say why. Raises CannotPromise for an order that is over or
    has arrived, a day that has passed or is years away, and one on which its carrier does not deliver.
    """
    order = lock_order(order_id, version=version)
    if order.state in {OrderState.CANCELLED, OrderState.EXPIRED} or order.arrived_on:
        raise CannotPromise(f"Order {order.number} is over; there is nothing left to promise.")
    if not reason.strip():
        raise CannotPromise("Say why the day changes; the next person will ask.", field="reason")
    if promised_on == order.promised_on:
        return order
    _refuse_day(order, promised_on, now=now)
    before = order.promised_on
    OrderPromise.objects.create(
        order=order,
        promised_on=promised_on,
        basis=PromiseBasis.PERSON,
        reason=reason.strip()[:300],
        made_at=now,
        made_by=actors.current().actor.label[:150],
    )
    order.promised_on = promised_on
    fact = PromiseChanged(
        order_id=order.pk,
        promised_on=promised_on.isoformat(),
        earlier=before.isoformat() if before else None,
        words=day_words(promised_on),
    )
    change = {"promised for": (before and before.isoformat(), promised_on.isoformat())}
    settle(order, [fact], now=now, changes=[change], reason=reason.strip())
    return order


def _refuse_day(order: Order, day: date, *, now: datetime) -> None:
    today = now.astimezone(order.channel.zone).date()
    if day < today:
        raise CannotPromise(
            f"{day_words(day)} has passed; promise {day_words(today)} or later.",
            field="promised_on",
        )
    if day > today + FARTHEST:
        raise CannotPromise(
            f"{day_words(day)} {day.year} is years away; promise a day up to"
            f" {day_words(today + FARTHEST)} {(today + FARTHEST).year}.",
            field="promised_on",
        )
    if order.shipping_service is None:
        return
    work = promise_tables(now=now).carrier_work(order.shipping_service.carrier, order.ship_country)
    if not work.is_open(day):
        raise CannotPromise(
            f"{order.shipping_service} does not deliver on {day_words(day)};"
            f" {day_words(work.first(day))} is the next day on which it does.",
            field="promised_on",
        )


@transaction.atomic
def refresh_expected(*, order_ids: Sequence[int], now: datetime) -> int:
    """Bring up to date when these orders are expected to arrive; returns for how many that changed. The
    promise stays what it is. States a fact for each that is now expected after its day, or no longer.
    """
    waiting = Order.objects.filter(pk__in=order_ids, promised_on__isnull=False, arrived_on=None)
    orders = lock_orders(waiting.values_list("pk", flat=True))
    prefetch_related_objects(orders, "channel")
    days = expected_days(orders, now=now)
    changed, facts = [], []
    for order in orders:
        day = days[order.pk]
        if day == order.expected_on:
            continue
        if _is_late(order, day) != _is_late(order, order.expected_on):
            facts.append(
                ArrivalExpected(
                    order_id=order.pk,
                    expected_on=day.isoformat() if day else None,
                    promised_on=str(order.promised_on),
                    is_late=_is_late(order, day),
                    words=f"on {day_words(day)}" if day else "on a day that nobody knows",
                )
            )
        order.expected_on = day
        changed.append(order)
    update_all(changed, ["expected_on"])
    publish_all(facts)
    return len(changed)


def _is_late(order: Order, day: date | None) -> bool:
    assert order.promised_on is not None  # noqa: S101  (only promised orders are asked for)
    return day is None or day > order.promised_on


@transaction.atomic
def promise_from_payment(*, now: datetime) -> int:
    """Orders paid in advance were promised as if they were paid at once. Those whose money came after
    the cut-off that counted are promised anew from the moment they were handed over; once, and never
    where a person changed the day. Returns how many.
    """
    first_told = (
        Fulfilment.objects.filter(order=OuterRef("pk")).order_by("pk").values("created_at")[:1]
    )
    made = OrderPromise.objects.filter(order=OuterRef("pk")).order_by("pk")
    late = (
        promised_orders(now=now)
        .filter(payment_terms=PaymentTerms.PREPAID, state=OrderState.OPEN)
        .annotate(told_at=Subquery(first_told), due_at=Subquery(made.values("ship_by")[:1]))
        .filter(told_at__gt=F("due_at"))
        .exclude(Exists(made.exclude(reason="")))
        .values_list("pk", "told_at")
    )
    told_at = dict(late[:BATCH])
    rows, facts = [], []
    orders = lock_orders(told_at)
    kept = {one.order_id: one for one in OrderPromise.objects.filter(order_id__in=told_at)}
    for order in orders:
        inputs = replace(Inputs.from_json(kept[order.pk].inputs), ordered_at=told_at[order.pk])
        found = promise(inputs).chosen
        if found is None or order.promised_on is None or found.promised_on <= order.promised_on:
            continue
        rows.append(promise_row(order, inputs, found, reason=PAID_LATER, now=now))
        facts.append(
            PromiseChanged(
                order_id=order.pk,
                promised_on=found.promised_on.isoformat(),
                earlier=order.promised_on.isoformat(),
                words=day_words(found.promised_on),
            )
        )
        order.promised_on = found.promised_on
    insert_all(rows)
    update_all([row.order for row in rows], ["promised_on"])
    publish_all(facts, reason=PAID_LATER)
    return len(rows)
