"""Quotes: drafted, sent, answered by their link, run out, and made into exactly one order."""

import re
import uuid
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django_fsm import can_proceed
from hypothesis import given
from hypothesis import strategies as st

from core.documents import html_of
from core.models import AttentionItem, Document, Message, StoredFact
from core.rights import Role
from customers.models import Company
from customers.services import block_ordering
from orders.drafts import WhenShort
from orders.errors import BadQuotation, CannotQuote, PurchaseOrderMissing
from orders.models import Coupon, Order, Price, Promotion, Quotation, QuotationLink
from orders.pricing import LineAsked, price_order
from orders.selectors.quoting import LineWish, price_draft, quote_order
from orders.services import (
    accept_quotation,
    convert_quotation,
    decline_quotation,
    duplicate_quotation,
    expire_quotations,
    issue_quotation_link,
    quotation_of_token,
    revise_quotation,
    save_quotation,
    send_quotation,
    withdraw_quotation,
)
from orders.states import QuotationState as S
from orders.states import TaxRounding
from tests.api.conftest import program  # noqa: F401  (a fixture)
from tests.cast import NOON, make_company_buyer, make_shop, make_user
from tests.races import together

pytestmark = pytest.mark.django_db
UNTIL = date(2026, 12, 18)


def draft_quote(shop, buyer=None, **more) -> Quotation:
    shape = shop.draft(
        (shop.mug, 3, "9.99"),
        (shop.shirt, 1, "24.90"),
        customer_id=buyer.pk if buyer else None,
        order_discount=Decimal("5.00"),
        shipping=Decimal("4.90"),
        shipping_tax_rate=Decimal("0.19"),
        **more,
    )
    return save_quotation(quotation_id=None, draft=shape, valid_until=UNTIL, now=NOON)


def sent(shop, buyer=None, **more) -> Quotation:
    return send_quotation(quotation_id=draft_quote(shop, buyer, **more).pk, now=NOON)


@pytest.fixture
def stocked(shop):
    shop.stock(shop.mug, 20)
    shop.stock(shop.shirt, 20)
    return shop


def stored(quote: Quotation) -> Quotation:
    return Quotation.objects.get(pk=quote.pk)


def test_an_accepted_quote_is_an_order_at_the_very_prices(stocked):
    buyer = make_company_buyer()
    quote = sent(stocked, buyer, payment_terms="net")
    Price.objects.create(variant=stocked.mug, currency="EUR", amount=Decimal("99"))
    accepted = accept_quotation(
        quotation_id=quote.pk, by="Nils Berg", purchase_order="PO-5", now=NOON
    )
    order = accepted.order
    money = ("subtotal", "discount_total", "shipping_total", "shipping_tax", "tax_total", "total")
    assert [getattr(order, name) for name in money] == [getattr(quote, name) for name in money]
    assert (accepted.state, order.purchase_order, order.company) == (
        S.CONVERTED,
        "PO-5",
        buyer.company,
    )
    assert [(line.discount, line.tax) for line in order.lines.all()] == [
        (line.discount, line.tax) for line in quote.lines.all()
    ]


def with_coupon(shop) -> tuple[Quotation, Coupon]:
    """A quote of three mugs at 9.99 with ten percent off by a coupon, sent."""
    autumn = Promotion.objects.create(name="Autumn", kind="percent", percent=10, needs_coupon=True)
    kept = Coupon.objects.create(promotion=autumn, code="AHOY", created_at=NOON)
    Price.objects.create(variant=shop.mug, currency="EUR", amount=Decimal("9.99"))
    priced = quote_order(
        [LineWish("MUG", 3)],
        channel=shop.web, country="DE", service=None, shipping=None, codes=["ahoy"], now=NOON,
    )  # fmt: skip
    shape = price_draft(shop.draft((shop.mug, 3), email="ada@example.com"), priced)
    quote = save_quotation(quotation_id=None, draft=shape, valid_until=UNTIL, now=NOON)
    return send_quotation(quotation_id=quote.pk, now=NOON), kept


def test_a_coupon_is_quoted_and_taken_as_the_order_is_placed(stocked, program):  # noqa: F811
    quote, coupon = with_coupon(stocked)
    assert (quote.coupons, quote.discount_total) == (["AHOY"], Decimal("3.00"))
    assert program().get(f"/quotes/{quote.pk}").json()["coupons"] == ["AHOY"]
    coupon.refresh_from_db()
    assert coupon.used == 0
    Promotion.objects.update(percent=50)
    order = accept_quotation(quotation_id=quote.pk, by="Ada", now=NOON).order
    coupon.refresh_from_db()
    assert (order.discount_total, order.discount_code, coupon.used) == (Decimal("3.00"), "AHOY", 1)
    again = duplicate_quotation(quotation_id=quote.pk, now=NOON)
    assert (again.coupons, again.discount_total) == (["AHOY"], Decimal("3.00"))


