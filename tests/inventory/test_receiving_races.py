"""C08 on real connections: one delivery, sent twice, is one receipt; and without the lock it is not."""

import threading
from collections.abc import Callable

import pytest
from django.db import IntegrityError, connections

from core.errors import DomainError
from inventory.models import Movement, Receipt
from inventory.services import posting, receiving
from inventory.services.posting import post_receipt, receive_goods
from inventory.services.receiving import Goods, start_receipt
from tests.cast import NOON, make_shop
from tests.inventory.buying import again, bought, counted

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
THREADS = 6


def together(verb: Callable[[], object], times: int = THREADS) -> list[object]:
    """Run a verb at once on as many connections; results and refusals."""
    gate = threading.Barrier(times)
    results: list[object] = []

    def run() -> None:
        try:
            gate.wait(10)
            results.append(verb())
        except (DomainError, IntegrityError) as refusal:
            results.append(refusal)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return results


def test_a_receipt_posted_by_six_clicks_is_booked_once():
    shop = make_shop()
    receipt = counted(bought(shop, (shop.mug, 5, "2.00")), 5)
    results = together(lambda: post_receipt(receipt_id=receipt.pk, now=NOON))
    assert results == [receipt] * THREADS
    assert (shop.level(shop.mug).sellable, again(receipt.order).state) == (5, "received")
    assert Movement.objects.count() == 1


@pytest.mark.breaks_invariants
def test_without_the_lock_the_same_clicks_book_it_more_than_once(monkeypatch):
    """The twin: if this one does not book twice, the test above proves nothing."""
    shop = make_shop()
    receipt = counted(bought(shop, (shop.mug, 5, "2.00")), 5)
    gate = threading.Barrier(THREADS)

    def unlocked(receipt_id: int) -> Receipt:
        found = Receipt.objects.select_related("order__supplier", "order__location", "notice")
        one = found.get(pk=receipt_id)
        gate.wait(10)  # all have read it as counted before any of them posts it
        return one

    monkeypatch.setattr(posting, "lock_receipt", unlocked)
    together(lambda: post_receipt(receipt_id=receipt.pk, now=NOON))
    assert shop.level(shop.mug).sellable > 5


def test_a_delivery_sent_by_six_retries_with_one_key_is_one_receipt():
    shop = make_shop()
    order = bought(shop, (shop.mug, 5, "2.00"))
    goods = [(order.lines.get().pk, Goods(2))]
    results = together(
        lambda: receive_goods(order_id=order.pk, key="delivery 1", goods=goods, now=NOON)
    )
    assert len({receipt.pk for receipt in results if isinstance(receipt, Receipt)}) == 1
    assert [one for one in results if not isinstance(one, Receipt)] == []
    assert (shop.level(shop.mug).sellable, Receipt.objects.count()) == (2, 1)


def test_without_the_lock_the_unique_key_still_keeps_it_at_one(monkeypatch):
    """The last line: the database itself refuses a second receipt of one key."""
    shop = make_shop()
    order = bought(shop, (shop.mug, 5, "2.00"))
    gate = threading.Barrier(2)

    def unlocked(order_id: int):
        found = again(order)
        gate.wait(10)
        return found

    monkeypatch.setattr(receiving, "lock_purchase", unlocked)
    results = together(lambda: start_receipt(order_id=order.pk, key="delivery 1", now=NOON), 2)
    refused = [one for one in results if isinstance(one, IntegrityError)]
    assert len(refused) <= 1
    assert Receipt.objects.count() == 1


def test_two_deliveries_with_keys_of_their_own_never_take_more_than_was_ordered():
    shop = make_shop()
    order = bought(shop, (shop.mug, 5, "2.00"))
    goods = [(order.lines.get().pk, Goods(4))]
    keys = iter([f"delivery {number}" for number in range(THREADS)])
    results = together(
        lambda: receive_goods(order_id=order.pk, key=next(keys), goods=goods, now=NOON)
    )
    assert len([one for one in results if isinstance(one, Receipt)]) == 1
    assert shop.level(shop.mug).sellable == 4
