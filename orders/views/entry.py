"""Entering an order by phone: live totals and availability, then one verb."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.db.models import Q
from django.forms import BaseFormSet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone

from core.access import requires
from core.errors import DomainError
from core.money import ZERO
from core.once import once
from customers.models import Customer
from customers.services import CustomerWish, find_or_add
from inventory.models import Variant
from orders.drafts import DraftLine, OrderDraft, WhenShort
from orders.forms import EntryForm, LineForm, LineFormSet
from orders.models import Order
from orders.rights import PLACE_ORDERS
from orders.selectors import Quote, quote_order
from orders.selectors.quoting import LineWish
from orders.services import place_order
from orders.states import PaymentTerms

FOUND = 8


@requires(PLACE_ORDERS)
@once
def order_create(request: HttpRequest) -> HttpResponse:
    """Enter an order. `do` says what the button meant: place it, or only change what is on the page
    (add or remove a line, take a customer found, look at the totals).
    """
    if request.method != "POST":
        return _page(request, EntryForm(initial=_defaults(request)), LineFormSet(prefix="lines"))
    do = request.POST.get("do", "quote")
    if do != "place":
        return _page(request, *_changed(request.POST.copy(), do))
    entry = EntryForm(request.POST)
    lines = LineFormSet(request.POST, prefix="lines")
    if entry.is_valid() and lines.is_valid():
        try:
            order = _place(entry, lines)
        except DomainError as refusal:
            entry.add_error(
                refusal.field if refusal.field in entry.fields else None, refusal.message
            )
        else:
            messages.success(request, f"Order {order.number} is placed.")
            return redirect("orders:order_detail", order.pk)
    return _page(request, entry, lines, status=422)


def _defaults(request: HttpRequest) -> dict[str, Any]:
    """What a new order starts with: the phone channel, and the customer the page was opened for."""
    channels = EntryForm.base_fields["channel"].queryset  # type: ignore[attr-defined]
    channel = channels.filter(kind="phone").first() or channels.first()
    initial: dict[str, Any] = {"channel": channel, "when_short": WhenShort.REJECT}
    chosen = request.GET.get("customer", "")
    customer = Customer.objects.current().filter(pk=chosen).first() if chosen.isdecimal() else None
    return initial | (_customer_fields(customer) if customer else {})


def _customer_fields(customer: Customer) -> dict[str, Any]:
    fields: dict[str, Any] = {
        "customer_id": customer.pk,
        "name": customer.name,
        "email": customer.email,
        "phone": customer.phone,
    }
    address = customer.addresses.first()
    if address:
        known = address.as_address().as_json()
        fields |= {key: text for key, text in known.items() if key in EntryForm.base_fields}
    return fields


def _changed(data: QueryDict, do: str) -> tuple[EntryForm, "BaseFormSet[LineForm]"]:
    """The forms as they stand after a button that changes the page only."""
    verb, _, argument = do.partition("-")
    rows = [
        {name: data.get(f"lines-{i}-{name}", "") for name in ("sku", "quantity", "unit_price")}
        for i in range(int(data.get("lines-TOTAL_FORMS") or 0))
    ]
    if verb == "add" and (sku := (argument or data.get("find_product", "")).strip()):
        same = next((row for row in rows if row["sku"].upper() == sku.upper()), None)
        if same is None:
            rows.append({"sku": sku, "quantity": "1", "unit_price": ""})
        elif same["quantity"].isdecimal():
            same["quantity"] = str(int(same["quantity"]) + 1)
        data["find_product"] = ""
    if verb == "remove" and argument.isdecimal():
        rows = [row for i, row in enumerate(rows) if i != int(argument)]
    if verb == "choose" and argument.isdecimal():
        customer = Customer.objects.current().filter(pk=int(argument)).first()
        for key, value in (_customer_fields(customer) if customer else {}).items():
            data[key] = str(value)
        data["find_customer"] = ""
    entry = EntryForm(initial=data.dict())
    return entry, LineFormSet(initial=rows, prefix="lines")


def _page(
    request: HttpRequest, entry: EntryForm, lines: "BaseFormSet[LineForm]", *, status: int = 200
) -> HttpResponse:
    quote = _quote(entry, lines)
    numbered = list(zip(lines.forms, quote.lines if quote else [None] * len(lines), strict=False))
    find = request.POST.get("do", "").partition("-")[0] not in {"add", "choose"}
    context = {
        "entry": entry,
        "lines": lines,
        "numbered": numbered,
        "quote": quote,
        "channel": _channel(entry),
        "products": _products(request.POST.get("find_product", "")) if find else [],
        "customers": _customers(request.POST.get("find_customer", "")) if find else [],
        "find_product": request.POST.get("find_product", "") if find else "",
        "find_customer": request.POST.get("find_customer", "") if find else "",
    }
    template = (
        "orders/entry/_entry.html" if getattr(request, "htmx", None) else "orders/entry/page.html"
    )
    return render(request, template, context, status=status)


def _channel(entry: EntryForm) -> Any:
    field = entry.fields["channel"]
    value = entry["channel"].value()
    found = field.queryset.filter(pk=getattr(value, "pk", value) or 0).first()  # type: ignore[attr-defined]
    return found or field.queryset.first()  # type: ignore[attr-defined]


def _quote(entry: EntryForm, lines: "BaseFormSet[LineForm]") -> Quote | None:
    """What is on the page would come to; None as long as there is no line or no channel."""
    channel = _channel(entry)
    if channel is None or not lines.forms:
        return None
    service_field = entry.fields["service"]
    chosen = str(entry["service"].value() or "")
    service = service_field.queryset.filter(pk=chosen).first() if chosen.isdecimal() else None  # type: ignore[attr-defined]
    return quote_order(
        [_wish(form) for form in lines.forms],
        channel=channel,
        country=str(entry["country"].value() or ""),
        service=service,
        shipping=_decimal(entry, "shipping"),
        discount=_decimal(entry, "discount") or ZERO,
    )


def _wish(form: Any) -> LineWish:
    quantity = str(form["quantity"].value() or "")
    return LineWish(
        sku=str(form["sku"].value() or "").strip(),
        quantity=int(quantity) if quantity.isdecimal() and len(quantity) < 8 else 0,
        unit_price=_decimal(form, "unit_price"),
    )


def _decimal(form: Any, name: str) -> Any:
    """A field's amount while it is being typed; None while it is empty or no number."""
    try:
        return form.fields[name].clean(form[name].value() or None)
    except Exception:  # noqa: BLE001  (whatever is typed, the page must come back)
        return None