def test_a_coupon_that_is_switched_off_by_then_is_told_to_people(stocked):
    quote, coupon = with_coupon(stocked)
    Coupon.objects.update(is_active=False)
    accepted = accept_quotation(quotation_id=quote.pk, by="Ada", now=NOON)
    assert (accepted.state, AttentionItem.objects.get().detail) == (
        S.ACCEPTED,
        "There is no coupon AHOY any more.",
    )
    Coupon.objects.update(is_active=True)
    assert convert_quotation(quotation_id=quote.pk, now=NOON).discount_code == "AHOY"
    coupon.refresh_from_db()
    assert coupon.used == 1


@given(
    prices=st.lists(st.decimals("0.01", "999.99", places=2), min_size=1, max_size=5),
    units=st.integers(1, 40),
    discount=st.decimals("0", "500", places=2),
    included=st.booleans(),
    rounding=st.sampled_from(TaxRounding),
)
def test_a_quote_and_its_order_come_to_the_same_cent(prices, units, discount, included, rounding):
    """An order is placed with what comes off each line and its tax, as the quote kept them."""
    more = {
        "currency": "EUR",
        "prices_include_tax": included,
        "tax_rounding": rounding,
        "shipping": Decimal("4.90"),
        "shipping_tax_rate": Decimal("0.19"),
    }
    lines = [
        LineAsked(quantity=units, unit_price=price, tax_rate=Decimal("0.19")) for price in prices
    ]
    quoted = price_order(lines, order_discount=discount, **more)
    kept = [
        LineAsked(
            quantity=units,
            unit_price=money.unit_price,
            amount=money.amount,
            adjustments=money.adjustments,
            tax_rate=money.tax_rate,
            tax=money.tax,
        )
        for money in quoted.lines
    ]
    assert price_order(kept, shipping_tax=quoted.shipping_tax, **more) == quoted


MOVES = {
    "send": {S.DRAFT},
    "accept": {S.SENT},
    "decline": {S.SENT},
    "expire": {S.SENT},
    "withdraw": {S.DRAFT, S.SENT, S.ACCEPTED},
    "convert": {S.SENT, S.ACCEPTED},
}


@pytest.mark.parametrize("state", list(S))
@pytest.mark.parametrize("move", MOVES)
def test_each_state_allows_its_moves_and_no_other(move, state):
    quote = Quotation(state=state, number="Q-1")
    assert can_proceed(getattr(quote, move)) is (state in MOVES[move])


def test_sending_makes_a_paper_and_mails_a_link_whose_token_is_not_kept(stocked):
    quote = sent(stocked)
    message = Message.objects.get(kind="quote_sent")
    token = re.search(r"/quotes/open/([\w-]+)/", message.variables["quote_url"]).group(1)
    assert len(token) >= 22
    assert token not in QuotationLink.objects.get().token_hash
    assert quotation_of_token(token, now=NOON) == quote
    assert quotation_of_token(token, now=NOON + timedelta(days=150)) is None
    assert quotation_of_token("x" * 22, now=NOON) is None
    paper = html_of(Document.objects.get(kind="quotation"))
    assert "Valid until" in paper
    assert quote.number in paper


def test_a_quote_without_an_address_or_past_its_day_is_not_sent(stocked):
    quote = draft_quote(stocked, email="")
    with pytest.raises(BadQuotation, match="no e-mail address"):
        send_quotation(quotation_id=quote.pk, now=NOON)
    old = draft_quote(stocked)
    with pytest.raises(BadQuotation, match="give a later day"):
        send_quotation(quotation_id=old.pk, now=NOON + timedelta(days=60))


def test_a_second_answer_is_refused_with_where_the_quote_stands(stocked):
    quote = sent(stocked)
    accept_quotation(quotation_id=quote.pk, by="Ada", now=NOON)
    with pytest.raises(CannotQuote, match="it is ordered"):
        accept_quotation(quotation_id=quote.pk, by="Ada", now=NOON)
    with pytest.raises(CannotQuote, match="it is ordered"):
        decline_quotation(quotation_id=quote.pk, by="Ada", why="", now=NOON)
    assert convert_quotation(quotation_id=quote.pk, now=NOON) == Order.objects.get()


