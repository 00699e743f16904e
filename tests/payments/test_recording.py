"""Money coming in by hand."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.db.utils import ProgrammingError

from core.models import StoredFact
from core.money import UnknownCurrency
from orders.states import PaymentStatus
from payments.errors import BadAmount, CannotConfirm, PaymentNotFound, WrongCurrency
from payments.models import MoneyEvent, Payment
from payments.services import (
    cancel_payment,
    confirm_payment,
    expect_payment,
    record_payment,
)
from payments.states import Method, PaymentStanding
from tests.cast import NOON
from tests.payments.cast import LATER, an_order, money_of, pay

pytestmark = pytest.mark.django_db


def expect(order, amount="30.00", **more) -> Payment:
    return expect_payment(
        order_id=order.pk,
        method=Method.BANK_TRANSFER,
        amount=Decimal(amount),
        currency=order.currency,
        now=NOON,
        **more,
    )


def test_a_paid_order_is_handed_over_at_once(shop):
    order = an_order(shop)
    payment = pay(order, "30.00", reference="REF 17")
    assert money_of(order) == (0, Decimal(30), 0)
    assert (order.payment_status, order.fulfilments.count()) == (PaymentStatus.PAID, 1)
    assert (payment.status, payment.reference) == (PaymentStanding.RECEIVED, "REF 17")


def test_the_timeline_says_what_came_and_how(shop):
    order = an_order(shop)
    pay(order, "12.50")
    fact = StoredFact.objects.get(name="payments.PaymentReceived")
    assert (fact.sentence, fact.sequence) == ("Received 12.50 EUR (bank transfer)", 2)


def test_parts_add_up(shop):
    order = an_order(shop)
    pay(order, "10.00", Method.CASH)
    assert money_of(order)[1] == 10
    assert order.payment_status == PaymentStatus.PARTIALLY_PAID
    pay(order, "20.00", Method.CHEQUE)
    assert (money_of(order)[1], order.payment_status) == (30, PaymentStatus.PAID)


def test_too_much_is_taken_and_shows(shop):
    order = an_order(shop)
    pay(order, "31.00")
    assert (money_of(order)[1], order.payment_status) == (31, PaymentStatus.OVERPAID)


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("0", "above zero"),
        ("-5", "above zero"),
        ("1.005", "the nearest amount is 1.01 EUR"),
    ],
)
def test_an_impossible_amount_is_refused(shop, amount, words):
    order = an_order(shop)
    with pytest.raises(BadAmount, match=words):
        pay(order, amount)
    assert not Payment.objects.exists()


def test_another_currency_is_refused(shop):
    order = an_order(shop)
    with pytest.raises(WrongCurrency, match="is in EUR; USD cannot"):
        record_payment(
            order_id=order.pk,
            method=Method.CASH,
            amount=Decimal(5),
            currency="USD",
            received_at=NOON,
            now=LATER,
        )


def test_money_from_the_future_is_refused(shop):
    with pytest.raises(BadAmount) as refused:
        pay(an_order(shop), "5.00", received_at=LATER + timedelta(days=1))
    assert refused.value.field == "received_on"


@pytest.mark.parametrize(
    ("currency", "amount", "bad"), [("JPY", "1240", "0.5"), ("KWD", "1.005", "1.0005")]
)
def test_each_currency_has_its_own_smallest_coin(shop, currency, amount, bad):
    shop.web.currency = currency
    shop.web.save()
    order = an_order(shop, amount, 1)
    with pytest.raises(BadAmount):
        pay(order, bad)
    pay(order, amount)
    assert (money_of(order)[1], order.payment_status) == (Decimal(amount), PaymentStatus.PAID)


def test_a_key_records_once(shop):
    order = an_order(shop)
    first = pay(order, "30.00", key="import:1")
    assert pay(order, "30.00", key="import:1") == first
    with pytest.raises(BadAmount, match=r"recorded already, over 30.00 EUR"):
        pay(order, "29.00", key="import:1")
    assert money_of(order)[1] == 30


def test_expected_money_pays_nothing_until_it_is_confirmed(shop):
    order = an_order(shop)
    payment = expect(order)
    assert (money_of(order), order.payment_status) == ((0, 0, 0), PaymentStatus.PENDING)
    assert (payment.status, payment.expected) == (PaymentStanding.EXPECTED, 30)
    confirm_payment(payment_id=payment.pk, received_at=LATER, reference="17/4", now=LATER)
    payment.refresh_from_db()
    assert (payment.status, payment.expected, payment.reference) == (
        PaymentStanding.RECEIVED,
        0,
        "17/4",
    )
    assert (money_of(order)[1], order.payment_status) == (30, PaymentStatus.PAID)


def test_what_is_missing_stays_expected(shop):
    payment = expect(an_order(shop))
    confirm_payment(payment_id=payment.pk, amount=Decimal(20), received_at=LATER, now=LATER)
    payment.refresh_from_db()
    assert (payment.status, payment.expected) == (PaymentStanding.PARTLY_RECEIVED, 10)


def test_expected_money_can_be_given_up(shop):
    order = an_order(shop)
    payment = expect(order)
    cancel_payment(payment_id=payment.pk, reason="They pay cash", now=LATER)
    payment.refresh_from_db()
    assert (payment.status, payment.expected) == (PaymentStanding.CANCELLED, 0)
    with pytest.raises(CannotConfirm, match="it is cancelled"):
        confirm_payment(payment_id=payment.pk, received_at=LATER, now=LATER)


def test_a_payment_that_does_not_exist_is_refused(shop):
    with pytest.raises(PaymentNotFound):
        confirm_payment(payment_id=1, received_at=LATER, now=LATER)


def test_events_are_never_changed_or_deleted(shop):
    pay(an_order(shop), "30.00")
    event = MoneyEvent.objects.get()
    event.amount = Decimal(1)
    for attempt in (event.save, event.delete):
        with pytest.raises(ProgrammingError), transaction.atomic():
            attempt()


def test_the_database_refuses_more_given_back_than_came(shop):
    pay(an_order(shop), "30.00")
    with pytest.raises(IntegrityError), transaction.atomic():
        Payment.objects.update(refunded=20, refund_pending=11)


def test_an_event_of_one_ref_is_kept_once(shop):
    payment = pay(an_order(shop), "30.00")
    twin = MoneyEvent.objects.get()
    twin.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        twin.save(force_insert=True)
    assert payment.events.count() == 1


def test_a_currency_that_is_none_is_refused(shop):
    with pytest.raises((UnknownCurrency, WrongCurrency)):
        record_payment(
            order_id=an_order(shop).pk,
            method=Method.CASH,
            amount=Decimal(5),
            currency="XXQ",
            received_at=NOON,
            now=LATER,
        )
