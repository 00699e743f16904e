"""Giving money back: what is owed, goodwill, and never more than came."""

from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.money import split, unit
from core.outbox import relay
from orders.services import cancel_order
from orders.states import OrderState, PaymentStatus
from payments.errors import BadAmount, BeyondGoodwillLimit, OverRefund
from payments.models import Payment
from payments.services import preview_refund, refund_order, refund_surplus
from payments.states import Method, PaymentStanding
from tests.payments.cast import LATER, an_order, money_of, pay

pytestmark = pytest.mark.django_db


def refund(order, amount, **more):
    return refund_order(
        order_id=order.pk,
        amount=Decimal(amount),
        reason=more.pop("reason", "Broken"),
        now=LATER,
        **more,
    )


def deliver_facts() -> None:
    while relay():
        pass


def test_the_newest_payment_gives_first(shop):
    order = an_order(shop)
    older, newer = pay(order, "10.00", Method.CASH), pay(order, "20.00")
    refund(order, "25.00", grants_credit=True)
    older.refresh_from_db()
    newer.refresh_from_db()
    assert (older.refunded, newer.refunded) == (5, 20)
    assert (older.status, newer.status) == (
        PaymentStanding.PARTLY_REFUNDED,
        PaymentStanding.REFUNDED,
    )
    assert money_of(order) == (0, 30, 25)


def test_shares_can_be_chosen(shop):
    order = an_order(shop)
    older, newer = pay(order, "10.00", Method.CASH), pay(order, "20.00")
    refund(
        order,
        "12.00",
        grants_credit=True,
        shares={older.pk: Decimal(10), newer.pk: Decimal(2)},
    )
    older.refresh_from_db()
    newer.refresh_from_db()
    assert (older.refunded, newer.refunded) == (10, 2)


def test_chosen_shares_must_come_to_the_amount_and_fit(shop):
    order = an_order(shop)
    payment = pay(order, "30.00")
    with pytest.raises(OverRefund, match=r"The parts come to 5.00 EUR, but 6.00 EUR"):
        refund(order, "6.00", shares={payment.pk: Decimal(5)})
    other = pay(order, "1.00", Method.CASH)
    with pytest.raises(OverRefund, match=r"at most 1.00 EUR of it is left"):
        refund(order, "6.00", shares={other.pk: Decimal(6)})


def test_more_than_came_is_refused_with_what_is_possible(shop):
    order = an_order(shop)
    pay(order, "30.00")
    refund(order, "10.00", grants_credit=True)
    with pytest.raises(OverRefund) as refused:
        refund(order, "20.01")
    assert refused.value.possible == 20
    assert refused.value.message == (
        "20.01 EUR cannot be given back: 30.00 EUR was received, 10.00 EUR was given back. At most"
        " 20.00 EUR is possible."
    )


def test_nothing_received_means_nothing_to_give_back(shop):
    with pytest.raises(OverRefund, match="Nothing was received"):
        refund(an_order(shop), "1.00")


def test_an_impossible_amount_is_refused(shop):
    order = an_order(shop)
    pay(order, "30.00")
    for amount in ("0", "-1", "0.001"):
        with pytest.raises(BadAmount):
            refund(order, amount)


def test_a_refund_beyond_what_is_owed_leaves_the_order_waiting(shop):
    order = an_order(shop)
    payments = [pay(order, "30.00")]
    order.refresh_from_db()
    seen = preview_refund(order, payments, Decimal(30))
    assert seen.sentences == [
        "The customer will get 30.00 EUR back by bank transfer.",
        "The order will then wait for 30.00 EUR.",
    ]
    refund(order, "30.00")
    assert (money_of(order), order.balance) == ((0, 30, 30), 30)
    assert order.payment_status == PaymentStatus.PARTIALLY_PAID


def test_goodwill_lowers_what_the_order_is_worth(shop):
    order = an_order(shop)
    payments = [pay(order, "30.00")]
    order.refresh_from_db()
    seen = preview_refund(order, payments, Decimal("12.40"), grants_credit=True)
    assert seen.sentences == [
        "The customer will get 12.40 EUR back by bank transfer.",
        "12.40 EUR of it is goodwill.",
    ]
    refund(order, "12.40", grants_credit=True)
    assert money_of(order)[2] == Decimal("12.40")
    assert (order.credit_total, order.balance) == (Decimal("12.40"), 0)


