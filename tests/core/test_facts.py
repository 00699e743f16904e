"""Sentences of facts and timelines: amounts grouped with their currency, days as people write them."""

from types import SimpleNamespace

import pytest

from core.facts import all_facts
from core.timeline import entry_of
from orders.events.business import QuotationChanged, StandingOrderPlaced
from payments.events import InvoiceIssued


def test_amounts_are_grouped_and_days_written_out():
    invoice = {"order_id": 1, "invoice_id": 1, "number": "INV-1"}
    issued = InvoiceIssued(**invoice, currency="EUR", total="1240.5")
    assert issued.wording() == "Invoice INV-1 issued for 1,240.50 EUR"
    yen = InvoiceIssued(**invoice, currency="JPY", total="12400")
    assert yen.wording() == "Invoice INV-1 issued for 12,400 JPY"
    quote = QuotationChanged(quotation_id=1, total="-5", currency="EUR", valid_until="2026-12-03")
    assert quote.wording() == "Changed: now -5.00 EUR, valid until 3 December 2026"
    due = StandingOrderPlaced(
        standingorder_id=1, number="ST-1", due_on="2026-01-31", order_id=1, order_number="Q-1"
    )
    assert due.wording() == "Due 31 January 2026: became order Q-1"


def test_no_sentence_tells_an_amount_or_a_day_as_machines_write_it():
    bare = [
        name
        for name, fact in all_facts().items()
        if "} {currency}" in fact.sentence
        or any(f"{{{field}}}" in fact.sentence for field in ("due_on", "valid_until", "day"))
    ]
    assert bare == []


@pytest.mark.parametrize(
    ("kept", "shown"),
    [
        ("2026-12-03", "3 December 2026"),
        ("12400.50", "12,400.50"),
        ("999.00", "999.00"),
        ("10119", "10119"),
        (True, "yes"),
        (None, "–"),
        (["a", "b"], "a, b"),
    ],
)
def test_what_changed_is_shown_as_people_write_it(kept, shown):
    fact = SimpleNamespace(
        actor_kind="system",
        actor_label="System",
        name="x",
        occurred_at=None,
        sentence="Changed",
        reason="",
        changes={"it": [None, kept]},
    )
    assert entry_of(fact).changes == [("it", "–", shown)]
