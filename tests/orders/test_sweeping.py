"""What the clock decides about orders, whoever else is at work on them."""

import threading
from datetime import timedelta

import pytest
from celery import current_app
from django.conf import settings
from django.db import connection, transaction

from core import clock
from orders.locks import lock_order
from orders.models import Order
from orders.services import expire_order, expire_unpaid, hold_order, record_money
from orders.states import HoldKind, OrderState, PaymentTerms
from orders.tasks import expire_unpaid_orders, release_holds
from tests.cast import NOON, make_company_buyer, pay

pytestmark = pytest.mark.django_db
MUCH_LATER = NOON + timedelta(days=14, seconds=1)


def state_of(order: Order) -> str:
    return Order.objects.get(pk=order.pk).state


def test_an_order_nobody_paid_ends_after_its_channels_days_and_frees_its_stock(shop):
    shop.stock(shop.mug, 5)
    order = shop.order((shop.mug, 2))
    assert expire_unpaid(now=MUCH_LATER - timedelta(seconds=2)) == 0
    assert expire_unpaid(now=MUCH_LATER) == 1
    assert expire_unpaid(now=MUCH_LATER) == 0
    assert state_of(order) == OrderState.EXPIRED
    assert shop.level(shop.mug).allocated == 0


def test_each_channel_has_days_of_its_own(shop):
    shop.stock(shop.mug, 5)
    order = shop.order((shop.mug, 1))
    shop.web.unpaid_days = 30
    shop.web.save()
    assert expire_unpaid(now=MUCH_LATER) == 0
    assert state_of(order) == OrderState.OPEN
    assert expire_unpaid(now=NOON + timedelta(days=31)) == 1


def test_paid_partly_paid_authorised_and_on_account_are_left_alone(shop):
    shop.stock(shop.mug, 9)
    paid, partly, authorised = (shop.order((shop.mug, 1)) for _ in range(3))
    buyer = make_company_buyer()
    shop.order((shop.mug, 1), payment_terms=PaymentTerms.NET, customer_id=buyer.pk)
    pay(paid)
    pay(partly, "1.00")
    with transaction.atomic():
        record_money(
            order_id=authorised.pk, authorised=authorised.total, captured=0, refunded=0, now=NOON
        )
    assert expire_unpaid(now=MUCH_LATER) == 0
    assert expire_order(order_id=authorised.pk, days=14, now=MUCH_LATER) is None
    with transaction.atomic():
        record_money(order_id=authorised.pk, authorised=0, captured=0, refunded=0, now=NOON)


def test_an_order_held_for_its_payment_ends_and_one_held_otherwise_waits_for_people(shop):
    shop.stock(shop.mug, 5)
    unpaid, fraud = shop.order((shop.mug, 1)), shop.order((shop.mug, 1))
    hold_order(order_id=unpaid.pk, kind=HoldKind.PAYMENT, reason="Card declined", now=NOON)
    hold_order(order_id=fraud.pk, kind=HoldKind.FRAUD, reason="Odd card", now=NOON)
    assert expire_unpaid(now=MUCH_LATER) == 1
    assert (state_of(unpaid), state_of(fraud)) == (OrderState.EXPIRED, OrderState.OPEN)


@pytest.mark.django_db(transaction=True)
def test_an_order_that_somebody_holds_locked_keeps_up_no_other(shop):
    shop.stock(shop.mug, 5)
    first, second = shop.order((shop.mug, 1)), shop.order((shop.mug, 1))
    is_locked, may_go = threading.Event(), threading.Event()

    def hold_the_lock():
        with transaction.atomic():
            lock_order(first.pk)
            is_locked.set()
            may_go.wait(20)
        connection.close()

    other = threading.Thread(target=hold_the_lock)
    other.start()
    assert is_locked.wait(10)
    try:
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '200ms'")
        assert expire_unpaid(now=MUCH_LATER) == 1
    finally:
        may_go.set()
        other.join()
        with connection.cursor() as cursor:
            cursor.execute("RESET lock_timeout")
    assert (state_of(first), state_of(second)) == (OrderState.OPEN, OrderState.EXPIRED)
    assert expire_unpaid(now=MUCH_LATER) == 1


def test_the_tasks_do_it_once_however_often_they_run(shop):
    shop.stock(shop.mug, 5)
    held, unpaid = shop.order((shop.mug, 1)), shop.order((shop.mug, 1))
    soon = NOON + timedelta(hours=1)
    hold_order(order_id=held.pk, kind=HoldKind.STOCK, reason="Wait", until=soon, now=NOON)
    for _ in range(2):
        with clock.at(soon):
            release_holds()
        assert Order.objects.get(pk=held.pk).open_holds == 0
    pay(held)
    for _ in range(2):
        with clock.at(MUCH_LATER):
            expire_unpaid_orders()
        assert (state_of(unpaid), state_of(held)) == (OrderState.EXPIRED, OrderState.OPEN)


def test_everything_that_is_scheduled_exists():
    current_app.loader.import_default_modules()
    scheduled = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    assert scheduled - set(current_app.tasks) == set()
