"""Orders on account: what a company will pay, and by when."""

from datetime import datetime

from django.db import transaction

from core.money import ZERO
from payments.gateways import TERMS
from payments.locks import lock_money
from payments.models import Payment
from payments.services.recording import open_payment
from payments.services.storing import Movement, append, tell_order
from payments.states import Method, MoneyKind


@transaction.atomic
def open_account_payment(*, order_id: int, now: datetime) -> Payment | None:
    """Expect what an order on account comes to; its day is set when it is invoiced. Telling it
    twice changes nothing. None for an order that is paid in advance, or not at all.
    """
    order, payments = lock_money(order_id)
    if earlier := next((one for one in payments if one.provider == TERMS), None):
        return earlier
    if not order.takes_credit or order.outstanding == ZERO:
        return None
    payment = open_payment(order, payments, provider=TERMS, method=Method.ON_ACCOUNT, now=now)
    movement = Movement(
        kind=MoneyKind.EXPECTED,
        ref=f"terms:{payment.pk}:0",
        amount=order.outstanding,
        occurred_at=now,
    )
    tell_order(order, payments, append(payment, movement, now=now), now=now)
    return payment
