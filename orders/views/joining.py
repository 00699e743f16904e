"""Orders made of an order: split off, merged, sent again; what will happen is said before."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from core.access import requires, staff_of
from core.errors import DomainError
from core.once import once
from orders.drafts import WhenShort
from orders.forms import MergeForm, ReshipForm, SplitForm
from orders.models import Order
from orders.rights import EDIT_ORDERS, PLACE_ORDERS
from orders.selectors import order_seen_by
from orders.selectors.merging import check_merge, like_orders
from orders.services import merge_orders, preview_split, reship_order, split_order
from orders.services.reshipping import reshippable
from orders.states import ReshipReason
from orders.views.answering import answer, guard, version_of


@requires(EDIT_ORDERS)
@once
def order_split(request: HttpRequest, order_id: int) -> HttpResponse:
    """Give open units an order of their own. “Preview” says what the part is worth."""
    order = order_seen_by(staff_of(request), order_id)
    form = SplitForm(request.POST or None, order=order)
    guard(form, order)
    extra: dict[str, Any] = {
        "intro": "How many units of each line move into an order of their own.",
        "look": "Preview",
    }
    is_look = request.POST.get("do") == "look"
    if form.is_bound and form.is_valid():
        try:
            worth = preview_split(order, form.units())
            extra["split"] = {"units": sum(form.units().values()), "worth": worth}
        except DomainError as refused:
            if is_look:
                extra["refusal"] = refused.message
    return answer(
        request,
        order,
        form,
        lambda: split_order(
            order_id=order.pk,
            units=form.units(),
            reason=form.cleaned_data["reason"],
            version=version_of(form),
            now=timezone.now(),
        ),
        title=f"Split order {order.number}",
        submit="Split order",
        done="The units have an order of their own; this is it.",
        extra=extra,
        only_look=is_look,
    )


@requires(EDIT_ORDERS)
@once
def order_merge(request: HttpRequest, order_id: int) -> HttpResponse:
    """Fold other open orders to the same address into this one, with what stands against in view."""
    user = staff_of(request)
    order = order_seen_by(user, order_id)
    checks = [check_merge(order, other) for other in like_orders(user, order)]
    possible = [check.other for check in checks if not check.refusals]
    form = MergeForm(request.POST if request.method == "POST" else None, others=possible)
    guard(form, order)
    refusal = "" if possible else "No other open order can go together with this one."
    return answer(
        request,
        order,
        form,
        lambda: merge_orders(
            order_id=order.pk,
            other_ids=[int(pk) for pk in form.cleaned_data["orders"]],
            version=version_of(form),
            now=timezone.now(),
        ),
        title=f"Merge orders into {order.number}",
        submit="Merge orders",
        done=f"Merged into order {order.number}.",
        extra={
            "intro": "Open orders of the same buyer to the same address; their lines move here.",
            "checks": checks,
            "refusal": refusal,
        },
    )


@requires(PLACE_ORDERS)
@once
def order_reship(request: HttpRequest, order_id: int) -> HttpResponse:
    """Send units once more at no charge."""
    order = order_seen_by(staff_of(request), order_id)
    possible = _possible(order)
    form = ReshipForm(
        request.POST if request.method == "POST" else None, order=order, possible=possible
    )
    guard(form, order)
    refusal = "" if possible else "Nothing of this order was sent that could be sent again."
    return answer(
        request,
        order,
        form,
        lambda: reship_order(
            order_id=order.pk,
            units=form.units(),
            reason=ReshipReason(form.cleaned_data["reason"]),
            note=form.cleaned_data["note"],
            when_short=WhenShort.BACKORDER,
            version=version_of(form),
            now=timezone.now(),
        ),
        title=f"Send units of {order.number} again",
        submit="Send again at no charge",
        done="This order sends them again, at no charge.",
        extra={"intro": "How many units of each line are sent once more.", "refusal": refusal},
    )


def _possible(order: Order) -> dict[int, int]:
    return reshippable([line for line in order.lines.all() if line.is_physical])
