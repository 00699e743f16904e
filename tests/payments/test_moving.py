"""Money that follows goods to another order, and money that cannot."""

from datetime import timedelta
from decimal import Decimal

import pytest

from core.outbox import drain
from orders.drafts import WhenShort
from orders.errors import CannotSplit
from orders.models import Order
from orders.services import split_order
from payments.models import MoneyEvent
from payments.services import authorise_payment, follow_goods, issue_invoice, refund_order
from payments.states import InvoiceKind, Method
from tests.cast import NOON, pay

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(hours=1)


def test_money_that_is_only_authorised_keeps_an_order_whole(shop, fake):
    order = shop.order((shop.mug, 3), when_short=WhenShort.BACKORDER)
    authorise_payment(
        order_id=order.pk,
        method=Method.CARD,
        provider=fake.code,
        amount=order.total,
        currency="EUR",
        now=LATER,
    )
    with pytest.raises(CannotSplit, match="authorised"):
        split_order(order_id=order.pk, units={order.lines.get().pk: 1}, now=LATER)


def test_what_was_paid_follows_once_and_can_be_given_back_where_it_went(shop):
    order = pay(shop.order((shop.mug, 3), when_short=WhenShort.BACKORDER))
    part = split_order(order_id=order.pk, units={order.lines.get().pk: 1}, now=LATER)
    drain()
    told = MoneyEvent.objects.count()
    assert follow_goods(from_order_id=order.pk, to_order_id=part.pk, now=LATER) == 0
    assert MoneyEvent.objects.count() == told
    payment = part.payments.get()
    assert (payment.method, payment.captured) == (Method.MOVED, Decimal("10.00"))
    refund_order(
        order_id=part.pk,
        amount=Decimal("10.00"),
        reason="Changed their mind",
        goodwill_limit=None,
        now=LATER,
    )
    assert Order.objects.get(pk=part.pk).refunded == Decimal("10.00")


def test_the_invoice_of_an_order_is_corrected_when_a_part_leaves_it(shop):
    order = pay(shop.order((shop.mug, 3), when_short=WhenShort.BACKORDER))
    issue_invoice(order_id=order.pk, now=LATER)
    split_order(order_id=order.pk, units={order.lines.get().pk: 1}, now=LATER)
    drain()
    note = order.invoices.get(kind=InvoiceKind.CREDIT_NOTE)
    assert note.total == Decimal("10.00")
