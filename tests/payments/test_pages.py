"""The pages of money: who may, what they show, what they do, and at which cost."""

import uuid
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core.models import AttentionItem, Document, DocumentStatus
from core.rights import Role
from orders.models import Order
from orders.selectors.papers import papers_of
from orders.services import cancel_order, grant_credit
from payments.models import GoodwillLimit, Invoice, Payment
from payments.panels import owes_money_back, refund_of_cancelling, waits_for_money
from payments.services import expect_payment, flag_overdue, issue_invoice, refund_order
from payments.states import Method, PaymentStanding
from tests.cast import make_user
from tests.payments.cast import LATER, an_order, money_of, pay

pytestmark = pytest.mark.django_db


@pytest.fixture
def finance(client, db):
    """A browser of somebody in finance."""
    user = make_user(Role.FINANCE)
    client.force_login(user)
    return client


def once() -> str:
    return str(uuid.uuid4())


def queries(client, url: str) -> int:
    client.get(url)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


def expect(order: Order, **more) -> Payment:
    return expect_payment(
        order_id=order.pk,
        method=Method.BANK_TRANSFER,
        amount=order.total,
        currency=order.currency,
        now=LATER,
        **more,
    )


def page(name: str, *args) -> str:
    return reverse(f"payments:{name}", args=args)


def test_the_lists_cost_the_same_for_one_and_thirty_rows(shop, as_manager):
    def add() -> None:
        order = an_order(shop)
        pay(order, "30.00")
        issue_invoice(order_id=order.pk, now=LATER)

    add()
    urls = [page("payment_list"), page("invoice_list")]
    one = [queries(as_manager, url) for url in urls]
    for _ in range(29):
        add()
    assert [queries(as_manager, url) for url in urls] == one
    assert max(one) <= 15


def test_an_orders_page_costs_the_same_for_one_and_many_payments(shop, as_manager):
    small, large = an_order(shop), an_order(shop)
    for order, parts in ((small, 1), (large, 12)):
        for _ in range(parts):
            pay(order, "1.00")
        issue_invoice(order_id=order.pk, now=LATER)
        refund_order(
            order_id=order.pk, amount=Decimal(1), reason="x", grants_credit=True, now=LATER
        )
    for _ in range(3):
        refund_order(
            order_id=large.pk, amount=Decimal(1), reason="x", grants_credit=True, now=LATER
        )
    urls = [reverse("orders:order_detail", args=[order.pk]) for order in (small, large)]
    assert queries(as_manager, urls[0]) == queries(as_manager, urls[1])
    detail = page("payment_detail", large.payments.latest("pk").pk)
    assert queries(as_manager, detail) <= 12


def test_the_orders_page_shows_its_money(shop, finance):
    order = an_order(shop)
    pay(order, "12.50", reference="REF 17")
    html = finance.get(reverse("orders:order_detail", args=[order.pk])).content.decode()
    for words in ("Record payment", "Give money back", "Issue invoice", "REF 17", "€12.50"):
        assert words in html
    assert "Waiting for payment of 17.50 EUR." in html


def test_recording_money_by_form(shop, finance):
    order = an_order(shop)
    url = page("payment_record", order.pk)
    assert finance.get(url).context["form"]["amount"].value() == Decimal("30.00")
    sent = {
        "_once": once(),
        "standing": "came",
        "amount": "30.00",
        "method": "cash",
        "received_on": timezone.localdate().isoformat(),
        "reference": "Till 2",
    }
    for _ in range(2):  # sent twice, it acts once
        answer = finance.post(url, sent)
        assert answer.headers["Location"] == reverse("orders:order_detail", args=[order.pk])
    payment = Payment.objects.get()
    assert (payment.method, payment.reference, money_of(order)[1]) == ("cash", "Till 2", 30)


def test_recording_expected_money_by_form(shop, finance):
    order = an_order(shop)
    due = timezone.localdate() + timedelta(days=7)
    finance.post(
        page("payment_record", order.pk),
        {
            "_once": once(),
            "standing": "expected",
            "amount": "30.00",
            "method": "cheque",
            "received_on": due.isoformat(),
        },
    )
    payment = Payment.objects.get()
    assert (payment.status, payment.due_on) == (PaymentStanding.EXPECTED, due)


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("amount", "0", "above zero"),
        ("amount", "1.005", "2 decimal places"),
        ("amount", "", "Fill this in."),
        ("received_on", "2190-01-01", "cannot have come in the future"),
        ("method", "barter", "Choose one of the list."),
    ],
)
def test_a_refusal_comes_back_on_its_field(shop, finance, field, value, words):
    order = an_order(shop)
    sent = {
        "_once": once(),
        "standing": "came",
        "amount": "30.00",
        "method": "cash",
        "received_on": timezone.localdate().isoformat(),
    }
    answer = finance.post(page("payment_record", order.pk), sent | {field: value})
    assert answer.status_code == 422
    assert words in str(answer.context["form"].errors[field])
    assert not Payment.objects.exists()


