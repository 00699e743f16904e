"""Quotes as staff see them: listed, entered, sent, revised, copied, and made into orders."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_fsm import can_proceed

from core import documents
from core import messages as post
from core.access import requires
from core.errors import DomainError, StaleEdit
from core.money import quantise
from core.once import once
from orders.documents import QUOTATION
from orders.forms import LineFormSet
from orders.forms.business import QuotationForm, WhyForm
from orders.models import Quotation
from orders.rights import PLACE_ORDERS, SEE_QUOTES
from orders.selectors.business import terms_of
from orders.services import (
    convert_quotation,
    duplicate_quotation,
    issue_quotation_link,
    revise_quotation,
    save_quotation,
    send_quotation,
    withdraw_quotation,
)
from orders.services.offering import LASTS
from orders.states import QuotationState, RecommendationPlace
from orders.tables.business import QuotationList
from orders.views.entering import (
    Lines,
    Purpose,
    address_fields,
    changed,
    entry_page,
    refuse_forgotten_rows,
)
from orders.views.entry import defaults, draft_entered, refuse
from orders.views.suggesting import keeps_shown, sent_basket_key, suggested_with

BACK = ("orders:quote_list", "Quotes")


@requires(SEE_QUOTES)
@require_GET
def quote_list(request: HttpRequest) -> HttpResponseBase:
    """Quotes, as the address says."""
    return QuotationList(request).respond()


@requires(SEE_QUOTES)
@require_GET
def quote_detail(request: HttpRequest, quotation_id: int) -> HttpResponse:
    """One quote: what it offers, where it stands, its versions and papers."""
    quote = get_object_or_404(
        Quotation.objects.select_related("channel__legal_entity", "customer", "company", "order"),
        pk=quotation_id,
    )
    context = {
        "quote": quote,
        "lines": quote.lines.all(),
        "versions": Quotation.objects.filter(number=quote.number).order_by("-revision"),
        "can_send": can_proceed(quote.send),
        "can_convert": can_proceed(quote.convert),
        "can_withdraw": can_proceed(quote.withdraw),
        "is_draft": quote.state == QuotationState.DRAFT,
        "suggested": suggested_with(quote, place=RecommendationPlace.QUOTE)
        if can_proceed(quote.send) or quote.state == QuotationState.SENT
        else None,
        "terms": terms_of(quote.customer_id, currency=quote.currency, amount=quote.total),
        "documents": documents.for_subject("quotation", quote.pk),
        "messages_sent": post.for_subject("quotation", quote.pk),
    }
    return render(request, "orders/quote_detail.html", context)


@requires(PLACE_ORDERS)
@require_http_methods(["GET", "POST"])
@keeps_shown
@once
def quote_create(request: HttpRequest) -> HttpResponse:
    """Enter a quote; see orders.views.entry.order_create for the buttons."""
    purpose = Purpose(
        reverse("orders:quote_create"),
        "New quote",
        "Save quote",
        QuotationForm,
        BACK,
        RecommendationPlace.QUOTE,
    )
    initial = defaults(request) | {"valid_until": timezone.localdate() + LASTS}
    return _entered(request, purpose, None, initial, [])


@requires(PLACE_ORDERS)
@require_http_methods(["GET", "POST"])
@keeps_shown
@once
def quote_edit(request: HttpRequest, quotation_id: int) -> HttpResponse:
    """Change a quote that was not sent yet."""
    quote = get_object_or_404(Quotation.objects.select_related("channel"), pk=quotation_id)
    if quote.state != QuotationState.DRAFT:
        messages.error(request, f"Quote {quote} was sent already; make a revision of it.")
        return redirect("orders:quote_detail", quote.pk)
    purpose = Purpose(
        reverse("orders:quote_edit", args=[quote.pk]),
        f"Edit quote {quote}",
        "Save quote",
        QuotationForm,
        BACK,
        RecommendationPlace.QUOTE,
        quote.suggested_under,
    )
    rows = [
        {
            "sku": line.sku,
            "quantity": line.quantity,
            "unit_price": "" if line.unit_price == line.list_price else f"{line.unit_price:f}",
            "reason": line.price_reason,
        }
        for line in quote.lines.all()
    ]
    if added := request.GET.get("add", "").strip():
        rows.append({"sku": added[:60], "quantity": 1, "unit_price": "", "reason": ""})
    return _entered(request, purpose, quote, _initial(quote), rows)


def _initial(quote: Quotation) -> dict[str, Any]:
    """What the form of a stored quote starts with."""
    return {
        **address_fields(quote.ship_to),
        "channel": quote.channel,
        "customer_id": quote.customer_id,
        "name": quote.customer_name,
        "email": quote.email,
        "phone": quote.phone,
        "service": quote.shipping_service_id,
        "shipping": quantise(quote.shipping_total, quote.currency),
        "discount": quantise(quote.order_discount, quote.currency) or None,
        "coupon": " ".join(quote.coupons),
        "payment_terms": quote.payment_terms,
        "purchase_order": quote.purchase_order,
        "when_short": quote.when_short,
        "note": quote.note,
        "valid_until": quote.valid_until,
        "version": quote.version,
    }


def _entered(
    request: HttpRequest,
    purpose: Purpose,
    quote: Quotation | None,
    initial: dict[str, Any],
    rows: list[dict[str, Any]],
) -> HttpResponse:
    if request.method != "POST":
        entry = QuotationForm(initial=initial)
        return entry_page(request, entry, LineFormSet(initial=rows, prefix="lines"), purpose)
    do = request.POST.get("do", "quote")
    if do != "place":
        return entry_page(request, *changed(request.POST.copy(), do, QuotationForm), purpose)
    entry = QuotationForm(request.POST)
    lines = LineFormSet(request.POST, prefix="lines")
    refuse_forgotten_rows(request, entry)
    status = 422
    if entry.is_valid() and lines.is_valid():
        try:
            saved = _save(request, entry, lines, quote)
        except StaleEdit as stale:
            entry.add_error(None, stale.message)
            status = 409
        except DomainError as refusal:
            refuse(entry, refusal)
        else:
            messages.success(request, f"Quote {saved} is saved; send it when it is right.")
            return redirect("orders:quote_detail", saved.pk)
    return entry_page(request, entry, lines, purpose, status=status)


def _save(
    request: HttpRequest, entry: QuotationForm, lines: Lines, quote: Quotation | None
) -> Quotation:
    now = timezone.now()
    with transaction.atomic():
        return save_quotation(
            quotation_id=quote.pk if quote else None,
            draft=draft_entered(request, entry, lines, now=now),
            valid_until=entry.cleaned_data["valid_until"],
            version=entry.cleaned_data["version"] if quote else None,
            basket_key=sent_basket_key(request),
            now=now,
        )


def _done(request: HttpRequest, quotation_id: int, verb: Callable[[], str]) -> HttpResponse:
    """Do it and say so, or say why not; back to the quote."""
    try:
        messages.success(request, verb())
    except DomainError as refusal:
        messages.error(request, refusal.message)
    return redirect("orders:quote_detail", quotation_id)


@requires(PLACE_ORDERS)
@require_POST
def quote_send(request: HttpRequest, quotation_id: int) -> HttpResponse:
    """Mail a quote to its buyer."""

    def verb() -> str:
        quote = send_quotation(quotation_id=quotation_id, now=timezone.now())
        return f"Quote {quote} is on its way to {quote.email}."

    return _done(request, quotation_id, verb)


@requires(PLACE_ORDERS)
@require_POST
def quote_convert(request: HttpRequest, quotation_id: int) -> HttpResponse:
    """Place the order of a quote."""

    def verb() -> str:
        order = convert_quotation(quotation_id=quotation_id, now=timezone.now())
        return f"Order {order.number} is placed."

    return _done(request, quotation_id, verb)


@requires(PLACE_ORDERS)
@require_POST
@once
def quote_revise(request: HttpRequest, quotation_id: int) -> HttpResponse:
    """Begin a new version."""
    try:
        quote = revise_quotation(quotation_id=quotation_id, now=timezone.now())
    except DomainError as refusal:
        messages.error(request, refusal.message)
        return redirect("orders:quote_detail", quotation_id)
    return redirect("orders:quote_edit", quote.pk)


@requires(PLACE_ORDERS)
@require_POST
@once
def quote_duplicate(request: HttpRequest, quotation_id: int) -> HttpResponse:
    """Begin the same again under another number."""
    quote = duplicate_quotation(quotation_id=quotation_id, now=timezone.now())
    messages.success(request, f"This is {quote}, a copy in draft.")
    return redirect("orders:quote_detail", quote.pk)


@requires(PLACE_ORDERS)
@require_http_methods(["GET", "POST"])
def quote_withdraw(request: HttpRequest, quotation_id: int) -> HttpResponse:
    """Offer it no longer."""
    quote = get_object_or_404(Quotation, pk=quotation_id)
    form = WhyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            withdraw_quotation(quotation_id=quote.pk, why=form.cleaned_data["why"])
        except DomainError as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, f"Quote {quote} is withdrawn.")
            return redirect("orders:quote_detail", quote.pk)
    status = 422 if form.is_bound else 200
    return render(
        request, "orders/quote_withdraw.html", {"form": form, "quote": quote}, status=status
    )


@requires(PLACE_ORDERS)
@require_POST
def quote_link(request: HttpRequest, quotation_id: int) -> HttpResponse:
    """Make a link for the buyer, shown this once."""
    quote = get_object_or_404(Quotation.objects.exclude(state="draft"), pk=quotation_id)
    with transaction.atomic():
        address = issue_quotation_link(quotation=quote, now=timezone.now())
    return render(request, "orders/quote_link.html", {"quote": quote, "address": address})


@requires(SEE_QUOTES)
@require_POST
def quote_paper(_request: HttpRequest, quotation_id: int) -> HttpResponse:
    """Make the quote on paper, or open the one that still fits."""
    quote = get_object_or_404(Quotation, pk=quotation_id)
    return redirect("document_detail", documents.request(QUOTATION, quote.pk).pk)


quote_urls = [
    path("quotes/", quote_list, name="quote_list"),
    path("quotes/new/", quote_create, name="quote_create"),
    path("quotes/<int:quotation_id>/", quote_detail, name="quote_detail"),
    path("quotes/<int:quotation_id>/edit/", quote_edit, name="quote_edit"),
    path("quotes/<int:quotation_id>/send/", quote_send, name="quote_send"),
    path("quotes/<int:quotation_id>/order/", quote_convert, name="quote_convert"),
    path("quotes/<int:quotation_id>/revise/", quote_revise, name="quote_revise"),
    path("quotes/<int:quotation_id>/duplicate/", quote_duplicate, name="quote_duplicate"),
    path("quotes/<int:quotation_id>/withdraw/", quote_withdraw, name="quote_withdraw"),
    path("quotes/<int:quotation_id>/link/", quote_link, name="quote_link"),
    path("quotes/<int:quotation_id>/paper/", quote_paper, name="quote_paper"),
]
