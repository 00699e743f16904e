"""Orders on account: what is expected, what counts against the limit, and what is late."""

from datetime import date
from decimal import Decimal

import pytest

from core.models import AttentionItem
from core.outbox import relay
from customers.errors import CreditExceeded
from orders.services import cancel_order, grant_credit
from orders.states import PaymentStatus
from payments.handlers import correct_the_papers
from payments.models import Invoice, Payment
from payments.services import (
    confirm_payment,
    flag_overdue,
    issue_invoice,
    open_account_payment,
    refund_order,
)
from payments.states import Method, PaymentStanding
from returns.events import ReturnClosed
from tests.cast import NOON, make_company_buyer
from tests.payments.cast import LATER, an_order, money_of, pay

pytestmark = pytest.mark.django_db


@pytest.fixture
def buyer(db):
    return make_company_buyer(limit="100")


def on_account(shop, buyer, price="10.00"):
    order = an_order(shop, price, customer_id=buyer.pk, payment_terms="net")
    deliver_facts()
    return order


def deliver_facts() -> None:
    while relay():
        pass


def exposure(buyer) -> Decimal:
    return buyer.company.credit_accounts.get().exposure


def awaited(order) -> Payment:
    return Payment.objects.get(order=order, provider="terms")


def test_an_order_on_account_is_expected_to_be_paid(shop, buyer):
    order = on_account(shop, buyer)
    payment = awaited(order)
    assert (payment.expected, payment.status, exposure(buyer)) == (
        30,
        PaymentStanding.EXPECTED,
        30,
    )
    assert open_account_payment(order_id=order.pk, now=LATER) == payment


def test_paying_gives_credit_back_and_is_awaited_no_more(shop, buyer):
    order = on_account(shop, buyer)
    pay(order, "10.00")
    assert (exposure(buyer), awaited(order).expected) == (20, 20)
    pay(order, "25.00")  # 5.00 too much
    assert (exposure(buyer), awaited(order).expected) == (0, 0)
    assert awaited(order).status == PaymentStanding.CANCELLED


def test_confirming_what_is_on_account_says_by_which_way_it_came(shop, buyer):
    order = on_account(shop, buyer)
    confirm_payment(
        payment_id=awaited(order).pk, received_at=LATER, method=Method.CHEQUE, now=LATER
    )
    assert (money_of(order)[1], order.payment_status) == (30, PaymentStatus.PAID)
    event = awaited(order).events.get(kind="captured")
    assert (event.method, awaited(order).status, exposure(buyer)) == (
        "cheque",
        PaymentStanding.RECEIVED,
        0,
    )


def test_cancelling_a_paid_order_leaves_the_credit_of_others_alone(shop, buyer):
    first, second = on_account(shop, buyer), on_account(shop, buyer)
    pay(first, "30.00")
    cancel_order(order_id=first.pk, reason="x", now=LATER)
    deliver_facts()
    assert exposure(buyer) == second.total
    assert money_of(first) == (0, 30, 30)


def test_cancelling_lowers_what_is_expected(shop, buyer):
    order = on_account(shop, buyer)
    line = order.lines.get()
    cancel_order(order_id=order.pk, reason="x", units={line.pk: 1}, now=LATER)
    deliver_facts()
    assert (exposure(buyer), awaited(order).expected) == (20, 20)
    cancel_order(order_id=order.pk, reason="x", now=LATER)
    deliver_facts()
    assert (exposure(buyer), awaited(order).status) == (0, PaymentStanding.CANCELLED)


def test_money_given_back_beyond_what_is_owed_counts_again(shop, buyer):
    order = on_account(shop, buyer)
    pay(order, "30.00")
    refund_order(order_id=order.pk, amount=Decimal(10), reason="Wrong account", now=LATER)
    assert (exposure(buyer), awaited(order).expected) == (10, 10)


def test_the_limit_holds_when_money_is_given_back(shop, buyer):
    order = on_account(shop, buyer, "20.00")
    pay(order, "60.00")
    on_account(shop, buyer, "30.00")
    with pytest.raises(CreditExceeded):
        refund_order(order_id=order.pk, amount=Decimal(20), reason="x", now=LATER)
    assert (exposure(buyer), money_of(order)[2]) == (90, 0)


def test_goodwill_on_an_unpaid_order_gives_credit_back(shop, buyer):
    order = on_account(shop, buyer)
    grant_credit(order_id=order.pk, amount=Decimal(4), facts=(), now=LATER)
    assert exposure(buyer) == 26


def test_a_company_that_lost_its_account_can_still_pay(shop, buyer):
    order = on_account(shop, buyer)
    buyer.company = None
    buyer.save()
    pay(order, "30.00")
    assert money_of(order)[1] == 30


def test_late_money_waits_for_a_person_until_it_comes(shop, buyer):
    order = on_account(shop, buyer)
    issue_invoice(order_id=order.pk, now=NOON)
    assert flag_overdue(today=date(2026, 12, 18)) == 0
    assert flag_overdue(today=date(2026, 12, 19)) == 1
    assert flag_overdue(today=date(2026, 12, 20)) == 1
    item = AttentionItem.objects.get(kind="payment_overdue")
    assert item.title == f"{order.number}: 30.00 EUR overdue"
    confirm_payment(payment_id=awaited(order).pk, received_at=LATER, now=LATER)
    item.refresh_from_db()
    assert item.resolved_at is not None


def test_an_order_that_pays_in_advance_opens_no_account(shop):
    order = an_order(shop)
    deliver_facts()
    assert open_account_payment(order_id=order.pk, now=LATER) is None
    assert not Payment.objects.exists()


def test_goods_returned_on_an_unpaid_invoice_are_credited_and_no_longer_awaited(shop, buyer):
    order = on_account(shop, buyer)
    issue_invoice(order_id=order.pk, now=NOON)
    grant_credit(order_id=order.pk, amount=Decimal(12), facts=(), now=LATER)
    for _ in range(2):  # told twice, it ends alike
        correct_the_papers(
            ReturnClosed(order_id=order.pk, return_id=1, number="R-1", refunded="0", currency="EUR")
        )
    assert [one.total for one in Invoice.objects.order_by("pk")] == [30, 12]
    assert (awaited(order).expected, exposure(buyer)) == (18, 18)
