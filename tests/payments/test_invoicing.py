"""Invoices and credit notes: gapless, immutable, and always adding up to the order."""

import itertools
from decimal import Decimal

import pytest
from django.db import transaction
from django.db.utils import IntegrityError, ProgrammingError
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.documents import html_of
from core.models import Document, LegalEntity, NumberSeries
from core.outbox import relay
from core.rights import Role
from customers.models import Company
from inventory.models import Variant
from orders.drafts import DraftLine
from orders.models import Order
from orders.services import cancel_order, grant_credit, record_returned, record_shipped, start_work
from orders.states import TaxTreatment
from payments.errors import CannotInvoice
from payments.models import Invoice, Payment
from payments.selectors import invoice_papers
from payments.selectors.composing import compose, difference
from payments.services import (
    issue_credit_note,
    issue_invoice,
    open_account_payment,
    refund_order,
)
from payments.states import InvoiceKind
from tests.cast import NOON, make_company_buyer, make_shop, make_user
from tests.payments.cast import LATER, an_order, pay

pytestmark = pytest.mark.django_db


def deliver_facts() -> None:
    while relay():
        pass


def ship(order: Order) -> None:
    for fulfilment in order.fulfilments.all():
        start_work(fulfilment_id=fulfilment.pk, now=LATER)
        from orders.services import record_packed

        record_packed(fulfilment_id=fulfilment.pk, now=LATER)
        record_shipped(
            fulfilment_id=fulfilment.pk,
            units={line.pk: line.open for line in fulfilment.lines.all()},
            now=LATER,
        )


def paper_of(invoice: Invoice) -> str:
    return html_of(Document.objects.get(kind=invoice.kind, subject_id=invoice.pk))


def make_entity(code: str, **prefixes: str) -> LegalEntity:
    return LegalEntity.objects.create(code=code, name="Quay Ltd", country="GB", **prefixes)


def test_an_invoice_says_what_the_order_comes_to(shop):
    order = an_order(shop, "9.99", 3, shipping=Decimal("4.90"), shipping_tax_rate=Decimal("0.19"))
    invoice = issue_invoice(order_id=order.pk, now=LATER)
    papers = invoice_papers(invoice)
    assert (invoice.number, invoice.sequence, invoice.total) == ("INV-00001", 1, Decimal("34.87"))
    assert [(row.name, row.quantity, row.gross) for row in papers.rows] == [
        ("Mug", 3, Decimal("29.97")),
        ("Shipping", 1, Decimal("4.90")),
    ]
    assert [(one.rate, one.tax) for one in papers.taxes] == [(Decimal("0.19"), order.tax_total)]
    assert invoice.net + invoice.tax == invoice.total == order.total


REVERSE_CHARGE = (
    "Reverse charge: the buyer owes the tax (Directive 2006/112/EC, articles 138 and 196)."
    " VAT id of the seller: DE136695976. VAT id of the buyer: ATU13585627."
)


def test_the_papers_of_a_reverse_charge_say_who_owes_the_tax_with_both_vat_ids(shop):
    LegalEntity.objects.filter(pk=shop.entity.pk).update(vat_id="DE136695976")
    buyer = make_company_buyer()
    Company.objects.filter(pk=buyer.company_id).update(vat_id="ATU13585627")
    treated = {"customer_id": buyer.pk, "tax_treatment": TaxTreatment.REVERSE_CHARGE}
    order = an_order(shop, **treated)
    invoice = issue_invoice(order_id=order.pk, now=LATER)
    assert REVERSE_CHARGE in paper_of(invoice)
    cancel_order(order_id=order.pk, reason="Changed their mind", now=LATER)
    note = issue_credit_note(order_id=order.pk, now=LATER)
    assert REVERSE_CHARGE in paper_of(note)


