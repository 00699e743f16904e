"""Providers elsewhere, by a fake at the network's edge: lost answers, notices in any order, refusals."""

from datetime import timedelta
from decimal import Decimal
from itertools import permutations

import pytest
from django.utils import timezone

from core import external
from core.models import AttentionItem, ExternalOperation, OperationState
from orders.states import PaymentStatus
from payments.errors import (
    BadAmount,
    CannotCancelPayment,
    CannotCapture,
    OutOfOrder,
    OverRefund,
    PaymentNotFound,
    UnknownProvider,
)
from payments.gateways import Notice, gateway_named
from payments.models import Payment
from payments.services import (
    authorise_payment,
    cancel_payment,
    capture_payment,
    confirm_payment,
    record_notices,
    refund_order,
)
from payments.states import Method, MoneyKind, Operation, PaymentStanding
from tests.cast import NOON
from tests.payments.cast import LATER, an_order, money_of

pytestmark = pytest.mark.django_db


def authorise(order, amount="30.00", **more) -> Payment:
    return authorise_payment(
        order_id=order.pk,
        provider="fake",
        method=Method.CARD,
        amount=Decimal(amount),
        currency=order.currency,
        now=NOON,
        **more,
    )


def perform() -> None:
    """Do what is due, whenever it is due."""
    ExternalOperation.objects.exclude(next_attempt_at=None).update(next_attempt_at=timezone.now())
    external.perform_due()


def authorised(order, amount="30.00") -> Payment:
    payment = authorise(order, amount)
    perform()
    payment.refresh_from_db()
    return payment


def captured(order, amount="30.00") -> Payment:
    payment = authorised(order, amount)
    capture_payment(payment_id=payment.pk, now=NOON)
    perform()
    payment.refresh_from_db()
    return payment


def notice(payment, kind, amount="30.00", *, ref, minutes=0, **more) -> Notice:
    return Notice(
        payment_ref=payment.provider_ref,
        kind=kind,
        ref=ref,
        provider_ref=more.pop("provider_ref", f"{ref}-there"),
        amount=Decimal(amount),
        currency=more.pop("currency", "EUR"),
        occurred_at=LATER + timedelta(minutes=minutes),
    )


def tell(*notices: Notice) -> int:
    return record_notices(provider="fake", notices=notices, now=LATER)


def test_nothing_is_sent_before_the_intent_is_written(shop, fake):
    order = an_order(shop)
    payment = authorise(order)
    assert (fake.calls, payment.status, money_of(order)) == (
        [],
        PaymentStanding.PENDING,
        (0, 0, 0),
    )
    perform()
    payment.refresh_from_db()
    assert (payment.status, payment.provider_ref) == (
        PaymentStanding.AUTHORISED,
        f"pay_{payment.pk}",
    )
    assert (money_of(order), order.payment_status) == ((30, 0, 0), PaymentStatus.AUTHORISED)


def test_a_lost_answer_is_looked_up_and_acts_once(shop, fake):
    order = an_order(shop)
    payment = authorised(order)
    fake.drops = 1
    capture_payment(payment_id=payment.pk, now=NOON)
    perform()
    operation = ExternalOperation.objects.get(request__operation="capture")
    assert (operation.state, money_of(order)[1]) == (OperationState.UNKNOWN, 0)
    perform()
    operation.refresh_from_db()
    assert (operation.state, money_of(order)[1]) == (OperationState.SUCCEEDED, 30)
    assert fake.total(Operation.CAPTURE) == 30
    assert [op for op, _ in fake.calls].count(Operation.CAPTURE) == 1


def test_a_notice_that_comes_before_the_answer_settles_once(shop, fake):
    order = an_order(shop)
    payment = authorised(order)
    capture_payment(payment_id=payment.pk, now=NOON)
    ref = payment.events.get(kind=MoneyKind.CAPTURE_REQUESTED).ref
    tell(notice(payment, MoneyKind.CAPTURED, ref=ref))
    assert money_of(order)[1] == 30
    perform()
    payment.refresh_from_db()
    assert (money_of(order)[1], payment.pending, payment.status) == (
        30,
        0,
        PaymentStanding.RECEIVED,
    )


def test_a_second_capture_of_one_key_is_the_first(shop, fake):
    payment = authorised(an_order(shop))
    for _ in range(2):
        capture_payment(payment_id=payment.pk, amount=Decimal(10), key="ship:1", now=NOON)
    assert payment.events.filter(kind=MoneyKind.CAPTURE_REQUESTED).count() == 1
    with pytest.raises(BadAmount, match="recorded already"):
        capture_payment(payment_id=payment.pk, amount=Decimal(11), key="ship:1", now=NOON)


