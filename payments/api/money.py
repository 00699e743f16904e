"""Payments for machines: money recorded, confirmed, taken and given back by the verbs of the buttons."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Literal

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from ninja import Query
from pydantic import Field

from core.api.client import Client, client_of
from core.api.keys import offer
from core.api.paging import Paged, read_page
from core.api.rooms import Room
from core.api.shapes import (
    Amount,
    Day,
    Id,
    Input,
    Moment,
    Output,
    Page,
    PathId,
    answer,
    money,
    version_asked,
)
from core.api.texts import Reason, text_field
from core.clock import in_zone, now
from core.money import ZERO
from orders.models import Order
from orders.selectors.scoped import order_within
from payments.models import Payment
from payments.rights import (
    GIVE_REFUNDS,
    RECORD_PAYMENTS,
    SEE_PAYMENTS,
    UNLIMITED_GOODWILL,
)
from payments.services import (
    cancel_payment,
    capture_payment,
    confirm_payment,
    expect_payment,
    preview_refund,
    record_payment,
    refund_order,
)
from payments.states import Method, PaymentStanding

room = Room("Payments")
offer(UNLIMITED_GOODWILL)
ByHand = Literal["bank_transfer", "cash", "cheque", "elsewhere"]
Positive = Annotated[Amount, Field(gt=0)]


class PaymentOut(Output):
    """One payment of an order, in the order's currency."""

    id: int
    order_id: int
    provider: str
    method: Method
    label: str
    reference: str
    status: PaymentStanding
    currency: str
    expected: str
    authorised: str
    captured: str
    refunded: str
    refund_pending: str
    due_on: date | None
    received_at: datetime | None
    created_at: datetime


class PaymentFilters(Paged):
    order_id: Id | None = None
    status: PaymentStanding | None = None


class RecordIn(Input):
    """Money that came, or with `due_on` money that will come."""

    method: ByHand
    amount: Positive
    reference: str = text_field(120)
    received_at: Moment | None = None
    due_on: Day | None = None


class ConfirmIn(Input):
    received_at: Moment | None = None
    amount: Positive | None = None
    reference: str = text_field(120)


class CaptureIn(Input):
    """Null takes all that is set aside."""

    amount: Positive | None = None


class StopWaitingIn(Input):
    reason: str = text_field(300)


class ShareIn(Input):
    payment_id: Id
    amount: Positive


class RefundPreviewIn(Input):
    """Without `shares` it goes back from the newest payment on. `grants_credit`: what goes beyond what
    the customer is owed is goodwill.
    """

    amount: Positive
    shares: list[ShareIn] = Field([], max_length=100)
    grants_credit: bool = False

    def chosen(self) -> dict[int, Decimal] | None:
        return {one.payment_id: one.amount for one in self.shares} or None


class RefundIn(RefundPreviewIn):
    reason: Reason


class ShareOut(Output):
    payment_id: int
    amount: str


class RefundPreviewOut(Output):
    """What giving back would do; nothing was done."""

    amount: str
    currency: str
    credit: str
    balance_after: str
    shares: list[ShareOut]


class OrderMoneyOut(Output):
    """Where an order's money stands."""

    order_id: int
    version: int
    currency: str
    total: str
    captured: str
    refunded: str
    balance: str
    payment_status: str


AMOUNTS = ("expected", "authorised", "captured", "refunded", "refund_pending")
PLAIN = ("order_id", "provider", "label", "reference", "due_on", "received_at", "created_at")


def payment_out(payment: Payment) -> PaymentOut:
    amounts = {name: money(getattr(payment, name), payment.currency) for name in AMOUNTS}
    return PaymentOut.model_validate(
        {
            "id": payment.pk,
            "method": payment.method,
            "status": payment.status,
            "currency": payment.currency,
            **amounts,
            **{name: getattr(payment, name) for name in PLAIN},
        }
    )


def _money(order: Order) -> HttpResponse:
    order.refresh_from_db()
    out = OrderMoneyOut(
        order_id=order.pk,
        version=order.version,
        currency=order.currency,
        total=money(order.total, order.currency),
        captured=money(order.captured, order.currency),
        refunded=money(order.refunded, order.currency),
        balance=money(order.balance, order.currency),
        payment_status=order.payment_status,
    )
    return answer(out, version=order.version)


def _within(client: Client) -> QuerySet[Payment]:
    payments = Payment.objects.all()
    if client.channel_id is None:
        return payments
    return payments.filter(order__channel=client.channel_id)


def _payment(request: HttpRequest, payment_id: int) -> Payment:
    found = _within(client_of(request)).filter(pk=payment_id).first()
    if found is None:
        raise Http404("No such payment in this channel.")
    return found


def _told(payment: Payment) -> HttpResponse:
    payment.refresh_from_db()
    return answer(payment_out(payment))