def test_the_papers_of_an_exempt_buyer_say_why_no_tax_was_charged(shop, client):
    buyer = make_company_buyer()
    order = an_order(shop, customer_id=buyer.pk, tax_treatment=TaxTreatment.EXEMPT)
    invoice = issue_invoice(order_id=order.pk, now=LATER)
    words = "No tax is charged: the buyer is exempt from it."
    assert (words in paper_of(invoice), "VAT id of the buyer" in paper_of(invoice)) == (True, False)
    cancel_order(order_id=order.pk, reason="Changed their mind", now=LATER)
    assert words in paper_of(issue_credit_note(order_id=order.pk, now=LATER))
    client.force_login(make_user(Role.FINANCE))
    page = client.get(reverse("payments:invoice_detail", args=[invoice.pk])).content.decode()
    assert "None: the buyer is exempt from it" in page


def test_what_is_issued_keeps_its_words_when_the_company_changes(shop):
    buyer = make_company_buyer()
    Company.objects.filter(pk=buyer.company_id).update(vat_id="ATU13585627")
    order = an_order(shop, customer_id=buyer.pk, tax_treatment=TaxTreatment.REVERSE_CHARGE)
    invoice = issue_invoice(order_id=order.pk, now=LATER)
    Order.objects.filter(pk=order.pk).update(tax_treatment=TaxTreatment.TAXED)
    Company.objects.filter(pk=buyer.company_id).update(vat_id="")
    assert "VAT id of the buyer: ATU13585627." in paper_of(invoice)


def test_the_invoice_of_a_taxed_order_says_nothing_of_reverse_charge(shop):
    paper = paper_of(issue_invoice(order_id=an_order(shop).pk, now=LATER))
    assert ("Reverse charge" in paper, "exempt" in paper) == (False, False)


def test_issuing_twice_returns_the_same_invoice(shop):
    order = an_order(shop)
    assert issue_invoice(order_id=order.pk, now=LATER) == issue_invoice(
        order_id=order.pk, now=LATER
    )
    assert NumberSeries.objects.get(code=f"invoice:{shop.entity.pk}").last == 1


def test_a_rollback_leaves_no_gap(shop):
    first = issue_invoice(order_id=an_order(shop).pk, now=LATER)
    with pytest.raises(RuntimeError), transaction.atomic():
        issue_invoice(order_id=an_order(shop).pk, now=LATER)
        raise RuntimeError("the power went")
    second = issue_invoice(order_id=an_order(shop).pk, now=LATER)
    assert (first.sequence, second.sequence) == (1, 2)


def test_each_legal_entity_counts_for_itself(shop):
    issue_invoice(order_id=an_order(shop).pk, now=LATER)
    order = an_order(shop)
    shop.web.legal_entity = make_entity("uk", invoice_prefix="UK-", credit_note_prefix="UKC-")
    shop.web.save()
    invoice = issue_invoice(order_id=order.pk, now=LATER)
    assert (invoice.sequence, invoice.number) == (1, "UK-00001")
    grant_credit(order_id=order.pk, amount=Decimal(5), facts=(), now=LATER)
    assert issue_credit_note(order_id=order.pk, now=LATER).number == "UKC-00001"


def test_a_new_code_of_the_entity_does_not_begin_the_numbers_anew(shop):
    issue_invoice(order_id=an_order(shop).pk, now=LATER)
    shop.entity.code = "renamed"
    shop.entity.save()
    assert issue_invoice(order_id=an_order(shop).pk, now=LATER).sequence == 2


@pytest.mark.parametrize(
    "prefixes",
    [
        {"invoice_prefix": "INV-", "credit_note_prefix": "X-"},
        {"invoice_prefix": "X-", "credit_note_prefix": "CN-"},
        {"invoice_prefix": "X-", "credit_note_prefix": "X-"},
        {"invoice_prefix": "INV-1", "credit_note_prefix": "X-"},
    ],
)
def test_the_database_lets_no_two_papers_share_a_number(shop, prefixes):
    with pytest.raises(IntegrityError), transaction.atomic():
        make_entity("uk", **prefixes)


