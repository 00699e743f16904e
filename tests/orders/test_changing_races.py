"""An edit and a parcel at once, on real connections: an order never sends what an edit took off."""

import contextlib
import threading
from datetime import timedelta

import pytest
from django.db import connection

from orders.errors import CannotEdit, CannotFulfil
from orders.models import Order
from orders.services import fulfilling, record_shipped
from orders.services.changing import ChangeAsked, Wanted, applying, edit_order
from orders.states import ChangeKind
from tests.cast import NOON, make_shop, pay
from tests.races import together, without_row_locks

pytestmark = pytest.mark.django_db(transaction=True)
LATER = NOON + timedelta(hours=1)


def race() -> list[object]:
    """Three of five units are taken off while all five leave."""
    shop = make_shop()
    shop.stock(shop.mug, 10)
    order = pay(shop.order((shop.mug, 5)))
    line, fulfilment = order.lines.get(), order.fulfilments.get()
    units = {row.pk: row.open for row in fulfilment.lines.all()}
    fewer = ChangeAsked(kind=ChangeKind.CHANGE_QUANTITY, line_id=line.pk, quantity=2)
    return together(
        lambda: edit_order(order_id=order.pk, wanted=Wanted(asked=[fewer]), now=LATER),
        lambda: record_shipped(fulfilment_id=fulfilment.pk, units=units, now=LATER),
    )


def test_either_the_edit_or_the_parcel_is_refused():
    for _ in range(3):
        results = race()
        refused = [one for one in results if isinstance(one, Exception)]
        assert [isinstance(one, CannotEdit | CannotFulfil) for one in refused] == [True]
        line = Order.objects.latest("pk").lines.get()
        assert (line.cancelled, line.shipped) in {(3, 0), (0, 5)}
        clean()


def clean() -> None:
    """Empty the tables between tries, as the shop's codes are unique."""
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE core_legalentity, core_channel, inventory_product CASCADE")
        cursor.execute("TRUNCATE inventory_location, orders_order CASCADE")


def test_without_the_orders_lock_only_the_last_line_of_stock_holds(monkeypatch):
    """The twin: both read the order before either writes, so that no sentence of orders refuses."""
    without_row_locks(monkeypatch)
    meet = threading.Barrier(2)

    def dawdling(read):
        def wrapped(*args, **kwargs):
            found = read(*args, **kwargs)
            with contextlib.suppress(threading.BrokenBarrierError):
                meet.wait(timeout=2)
            return found

        return wrapped

    monkeypatch.setattr(applying, "read_work", dawdling(applying.read_work))
    monkeypatch.setattr(fulfilling, "_rows", dawdling(fulfilling._rows))
    refused = [one for one in race() if isinstance(one, Exception)]
    assert [isinstance(one, CannotEdit | CannotFulfil) for one in refused] == [False]