def test_only_what_goes_beyond_what_is_owed_is_goodwill(shop):
    order = an_order(shop)
    pay(order, "33.00")
    refund(order, "5.00", grants_credit=True)
    order.refresh_from_db()
    assert order.credit_total == 2


def test_goodwill_beyond_the_limit_is_refused(shop):
    order = an_order(shop)
    pay(order, "30.00")
    with pytest.raises(BeyondGoodwillLimit, match=r"your limit on this order is 5.00 EUR"):
        refund(order, "5.01", grants_credit=True, goodwill_limit=Decimal(5))
    assert money_of(order)[2] == 0
    refund(order, "5.00", grants_credit=True, goodwill_limit=Decimal(5))
    assert money_of(order)[2] == 5


def test_a_key_gives_back_once(shop):
    order = an_order(shop)
    pay(order, "30.00")
    for _ in range(2):
        refund(order, "10.00", key="return:7")
    assert money_of(order)[2] == 10


def test_a_cancelled_paid_order_is_refunded_by_itself_and_once(shop):
    order = an_order(shop)
    pay(order, "10.00", Method.CASH)
    pay(order, "20.00")
    cancel_order(order_id=order.pk, reason="Changed their mind", now=LATER)
    deliver_facts()
    assert (money_of(order), order.state) == ((0, 30, 30), OrderState.CANCELLED)
    assert order.payment_status == PaymentStatus.REFUNDED
    from payments.services import follow_cancelled

    pay(order, "5.00")  # somebody pays again: telling the old fact twice gives nothing back
    follow_cancelled(order_id=order.pk, wants_refund=True, reason="again", now=LATER)
    assert money_of(order) == (0, 35, 30)


def test_cancelling_without_a_refund_leaves_it_owed(shop):
    order = an_order(shop)
    pay(order, "30.00")
    cancel_order(order_id=order.pk, reason="x", wants_refund=False, now=LATER)
    deliver_facts()
    assert (money_of(order)[2], order.balance) == (0, -30)
    assert refund_surplus(order_id=order.pk, reason="x", key="by hand", now=LATER) == 30
    assert refund_surplus(order_id=order.pk, reason="x", key="by hand", now=LATER) == 0


def test_cancelling_part_gives_back_its_stored_share(shop):
    order = an_order(shop, "9.99", 3)
    pay(order, "29.97")
    line = order.lines.get()
    given = []
    for _ in range(3):
        cancel_order(order_id=order.pk, reason="x", units={line.pk: 1}, now=LATER)
        deliver_facts()
        given.append(money_of(order)[2])
    assert given == [Decimal("9.99"), Decimal("19.98"), Decimal("29.97")]


def test_an_order_that_is_over_waits_for_no_more_money(shop):
    from payments.services import expect_payment

    order = an_order(shop)
    payment = expect_payment(
        order_id=order.pk,
        method=Method.CHEQUE,
        amount=Decimal(30),
        currency="EUR",
        now=LATER,
    )
    cancel_order(order_id=order.pk, reason="x", now=LATER)
    deliver_facts()
    payment.refresh_from_db()
    assert payment.status == PaymentStanding.CANCELLED


@pytest.mark.parametrize("currency", ["EUR", "JPY", "KWD"])
@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    parts=st.lists(st.integers(1, 9_999), min_size=1, max_size=4),
    weights=st.lists(st.integers(1, 50), min_size=1, max_size=5),
)
def test_split_refunds_reach_exactly_what_was_captured(shop, currency, parts, weights):
    shop.web.currency = currency
    shop.web.save()
    step = unit(currency)
    order = an_order(shop, str(sum(parts) * step), 1)
    for part in parts:
        pay(order, part * step)
    total = sum(parts) * step
    for share in split(total, weights, currency):
        if share:
            refund(order, share, grants_credit=True)
    assert money_of(order) == (0, total, total)
    assert (order.balance, order.payment_status) == (0, PaymentStatus.REFUNDED)
    assert {p.status for p in Payment.objects.filter(order=order)} == {PaymentStanding.REFUNDED}