def test_captures_in_parts_and_never_more_than_was_set_aside(shop, fake):
    order = an_order(shop)
    payment = authorised(order)
    for part in ("10.00", "15.00"):
        capture_payment(payment_id=payment.pk, amount=Decimal(part), now=NOON)
    with pytest.raises(CannotCapture, match=r"At most 5.00 EUR"):
        capture_payment(payment_id=payment.pk, amount=Decimal("5.01"), now=NOON)
    perform()
    assert money_of(order) == (5, 25, 0)
    cancel_payment(payment_id=payment.pk, now=NOON)
    perform()
    payment.refresh_from_db()
    assert (money_of(order), payment.approved) == ((0, 25, 0), 25)


def test_a_provider_that_captures_once_releases_the_rest(shop, fake):
    fake.able(captures_often=False)
    order = an_order(shop)
    payment = authorised(order)
    capture_payment(payment_id=payment.pk, amount=Decimal(20), now=NOON)
    perform()
    payment.refresh_from_db()
    assert (money_of(order), payment.approved, payment.refunded) == ((0, 20, 0), 20, 0)


def test_a_provider_that_captures_only_whole_is_asked_for_the_whole(shop, fake):
    fake.able(captures_partly=False)
    payment = authorised(an_order(shop))
    with pytest.raises(CannotCapture, match=r"can only be taken whole: 30.00 EUR"):
        capture_payment(payment_id=payment.pk, amount=Decimal(20), now=NOON)


def test_a_provider_that_refunds_only_whole_refuses_a_part(shop, fake):
    fake.able(refunds_partly=False)
    order = an_order(shop)
    captured(order)
    with pytest.raises(OverRefund, match="can only be given back whole"):
        refund_order(order_id=order.pk, amount=Decimal(1), reason="x", now=LATER)


def test_a_refund_under_way_counts_as_gone(shop, fake):
    order = an_order(shop)
    payment = captured(order)
    refund_order(order_id=order.pk, amount=Decimal(20), reason="x", now=LATER)
    payment.refresh_from_db()
    assert (payment.refund_pending, money_of(order)[2]) == (20, 0)
    with pytest.raises(OverRefund, match=r"20.00 EUR is under way. At most 10.00 EUR"):
        refund_order(order_id=order.pk, amount=Decimal(11), reason="x", now=LATER)
    perform()
    payment.refresh_from_db()
    assert (payment.refund_pending, money_of(order)[2]) == (0, 20)


def test_a_declined_refund_waits_for_a_person_and_can_be_made_again(shop, fake):
    order = an_order(shop)
    captured(order)
    fake.refuses = {Operation.REFUND}
    refund_order(order_id=order.pk, amount=Decimal(30), reason="x", grants_credit=True, now=LATER)
    perform()
    item = AttentionItem.objects.get(kind="refund_failed")
    assert (item.detail, money_of(order)[2], order.balance) == ("Declined", 0, -30)
    fake.refuses = set()
    refund_order(order_id=order.pk, amount=Decimal(30), reason="again", now=LATER)
    perform()
    item.refresh_from_db()
    assert (money_of(order)[2], item.resolved_at is None) == (30, False)


def test_a_refund_that_fails_later_is_taken_back(shop, fake):
    order = an_order(shop)
    payment = captured(order)
    refund_order(order_id=order.pk, amount=Decimal(30), reason="x", now=LATER)
    perform()
    assert money_of(order)[2] == 30
    ref = payment.events.get(kind=MoneyKind.REFUND_REQUESTED).ref
    tell(notice(payment, MoneyKind.REFUND_FAILED, ref=ref, minutes=60))
    assert (money_of(order)[2], AttentionItem.objects.filter(kind="refund_failed").count()) == (
        0,
        1,
    )


def test_a_declined_card_leaves_the_order_unpaid(shop, fake):
    fake.refuses = {Operation.AUTHORISE}
    order = an_order(shop)
    payment = authorised(order)
    assert (payment.status, money_of(order)) == (PaymentStanding.FAILED, (0, 0, 0))
    assert list(order.risk_signals.values_list("kind", flat=True)) == ["declined"]


def test_notices_in_any_order_and_twice_end_alike(shop, fake):
    """Those that come before what they build on are refused, told again, and then fit."""
    ends = set()
    steps = [
        (MoneyKind.AUTHORISED, "30.00", "a", 0),
        (MoneyKind.CAPTURED, "30.00", "c", 1),
        (MoneyKind.REFUNDED, "12.00", "r", 2),
        (MoneyKind.REFUND_FAILED, "12.00", "r", 3),
        (MoneyKind.REFUNDED, "5.00", "r2", 4),
    ]
    for turn in list(permutations(range(5)))[::7]:
        order = an_order(shop)
        payment = authorise(order, key=f"a{order.pk}")
        Payment.objects.filter(pk=payment.pk).update(provider_ref=f"there-{payment.pk}")
        payment.refresh_from_db()
        queue = [
            notice(
                payment,
                steps[i][0],
                steps[i][1],
                ref=f"{steps[i][2]}{order.pk}",
                minutes=steps[i][3],
            )
            for i in (*turn, *turn)
        ]
        while queue:
            one = queue.pop(0)
            try:
                tell(one)
            except OutOfOrder:
                queue.append(one)
        payment.refresh_from_db()
        ends.add((money_of(order), payment.status, payment.pending, payment.refund_pending))
    assert ends == {((Decimal(0), Decimal(30), Decimal(5)), "partly_refunded", 0, 0)}


