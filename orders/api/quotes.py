"""Quotes for machines: the list, one with its lines, and the verbs that staff have by button."""

from datetime import date, datetime
from typing import Annotated

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from ninja import Query
from pydantic import StringConstraints

from core import documents
from core.api.client import client_of
from core.api.paging import Paged, read_page
from core.api.papers import PaperOut, paper_out
from core.api.rooms import Room
from core.api.shapes import NO_NUL, Id, Input, Output, Page, PathId, answer, money
from core.clock import now
from orders.api.handing import LinkOut
from orders.api.reading import whole
from orders.api.shapes import OrderOut
from orders.documents import QUOTATION
from orders.errors import CannotQuote
from orders.models import Quotation, QuotationLine
from orders.rights import PLACE_ORDERS, SEE_QUOTES
from orders.selectors.scoped import order_within
from orders.services import (
    convert_quotation,
    duplicate_quotation,
    issue_quotation_link,
    revise_quotation,
    send_quotation,
    withdraw_quotation,
)
from orders.states import PaymentTerms, QuotationState

room = Room("Quotes")
Reason = Annotated[str, StringConstraints(min_length=1, max_length=300, pattern=NO_NUL)]
Word = Annotated[str, StringConstraints(min_length=1, max_length=60, pattern=NO_NUL)]


class QuoteFilters(Paged):
    """Filters of the list; all that are given must hold."""

    state: QuotationState | None = None
    number: Word | None = None
    customer_id: Id | None = None
    company_id: Id | None = None


class QuoteRow(Output):
    """A quote as lists say it. `order_id` is the order it became."""

    id: int
    number: str
    revision: int
    channel: str
    state: QuotationState
    customer_id: int | None
    company_id: int | None
    customer_name: str
    valid_until: date
    purchase_order: str
    currency: str
    total: str
    order_id: int | None
    created_at: datetime
    sent_at: datetime | None
    answered_at: datetime | None


class QuoteLineOut(Output):
    position: int
    sku: str
    name: str
    quantity: int
    unit_price: str
    amount: str
    discount: str
    tax_rate: str
    tax: str
    total: str


class QuoteOut(QuoteRow):
    """A quote with its lines and money; `coupons` are the codes whose discount is in it."""

    email: str
    payment_terms: PaymentTerms
    note: str
    answered_by: str
    answer: str
    coupons: list[str]
    subtotal: str
    discount_total: str
    shipping_total: str
    tax_total: str
    lines: list[QuoteLineOut]


class WithdrawIn(Input):
    why: Reason


def _within(request: HttpRequest) -> QuerySet[Quotation]:
    rows = Quotation.objects.select_related("channel")
    channel_id = client_of(request).channel_id
    return rows if channel_id is None else rows.filter(channel_id=channel_id)


def _quote(request: HttpRequest, quotation_id: int) -> Quotation:
    quote = _within(request).filter(pk=quotation_id).first()
    if quote is None:
        raise Http404("No such quote in this channel.")
    return quote


def quote_row(quote: Quotation) -> QuoteRow:
    """A quote as lists say it; its channel is selected along."""
    return QuoteRow(
        channel=quote.channel.code,
        total=money(quote.total, quote.currency),
        **{
            name: getattr(quote, name)
            for name in QuoteRow.model_fields
            if name not in {"channel", "total"}
        },
    )


def _line_out(line: QuotationLine, currency: str) -> QuoteLineOut:
    amounts = ("unit_price", "amount", "discount", "tax", "total")
    return QuoteLineOut(
        position=line.position,
        sku=line.sku,
        name=line.name,
        quantity=line.quantity,
        tax_rate=f"{line.tax_rate:f}",
        **{name: money(getattr(line, name), currency) for name in amounts},
    )


def quote_out(quote: Quotation) -> QuoteOut:
    """A quote with its lines. One query."""
    known = quote_row(quote).model_dump()
    for name in ("subtotal", "discount_total", "shipping_total", "tax_total"):
        known[name] = money(getattr(quote, name), quote.currency)
    return QuoteOut(
        **known,
        email=quote.email,
        payment_terms=PaymentTerms(quote.payment_terms),
        note=quote.note,
        answered_by=quote.answered_by,
        answer=quote.answer,
        coupons=quote.coupons,
        lines=[_line_out(line, quote.currency) for line in quote.lines.all()],
    )


