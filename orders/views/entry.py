"""Entering an order by phone: live totals and availability, then one verb."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from core.access import requires, staff_of
from core.errors import DomainError
from core.money import ZERO
from core.once import once
from customers.models import Customer
from customers.services import CustomerWish, find_or_add
from orders.drafts import OrderDraft, WhenShort
from orders.forms import EntryForm, LineFormSet
from orders.models import Order
from orders.rights import OVERRIDE_PRICES, PLACE_ORDERS
from orders.selectors import orders_seen_by, quote_order
from orders.selectors.business import company_of
from orders.selectors.policies import policy_of
from orders.services import draft_quoted, place_order, record_taken
from orders.states import PaymentTerms
from orders.views.entering import (
    Lines,
    Purpose,
    changed,
    chosen_customer,
    customer_fields,
    entry_page,
    filled,
    refuse_forgotten_rows,
    wish_of,
)
from orders.views.suggesting import keeps_shown, sent_basket_key


@requires(PLACE_ORDERS)
@keeps_shown
@once
def order_create(request: HttpRequest) -> HttpResponse:
    """Enter an order. `do` says what the button meant: place it, or only change what is on the page
    (add or remove a line, take a customer found, look at the totals).
    """
    purpose = Purpose(reverse("orders:order_create"), "New order", "Place order")
    if request.method != "POST":
        head, rows = defaults(request), []
        if like := order_like(request):
            head, rows = head | head_of(like), rows_of(like)
        lines = LineFormSet(prefix="lines", initial=rows)
        return entry_page(request, EntryForm(initial=head), lines, purpose)
    do = request.POST.get("do", "quote")
    if do != "place":
        return entry_page(request, *changed(request.POST.copy(), do, EntryForm), purpose)
    entry = EntryForm(request.POST)
    lines = LineFormSet(request.POST, prefix="lines")
    refuse_forgotten_rows(request, entry)
    if entry.is_valid() and lines.is_valid():
        try:
            order = _place(request, entry, lines)
        except DomainError as refusal:
            refuse(entry, refusal)
        else:
            messages.success(request, f"Order {order.number} is placed.")
            return redirect("orders:order_detail", order.pk)
    return entry_page(request, entry, lines, purpose, status=422)


def refuse(entry: EntryForm, refusal: DomainError) -> None:
    """Put a refusal beside its field; what concerns no visible field stands on top."""
    visible = refusal.field in entry.fields and not entry.fields[refusal.field].widget.is_hidden
    entry.add_error(refusal.field if visible else None, refusal.message)


def defaults(request: HttpRequest) -> dict[str, Any]:
    """What a new order starts with: the phone channel, and the customer the page was opened for."""
    channels = EntryForm.base_fields["channel"].queryset  # type: ignore[attr-defined]
    channel = channels.filter(kind="phone").first() or channels.first()
    initial: dict[str, Any] = {"channel": channel, "when_short": WhenShort.REJECT}
    if channel is not None:
        initial["payment_terms"] = policy_of(channel).payment_terms
    customer = chosen_customer(request.GET.get("customer", ""))
    return initial | (customer_fields(customer) if customer else {})


def order_like(request: HttpRequest) -> Order | None:
    """The order that the new one is to be like, if the user may see it."""
    asked = request.GET.get("like", "")
    known = orders_seen_by(staff_of(request)).select_related("channel", "shipping_service")
    return known.filter(pk=int(asked)).first() if asked.isdecimal() and len(asked) < 19 else None


def head_of(order: Order) -> dict[str, Any]:
    """Who, where to and how, as it was; prices, stock and the purchase-order number are asked anew."""
    address = {key: text for key, text in order.shipping_address.items() if text}
    return {key: text for key, text in address.items() if key in EntryForm.base_fields} | {
        "channel": order.channel,
        "customer_id": order.customer_id,
        "name": order.customer_name,
        "email": order.email,
        "phone": order.phone,
        "service": order.shipping_service,
        "payment_terms": order.payment_terms,
    }


def rows_of(order: Order) -> list[dict[str, str]]:
    """What was asked for: kits as kits, at today's prices."""
    kits = [(kit.sku, kit.quantity) for kit in order.kits.all()]
    loose = order.lines.filter(kit=None).order_by("position").values_list("sku", "quantity")
    return [
        {"sku": sku, "quantity": str(units), "unit_price": ""}
        for sku, units in [*kits, *loose]
        if sku
    ]


def _place(request: HttpRequest, entry: EntryForm, lines: Lines) -> Order:
    """Find or add the customer and place the order, in one transaction."""
    now = timezone.now()
    with transaction.atomic():
        order = place_order(draft_entered(request, entry, lines, now=now), now=now)
        record_taken(basket_key=sent_basket_key(request), order_id=order.pk, now=now)
    return order


def draft_entered(
    request: HttpRequest, entry: EntryForm, lines: Lines, *, now: datetime
) -> OrderDraft:
    """What valid forms ask for, priced; a customer who is new is added. Raises DomainError, and
    PriceTooFar for prices by hand that this user may not give.
    """
    data = entry.cleaned_data
    customer_id = data["customer_id"]
    if not customer_id or not Customer.objects.current().filter(pk=customer_id).exists():
        wish = CustomerWish(
            channel=data["channel"],
            email=data["email"],
            name=data["name"],
            phone=data["phone"],
            addresses=(entry.address(),),
        )
        customer = find_or_add(wish, now=now)
        customer_id = customer.pk if customer else None
    quote = quote_order(
        [wish_of(form) for form in filled(lines)],
        channel=data["channel"],
        country=data["country"],
        service=data["service"],
        shipping=data["shipping"],
        discount=data["discount"] or ZERO,
        region=data["region"],
        customer_id=customer_id,
        codes=data["coupon"].split(),
        now=now,
    )
    problem = next((line.problem for line in quote.lines if line.variant is None), "")
    if problem:
        raise DomainError(problem)
    may_exceed = staff_of(request).has_right(OVERRIDE_PRICES)
    return draft_quoted(_draft(entry, customer_id), quote, may_exceed=may_exceed)


def _draft(entry: EntryForm, customer_id: int | None) -> OrderDraft:
    data = entry.cleaned_data
    return OrderDraft(
        channel=data["channel"],
        currency=data["channel"].currency,
        lines=(),
        customer_id=customer_id,
        purchase_order=data["purchase_order"],
        customer_name=data["name"],
        email=data["email"],
        phone=data["phone"],
        billing_address=billing_address(entry, customer_id),
        shipping_address=entry.address(),
        shipping_service=data["service"],
        shipping_method=data["service"].name if data["service"] else "",
        payment_terms=PaymentTerms(data["payment_terms"]),
        when_short=WhenShort(data["when_short"]),
        deliver_by=data["deliver_by"],
        customer_note=data["note"],
    )


def billing_address(entry: EntryForm, customer_id: int | None) -> Any:
    """Where the bill goes: where the company says, else where the goods go."""
    company = company_of(customer_id)
    bills = company.addresses.filter(is_for_bills=True).first() if company else None
    return bills.as_address() if bills else entry.address()
