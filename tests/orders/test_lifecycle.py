"""From paid to sent, held, cancelled, waiting and back: what verbs do to units, stock and worth."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import transaction

from core.errors import StaleEdit
from core.models import AttentionItem
from core.outbox import drain
from inventory.models import Movement
from inventory.services import adjust_stock
from inventory.states import MovementReason
from orders.drafts import WhenShort
from orders.errors import BadCredit, CannotCancel, CannotFulfil, CannotHold
from orders.locks import lock_order
from orders.models import Order
from orders.services import (
    cancel_order,
    expire_order,
    grant_credit,
    hold_order,
    match_line,
    preview_cancel,
    record_delivered,
    record_packed,
    record_return_requested,
    record_returned,
    record_shipped,
    record_short,
    release_due_holds,
    release_hold,
    start_work,
    undo_packing,
    undo_start,
)
from orders.states import (
    FulfilmentState,
    FulfilmentStatus,
    HoldKind,
    OrderState,
    PaymentStatus,
    ReturnStatus,
)
from payments.services import refund_order
from tests.cast import NOON, pay

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(hours=1)


def all_units(fulfilment) -> dict[int, int]:
    return {line.pk: line.open for line in fulfilment.lines.all()}


def send(order: Order):
    """Pick, pack and ship every fulfilment of a paid order."""
    for fulfilment in order.fulfilments.filter(state="ready"):
        start_work(fulfilment_id=fulfilment.pk, now=LATER)
        record_packed(fulfilment_id=fulfilment.pk, now=LATER)
        record_shipped(fulfilment_id=fulfilment.pk, units=all_units(fulfilment), now=LATER)
    return Order.objects.get(pk=order.pk)


def count(shop, units: int) -> int:
    """Count the mugs in the warehouse; the difference that was booked."""
    with transaction.atomic():
        return adjust_stock(
            variant=shop.mug,
            location=shop.warehouse,
            counted=units,
            reason=MovementReason.COUNT,
            now=LATER,
        )


def test_a_prepaid_order_is_handed_over_when_its_money_came(shop):
    shop.stock(shop.mug, 5)
    order = shop.order((shop.mug, 2))
    assert not order.fulfilments.exists()
    paid = pay(order)
    fulfilment = paid.fulfilments.get()
    assert (paid.payment_status, fulfilment.state) == (PaymentStatus.PAID, FulfilmentState.READY)
    assert all_units(fulfilment) == {fulfilment.lines.get().pk: 2}


def test_half_the_money_hands_nothing_over(shop):
    shop.stock(shop.mug, 5)
    half = pay(shop.order((shop.mug, 2)), "10")
    assert (half.payment_status, half.fulfilments.count()) == (PaymentStatus.PARTIALLY_PAID, 0)


def test_a_sent_and_paid_order_is_completed_and_its_stock_is_gone(shop):
    shop.stock(shop.mug, 5)
    order = send(pay(shop.order((shop.mug, 2))))
    assert (order.state, order.fulfilment_status) == (
        OrderState.COMPLETED,
        FulfilmentStatus.SHIPPED,
    )
    level = shop.level(shop.mug)
    assert (level.sellable, level.allocated) == (3, 0)
    movement = Movement.objects.get(reason=MovementReason.SHIPMENT)
    assert (movement.quantity, movement.balance, movement.reference) == (-2, 3, order.number)


def test_part_of_a_fulfilment_may_leave_first(shop):
    shop.stock(shop.mug, 5)
    order = pay(shop.order((shop.mug, 3)))
    fulfilment = order.fulfilments.get()
    line = fulfilment.lines.get()
    start_work(fulfilment_id=fulfilment.pk, now=LATER)
    record_shipped(fulfilment_id=fulfilment.pk, units={line.pk: 1}, now=LATER)
    order.refresh_from_db()
    assert order.fulfilment_status == FulfilmentStatus.PARTIALLY_SHIPPED
    record_shipped(fulfilment_id=fulfilment.pk, units={line.pk: 2}, now=LATER)
    order.refresh_from_db()
    assert (order.fulfilment_status, order.state) == ("shipped", "completed")


def test_more_than_is_left_cannot_be_sent(shop):
    shop.stock(shop.mug, 5)
    fulfilment = pay(shop.order((shop.mug, 3))).fulfilments.get()
    line = fulfilment.lines.get()
    with pytest.raises(CannotFulfil):
        record_shipped(fulfilment_id=fulfilment.pk, units={line.pk: 4}, now=LATER)


def test_work_can_be_undone_until_it_has_left(shop):
    shop.stock(shop.mug, 5)
    fulfilment = pay(shop.order((shop.mug, 3))).fulfilments.get()
    start_work(fulfilment_id=fulfilment.pk, now=LATER)
    record_packed(fulfilment_id=fulfilment.pk, now=LATER)
    undo_packing(fulfilment_id=fulfilment.pk, now=LATER)
    assert undo_start(fulfilment_id=fulfilment.pk, now=LATER).state == FulfilmentState.READY
    send(Order.objects.get())
    with pytest.raises(CannotFulfil):
        undo_packing(fulfilment_id=fulfilment.pk, now=LATER)


def test_units_that_are_not_found_wait_again_and_are_served_from_elsewhere_when_stock_comes(shop):
    shop.stock(shop.mug, 3)
    order = pay(shop.order((shop.mug, 3)))
    fulfilment = order.fulfilments.get()
    start_work(fulfilment_id=fulfilment.pk, now=LATER)
    record_short(fulfilment_id=fulfilment.pk, units={fulfilment.lines.get().pk: 1}, now=LATER)
    order.refresh_from_db()
    assert (order.units_allocated, order.units_backordered) == (2, 1)
    count(shop, 2)
    shop.stock(shop.mug, 1, shop.store)
    drain()
    order.refresh_from_db()
    assert order.units_backordered == 0
    assert {one.location.code for one in order.fulfilments.all()} == {"ber", "muc"}


def test_a_delivery_is_counted_once(shop):
    shop.stock(shop.mug, 5)
    order = send(pay(shop.order((shop.mug, 2))))
    fulfilment = order.fulfilments.get()
    units = {order.lines.get().pk: 2}
    for _ in range(2):
        record_delivered(fulfilment_id=fulfilment.pk, units=units, now=LATER)
    order.refresh_from_db()
    assert (order.units_delivered, order.fulfilment_status) == (2, FulfilmentStatus.DELIVERED)


def test_a_hold_calls_work_back_and_its_release_hands_it_out_again(shop):
    shop.stock(shop.mug, 5)
    order = pay(shop.order((shop.mug, 2)))
    hold = hold_order(order_id=order.pk, kind=HoldKind.ADDRESS, reason="No street", now=LATER)
    assert [one.state for one in order.fulfilments.all()] == [FulfilmentState.CANCELLED]
    release_hold(order_id=order.pk, hold_id=hold.pk, now=LATER)
    assert order.fulfilments.filter(state="ready").count() == 1
    assert shop.level(shop.mug).allocated == 2


def test_a_held_order_cannot_be_picked_and_not_be_held_twice_for_one_reason(shop):
    shop.stock(shop.mug, 5)
    order = pay(shop.order((shop.mug, 2)))
    start_work(fulfilment_id=order.fulfilments.get().pk, now=LATER)
    hold_order(order_id=order.pk, kind=HoldKind.FRAUD, reason="", now=LATER)
    with pytest.raises(CannotFulfil):
        record_packed(fulfilment_id=order.fulfilments.get().pk, now=LATER)
    with pytest.raises(CannotHold):
        hold_order(order_id=order.pk, kind=HoldKind.FRAUD, reason="", now=LATER)


def test_a_hold_ends_by_itself_when_its_time_is_up(shop):
    order = shop.order((shop.mug, 1), when_short=WhenShort.BACKORDER)
    hold_order(order_id=order.pk, kind=HoldKind.CUSTOMER, reason="Away", until=LATER, now=NOON)
    assert release_due_holds(now=NOON + timedelta(minutes=1)) == 0
    assert release_due_holds(now=LATER) == 1
    assert Order.objects.get().open_holds == 0


def test_a_held_order_waits_for_a_person_until_its_last_hold_is_released(shop):
    shop.stock(shop.mug, 2)
    order = shop.order((shop.mug, 1))
    street = hold_order(order_id=order.pk, kind=HoldKind.ADDRESS, reason="No street", now=LATER)
    fraud = hold_order(order_id=order.pk, kind=HoldKind.FRAUD, reason="Odd card", now=LATER)
    item = AttentionItem.objects.get(kind="order_held")
    assert (item.title, item.url) == (f"{order.number} is on hold", f"/orders/{order.pk}/")
    assert item.detail == "Address: No street · Fraud check: Odd card"
    release_hold(order_id=order.pk, hold_id=street.pk, now=LATER)
    item.refresh_from_db()
    assert (item.detail, item.resolved_at) == ("Fraud check: Odd card", None)
    release_hold(order_id=order.pk, hold_id=fraud.pk, now=LATER)
    item.refresh_from_db()
    assert item.resolved_at is not None


def test_a_held_order_that_is_cancelled_waits_for_nobody(shop):
    shop.stock(shop.mug, 2)
    order = shop.order((shop.mug, 1))
    hold_order(order_id=order.pk, kind=HoldKind.FRAUD, reason="Odd card", now=LATER)
    cancel_order(order_id=order.pk, reason="It was fraud", now=LATER)
    assert not AttentionItem.objects.filter(kind="order_held", resolved_at=None).exists()


def test_cancelling_frees_stock_for_who_waits(shop):
    shop.stock(shop.mug, 3)
    first = shop.order((shop.mug, 3))
    second = shop.order((shop.mug, 2), when_short=WhenShort.BACKORDER)
    cancelled = cancel_order(order_id=first.pk, reason="Changed my mind", now=LATER)
    assert (cancelled.state, cancelled.credit_total) == (OrderState.CANCELLED, first.total)
    drain()
    second.refresh_from_db()
    assert (second.units_allocated, shop.level(shop.mug).allocated) == (2, 2)


def test_a_part_is_cancelled_by_its_stored_share(shop):
    shop.stock(shop.mug, 3)
    order = pay(shop.order((shop.mug, 3, "3.33"), order_discount=Decimal("1.00")))
    line = order.lines.get()
    preview = preview_cancel(order, {line.pk: 1})
    part = cancel_order(order_id=order.pk, units={line.pk: 1}, reason="One less", now=LATER)
    assert part.credit_total == preview.credit == preview.money_to_return == Decimal("3.00")
    assert (part.state, part.payment_status) == (OrderState.OPEN, PaymentStatus.OVERPAID)
    rest = cancel_order(order_id=order.pk, reason="The rest", now=LATER)
    assert (rest.credit_total, rest.state) == (order.total, OrderState.CANCELLED)


def test_what_is_packed_or_gone_cannot_be_cancelled(shop):
    shop.stock(shop.mug, 3)
    order = pay(shop.order((shop.mug, 3)))
    fulfilment = order.fulfilments.get()
    start_work(fulfilment_id=fulfilment.pk, now=LATER)
    record_packed(fulfilment_id=fulfilment.pk, now=LATER)
    with pytest.raises(CannotCancel, match="unpack"):
        cancel_order(order_id=order.pk, reason="", now=LATER)
    record_shipped(fulfilment_id=fulfilment.pk, units=all_units(fulfilment), now=LATER)
    with pytest.raises(CannotCancel, match="only an open order"):
        cancel_order(order_id=order.pk, reason="", now=LATER)


def test_an_edit_of_an_older_version_is_refused_with_what_changed(shop):
    order = shop.order((shop.mug, 1), when_short=WhenShort.BACKORDER)
    hold_order(order_id=order.pk, kind=HoldKind.ADDRESS, reason="No street", now=LATER)
    with pytest.raises(StaleEdit) as refused, transaction.atomic():
        lock_order(order.pk, version=order.version)
    assert any("No street" in change for change in refused.value.changes)


def test_an_unpaid_order_expires_and_a_paid_one_does_not(shop):
    shop.stock(shop.mug, 5)
    unpaid, paid = shop.order((shop.mug, 1)), pay(shop.order((shop.mug, 1)))
    assert expire_order(order_id=unpaid.pk, days=14, now=LATER).state == OrderState.EXPIRED
    assert expire_order(order_id=paid.pk, days=14, now=LATER) is None
    assert shop.level(shop.mug).allocated == 1


def test_a_count_below_what_is_promised_frees_the_youngest_and_says_so(shop):
    shop.stock(shop.mug, 5)
    older = pay(shop.order((shop.mug, 3)))
    younger = pay(shop.order((shop.mug, 2)))
    booked = count(shop, 4)
    drain()
    older.refresh_from_db()
    younger.refresh_from_db()
    assert (booked, older.units_allocated, younger.units_allocated) == (-1, 3, 1)
    assert all_units(younger.fulfilments.get()) == {younger.fulfilments.get().lines.get().pk: 1}
    assert AttentionItem.objects.get(kind="allocation_lost").subject_id == shop.mug.pk


def test_a_matched_line_gets_stock_and_attention_is_over(shop):
    shop.stock(shop.mug, 5)
    shop.mug.sku = "OLD-MUG"
    order = pay(shop.order((shop.mug, 2)))
    line = order.lines.get()
    assert line.variant is None
    matched = match_line(order_id=order.pk, line_id=line.pk, sku="mug", now=LATER)
    assert (matched.unknown_lines, matched.units_allocated) == (0, 2)
    assert matched.fulfilments.get().lines.get().quantity == 2
    assert not AttentionItem.objects.filter(resolved_at=None).exists()


def test_returned_units_lower_the_worth_by_their_stored_share(shop):
    shop.stock(shop.mug, 5)
    order = send(pay(shop.order((shop.mug, 3, "3.33"), order_discount=Decimal("0.01"))))
    line = order.lines.get()
    with transaction.atomic():
        record_return_requested(order_id=order.pk, units={line.pk: 3}, facts=(), now=LATER)
    order.refresh_from_db()
    assert (order.state, order.return_status) == (OrderState.OPEN, ReturnStatus.REQUESTED)
    shares = []
    for _ in range(3):
        with transaction.atomic():
            shares.append(
                record_returned(
                    order_id=order.pk,
                    units={line.pk: 1},
                    was_requested=True,
                    gives_credit=True,
                    facts=(),
                    now=LATER,
                )
            )
    assert shares == [Decimal("3.33"), Decimal("3.32"), Decimal("3.33")]
    refund_order(order_id=order.pk, amount=sum(shares), reason="Return", now=LATER)
    done = Order.objects.get(pk=order.pk)
    assert (done.payment_status, done.return_status, done.state) == (
        PaymentStatus.REFUNDED,
        ReturnStatus.RETURNED,
        OrderState.COMPLETED,
    )


def test_more_than_was_sent_cannot_be_announced_to_come_back(shop):
    shop.stock(shop.mug, 5)
    order = send(pay(shop.order((shop.mug, 3))))
    with pytest.raises(CannotFulfil), transaction.atomic():
        record_return_requested(
            order_id=order.pk, units={order.lines.get().pk: 4}, facts=(), now=LATER
        )


def test_goodwill_never_takes_back_more_than_the_order_came_to(shop):
    shop.stock(shop.mug, 5)
    order = pay(shop.order((shop.mug, 3)))
    with pytest.raises(BadCredit), transaction.atomic():
        grant_credit(order_id=order.pk, amount=Decimal("30.01"), facts=(), now=LATER)