def _told(request: HttpRequest, quotation_id: int) -> HttpResponse:
    quote = _quote(request, quotation_id)
    return answer(quote_out(quote), version=quote.version)


@room.reads("/quotes", SEE_QUOTES, Page[QuoteRow])
def list_quotes(request: HttpRequest, filters: Query[QuoteFilters]) -> HttpResponse:
    """List quotes, the newest first."""
    asked = filters.model_dump(include=set(QuoteFilters.model_fields) - set(Paged.model_fields))
    wanted = {name: value for name, value in asked.items() if value is not None}
    rows = _within(request).filter(**wanted)
    return answer(read_page(rows, filters, quote_row, order=("-created_at", "-id")))


@room.reads("/quotes/{quotation_id}", SEE_QUOTES, QuoteOut)
def read_quote(request: HttpRequest, quotation_id: PathId) -> HttpResponse:
    """Read a quote with its lines and money."""
    return _told(request, quotation_id)


@room.changes("/quotes/{quotation_id}/send", PLACE_ORDERS, QuoteOut)
def send_quote(request: HttpRequest, quotation_id: PathId) -> HttpResponse:
    """Mail a quote to its buyer, with a link to answer it by."""
    _quote(request, quotation_id)
    send_quotation(quotation_id=quotation_id, now=now())
    return _told(request, quotation_id)


@room.changes("/quotes/{quotation_id}/revise", PLACE_ORDERS, QuoteOut)
def revise_quote(request: HttpRequest, quotation_id: PathId) -> HttpResponse:
    """Begin a new version of a quote; the answer is that draft."""
    _quote(request, quotation_id)
    return _told(request, revise_quotation(quotation_id=quotation_id, now=now()).pk)


@room.changes("/quotes/{quotation_id}/duplicate", PLACE_ORDERS, QuoteOut)
def duplicate_quote(request: HttpRequest, quotation_id: PathId) -> HttpResponse:
    """Begin the same again under another number; the answer is that draft."""
    _quote(request, quotation_id)
    return _told(request, duplicate_quotation(quotation_id=quotation_id, now=now()).pk)


@room.changes("/quotes/{quotation_id}/paper", SEE_QUOTES, PaperOut)
def ask_quote_paper(request: HttpRequest, quotation_id: PathId) -> HttpResponse:
    """Ask for the quote as a document."""
    return answer(paper_out(documents.request(QUOTATION, _quote(request, quotation_id).pk)))


@room.changes("/quotes/{quotation_id}/link", PLACE_ORDERS, LinkOut)
def make_quote_link(request: HttpRequest, quotation_id: PathId) -> HttpResponse:
    """Make a link by which the buyer answers a quote that was sent."""
    quote = _quote(request, quotation_id)
    if quote.state == QuotationState.DRAFT:
        raise CannotQuote("A draft has no link; send the quote first.")
    return answer(LinkOut(address=issue_quotation_link(quotation=quote, now=now())))


@room.changes("/quotes/{quotation_id}/withdraw", PLACE_ORDERS, QuoteOut)
def withdraw_quote(request: HttpRequest, quotation_id: PathId, body: WithdrawIn) -> HttpResponse:
    """Offer it no longer."""
    _quote(request, quotation_id)
    withdraw_quotation(quotation_id=quotation_id, why=body.why)
    return _told(request, quotation_id)


@room.changes("/quotes/{quotation_id}/order", PLACE_ORDERS, OrderOut)
def order_quote(request: HttpRequest, quotation_id: PathId) -> HttpResponse:
    """Place the order of a quote at the prices quoted; asked twice, it is the same order."""
    _quote(request, quotation_id)
    order = convert_quotation(quotation_id=quotation_id, now=now())
    kept = order_within(client_of(request).channel_id, order.pk)
    return answer(whole(kept), version=kept.version)
