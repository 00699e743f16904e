"""What the pages for entering orders and quotes share: forms as they change, and what they come to."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from django.db.models import Q
from django.forms import BaseFormSet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render

from core import clock
from core.address import Address
from core.models import Channel
from core.money import ZERO
from core.sent import whole_number
from customers.models import Customer
from inventory.selectors.catalogue import products_called
from orders.forms import MOST_LINES, EntryForm, LineForm, LineFormSet
from orders.selectors import Quote, quote_order
from orders.selectors.business import terms_of
from orders.selectors.pasting import PastedRow, left_over, read_rows
from orders.selectors.quoting import LineQuote, LineWish
from orders.services.promising_baskets import Offer, promise_basket
from orders.states import PaymentTerms, RecommendationPlace
from orders.views.suggesting import sent_basket_key, suggested_for

FOUND = 8
COLUMNS = tuple(LineForm.base_fields)
Lines: TypeAlias = "BaseFormSet[LineForm]"


@dataclass(frozen=True)
class Purpose:
    """What is being entered, and the words its page says."""

    action: str
    title: str
    submit: str
    form_class: type[EntryForm] = EntryForm
    back: tuple[str, str] = ("orders:order_list", "Orders")
    place: RecommendationPlace = RecommendationPlace.ENTRY
    basket_key: str = ""  # of what was entered before; what is new gets one of its own


def channel_of(entry: EntryForm) -> Any:
    """The channel chosen on the page, else the first."""
    chosen = entry.fields["channel"]
    value = entry["channel"].value()
    number = whole_number(str(getattr(value, "pk", value))) or 0
    found = chosen.queryset.filter(pk=number).first()  # type: ignore[attr-defined]
    return found or chosen.queryset.first()  # type: ignore[attr-defined]


def customer_fields(customer: Customer) -> dict[str, Any]:
    """What a customer fills in: their own address first, else their company's."""
    fields: dict[str, Any] = {
        "customer_id": customer.pk,
        "name": customer.name,
        "email": customer.email,
        "phone": customer.phone,
    }
    if customer.company:
        fields["company"] = customer.company.name
        if customer.company.credit_accounts.exists():
            fields["payment_terms"] = PaymentTerms.NET
    address = customer.addresses.first() or (
        customer.company.addresses.order_by("is_for_bills", "pk").first()
        if customer.company
        else None
    )
    return fields | (address_fields(address.as_address()) if address else {})


def address_fields(address: Address) -> dict[str, str]:
    """The filled parts of an address that the page has fields for."""
    known = address.as_json()
    return {key: text for key, text in known.items() if key in EntryForm.base_fields}


def chosen_customer(text: str) -> Customer | None:
    number = whole_number(text)
    if number is None:
        return None
    return Customer.objects.current().select_related("company").filter(pk=number).first()


def changed(data: QueryDict, do: str, form_class: type[EntryForm]) -> tuple[EntryForm, Lines]:
    """The forms as they stand after a button that changes the page only."""
    verb, _, argument = do.partition("-")
    count = min(whole_number(data.get("lines-TOTAL_FORMS") or "") or 0, MOST_LINES)
    rows = [{name: data.get(f"lines-{i}-{name}", "") for name in COLUMNS} for i in range(count)]
    if verb == "add" and (sku := (argument or data.get("find_product", "")).strip()):
        _add(rows, sku, 1, "")
        data["find_product"] = ""
    if verb == "remove":
        rows = [row for i, row in enumerate(rows) if i != whole_number(argument)]
    if verb == "take":
        pasted = read_rows(data.get("pasted", ""))
        for one in pasted:
            if one.variant and not one.problem:
                price = "" if one.price is None else str(one.price)
                _add(rows, one.variant.sku, one.quantity, price)
        data["pasted"] = left_over(pasted)
    if verb == "choose" and (customer := chosen_customer(argument)):
        for key, value in customer_fields(customer).items():
            data[key] = str(value)
        data["find_customer"] = ""
    return form_class(initial=data.dict()), LineFormSet(initial=rows, prefix="lines")


def refuse_forgotten_rows(request: HttpRequest, entry: EntryForm) -> None:
    """Rows that were pasted and are no lines would be lost; the page says so first."""
    if request.POST.get("pasted", "").strip():
        entry.add_error(
            None, "Pasted rows are still in their box: add those that fit, or empty the box."
        )


def _add(rows: list[dict[str, str]], sku: str, units: int, price: str) -> None:
    """One more line, or more units of the one that is the same."""
    for row in rows:
        if (row["sku"].upper(), row["unit_price"]) == (sku.upper(), price) or (
            row["sku"].upper() == sku.upper() and not price
        ):
            if whole_number(row["quantity"]) is not None:
                row["quantity"] = str(int(row["quantity"]) + units)
            return
    rows.append({"sku": sku, "quantity": str(units), "unit_price": price, "reason": ""})


