"""Payments: the list, one payment, and money coming in."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from core.access import requires, staff_of
from core.money import in_words
from core.once import once
from orders.selectors import order_seen_by
from payments.forms import EXPECTED, CancelPaymentForm, CaptureForm, ConfirmForm, RecordForm
from payments.rights import RECORD_PAYMENTS, SEE_PAYMENTS
from payments.selectors import payment_seen_by
from payments.services import (
    cancel_payment,
    capture_payment,
    confirm_payment,
    expect_payment,
    record_payment,
)
from payments.states import Method
from payments.tables import PaymentList
from payments.views.answering import answer, moment_of


@requires(SEE_PAYMENTS)
def payment_list(request: HttpRequest) -> HttpResponse:
    """Payments: what came, what is awaited, what is late."""
    response: HttpResponse = PaymentList(request).respond()
    return response


@requires(SEE_PAYMENTS)
def payment_detail(request: HttpRequest, payment_id: int) -> HttpResponse:
    """One payment with everything that was reported of it."""
    payment = payment_seen_by(staff_of(request), payment_id)
    events = payment.events.order_by("-occurred_at", "-id")
    context = {"payment": payment, "order": payment.order, "events": events}
    return render(request, "payments/payment_detail.html", context)


@requires(RECORD_PAYMENTS)
@once
def payment_record(request: HttpRequest, order_id: int) -> HttpResponse:
    """Record money that came for an order, or that will."""
    order = order_seen_by(staff_of(request), order_id)
    form = RecordForm(request.POST or None, order=order)
    now = timezone.now()

    def act() -> object:
        asked = form.cleaned_data
        named = {
            "order_id": order.pk,
            "method": Method(asked["method"]),
            "amount": asked["amount"],
            "currency": order.currency,
            "reference": asked["reference"],
            "now": now,
        }
        if asked["standing"] == EXPECTED:
            return expect_payment(due_on=asked["received_on"], **named)
        return record_payment(received_at=moment_of(asked["received_on"], now), **named)

    return answer(
        request,
        order,
        form,
        act,
        title=f"Record payment for {order.number}",
        submit="Record payment",
        done=f"The payment for {order.number} is recorded.",
    )


@requires(RECORD_PAYMENTS)
@once
def payment_confirm(request: HttpRequest, payment_id: int) -> HttpResponse:
    """Expected money came."""
    payment = payment_seen_by(staff_of(request), payment_id)
    form = ConfirmForm(request.POST or None, payment=payment)
    now = timezone.now()

    def act() -> object:
        asked = form.cleaned_data
        return confirm_payment(
            payment_id=payment.pk,
            amount=asked["amount"],
            method=Method(asked["method"]) if asked.get("method") else None,
            received_at=moment_of(asked["received_on"], now),
            reference=asked["reference"],
            now=now,
        )

    return answer(
        request,
        payment.order,
        form,
        act,
        title="Confirm that the money came",
        submit="Confirm payment",
        done=f"The payment for {payment.order.number} is confirmed.",
        notes=[
            f"{in_words(payment.expected, payment.currency)} is expected ({payment.method_label})."
        ],
    )


@requires(RECORD_PAYMENTS)
@once
def payment_cancel(request: HttpRequest, payment_id: int) -> HttpResponse:
    """Stop waiting for money."""
    payment = payment_seen_by(staff_of(request), payment_id)
    form = CancelPaymentForm(request.POST or None)
    return answer(
        request,
        payment.order,
        form,
        lambda: cancel_payment(
            payment_id=payment.pk, reason=form.cleaned_data["reason"], now=timezone.now()
        ),
        title="Stop waiting for this money",
        submit="Stop waiting",
        done="The money is no longer awaited.",
        is_danger=True,
    )


@requires(RECORD_PAYMENTS)
@once
def payment_capture(request: HttpRequest, payment_id: int) -> HttpResponse:
    """Take money that is set aside."""
    payment = payment_seen_by(staff_of(request), payment_id)
    form = CaptureForm(request.POST or None, payment=payment)
    return answer(
        request,
        payment.order,
        form,
        lambda: capture_payment(
            payment_id=payment.pk, amount=form.cleaned_data["amount"], now=timezone.now()
        ),
        title="Take the money that is set aside",
        submit="Take money",
        done="The money is being taken.",
    )
