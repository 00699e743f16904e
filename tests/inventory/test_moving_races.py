"""Races on real connections: counts against picks, transfers against each other, a crash on the way."""

import contextlib
import threading

import pytest
from django.db import connections, transaction
from django.db.models import Sum

from core.invariants import audit
from inventory.errors import CannotTransfer
from inventory.locks import levels as locks
from inventory.models import CountSession, Movement, Transfer
from inventory.selectors.counting import CountChoice
from inventory.selectors.transfers import open_transfer_lines
from inventory.services import StockChange, adjusting, move_stock, transfer_receiving
from inventory.services.cycle_counting import approve_count, open_count, record_count, submit_count
from inventory.services.transfer_receiving import receive_transfer
from inventory.services.transferring import WantedUnits, create_transfer, ship_transfer
from inventory.states import CountMethod, MovementReason
from tests.cast import NOON, Shop, make_shop

pytestmark = pytest.mark.django_db(transaction=True)

PICKERS = 6
PICKS_EACH = 10
START = 200


def run(*jobs):
    """Run each on a thread and a connection of its own, all starting together; their outcomes."""
    outcomes = []
    start = threading.Barrier(len(jobs))

    def work(job):
        try:
            start.wait(timeout=10)
            outcomes.append(job() or "done")
        except Exception as error:  # noqa: BLE001  (counted)
            outcomes.append(type(error).__name__)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work, args=(job,)) for job in jobs]
    for one in threads:
        one.start()
    for one in threads:
        one.join(timeout=60)
    return outcomes


def pick(shop: Shop):
    """Units leave the shelf, one at a time."""
    for _ in range(PICKS_EACH):
        with transaction.atomic():
            change = StockChange(shop.mug.pk, shop.warehouse.pk, -1, MovementReason.SHIPMENT)
            move_stock([change], now=NOON)


def counting(shop: Shop):
    """Somebody finds five fewer than the level shows, hands in and books while others pick."""

    def work():
        session = open_count(location=shop.warehouse, choice=CountChoice(CountMethod.ALL), now=NOON)
        line = session.lines.get()
        with transaction.atomic():
            level = locks.lock_levels([shop.mug.pk])[shop.mug.pk, shop.warehouse.pk]
            record_count(
                session_id=session.pk, line_id=line.pk, counted=level.sellable - 5, now=NOON
            )
        session = submit_count(session_id=session.pk, now=NOON)
        if session.state == "submitted":
            approve_count(session_id=session.pk, now=NOON)

    return work


def test_a_count_races_with_picks_and_no_movement_is_lost():
    """C05: final = counted + movements after the count."""
    shop = make_shop()
    shop.stock(shop.mug, START)
    outcomes = run(counting(shop), *[lambda: pick(shop)] * PICKERS)
    assert outcomes == ["done"] * (PICKERS + 1)
    assert shop.level(shop.mug).sellable == START - 5 - PICKERS * PICKS_EACH
    assert CountSession.objects.get().state == "approved"


@pytest.mark.breaks_invariants
def test_without_the_lock_the_same_race_loses_movements(monkeypatch):
    """The twin: if this one loses nothing, the test above proves nothing."""
    shop = make_shop()
    shop.stock(shop.mug, START)
    unlocked = locks.LOCK_LEVELS.replace("FOR NO KEY UPDATE OF level", "")
    monkeypatch.setattr(locks, "LOCK_LEVELS", unlocked)
    meet = threading.Barrier(PICKERS)
    write = adjusting.write_changes

    def dawdle(*args, **kwargs):
        with contextlib.suppress(threading.BrokenBarrierError):
            meet.wait(timeout=0.2)
        return write(*args, **kwargs)

    monkeypatch.setattr(adjusting, "write_changes", dawdle)
    monkeypatch.setattr("inventory.services.moving.write_changes", dawdle)
    run(counting(shop), *[lambda: pick(shop)] * PICKERS)
    moved = Movement.objects.aggregate(units=Sum("quantity"))["units"]
    assert shop.level(shop.mug).sellable != moved
    assert "S1" in {one.invariant.code for one in audit()}


def test_transfers_of_the_same_skus_in_other_orders_never_deadlock():
    """C03 for goods between locations."""
    shop = make_shop()
    for variant in (shop.mug, shop.shirt):
        shop.stock(variant, 400)
        shop.stock(variant, 400, shop.store)

    def send(variants, source, target):
        def work():
            for _ in range(10):
                wanted = [WantedUnits(variant.pk, 1) for variant in variants]
                transfer = create_transfer(source=source, target=target, wanted=wanted, now=NOON)
                ship_transfer(transfer_id=transfer.pk, now=NOON)
                received = {line.pk: 1 for line in transfer.lines.all()}
                receive_transfer(transfer_id=transfer.pk, received=received, now=NOON)

        return work

    there = send([shop.mug, shop.shirt], shop.warehouse, shop.store)
    back = send([shop.shirt, shop.mug], shop.store, shop.warehouse)
    assert run(there, back, there, back) == ["done"] * 4
    assert shop.level(shop.mug).sellable == 400
    assert Transfer.objects.filter(state="received").count() == 40


def test_a_crash_at_the_target_leaves_the_units_on_the_way(monkeypatch):
    """C09: sent, and the receiving breaks down half-way; then it is done twice at once."""
    shop = make_shop()
    shop.stock(shop.mug, 10)
    transfer = create_transfer(
        source=shop.warehouse,
        target=shop.store,
        wanted=[WantedUnits(shop.mug.pk, 10)],
        now=NOON,
    )
    ship_transfer(transfer_id=transfer.pk, now=NOON)
    line = transfer.lines.get()
    settle = transfer_receiving._settle

    def crash(*_args, **_kwargs):
        raise ConnectionError("the power went")

    monkeypatch.setattr(transfer_receiving, "_settle", crash)
    with pytest.raises(ConnectionError):
        receive_transfer(transfer_id=transfer.pk, received={line.pk: 10}, now=NOON)
    assert [one.in_transit for one in open_transfer_lines()] == [10]
    assert [one.invariant.code for one in audit()] == []

    monkeypatch.setattr(transfer_receiving, "_settle", settle)

    def receive():
        receive_transfer(transfer_id=transfer.pk, received={line.pk: 10}, now=NOON)

    assert sorted(run(receive, receive)) == sorted([CannotTransfer.__name__, "done"])
    assert shop.level(shop.mug, shop.store).sellable == 10
