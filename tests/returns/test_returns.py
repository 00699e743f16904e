"""Goods coming back: stock, worth and money follow each step, and no step is done twice."""

import itertools
from datetime import timedelta
from decimal import Decimal

import pytest
from django_fsm import can_proceed

from inventory.models import Movement
from orders.errors import CannotFulfil
from orders.models import Order
from orders.services import record_packed, record_shipped, start_work
from orders.states import OrderState, PaymentStatus, ReturnStatus
from returns.errors import CannotReturn
from returns.models import ReturnRequest
from returns.selectors import waiting_returns
from returns.services import (
    Inspected,
    Wanted,
    approve_return,
    cancel_return,
    close_return,
    inspect_return,
    receive_return,
    refund_return,
    reject_return,
    request_return,
)
from returns.states import ReturnReason, ReturnState
from tests.cast import NOON, pay

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(days=3)


@pytest.fixture
def sent(shop) -> Order:
    """A paid order of three mugs that has left."""
    shop.stock(shop.mug, 5)
    order = pay(shop.order((shop.mug, 3, "3.33"), order_discount=Decimal("0.01")))
    fulfilment = order.fulfilments.get()
    start_work(fulfilment_id=fulfilment.pk, now=NOON)
    record_packed(fulfilment_id=fulfilment.pk, now=NOON)
    line = fulfilment.lines.get()
    record_shipped(fulfilment_id=fulfilment.pk, units={line.pk: 3}, now=NOON)
    return Order.objects.get()


def announce(order: Order, units: int = 2) -> ReturnRequest:
    wanted = [Wanted(order.lines.get().pk, units, ReturnReason.UNWANTED)]
    return request_return(order_id=order.pk, wanted=wanted, now=LATER)


def receive(request: ReturnRequest, shop, units: int = 2) -> ReturnRequest:
    return receive_return(
        return_id=request.pk,
        location=shop.warehouse,
        received={request.lines.get().pk: units},
        now=LATER,
    )


def inspect(request: ReturnRequest, *, restocked=0, scrapped=0, credited=0) -> ReturnRequest:
    result = Inspected(restocked=restocked, scrapped=scrapped, credited=credited)
    return inspect_return(return_id=request.pk, results={request.lines.get().pk: result}, now=LATER)


def test_a_return_restocks_and_gives_back_its_stored_share(shop, sent):
    request = announce(sent)
    approve_return(return_id=request.pk, now=LATER)
    receive(request, shop)
    level = shop.level(shop.mug)
    assert (level.sellable, level.quality_control) == (2, 2)
    inspect(request, restocked=1, scrapped=1, credited=2)
    level.refresh_from_db()
    assert (level.sellable, level.quality_control) == (3, 0)
    closed = refund_return(return_id=request.pk, now=LATER)
    order = Order.objects.get()
    assert (closed.state, closed.refunded, order.refunded) == (
        ReturnState.CLOSED,
        Decimal("6.65"),
        Decimal("6.65"),
    )
    assert (order.state, order.payment_status, order.return_status) == (
        OrderState.COMPLETED,
        PaymentStatus.PARTIALLY_REFUNDED,
        ReturnStatus.PARTIALLY_RETURNED,
    )
    assert list(
        Movement.objects.filter(reference=request.number)
        .order_by("pk")
        .values_list("condition", "quantity", "reason")
    ) == [
        ("quality_control", 2, "return"),
        ("quality_control", -1, "inspected"),
        ("sellable", 1, "inspected"),
        ("quality_control", -1, "scrapped"),
    ]


def test_all_units_back_give_back_all_that_was_paid(shop, sent):
    for _ in range(3):
        request = announce(sent, 1)
        approve_return(return_id=request.pk, now=LATER)
        receive(request, shop, 1)
        inspect(request, restocked=1, credited=1)
        refund_return(return_id=request.pk, now=LATER)
    order = Order.objects.get()
    assert (order.refunded, order.payment_status, order.return_status) == (
        order.captured,
        PaymentStatus.REFUNDED,
        ReturnStatus.RETURNED,
    )


def test_what_was_announced_and_did_not_come_is_no_longer_expected(shop, sent):
    request = announce(sent, 3)
    approve_return(return_id=request.pk, now=LATER)
    receive(request, shop, 1)
    order = Order.objects.get()
    assert order.units_return_requested == 1
    inspect(request, restocked=1, credited=0)
    order.refresh_from_db()
    assert (order.units_returned, order.units_return_requested, order.credit_total) == (1, 0, 0)