def test_an_acceptance_stands_although_its_order_is_refused_and_people_are_told(shop):
    quote = sent(shop)
    accepted = accept_quotation(quotation_id=quote.pk, by="Ada", now=NOON)
    item = AttentionItem.objects.get(kind="quote_not_placed", resolved_at=None)
    assert (accepted.state, item.subject_id, Order.objects.count()) == (S.ACCEPTED, quote.pk, 0)
    assert StoredFact.objects.latest("id").sentence.startswith("Its order could not be placed:")
    shop.stock(shop.mug, 20)
    shop.stock(shop.shirt, 20)
    order = convert_quotation(quotation_id=quote.pk, now=NOON)
    assert (stored(quote).order, AttentionItem.objects.filter(resolved_at=None).count()) == (
        order,
        0,
    )


def test_what_is_short_waits_where_the_quote_says_so(shop):
    quote = sent(shop, when_short=WhenShort.BACKORDER)
    accepted = accept_quotation(quotation_id=quote.pk, by="Ada", now=NOON)
    assert accepted.order.units_backordered == 4


def test_beyond_its_credit_or_blocked_a_company_s_quote_waits_for_people(stocked):
    buyer = make_company_buyer(limit="10")
    quote = sent(stocked, buyer, payment_terms="net")
    block_ordering(company_id=buyer.company_id, why="Owes us", now=NOON)
    accept_quotation(quotation_id=quote.pk, by="Nils", now=NOON)
    assert "Owes us" in AttentionItem.objects.get().detail
    with pytest.raises(Exception, match="Owes us"):
        convert_quotation(quotation_id=quote.pk, now=NOON)
    other = draft_quote(stocked, buyer)
    with pytest.raises(Exception, match="Owes us"):
        send_quotation(quotation_id=other.pk, now=NOON)


def test_a_company_that_needs_its_number_cannot_accept_without(stocked):
    buyer = make_company_buyer()
    Company.objects.update(needs_purchase_order=True)
    quote = sent(stocked, buyer)
    with pytest.raises(PurchaseOrderMissing):
        accept_quotation(quotation_id=quote.pk, by="Nils", now=NOON)
    assert stored(quote).state == S.SENT


def test_quotes_past_their_day_expire_and_are_accepted_no_more(stocked):
    quote, later = sent(stocked), NOON.replace(month=12, day=19)
    with pytest.raises(CannotQuote, match="ask for a new one"):
        accept_quotation(quotation_id=quote.pk, by="Ada", now=later)
    assert expire_quotations(now=NOON.replace(month=12, day=18)) == 0
    assert [expire_quotations(now=later), expire_quotations(now=later)] == [1, 0]
    assert stored(quote).state == S.EXPIRED


def test_a_revision_replaces_what_stands_once_it_is_sent(stocked):
    first = sent(stocked)
    second = revise_quotation(quotation_id=first.pk, now=NOON)
    assert revise_quotation(quotation_id=first.pk, now=NOON) == second
    assert (str(second), second.total, stored(first).state) == (
        f"{first.number}/2",
        first.total,
        S.SENT,
    )
    send_quotation(quotation_id=second.pk, now=NOON)
    assert stored(first).state == S.WITHDRAWN
    accept_quotation(quotation_id=second.pk, by="Ada", now=NOON)
    with pytest.raises(CannotQuote, match="became an order"):
        revise_quotation(quotation_id=first.pk, now=NOON)
    copy = duplicate_quotation(quotation_id=second.pk, now=NOON)
    assert (copy.number != first.number, copy.revision, copy.lines.count()) == (True, 1, 2)


def test_a_withdrawn_quote_is_offered_no_longer(stocked):
    quote = sent(stocked)
    withdraw_quotation(quotation_id=quote.pk, why="A mistake in the price")
    with pytest.raises(CannotQuote, match="it is withdrawn"):
        accept_quotation(quotation_id=quote.pk, by="Ada", now=NOON)


@pytest.mark.django_db(transaction=True)
@pytest.mark.slow
def test_of_two_who_accept_at_once_one_orders():
    shop = make_shop()
    shop.stock(shop.mug, 20)
    shop.stock(shop.shirt, 20)
    quote = sent(shop)

    def accept():
        return accept_quotation(quotation_id=quote.pk, by="Ada", now=NOON)

    results = together(accept, accept, accept)
    assert Order.objects.count() == 1
    assert sum(isinstance(one, CannotQuote) for one in results) == 2