def test_an_invoice_is_never_changed_or_deleted(shop):
    invoice = issue_invoice(order_id=an_order(shop).pk, now=LATER)
    invoice.total = Decimal(1)
    for attempt in (invoice.save, invoice.delete):
        with pytest.raises(ProgrammingError), transaction.atomic():
            attempt()


def test_what_comes_to_nothing_is_not_invoiced(shop):
    order = an_order(shop)
    cancel_order(order_id=order.pk, reason="x", now=LATER)
    with pytest.raises(CannotInvoice, match="comes to nothing"):
        issue_invoice(order_id=order.pk, now=LATER)
    assert not NumberSeries.objects.filter(code__startswith="invoice:").exists()


def test_shipping_an_order_invoices_it_once(shop):
    order = an_order(shop)
    pay(order, "30.00")
    ship(order)
    deliver_facts()
    deliver_facts()
    invoice = Invoice.objects.get()
    document = Document.objects.get(subject_type="invoice")
    assert (invoice.order, document.number, document.is_final) == (order, "INV-00001", True)


def test_the_paper_is_read_from_what_was_issued(shop):
    order = an_order(shop)
    invoice = issue_invoice(order_id=order.pk, now=LATER)
    document = Document.objects.get(subject_id=invoice.pk, kind="invoice")
    before = html_of(document)
    shop.entity.name = "Renamed GmbH"
    shop.entity.save()
    order.refresh_from_db()
    order.customer_name = "Somebody else"
    order.save()
    cancel_order(order_id=order.pk, reason="x", now=LATER)
    assert html_of(document) == before
    assert "INV-00001" in before
    assert "Torstraße 1" in before
    assert "Renamed" not in before


def test_a_refund_after_invoicing_brings_its_credit_note(shop):
    order = an_order(shop)
    pay(order, "30.00")
    invoice = issue_invoice(order_id=order.pk, now=LATER)
    refund_order(
        order_id=order.pk,
        amount=Decimal("11.90"),
        reason="Scratched",
        grants_credit=True,
        now=LATER,
    )
    note = Invoice.objects.get(kind=InvoiceKind.CREDIT_NOTE)
    assert (note.number, note.corrects, note.total, note.tax) == (
        "CN-00001",
        invoice,
        Decimal("11.90"),
        Decimal("1.90"),
    )
    assert note.snapshot["reason"] == "Scratched"
    assert "Scratched" in html_of(Document.objects.get(subject_id=note.pk, kind="credit_note"))
    with pytest.raises(CannotInvoice, match="Nothing of order"):
        issue_credit_note(order_id=order.pk, now=LATER)


def test_a_cancellation_after_invoicing_brings_its_credit_note(shop):
    order = an_order(shop, shipping=Decimal("4.90"), shipping_tax_rate=Decimal("0.19"))
    pay(order, "34.90")
    invoice = issue_invoice(order_id=order.pk, now=LATER)
    line = order.lines.get()
    cancel_order(order_id=order.pk, reason="x", units={line.pk: 1}, now=LATER)
    deliver_facts()
    cancel_order(order_id=order.pk, reason="y", now=LATER)
    deliver_facts()
    notes = Invoice.objects.filter(kind=InvoiceKind.CREDIT_NOTE).order_by("pk")
    assert [note.total for note in notes] == [Decimal("10.00"), Decimal("24.90")]
    assert sum(note.tax for note in notes) == invoice.tax


def test_a_credit_note_needs_an_invoice(shop):
    with pytest.raises(CannotInvoice, match="has no invoice yet"):
        issue_credit_note(order_id=an_order(shop).pk, now=LATER)