def entry_page(
    request: HttpRequest, entry: EntryForm, lines: Lines, purpose: Purpose, *, status: int = 200
) -> HttpResponse:
    """The page with what is on it, what that comes to and what was looked for."""
    channel = channel_of(entry)
    if channel is None:
        return _without_channel(request, purpose, status=status)
    quote = quote_of(entry, lines)
    offer = offer_of(entry, quote)
    suggested = suggested_for(
        quote,
        channel,
        basket_key=purpose.basket_key or sent_basket_key(request),
        place=purpose.place,
        country=str(entry["country"].value() or ""),
        customer_id=_customer_id(entry),
    )
    request.suggested = suggested  # type: ignore[attr-defined]  # keeps_shown records it
    numbered = list(zip(lines.forms, quote.lines if quote else [None] * len(lines), strict=False))
    verb, _, argument = request.POST.get("do", "").partition("-")
    find = verb not in {"add", "choose"}
    pasted = str(entry.initial.get("pasted", request.POST.get("pasted", "")))
    context = {
        "purpose": purpose,
        "entry": entry,
        "lines": lines,
        "numbered": numbered,
        "quote": quote,
        "suggested": suggested,
        "offer": offer,
        "terms": _terms(entry, channel, quote),
        "channel": channel,
        "added": argument if verb == "add" else "",
        "found_for": argument if verb == "find" else "",
        "products": products_called(request.POST.get("find_product", ""), most=FOUND)
        if find
        else [],
        "customers": _customers(request.POST.get("find_customer", "")) if find else [],
        "find_product": request.POST.get("find_product", "") if find else "",
        "find_customer": request.POST.get("find_customer", "") if find else "",
        "pasted": pasted,
        "preview": _preview(pasted, channel, entry) if pasted.strip() else [],
    }
    template = (
        "orders/entry/_entry.html" if getattr(request, "htmx", None) else "orders/entry/page.html"
    )
    return render(request, template, context, status=status)


def _without_channel(request: HttpRequest, purpose: Purpose, *, status: int) -> HttpResponse:
    """A store in which no channel sells: nothing can be entered, and the page says what to do."""
    template = (
        "orders/entry/_no_channel.html"
        if getattr(request, "htmx", None)
        else "orders/entry/no_channel.html"
    )
    return render(request, template, {"purpose": purpose}, status=status)


def _customer_id(entry: EntryForm) -> int | None:
    value = str(entry["customer_id"].value() or "")
    return int(value) if value.isdecimal() and len(value) < 19 else None


def _terms(entry: EntryForm, channel: Channel | None, quote: Quote | None) -> Any:
    if channel is None:
        return None
    return terms_of(
        _customer_id(entry),
        currency=channel.currency,
        amount=quote.price.total if quote else ZERO,
        purchase_order=str(entry["purchase_order"].value() or "").strip(),
    )


def quote_of(entry: EntryForm, lines: Lines) -> Quote | None:
    """What is on the page would come to; None as long as there is no line or no channel."""
    channel = channel_of(entry)
    if channel is None or not lines.forms:
        return None
    service_field = entry.fields["service"]
    service = service_field.queryset.filter(pk=_service_id(entry) or 0).first()  # type: ignore[attr-defined]
    return quote_order(
        [wish_of(form) for form in lines.forms],
        channel=channel,
        country=str(entry["country"].value() or ""),
        service=service,
        shipping=_typed(entry, "shipping"),
        discount=_typed(entry, "discount") or ZERO,
        region=str(entry["region"].value() or ""),
        customer_id=_customer_id(entry),
        codes=str(entry["coupon"].value() or "").split() if "coupon" in entry.fields else (),
    )


def offer_of(entry: EntryForm, quote: Quote | None) -> Offer | None:
    """By which day what is on the page would arrive; None as long as there is nothing to send."""
    if quote is None:
        return None
    return promise_basket(
        quote,
        country=str(entry["country"].value() or ""),
        service_id=_service_id(entry),
        deliver_by=_typed(entry, "deliver_by") if "deliver_by" in entry.fields else None,
        customer_id=_customer_id(entry),
        now=clock.now(),
    )


def _service_id(entry: EntryForm) -> int | None:
    value = entry["service"].value()
    return whole_number(str(getattr(value, "pk", value) or ""))


def wish_of(form: Any) -> LineWish:
    """A line while it is being typed."""
    quantity = str(form["quantity"].value() or "")
    return LineWish(
        sku=str(form["sku"].value() or "").strip(),
        quantity=int(quantity) if quantity.isdecimal() and len(quantity) < 8 else 0,
        unit_price=_typed(form, "unit_price"),
        reason=str(form["reason"].value() or "").strip(),
    )


def filled(lines: Lines) -> list[Any]:
    """The line forms that name a product."""
    return [form for form in lines.forms if str(form["sku"].value() or "").strip()]


def _typed(form: Any, name: str) -> Any:
    """What a field holds while it is being typed; None while it is empty or cannot be read."""
    try:
        return form.fields[name].clean(form[name].value() or None)
    except Exception:  # noqa: BLE001  (whatever is typed, the page must come back)
        return None


def _preview(
    text: str, channel: Channel | None, entry: EntryForm
) -> Sequence[tuple[PastedRow, LineQuote | None]]:
    """Every pasted row, with what it would come to where it was matched."""
    rows = read_rows(text)
    matched = [row for row in rows if not row.problem]
    if channel is None or not matched:
        return [(row, None) for row in rows]
    quote = quote_order(
        [LineWish(row.variant.sku, row.quantity, row.price) for row in matched if row.variant],
        channel=channel,
        country=str(entry["country"].value() or ""),
        service=None,
        shipping=ZERO,
        customer_id=_customer_id(entry),
    )
    priced = dict(zip((row.number for row in matched), quote.lines, strict=True))
    return [(row, priced.get(row.number)) for row in rows]


def _customers(words: str) -> list[Customer]:
    if len(words.strip()) < 2:
        return []
    found = Customer.objects.current().filter(
        Q(name__icontains=words.strip())
        | Q(email__istartswith=words.strip())
        | Q(company__name__icontains=words.strip())
    )
    return list(found.select_related("company").order_by("name", "pk")[:FOUND])
