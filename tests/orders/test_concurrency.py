"""Races on real connections: the last units are sold once, and without the lock they are not."""

import contextlib
import threading
from decimal import Decimal

import pytest
from django.db import connection, connections, transaction

from inventory.services import claiming
from orders.errors import OutOfStock
from orders.models import Order
from orders.services import place_order
from tests.cast import NOON, Shop, make_shop
from tests.races import together, without_claim_checks

THREADS = 8
LAST_UNITS = 50
TRIES_EACH = 12

pytestmark = pytest.mark.django_db(transaction=True)


def race(shop: Shop, *, threads: int = THREADS) -> list[str]:
    """Every thread orders one unit again and again, all starting together; how each try ended."""
    outcomes: list[str] = []
    start = threading.Barrier(threads)

    def buy() -> None:
        try:
            start.wait(timeout=10)
            for _ in range(TRIES_EACH):
                try:
                    place_order(shop.draft((shop.mug, 1)), now=NOON)
                    outcomes.append("sold")
                except OutOfStock:
                    outcomes.append("refused")
                except Exception as error:  # noqa: BLE001  (counted)
                    outcomes.append(type(error).__name__)
        finally:
            connections.close_all()

    running = [threading.Thread(target=buy) for _ in range(threads)]
    for one in running:
        one.start()
    for one in running:
        one.join(timeout=60)
    return outcomes


def test_eight_threads_sell_exactly_the_last_fifty_units():
    shop = make_shop()
    shop.stock(shop.mug, LAST_UNITS)
    outcomes = race(shop)
    assert (outcomes.count("sold"), outcomes.count("refused")) == (
        LAST_UNITS,
        THREADS * TRIES_EACH - LAST_UNITS,
    )
    assert (Order.objects.count(), shop.level(shop.mug).allocated) == (LAST_UNITS, LAST_UNITS)


def test_without_lock_and_check_only_the_last_line_of_stock_holds(monkeypatch):
    """The twin: if nobody runs into the CHECK here, the test above proves nothing."""
    shop = make_shop()
    shop.stock(shop.mug, LAST_UNITS)
    without_claim_checks(monkeypatch)
    outcomes = race(shop)
    assert outcomes.count("IntegrityError") > 0
    assert outcomes.count("sold") == shop.level(shop.mug).allocated


def test_who_looked_before_another_took_the_last_looks_again_and_is_refused(monkeypatch):
    """Both look at the last unit before either takes it."""
    shop = make_shop()
    shop.stock(shop.mug, 1)
    meet = threading.Barrier(2)
    look = claiming.look_at_levels

    def look_together(*args, **kwargs):
        levels = look(*args, **kwargs)
        with contextlib.suppress(threading.BrokenBarrierError):
            meet.wait(timeout=5)
        return levels

    monkeypatch.setattr(claiming, "look_at_levels", look_together)
    results = together(*[lambda: place_order(shop.draft((shop.mug, 1)), now=NOON)] * 2)
    assert sorted(type(one).__name__ for one in results) == ["Order", "OutOfStock"]
    assert shop.level(shop.mug).allocated == 1


def test_the_check_refuses_what_slipped_past_the_lock():
    """The last line: the database itself refuses to promise what is not there."""
    from django.db import IntegrityError

    shop = make_shop()
    shop.stock(shop.mug, 1)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE inventory_stocklevel SET allocated = 2")


def test_orders_that_want_the_same_skus_in_other_orders_never_deadlock():
    shop = make_shop()
    for variant in (shop.mug, shop.shirt, shop.lamp):
        shop.stock(variant, 1000)
    goods = [shop.mug, shop.shirt, shop.lamp]
    errors: list[str] = []

    def buy(shift: int) -> None:
        try:
            for turn in range(15):
                lines = [(goods[(shift + turn + i) % 3], 1, Decimal(1)) for i in range(3)]
                place_order(shop.draft(*lines), now=NOON)
        except Exception as error:  # noqa: BLE001  (shown)
            errors.append(repr(error))
        finally:
            connections.close_all()

    running = [threading.Thread(target=buy, args=(n,)) for n in range(THREADS)]
    for one in running:
        one.start()
    for one in running:
        one.join(timeout=60)
    assert errors == []
    assert shop.level(shop.mug).allocated == THREADS * 15
