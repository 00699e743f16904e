"""The buyer's page of a quote: seen and answered by its link, without an account or a script."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.access import public
from core.actors import Actor, ActorKind, acting
from core.client_address import client_address
from core.errors import DomainError
from core.throttle import is_too_often
from orders.forms.business import AnswerForm, DeclineForm
from orders.models import Quotation
from orders.services import accept_quotation, decline_quotation, quotation_of_token
from orders.states import QuotationState, RecommendationPlace
from orders.views.suggesting import suggested_with
from orders.views.tracking import private

OPENED = "opened_quotes"
MOST_OPENED = 20
TRIES, ANSWERS, WITHIN = 30, 10, 600  # so many in ten minutes


@public
@require_safe
def quote_enter(request: HttpRequest, token: str) -> HttpResponse:
    """Exchange a link's token for the session's key to one quote, then go on to a clean address."""
    if is_too_often("quote", client_address(request), limit=TRIES, seconds=WITHIN):
        return _unknown(request, status=429)
    quote = quotation_of_token(token, now=timezone.now())
    if quote is None:
        return _unknown(request)
    opened = [pk for pk in request.session.get(OPENED, []) if pk != quote.pk]
    request.session[OPENED] = [*opened, quote.pk][-MOST_OPENED:]
    return private(redirect("orders:quote_view", quote.pk))


def _unknown(request: HttpRequest, *, status: int = 404) -> HttpResponse:
    context = {"is_too_often": status == 429}
    return private(render(request, "orders/quote_unknown.html", context, status=status))


def _opened(request: HttpRequest, quotation_id: int) -> Quotation | None:
    """The quote, where this browser was let in to it."""
    if quotation_id not in request.session.get(OPENED, []):
        return None
    return (
        Quotation.objects.select_related("channel__legal_entity", "company", "order")
        .filter(pk=quotation_id)
        .first()
    )


@public
@require_http_methods(["GET", "HEAD", "POST"])
def quote_view(request: HttpRequest, quotation_id: int) -> HttpResponse:
    """What is offered; a POST accepts it."""
    quote = _opened(request, quotation_id)
    if quote is None:
        return _unknown(request)
    form = AnswerForm(
        request.POST or None,
        initial={"name": quote.customer_name, "purchase_order": quote.purchase_order},
    )
    if request.method != "POST":
        return _page(request, quote, form)
    if _answers_too_often(request):
        return _unknown(request, status=429)
    if form.is_valid():
        try:
            with acting(_buyer(quote, form.cleaned_data["name"])):
                accept_quotation(
                    quotation_id=quote.pk,
                    by=form.cleaned_data["name"],
                    purchase_order=form.cleaned_data["purchase_order"],
                    now=timezone.now(),
                )
        except DomainError as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        else:
            return private(redirect("orders:quote_view", quote.pk))
    return _page(request, quote, form, status=422)


@public
@require_POST
def quote_decline(request: HttpRequest, quotation_id: int) -> HttpResponse:
    """The buyer does not take it."""
    quote = _opened(request, quotation_id)
    if quote is None:
        return _unknown(request)
    if _answers_too_often(request):
        return _unknown(request, status=429)
    form = DeclineForm(request.POST, auto_id="decline_%s")
    if form.is_valid():
        try:
            with acting(_buyer(quote, form.cleaned_data["name"])):
                decline_quotation(
                    quotation_id=quote.pk,
                    by=form.cleaned_data["name"],
                    why=form.cleaned_data["why"],
                    now=timezone.now(),
                )
        except DomainError as refusal:
            form.add_error(None, refusal.message)
        else:
            return private(redirect("orders:quote_view", quote.pk))
    return _page(request, quote, form, status=422)


def _answers_too_often(request: HttpRequest) -> bool:
    return is_too_often("answer", client_address(request), limit=ANSWERS, seconds=WITHIN)


def _buyer(quote: Quotation, name: str) -> Actor:
    return Actor(ActorKind.CUSTOMER, str(quote.customer_id or ""), name)


def _page(
    request: HttpRequest,
    quote: Quotation,
    form: AnswerForm | DeclineForm,
    *,
    status: int = 200,
) -> HttpResponse:
    quote = _opened(request, quote.pk) or quote  # as it stands after an answer that was refused
    is_declining = isinstance(form, DeclineForm)
    today = timezone.now().astimezone(quote.channel.zone).date()
    is_open = quote.state == QuotationState.SENT and not quote.is_past(today)
    context = {
        "quote": quote,
        "lines": quote.lines.all(),
        "headline": headline(quote, is_open=is_open),
        "is_open": is_open,
        "suggested": suggested_with(quote, place=RecommendationPlace.QUOTE_LINK)
        if is_open
        else None,
        "faulty": form,
        "declining": form
        if is_declining
        else DeclineForm(initial={"name": quote.customer_name}, auto_id="decline_%s"),
        "is_declining": is_declining,
        "accepting": AnswerForm(initial={"name": quote.customer_name}) if is_declining else form,
        "store_name": quote.channel.legal_entity.name,
        "store_contact": quote.channel.legal_entity.email,
    }
    answer = private(render(request, "orders/quote_view.html", context, status=status))
    # without any referrer a browser names no origin either, and its answer would be taken for foreign
    answer["Referrer-Policy"] = "same-origin"
    return answer


def headline(quote: Quotation, *, is_open: bool) -> str:
    """Where the quote stands, in the buyer's words."""
    if is_open:
        return "Our offer to you"
    words = {
        QuotationState.ACCEPTED: "Thank you: you accepted. We are getting your order ready.",
        QuotationState.CONVERTED: "Thank you: your order is placed.",
        QuotationState.DECLINED: "You declined this quote.",
        QuotationState.WITHDRAWN: "This quote is no longer offered.",
    }
    return words.get(QuotationState(quote.state), "This quote has expired.")


answer_urls = [
    path("quotes/open/<str:token>/", quote_enter, name="quote_enter"),
    path("quotes/view/<int:quotation_id>/", quote_view, name="quote_view"),
    path("quotes/view/<int:quotation_id>/decline/", quote_decline, name="quote_decline"),
]