@room.reads("/payments", SEE_PAYMENTS, Page[PaymentOut])
def list_payments(request: HttpRequest, filters: Query[PaymentFilters]) -> HttpResponse:
    """List payments, the newest first."""
    rows = _within(client_of(request))
    if filters.order_id is not None:
        rows = rows.filter(order_id=filters.order_id)
    if filters.status is not None:
        rows = rows.filter(status=filters.status)
    return answer(read_page(rows, filters, payment_out, order=("-created_at", "-id")))


@room.reads("/payments/{payment_id}", SEE_PAYMENTS, PaymentOut)
def read_payment(request: HttpRequest, payment_id: PathId) -> HttpResponse:
    """Read a payment."""
    return answer(payment_out(_payment(request, payment_id)))


@room.changes(
    "/orders/{order_id}/payments", RECORD_PAYMENTS, PaymentOut, status=201, is_versioned=True
)
def record(request: HttpRequest, order_id: PathId, body: RecordIn) -> HttpResponse:
    """Record money that came for an order, or that will."""
    order = order_within(client_of(request).channel_id, order_id)
    moment = now()
    if body.due_on is not None:
        payment = expect_payment(
            order_id=order.pk,
            method=Method(body.method),
            amount=body.amount,
            currency=order.currency,
            due_on=body.due_on,
            reference=body.reference,
            version=version_asked(request),
            now=moment,
        )
    else:
        payment = record_payment(
            order_id=order.pk,
            method=Method(body.method),
            amount=body.amount,
            currency=order.currency,
            received_at=_moment(body.received_at, order) or moment,
            reference=body.reference,
            version=version_asked(request),
            now=moment,
        )
    return answer(payment_out(payment), status=201)


def _moment(told: datetime | None, order: Order) -> datetime | None:
    """A moment without an offset is in the channel's own time."""
    return in_zone(told, order.channel.zone) if told else None


@room.changes("/payments/{payment_id}/confirm", RECORD_PAYMENTS, PaymentOut)
def confirm(request: HttpRequest, payment_id: PathId, body: ConfirmIn) -> HttpResponse:
    """Say that expected money came."""
    payment = _payment(request, payment_id)
    confirm_payment(
        payment_id=payment.pk,
        amount=body.amount,
        received_at=_moment(body.received_at, payment.order) or now(),
        reference=body.reference,
        now=now(),
    )
    return _told(payment)


@room.changes("/payments/{payment_id}/capture", RECORD_PAYMENTS, PaymentOut)
def capture(request: HttpRequest, payment_id: PathId, body: CaptureIn) -> HttpResponse:
    """Take money that is set aside."""
    payment = _payment(request, payment_id)
    capture_payment(payment_id=payment.pk, amount=body.amount, now=now())
    return _told(payment)


@room.changes("/payments/{payment_id}/cancel", RECORD_PAYMENTS, PaymentOut)
def stop_waiting(request: HttpRequest, payment_id: PathId, body: StopWaitingIn) -> HttpResponse:
    """Stop waiting for money."""
    payment = _payment(request, payment_id)
    cancel_payment(payment_id=payment.pk, reason=body.reason, now=now())
    return _told(payment)


@room.changes("/orders/{order_id}/refunds/preview", GIVE_REFUNDS, RefundPreviewOut)
def preview_giving_back(
    request: HttpRequest, order_id: PathId, body: RefundPreviewIn
) -> HttpResponse:
    """Say what giving money back would do; nothing is done."""
    order = order_within(client_of(request).channel_id, order_id)
    seen = preview_refund(
        order,
        list(order.payments.all()),
        body.amount,
        chosen=body.chosen(),
        grants_credit=body.grants_credit,
    )
    return answer(
        RefundPreviewOut(
            amount=money(seen.amount, seen.currency),
            currency=seen.currency,
            credit=money(seen.credit, seen.currency),
            balance_after=money(seen.balance_after, seen.currency),
            shares=[
                ShareOut(payment_id=one.payment.pk, amount=money(one.amount, seen.currency))
                for one in seen.shares
            ],
        )
    )


@room.changes("/orders/{order_id}/refunds", GIVE_REFUNDS, OrderMoneyOut, is_versioned=True)
def give_back(request: HttpRequest, order_id: PathId, body: RefundIn) -> HttpResponse:
    """Give money back for an order.

    Goodwill needs the scope payments.goodwill_unlimited beside: the limits of roles are of people.
    """
    client = client_of(request)
    order = order_within(client.channel_id, order_id)
    refund_order(
        order_id=order.pk,
        amount=body.amount,
        reason=body.reason,
        shares=body.chosen(),
        grants_credit=body.grants_credit,
        goodwill_limit=None if client.may(UNLIMITED_GOODWILL) else ZERO,
        version=version_asked(request),
        now=now(),
    )
    return _money(order)
