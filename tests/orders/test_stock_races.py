"""Two at once at the same stock: each race with the lock, and its twin without it that goes wrong.

The letters are those of the catalogue of faults; C01 is in test_concurrency.
"""

import time

import pytest
from django.db import IntegrityError, OperationalError, transaction

from core.errors import DomainError
from core.invariants import audit
from core.models import StoredFact
from inventory.locks import levels as locks
from inventory.models import Demand, Reservation
from inventory.services import (
    StockChange,
    adjust_stock,
    claiming,
    expire_reservations,
    move_stock,
    reserve,
    reserving,
)
from inventory.states import MovementReason, ReservationEnd
from orders.drafts import WhenShort
from orders.errors import OutOfStock
from orders.models import Order
from orders.services import (
    cancel_order,
    cancelling,
    place_order,
    record_packed,
    record_shipped,
    start_work,
)
from tests.cast import NOON, make_shop, pay
from tests.races import (
    PAUSE,
    together,
    without_claim_checks,
    without_row_locks,
    without_stock_locks,
)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def shop(transactional_db):
    return make_shop()


def allocated() -> int:
    return sum(one.allocated for one in Demand.objects.all())


def broken() -> set[str]:
    return {finding.invariant.code for finding in audit() if finding.offences}


# --- C02: two lines of one SKU are one demand ---------------------------------------------------
def buy_two_lines(shop):
    return lambda: place_order(shop.draft((shop.mug, 1), (shop.mug, 1)), now=NOON)


def test_c02_lines_of_one_sku_are_summed_and_only_one_of_two_orders_fits(shop):
    shop.stock(shop.mug, 3)
    results = together(buy_two_lines(shop), buy_two_lines(shop))
    assert sorted(type(one).__name__ for one in results) == ["Order", "OutOfStock"]
    assert allocated() == 2


def test_c02_without_lock_and_check_only_the_last_line_of_stock_holds(shop, monkeypatch):
    shop.stock(shop.mug, 3)
    without_claim_checks(monkeypatch)
    results = together(buy_two_lines(shop), buy_two_lines(shop))
    assert sorted(type(one).__name__ for one in results) == ["IntegrityError", "Order"]


# --- C03: two orders want the same two SKUs in opposite order -----------------------------------
def buy(shop, *variants, times=1):
    def work():
        for _ in range(times):
            place_order(shop.draft(*((one, 1) for one in variants)), now=NOON)

    return work


def test_c03_opposite_orders_do_not_wait_for_each_other_for_ever(shop):
    for variant in (shop.mug, shop.lamp):
        shop.stock(variant, 100)
    results = together(
        *[buy(shop, shop.mug, shop.lamp, times=8), buy(shop, shop.lamp, shop.mug, times=8)] * 3
    )
    assert results == [None] * 6
    assert Order.objects.count() == 48


def test_c03_locked_in_the_order_of_their_lines_they_do(shop, monkeypatch):
    for variant in (shop.mug, shop.lamp):
        shop.stock(variant, 100)
    lock_levels = locks.lock_levels

    def one_after_the_other(variant_ids, **more):
        levels = {}
        order = Order.objects.count()  # nothing of ours: the draft's lines decide
        assert order == 0
        for variant_id in reading_order.pop():
            levels |= lock_levels([variant_id], **more)
            time.sleep(PAUSE)
        return levels

    reading_order = [[shop.mug.pk, shop.lamp.pk], [shop.lamp.pk, shop.mug.pk]]
    monkeypatch.setattr(claiming, "look_at_levels", one_after_the_other)
    results = together(buy(shop, shop.mug, shop.lamp), buy(shop, shop.lamp, shop.mug))
    assert [type(one) for one in results if one] == [OperationalError]


# --- C04: one cancels what another sends --------------------------------------------------------
def work_under_way(shop):
    shop.stock(shop.mug, 2)
    order = shop.order((shop.mug, 2))
    pay(order)
    fulfilment = order.fulfilments.get()
    start_work(fulfilment_id=fulfilment.pk, now=NOON)
    return order, lambda: record_packed(fulfilment_id=fulfilment.pk, now=NOON)


def cancel(order):
    return lambda: cancel_order(order_id=order.pk, reason="race", now=NOON)


def refused(results) -> int:
    return len([one for one in results if isinstance(one, DomainError)])


def test_c04_what_is_packed_is_not_cancelled_and_the_other_way_round(shop):
    order, pack = work_under_way(shop)
    assert refused(together(pack, cancel(order))) == 1
    is_cancelled = order.lines.get().cancelled == 2
    assert shop.level(shop.mug).allocated == (0 if is_cancelled else 2)