def test_confirming_and_cancelling_by_form(shop, finance):
    first, second = expect(an_order(shop)), expect(an_order(shop))
    assert finance.get(page("payment_confirm", first.pk)).status_code == 200
    sent = {"_once": once(), "amount": "30.00", "received_on": timezone.localdate().isoformat()}
    assert finance.post(page("payment_confirm", first.pk), sent).status_code == 302
    assert finance.post(
        page("payment_cancel", second.pk), {"_once": once(), "reason": "Paid in cash"}
    ).status_code == (302)
    assert [p.status for p in Payment.objects.order_by("pk")] == ["received", "cancelled"]
    again = finance.post(page("payment_cancel", second.pk), {"_once": once(), "reason": "x"})
    assert again.status_code == 422


def test_a_refund_shows_what_will_happen_before_it_does(shop, manager, as_manager):
    order = an_order(shop)
    pay(order, "30.00")
    url = page("refund_create", order.pk)
    assert as_manager.get(url).status_code == 200
    fragment = as_manager.post(
        page("refund_preview", order.pk), {"amount": "12.40", "beyond": "goodwill", "reason": ""}
    ).content.decode()
    assert "The customer will get 12.40 EUR back by bank transfer." in fragment
    assert "12.40 EUR of it is goodwill." in fragment
    too_much = as_manager.post(
        page("refund_preview", order.pk), {"amount": "31.00", "beyond": "unpaid", "reason": ""}
    )
    assert "At most 30.00 EUR is possible." in too_much.content.decode()
    assert money_of(order)[2] == 0
    sent = {"_once": once(), "amount": "12.40", "beyond": "goodwill", "reason": "Scratched"}
    assert as_manager.post(url, sent).status_code == 302
    assert money_of(order)[2] == Decimal("12.40")


def test_what_is_owed_back_is_suggested(shop, as_manager):
    order = an_order(shop)
    pay(order, "34.50")
    page_shown = as_manager.get(page("refund_create", order.pk))
    assert page_shown.context["form"]["amount"].value() == Decimal("4.50")
    assert "The customer will get 4.50 EUR back" in page_shown.content.decode()


def test_a_refund_can_be_taken_out_of_chosen_payments(shop, as_manager):
    order = an_order(shop)
    cash, bank = pay(order, "10.00", Method.CASH), pay(order, "20.00")
    sent = {
        "_once": once(),
        "amount": "11.00",
        "beyond": "unpaid",
        "reason": "x",
        f"share_{cash.pk}": "10.00",
        f"share_{bank.pk}": "2.00",
    }
    refused = as_manager.post(page("refund_create", order.pk), sent)
    assert refused.status_code == 422
    assert "The parts come to 12.00 EUR" in refused.content.decode()
    sent |= {"_once": once(), f"share_{bank.pk}": "1.00"}
    assert as_manager.post(page("refund_create", order.pk), sent).status_code == 302
    cash.refresh_from_db()
    assert cash.refunded == 10


def test_goodwill_has_a_limit_by_role_and_order(shop, finance):
    order = an_order(shop)
    pay(order, "30.00")
    url = page("refund_create", order.pk)
    sent = {"amount": "5.00", "beyond": "goodwill", "reason": "x"}
    refused = finance.post(url, sent | {"_once": once()})
    assert (refused.status_code, money_of(order)[2]) == (422, 0)
    assert "your limit on this order is 0.00 EUR" in refused.content.decode()
    GoodwillLimit.objects.create(role=Role.FINANCE, currency="EUR", amount=Decimal(8))
    assert finance.post(url, sent | {"_once": once()}).status_code == 302
    refused = finance.post(url, sent | {"_once": once()})
    assert "your limit on this order is 3.00 EUR" in refused.content.decode()
    assert money_of(order)[2] == 5


def test_issuing_an_invoice_by_button_leads_to_it(shop, finance):
    order = an_order(shop)
    for _ in range(2):
        answer = finance.post(page("invoice_issue", order.pk), {"_once": once()})
        invoice = Invoice.objects.get()
        assert answer.headers["Location"] == page("invoice_detail", invoice.pk)
    html = finance.get(page("invoice_detail", invoice.pk)).content.decode()
    assert "INV-00001" in html
    assert "19" in html