@pytest.mark.django_db(transaction=True)
@pytest.mark.slow
def test_accepting_and_withdrawing_at_once_ends_in_one_of_them():
    shop = make_shop()
    shop.stock(shop.mug, 20)
    shop.stock(shop.shirt, 20)
    quote = sent(shop)
    together(
        lambda: accept_quotation(quotation_id=quote.pk, by="Ada", now=NOON),
        lambda: withdraw_quotation(quotation_id=quote.pk, why="Mistake"),
    )
    ended = stored(quote)
    assert (ended.state == S.CONVERTED) == (Order.objects.count() == 1)
    assert ended.state in {S.CONVERTED, S.WITHDRAWN}


# --- the buyer's page ----------------------------------------------------------------------


def open_link(client: Client, quote: Quotation) -> str:
    address = issue_quotation_link(quotation=quote, now=NOON)
    return client.get(
        address.partition("testserver")[2] or re.sub("^https?://[^/]+", "", address)
    ).url


@pytest.fixture
def at_noon(monkeypatch):
    monkeypatch.setattr("orders.views.quote_answer.timezone.now", lambda: NOON)


def test_a_buyer_sees_and_accepts_a_quote_by_its_link_alone(stocked, at_noon):
    buyer, quote = Client(), sent(stocked)
    url = open_link(buyer, quote)
    page = buyer.get(url)
    assert "Our offer to you" in page.content.decode()
    assert (page["Cache-Control"], page["X-Robots-Tag"], page["Referrer-Policy"]) == (
        "no-store, private",
        "noindex, nofollow",
        "same-origin",
    )
    answer = buyer.post(url, {"name": "Nils Berg", "purchase_order": "PO-9"})
    assert answer.url == url
    order = Order.objects.get()
    assert (order.purchase_order, stored(quote).answered_by) == ("PO-9", "Nils Berg")
    assert order.number in buyer.get(url).content.decode()
    again = buyer.post(url, {"name": "Nils Berg"})
    assert (again.status_code, Order.objects.count()) == (422, 1)
    assert "can no longer be answered" in again.content.decode()


def test_a_buyer_reads_what_the_coupon_takes_off(stocked, at_noon):
    buyer, (quote, _) = Client(), with_coupon(stocked)
    page = buyer.get(open_link(buyer, quote)).content.decode()
    discount = page.partition("<dt>Discount")[2].partition("</div>")[0]
    assert "(AHOY)" in discount and "3.00" in discount
    assert "Discount AHOY" in html_of(Document.objects.get(kind="quotation"))


def test_a_buyer_declines_with_a_reason(stocked, at_noon):
    buyer, quote = Client(), sent(stocked)
    url = open_link(buyer, quote)
    decline = reverse("orders:quote_decline", args=[quote.pk])
    assert buyer.post(decline, {"name": ""}).status_code == 422
    buyer.post(decline, {"name": "Nils", "why": "Too dear"})
    assert (stored(quote).state, stored(quote).answer) == (S.DECLINED, "Too dear")
    assert "You declined this quote." in buyer.get(url).content.decode()
    fact = StoredFact.objects.get(name="orders.QuotationDeclined")
    assert (fact.actor_kind, fact.actor_label) == ("customer", "Nils")


def test_who_was_not_let_in_sees_nothing_and_answers_nothing(stocked, at_noon):
    quote, stranger = sent(stocked), Client()
    for url in (
        reverse("orders:quote_view", args=[quote.pk]),
        reverse("orders:quote_enter", args=["x" * 22]),
    ):
        assert stranger.get(url).status_code == 404
    for name in ("quote_view", "quote_decline"):
        url = reverse(f"orders:{name}", args=[quote.pk])
        assert stranger.post(url, {"name": "Eve"}).status_code == 404
    assert stored(quote).state == S.SENT


def test_who_guesses_links_runs_into_a_limit(db, client):
    url = reverse("orders:quote_enter", args=["y" * 22])
    address = {"REMOTE_ADDR": f"203.0.113.{uuid.uuid4().int % 250}"}
    answers = [client.get(url, **address).status_code for _ in range(32)]
    assert answers[-1] == 429
    assert 404 in answers


# --- the pages of staff ----------------------------------------------------------------------