@pytest.mark.breaks_invariants
def test_c04_without_the_lock_what_is_packed_is_cancelled_all_the_same(shop, monkeypatch):
    order, pack = work_under_way(shop)
    without_row_locks(monkeypatch)
    take_off = cancelling._take_off

    def dawdle(*args, **kwargs):
        time.sleep(PAUSE)
        return take_off(*args, **kwargs)

    monkeypatch.setattr(cancelling, "_take_off", dawdle)
    assert refused(together(pack, cancel(order))) == 0
    assert order.lines.get().cancelled == 2


# --- C05: somebody counts while somebody picks --------------------------------------------------
def count_to(shop, units):
    def work():
        with transaction.atomic():
            adjust_stock(
                variant=shop.mug,
                location=shop.warehouse,
                counted=units,
                reason=MovementReason.COUNT,
                now=NOON,
            )

    return work


def send(order):
    fulfilment = pay(order).fulfilments.get()
    units = {row.pk: row.open for row in fulfilment.lines.all()}

    def work():
        record_shipped(fulfilment_id=fulfilment.pk, units=units, now=NOON)

    return work


def test_c05_a_count_and_a_pick_both_stay(shop):
    shop.stock(shop.mug, 10)
    order = shop.order((shop.mug, 2))
    assert together(count_to(shop, 9), send(order)) == [None, None]
    assert shop.level(shop.mug).sellable in {9, 7}  # picked before the count, or after it


@pytest.mark.breaks_invariants
def test_c05_without_the_lock_one_of_them_is_lost(shop, monkeypatch):
    shop.stock(shop.mug, 10)
    order = shop.order((shop.mug, 2))
    without_stock_locks(monkeypatch)
    together(count_to(shop, 9), send(order))
    assert "S1" in broken()


# --- C06: a reservation expires while its order is placed ---------------------------------------
def kept(shop, units):
    reserve(
        key="cart",
        channel=shop.web,
        quantities={shop.mug.pk: units},
        expires_at=NOON.replace(hour=12),
        now=NOON,
    )
    order = lambda: place_order(shop.draft((shop.mug, units), reservation="cart"), now=NOON)  # noqa: E731
    return order, lambda: expire_reservations(now=NOON.replace(hour=13))


def ends() -> int:
    return StoredFact.objects.filter(name="inventory.ReservationEnded").count()


def test_c06_the_order_gets_its_units_and_they_end_once(shop):
    shop.stock(shop.mug, 3)
    order, expire = kept(shop, 3)
    placed, expired = together(order, expire)
    assert isinstance(placed, Order)
    level = shop.level(shop.mug)
    assert (level.allocated, level.reserved) == (3, 0)
    end = Reservation.objects.get().end
    assert (end, expired) in {(ReservationEnd.ORDERED, 0), (ReservationEnd.EXPIRED, 3)}
    assert ends() == 1


def test_c06_units_that_went_to_others_in_between_are_refused_in_words(shop):
    shop.stock(shop.mug, 3)
    order, expire = kept(shop, 3)
    expire()
    shop.order((shop.mug, 1))
    with pytest.raises(OutOfStock, match="MUG: 2 of 3"):
        order()


@pytest.mark.breaks_invariants
def test_c06_without_the_lock_they_end_twice(shop, monkeypatch):
    shop.stock(shop.mug, 6)
    order, expire = kept(shop, 3)
    without_stock_locks(monkeypatch)
    write_levels = reserving.write_levels

    def dawdle(levels):
        time.sleep(PAUSE)
        write_levels(levels)

    monkeypatch.setattr(reserving, "write_levels", dawdle)
    together(order, expire)
    assert ends() == 2


# --- C07: goods arrive twice at once for one who waits ------------------------------------------
def arrive(shop):
    def work():
        change = StockChange(shop.mug.pk, shop.warehouse.pk, 2, MovementReason.RECEIPT)
        with transaction.atomic():
            move_stock([change], now=NOON)

    return work


def test_c07_who_waits_is_served_once(shop):
    shop.stock(shop.mug, 1)
    order = shop.order((shop.mug, 3), when_short=WhenShort.BACKORDER)
    assert together(arrive(shop), arrive(shop)) == [None, None]
    level, demand = shop.level(shop.mug), order.lines.get().demand
    assert (level.sellable, level.allocated, demand.allocated) == (5, 3, 3)


@pytest.mark.breaks_invariants
def test_c07_without_the_lock_units_are_lost_or_given_twice(shop, monkeypatch):
    shop.stock(shop.mug, 1)
    shop.order((shop.mug, 3), when_short=WhenShort.BACKORDER)
    without_stock_locks(monkeypatch)
    results = together(arrive(shop), arrive(shop))
    assert [one for one in results if isinstance(one, IntegrityError)] or broken()