def _products(words: str) -> list[Variant]:
    if len(words.strip()) < 2:
        return []
    found = Variant.objects.active().select_related("product")
    for word in words.split()[:5]:
        found = found.filter(
            Q(sku__icontains=word)
            | Q(name__icontains=word)
            | Q(product__name__icontains=word)
            | Q(barcode=word)
        )
    return list(found.order_by("sku")[:FOUND])


def _customers(words: str) -> list[Customer]:
    if len(words.strip()) < 2:
        return []
    found = Customer.objects.current().filter(
        Q(name__icontains=words.strip()) | Q(email__istartswith=words.strip())
    )
    return list(found.order_by("name", "pk")[:FOUND])


def _place(entry: EntryForm, lines: "BaseFormSet[LineForm]") -> Order:
    """Find or add the customer and place the order, in one transaction."""
    data = entry.cleaned_data
    filled = [form for form in lines.forms if str(form["sku"].value() or "").strip()]
    channel = data["channel"]
    now = timezone.now()
    quote = quote_order(
        [_wish(form) for form in filled],
        channel=channel,
        country=data["country"],
        service=data["service"],
        shipping=data["shipping"],
        discount=data["discount"] or ZERO,
    )
    problem = next((line.problem for line in quote.lines if line.variant is None), "")
    if problem:
        raise DomainError(problem)
    with transaction.atomic():
        customer_id = data["customer_id"]
        if not customer_id or not Customer.objects.current().filter(pk=customer_id).exists():
            wish = CustomerWish(
                channel=channel,
                email=data["email"],
                name=data["name"],
                phone=data["phone"],
                addresses=(entry.address(),),
            )
            customer = find_or_add(wish, now=now)
            customer_id = customer.pk if customer else None
        return place_order(_draft(entry, quote, customer_id), now=now)


def _draft(entry: EntryForm, quote: Quote, customer_id: int | None) -> OrderDraft:
    data = entry.cleaned_data
    return OrderDraft(
        channel=data["channel"],
        currency=data["channel"].currency,
        customer_id=customer_id,
        customer_name=data["name"],
        email=data["email"],
        phone=data["phone"],
        billing_address=entry.address(),
        shipping_address=entry.address(),
        prices_include_tax=data["channel"].prices_include_tax,
        order_discount=data["discount"] or ZERO,
        shipping=quote.price.shipping_total,
        shipping_tax_rate=quote.shipping_tax_rate,
        shipping_service=data["service"],
        shipping_method=data["service"].name if data["service"] else "",
        payment_terms=PaymentTerms(data["payment_terms"]),
        when_short=WhenShort(data["when_short"]),
        customer_note=data["note"],
        lines=tuple(
            DraftLine(
                sku=line.variant.sku if line.variant else line.wish.sku,
                quantity=line.wish.quantity,
                unit_price=line.unit_price,
                tax_rate=line.tax_rate,
            )
            for line in quote.lines
        ),
    )
