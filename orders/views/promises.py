"""Promising an order for another day, and how many promises were kept."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from core.access import requires, staff_of
from core.once import once
from core.sent import whole_number
from orders.forms.promises import DeliverByForm, PromiseForm
from orders.rights import EDIT_ORDERS, SEE_ORDERS
from orders.selectors import order_seen_by
from orders.selectors.keeping_promises import PERIODS, kept_promises
from orders.services import ask_deliver_by, change_promise
from orders.views.answering import answer, guard, version_of


@requires(EDIT_ORDERS)
@once
def promise_change(request: HttpRequest, order_id: int) -> HttpResponse:
    """Promise an order for another day, with the reason."""
    order = order_seen_by(staff_of(request), order_id)
    form = PromiseForm(request.POST or None, initial={"promised_on": order.promised_on})
    guard(form, order)
    return answer(
        request,
        order,
        form,
        lambda: change_promise(
            order_id=order.pk,
            promised_on=form.cleaned_data["promised_on"],
            reason=form.cleaned_data["reason"],
            version=version_of(form),
            now=timezone.now(),
        ),
        title=f"Promise order {order.number} for another day",
        submit="Promise this day",
        done=f"Order {order.number} is promised for another day.",
    )


@requires(EDIT_ORDERS)
@once
def order_deliver_by(request: HttpRequest, order_id: int) -> HttpResponse:
    """Change the day by which an order's buyer asks for it."""
    order = order_seen_by(staff_of(request), order_id)
    form = DeliverByForm(request.POST or None, initial={"deliver_by": order.deliver_by})
    guard(form, order)
    return answer(
        request,
        order,
        form,
        lambda: ask_deliver_by(
            order_id=order.pk,
            deliver_by=form.cleaned_data["deliver_by"],
            version=version_of(form),
            now=timezone.now(),
        ),
        title=f"By which day order {order.number} is asked for",
        submit="Save day",
        done=f"The day that order {order.number} is asked for by is saved.",
    )


@requires(SEE_ORDERS)
@require_safe
def promises_kept(request: HttpRequest) -> HttpResponse:
    """How many promises of the last weeks were kept: by week, service and way."""
    asked = whole_number(request.GET.get("weeks", ""))
    weeks = asked if asked in PERIODS else PERIODS[0]
    kept = kept_promises(staff_of(request), weeks=weeks, today=timezone.localdate())
    return render(
        request,
        "orders/promises/kept.html",
        {"kept": kept, "weeks": weeks, "periods": PERIODS},
    )