def test_an_invoice_on_account_says_by_when_to_pay(shop):
    buyer = make_company_buyer()
    order = an_order(shop, customer_id=buyer.pk, payment_terms="net")
    open_account_payment(order_id=order.pk, now=NOON)
    invoice = issue_invoice(order_id=order.pk, now=NOON)
    assert (invoice.due_on.isoformat(), Payment.objects.get().due_on) == (
        "2026-12-18",
        invoice.due_on,
    )


RATES = ["0.19", "0.07", "0", "0.055"]


@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_papers_always_add_up(db, data):
    """Whatever was bought, taken back and granted: each paper's sums agree, and papers come to what
    the order is worth.
    """
    with transaction.atomic():
        _papers_add_up(data)
        transaction.set_rollback(True)


def _papers_add_up(data) -> None:
    shop = make_shop()
    shop.web.currency = data.draw(st.sampled_from(["EUR", "JPY", "KWD"]))
    places = {"EUR": 2, "JPY": 0, "KWD": 3}[shop.web.currency]
    goods: list[Variant] = [shop.mug, shop.shirt, shop.lamp]
    prices = st.decimals(1, 500, places=places)
    lines = tuple(
        DraftLine(
            sku=variant.sku,
            quantity=data.draw(st.integers(1, 4)),
            unit_price=data.draw(prices),
            tax_rate=Decimal(data.draw(st.sampled_from(RATES))),
        )
        for variant in goods
    )
    from orders.drafts import OrderDraft, WhenShort
    from orders.services import place_order

    order = place_order(
        OrderDraft(
            channel=shop.web,
            currency=shop.web.currency,
            lines=lines,
            prices_include_tax=data.draw(st.booleans()),
            shipping=data.draw(st.sampled_from([Decimal(0), Decimal(7)])),
            shipping_tax_rate=Decimal("0.19"),
            order_discount=data.draw(st.sampled_from([Decimal(0), Decimal(1)])),
            when_short=WhenShort.BACKORDER,
        ),
        now=NOON,
    )
    papers = [compose(order, order.lines.all())]
    for _ in range(data.draw(st.integers(1, 4))):
        order = _take_something_back(order, data)
        papers.append(compose(order, order.lines.all()))
    for paper in papers:
        assert sum(row.gross for row in paper.rows) == sum(one.gross for one in paper.taxes)
        assert sum(row.tax for row in paper.rows) == paper.tax
    assert papers[0].total == order.total
    assert papers[-1].total == order.owed
    notes = [difference(a, b) for a, b in itertools.pairwise(papers)]
    assert sum(note.total for note in notes) == order.credit_total
    if order.owed == 0:
        assert sum(note.tax for note in notes) == papers[0].tax


def _take_something_back(order: Order, data) -> Order:
    order.refresh_from_db()
    way = data.draw(st.sampled_from(["units", "goodwill", "all"]))
    if way == "goodwill" and order.owed > 1:
        return grant_credit(order_id=order.pk, amount=Decimal(1), facts=(), now=LATER)
    left = {line.pk: line.open for line in order.lines.all() if line.open}
    if left and way == "units":
        line_id = data.draw(st.sampled_from(sorted(left)))
        left = {line_id: 1}
    if left:
        return cancel_order(order_id=order.pk, reason="x", units=left, now=LATER)
    return order


def test_goods_that_came_back_are_credited(shop):
    order = an_order(shop)
    pay(order, "30.00")
    ship(order)
    deliver_facts()
    line = order.lines.get()
    with transaction.atomic():
        record_returned(
            order_id=order.pk,
            units={line.pk: 1},
            was_requested=False,
            gives_credit=True,
            facts=(),
            now=LATER,
        )
    refund_order(order_id=order.pk, amount=Decimal(10), reason="Returned", now=LATER)
    note = Invoice.objects.get(kind=InvoiceKind.CREDIT_NOTE)
    assert [(row.name, row.quantity, row.gross) for row in invoice_papers(note).rows] == [
        ("Mug", 1, Decimal(10))
    ]
