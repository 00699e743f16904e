"""Races on real connections: refunds never exceed what came, and invoice numbers have no gap."""

import contextlib
import threading
from decimal import Decimal

import pytest
from django.db import connections, transaction

from orders.models import Order
from payments import locks
from payments.errors import OverRefund
from payments.models import Invoice, MoneyEvent, Payment
from payments.services import issue_invoice, refund_order, refunding
from tests.cast import make_shop
from tests.payments.cast import LATER, an_order, money_of, pay

THREADS = 6

pytestmark = pytest.mark.django_db(transaction=True)


def race(work, threads: int = THREADS) -> list[str]:
    """Let every thread do `work` at once; how each ended."""
    outcomes: list[str] = []
    start = threading.Barrier(threads)

    def run(turn: int) -> None:
        try:
            start.wait(timeout=10)
            work(turn)
            outcomes.append("done")
        except OverRefund:
            outcomes.append("refused")
        except Exception as error:  # noqa: BLE001  (how it ended is what is looked at)
            outcomes.append(type(error).__name__)
        finally:
            connections.close_all()

    running = [threading.Thread(target=run, args=(turn,)) for turn in range(threads)]
    for one in running:
        one.start()
    for one in running:
        one.join(timeout=60)
    return outcomes


def give_back(order: Order):
    return lambda turn: refund_order(
        order_id=order.pk, amount=Decimal(20), reason=f"clerk {turn}", now=LATER
    )


def given_back() -> Decimal:
    return sum((e.amount for e in MoneyEvent.objects.filter(kind="refunded")), Decimal(0))


def test_two_refunds_at_once_never_exceed_what_came():
    order = an_order(make_shop())
    pay(order, "30.00")
    outcomes = race(give_back(order))
    assert sorted(outcomes) == ["done", *["refused"] * (THREADS - 1)]
    assert (given_back(), money_of(order)[2]) == (20, 20)


@pytest.mark.breaks_invariants
def test_without_the_lock_the_same_race_gives_back_too_much(monkeypatch):
    """The twin: if this one does not give back too much, the test above proves nothing."""
    order = an_order(make_shop())
    pay(order, "30.00")
    meet = threading.Barrier(THREADS)
    plan = refunding.plan_refund

    def unlocked(order_id, *, version):
        return Order.objects.get(pk=order_id), list(Payment.objects.filter(order_id=order_id))

    def dawdle(*args, **kwargs):
        """All threads see the same money before any of them gives it back."""
        planned = plan(*args, **kwargs)
        with contextlib.suppress(threading.BrokenBarrierError):
            meet.wait(timeout=3)
        return planned

    monkeypatch.setattr(refunding, "lock_money", unlocked)
    monkeypatch.setattr(refunding, "plan_refund", dawdle)
    race(give_back(order))
    assert given_back() > 30


def test_invoices_issued_at_once_are_numbered_without_a_gap():
    shop = make_shop()
    orders = [an_order(shop) for _ in range(THREADS)]

    def issue(turn: int) -> None:
        issue_invoice(order_id=orders[turn].pk, now=LATER)
        with transaction.atomic():
            issue_invoice(order_id=orders[(turn + 1) % THREADS].pk, now=LATER)

    assert race(issue) == ["done"] * THREADS
    assert sorted(i.sequence for i in Invoice.objects.all()) == list(range(1, THREADS + 1))


def test_locks_are_taken_in_one_order():
    shop = make_shop()
    order = an_order(shop)
    pay(order, "10.00")
    with transaction.atomic():
        locked, payments = locks.lock_money(order.pk)
    assert (locked, len(payments)) == (order, 1)