def test_a_credit_note_by_button(shop, finance):
    order = an_order(shop)
    refused = finance.post(page("credit_note_issue", order.pk), {"_once": once()}, follow=True)
    assert "has no invoice yet" in refused.content.decode()
    issue_invoice(order_id=order.pk, now=LATER)
    grant_credit(order_id=order.pk, amount=Decimal(5), facts=(), now=LATER)
    shown = finance.get(reverse("orders:order_detail", args=[order.pk])).content.decode()
    assert "Issue credit note" in shown
    finance.post(page("credit_note_issue", order.pk), {"_once": once()})
    assert Invoice.objects.get(kind="credit_note").total == 5


def test_the_lists_are_narrowed_and_searched(shop, finance):
    late = expect(an_order(shop), due_on=timezone.localdate() - timedelta(days=1))
    paid = pay(an_order(shop), "30.00", reference="REF 17")
    issue_invoice(order_id=paid.order_id, now=LATER)

    def found(**query) -> list[int]:
        answer = finance.get(page("payment_list"), query)
        return [row.pk for row in answer.context["list"].rows]

    assert found(late="yes") == found(q="is:late") == [late.pk]
    assert found(status="received", awaited="no") == found(q="REF") == [paid.pk]
    assert found(q=f"order:{paid.order.number}") == [paid.pk]
    invoices = finance.get(page("invoice_list"), {"q": "INV", "kind": "invoice"})
    assert [row.number for row in invoices.context["list"].rows] == ["INV-00001"]


def test_only_those_with_the_right_move_money(shop, client):
    order = an_order(shop)
    payment = pay(order, "30.00")
    allowed = {
        Role.SALES: {"payment_detail"},
        Role.WAREHOUSE: set(),
        Role.RETURNS: {"payment_detail", "refund_create"},
        Role.FINANCE: {"payment_detail", "refund_create", "payment_record"},
        Role.MANAGER: {"payment_detail", "refund_create", "payment_record"},
    }
    pages = {
        "payment_detail": payment.pk,
        "refund_create": order.pk,
        "payment_record": order.pk,
    }
    for role, may in allowed.items():
        client.force_login(make_user(role))
        opened = {
            name for name, key in pages.items() if client.get(page(name, key)).status_code == 200
        }
        assert opened == may, role


def test_an_unpaid_order_says_what_it_waits_for(shop):
    order = an_order(shop)
    assert waits_for_money(order).sentence == "Waiting for payment of 30.00 EUR."
    expect(order, due_on=LATER.date())
    order.refresh_from_db()
    blocker = waits_for_money(order)
    assert blocker.sentence.endswith("a payment (bank transfer) is expected by 18 Nov.")
    pay(order, "31.00")
    order.refresh_from_db()
    assert waits_for_money(order) is None
    assert owes_money_back(order).sentence == "1.00 EUR has to be given back to the customer."


def test_cancelling_says_what_the_customer_gets_back(shop, as_manager):
    order = an_order(shop)
    assert refund_of_cancelling(order, None) is None
    pay(order, "30.00")
    order.refresh_from_db()
    words = "The customer will get 30.00 EUR back by bank transfer"
    assert refund_of_cancelling(order, None).startswith(words)
    shown = as_manager.get(reverse("orders:order_cancel", args=[order.pk])).content.decode()
    assert words in shown


def test_late_money_leads_from_home_to_its_payment(shop, finance):
    payment = expect(an_order(shop), due_on=LATER.date())
    flag_overdue(today=LATER.date() + timedelta(days=1))
    item = AttentionItem.objects.get(kind="payment_overdue")
    assert item.url == page("payment_detail", payment.pk)
    assert item.title in finance.get(reverse("home")).content.decode()


def test_what_is_given_back_on_cancel_needs_the_wish(shop):
    order = an_order(shop)
    pay(order, "30.00")
    cancel_order(order_id=order.pk, reason="x", wants_refund=False, now=LATER)
    order.refresh_from_db()
    assert owes_money_back(order) is not None


def test_the_order_lists_its_invoice_among_its_documents(shop, finance):
    order = an_order(shop)
    issue_invoice(order_id=order.pk, now=LATER)
    paper = Document.objects.get(kind="invoice")
    Document.objects.filter(pk=paper.pk).update(status=DocumentStatus.READY)
    html = finance.get(reverse("orders:order_detail", args=[order.pk])).content.decode()
    card = html.partition('id="docs-t"')[2].partition("</section>")[0]
    assert "Invoice INV-00001" in card
    assert reverse("document_file", args=[paper.pk]) in card


def test_who_may_not_see_invoices_is_not_shown_them_among_the_documents(shop):
    order = an_order(shop)
    issue_invoice(order_id=order.pk, now=LATER)
    assert papers_of(make_user(Role.WAREHOUSE), order) == []
    assert [paper.kind for paper in papers_of(make_user(Role.FINANCE), order)] == ["invoice"]