def test_a_notice_told_twice_is_counted_once(shop, fake):
    payment = authorised(an_order(shop))
    told = notice(payment, MoneyKind.CAPTURED, ref="there")
    assert (tell(told), tell(told)) == (1, 0)


def test_a_notice_of_an_unknown_payment_is_refused_until_it_is_known(shop, fake):
    payment = Payment(provider="fake", provider_ref="nobody")
    with pytest.raises(PaymentNotFound):
        tell(notice(payment, MoneyKind.CAPTURED, ref="x"))


def test_a_notice_in_another_currency_is_refused(shop, fake):
    payment = authorised(an_order(shop))
    with pytest.raises(OutOfOrder, match="tells of USD"):
        tell(notice(payment, MoneyKind.CAPTURED, ref="x", currency="USD"))


def test_only_those_that_authorise_are_asked_to(shop):
    with pytest.raises(BadAmount, match="sets no money aside"):
        authorise_payment(
            order_id=an_order(shop).pk,
            provider="manual",
            method=Method.CASH,
            amount=Decimal(1),
            currency="EUR",
            now=NOON,
        )
    with pytest.raises(UnknownProvider):
        gateway_named("nobody")


VERBS = {
    "confirm": lambda p: confirm_payment(payment_id=p.pk, received_at=NOON, now=LATER),
    "capture": lambda p: capture_payment(payment_id=p.pk, now=LATER),
    "cancel": lambda p: cancel_payment(payment_id=p.pk, now=LATER),
    "refund": lambda p: refund_order(order_id=p.order_id, amount=Decimal(1), reason="x", now=LATER),
}
ALLOWED = {
    PaymentStanding.EXPECTED: {"confirm", "cancel"},
    PaymentStanding.PENDING: set(),
    PaymentStanding.AUTHORISED: {"capture", "cancel"},
    PaymentStanding.PARTLY_RECEIVED: {"confirm", "cancel", "refund"},
    PaymentStanding.RECEIVED: {"refund"},
    PaymentStanding.PARTLY_REFUNDED: {"refund"},
    PaymentStanding.REFUNDED: set(),
    PaymentStanding.FAILED: set(),
    PaymentStanding.CANCELLED: set(),
}


def in_standing(shop, fake, standing: PaymentStanding) -> Payment:
    """A payment that stands so."""
    from payments.services import expect_payment

    order = an_order(shop)
    if standing in {PaymentStanding.PENDING, PaymentStanding.AUTHORISED, PaymentStanding.FAILED}:
        payment = authorise(order)
        if standing == PaymentStanding.FAILED:
            fake.refuses = {Operation.AUTHORISE}
        if standing != PaymentStanding.PENDING:
            perform()
    else:
        payment = expect_payment(
            order_id=order.pk,
            method=Method.CASH,
            amount=Decimal(30),
            currency="EUR",
            now=NOON,
        )
        part = Decimal(10) if standing == PaymentStanding.PARTLY_RECEIVED else None
        if standing == PaymentStanding.CANCELLED:
            cancel_payment(payment_id=payment.pk, now=NOON)
        elif standing != PaymentStanding.EXPECTED:
            confirm_payment(payment_id=payment.pk, amount=part, received_at=NOON, now=NOON)
    given = {PaymentStanding.PARTLY_REFUNDED: 10, PaymentStanding.REFUNDED: 30}.get(standing)
    if given:
        refund_order(order_id=order.pk, amount=Decimal(given), reason="x", now=NOON)
    payment.refresh_from_db()
    assert payment.status == standing
    return payment


@pytest.mark.parametrize("standing", PaymentStanding)
@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_in_every_standing(shop, fake, standing, verb):
    from core.errors import DomainError

    payment = in_standing(shop, fake, standing)
    before = payment.events.count()
    if verb in ALLOWED[standing]:
        VERBS[verb](payment)
        assert payment.events.count() > before
    else:
        with pytest.raises(DomainError) as refused:
            VERBS[verb](payment)
        assert refused.value.message.endswith((".", "possible."))
        assert payment.events.count() == before


def test_a_payment_with_nothing_open_cannot_be_cancelled(shop, fake):
    payment = in_standing(shop, fake, PaymentStanding.RECEIVED)
    with pytest.raises(CannotCancelPayment, match="can be given back instead"):
        cancel_payment(payment_id=payment.pk, now=LATER)