def test_a_rejected_return_frees_its_units_and_needs_a_reason(shop, sent):
    request = announce(sent, 3)
    with pytest.raises(CannotReturn) as refused:
        reject_return(return_id=request.pk, why="  ", now=LATER)
    assert refused.value.field == "why"
    reject_return(return_id=request.pk, why="Too late", now=LATER)
    assert Order.objects.get().return_status == ReturnStatus.NONE
    assert announce(sent, 3).number.endswith("-2")


def test_a_cancelled_return_may_be_announced_again(shop, sent):
    request = announce(sent, 3)
    approve_return(return_id=request.pk, now=LATER)
    cancel_return(return_id=request.pk, now=LATER)
    assert announce(sent, 3).state == ReturnState.REQUESTED


def test_more_than_was_sent_cannot_come_back(sent):
    with pytest.raises(CannotFulfil):
        announce(sent, 4)
    announce(sent, 3)
    with pytest.raises(CannotFulfil):
        announce(sent, 1)


@pytest.mark.parametrize("units", [0, -1])
def test_nothing_and_less_cannot_be_announced(sent, units):
    with pytest.raises(CannotReturn):
        announce(sent, units)


def test_more_than_announced_cannot_be_received_nor_nothing(shop, sent):
    request = announce(sent, 2)
    approve_return(return_id=request.pk, now=LATER)
    for units in (3, -1, 0):
        with pytest.raises(CannotReturn) as refused:
            receive(request, shop, units)
        assert refused.value.field == "received"


@pytest.mark.parametrize(
    "result",
    [
        {"restocked": 2, "scrapped": 1},
        {"restocked": 3},
        {"credited": 3},
        {"restocked": -1},
    ],
)
def test_inspection_accounts_for_no_more_than_came(shop, sent, result):
    request = announce(sent, 2)
    approve_return(return_id=request.pk, now=LATER)
    receive(request, shop, 2)
    with pytest.raises(CannotReturn):
        inspect(request, **result)
    assert ReturnRequest.objects.get().state == ReturnState.RECEIVED


def test_no_more_is_given_back_than_the_return_is_worth(shop, sent):
    request = announce(sent, 2)
    approve_return(return_id=request.pk, now=LATER)
    receive(request, shop, 2)
    inspect(request, restocked=2, credited=1)
    with pytest.raises(CannotReturn) as refused:
        refund_return(return_id=request.pk, amount=Decimal("3.34"), now=LATER)
    assert refused.value.field == "amount"
    assert refund_return(return_id=request.pk, now=LATER).refunded == Decimal("3.33")


def test_closing_without_refund_gives_nothing_back(shop, sent):
    request = announce(sent, 1)
    approve_return(return_id=request.pk, now=LATER)
    receive(request, shop, 1)
    inspect(request, scrapped=1)
    close_return(return_id=request.pk, now=LATER)
    assert Order.objects.get().refunded == 0


def test_a_step_cannot_be_done_twice(shop, sent):
    request = announce(sent, 1)
    approve_return(return_id=request.pk, now=LATER)
    receive(request, shop, 1)
    with pytest.raises(CannotReturn, match="not possible any more"):
        receive(request, shop, 1)
    assert shop.level(shop.mug).quality_control == 1


MOVES = {
    "approve": {"requested"},
    "reject": {"requested"},
    "cancel": {"requested", "approved"},
    "receive": {"approved"},
    "inspect": {"received"},
    "close": {"inspected"},
}


@pytest.mark.parametrize(("verb", "state"), list(itertools.product(MOVES, ReturnState.values)))
def test_every_move_in_every_state(verb, state):
    request = ReturnRequest(state=state)
    assert can_proceed(getattr(request, verb)) == (state in MOVES[verb])


def test_what_is_on_its_way_to_us_waits_for_nobody_here(sent, manager):
    line = sent.lines.get()
    request = request_return(
        order_id=sent.pk, wanted=[Wanted(line.pk, 1, ReturnReason.UNWANTED)], now=LATER
    )
    assert list(waiting_returns(manager)) == [request]
    approve_return(return_id=request.pk, now=LATER)
    assert list(waiting_returns(manager)) == []