def enter_quote(client, shop, url, **more):
    data = {
        "_once": str(uuid.uuid4()),
        "do": "place",
        "channel": shop.web.pk,
        "name": "Nils Berg",
        "email": "nils@ferry.example",
        "line1": "Kai 1",
        "city": "Kiel",
        "country": "DE",
        "payment_terms": "prepaid",
        "when_short": "reject",
        "valid_until": "2099-01-01",
        "lines-TOTAL_FORMS": "1",
        "lines-INITIAL_FORMS": "0",
        "lines-0-sku": "MUG",
        "lines-0-quantity": "2",
        "lines-0-unit_price": "8.50",
        **more,
    }
    return client.post(url, data)


def test_a_quote_is_entered_edited_sent_and_ordered_by_its_pages(stocked, as_manager):
    shop = stocked
    assert as_manager.get(reverse("orders:quote_create")).status_code == 200
    enter_quote(as_manager, shop, reverse("orders:quote_create"))
    quote = Quotation.objects.get()
    assert (quote.total, quote.customer.name) == (Decimal("17.00"), "Nils Berg")
    edit = reverse("orders:quote_edit", args=[quote.pk])
    shown = as_manager.get(edit).content.decode()
    assert 'value="8.5000"' in shown
    change = {"lines-0-quantity": "4", "version": quote.version, "customer_id": quote.customer_id}
    assert enter_quote(as_manager, shop, edit, **change).status_code == 302
    assert enter_quote(as_manager, shop, edit, **change).status_code == 409
    as_manager.post(reverse("orders:quote_send", args=[quote.pk]))
    assert (stored(quote).state, stored(quote).total) == (S.SENT, Decimal("34.00"))
    assert as_manager.get(edit).status_code == 302
    as_manager.post(reverse("orders:quote_convert", args=[quote.pk]))
    order = Order.objects.get()
    page = as_manager.get(reverse("orders:quote_detail", args=[quote.pk])).content.decode()
    assert order.number in page
    page = as_manager.get(reverse("orders:order_detail", args=[order.pk])).content.decode()
    assert quote.number in page


def test_a_quote_is_entered_with_a_coupon_and_keeps_it_when_it_is_edited(stocked, as_manager):
    autumn = Promotion.objects.create(name="Autumn", kind="percent", percent=10, needs_coupon=True)
    Coupon.objects.create(promotion=autumn, code="AHOY", created_at=NOON)
    Price.objects.create(variant=stocked.mug, currency="EUR", amount=Decimal(10))
    entered = {"lines-0-unit_price": "", "coupon": "ahoy nope"}
    enter_quote(as_manager, stocked, reverse("orders:quote_create"), **entered)
    quote = Quotation.objects.get()
    assert (quote.coupons, quote.total) == (["AHOY"], Decimal("18.00"))
    edit = reverse("orders:quote_edit", args=[quote.pk])
    assert 'name="coupon" value="AHOY"' in as_manager.get(edit).content.decode()
    change = {"version": quote.version, "customer_id": quote.customer_id, "coupon": ""}
    enter_quote(as_manager, stocked, edit, **{**entered, **change})
    assert (stored(quote).coupons, stored(quote).total) == ([], Decimal("20.00"))


def test_a_quote_is_revised_copied_linked_and_withdrawn_by_its_page(stocked, as_manager):
    quote = sent(stocked)

    def press(name, **values):
        url = reverse(f"orders:quote_{name}", args=[quote.pk])
        return as_manager.post(url, {"_once": str(uuid.uuid4()), **values})

    assert "/quotes/open/" in press("link").content.decode()
    assert press("revise").url.endswith("/edit/")
    assert press("duplicate").status_code == 302
    assert press("paper").status_code == 302
    assert press("withdraw", why="").status_code == 422
    assert press("withdraw", why="Too low").status_code == 302
    assert sorted(Quotation.objects.values_list("state", flat=True)) == [
        "draft",
        "draft",
        "withdrawn",
    ]


def test_the_warehouse_sees_no_quotes(client, stocked):
    quote = draft_quote(stocked)
    client.force_login(make_user(Role.WAREHOUSE))
    for url in (reverse("orders:quote_list"), reverse("orders:quote_detail", args=[quote.pk])):
        assert client.get(url).status_code == 403


def queries(client, url: str) -> int:
    client.get(url)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


def test_the_list_costs_the_same_for_one_and_thirty_quotes(stocked, as_manager):
    draft_quote(stocked)
    url = reverse("orders:quote_list")
    one = queries(as_manager, url)
    for _ in range(29):
        draft_quote(stocked)
    assert queries(as_manager, url) == one
    found = as_manager.get(url, {"q": "state:sent"}).context["list"].rows
    assert list(found) == []
