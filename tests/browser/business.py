"""A company that buys on account, for the walk over all pages."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

from django.utils import timezone

from customers.models import Company, Customer
from customers.services import (
    add_company_address,
    add_contact,
    allow_ordering,
    block_ordering,
    save_company,
    set_credit,
)
from orders.drafts import Schedule
from orders.models import Quotation, StandingOrder
from orders.services import (
    accept_quotation,
    decline_quotation,
    issue_quotation_link,
    place_standing_orders,
    save_quotation,
    save_standing_order,
    send_quotation,
)
from orders.states import StandingUnit
from tests.cast import Shop


def trade(shop: Shop) -> None:
    """One company with all that its pages show."""
    company = save_company(
        company_id=None,
        values={"name": "Ferry Line AB", "vat_id": "DE136695976", "needs_purchase_order": True},
    )
    now = timezone.now()
    add_company_address(
        company_id=company.pk,
        values={"line1": "Kai 1", "city": "Kiel", "country": "DE", "is_for_bills": True},
    )
    buyer = add_contact(
        company_id=company.pk,
        name="Nils Berg",
        email="nils@ferry.example",
        phone="",
        role="buyer",
        now=now,
    )
    set_credit(
        company_id=company.pk, currency="EUR", limit=Decimal(900), net_days=14, why="New customer"
    )
    shop.order((shop.mug, 2), customer_id=buyer.pk, payment_terms="net", purchase_order="PO-2041")

    _quote(shop, buyer)


def _quote(shop: Shop, buyer: Customer) -> None:
    """Quotes in the states that look different."""
    now = timezone.now()
    shape = shop.draft(
        (shop.mug, 6), customer_id=buyer.pk, payment_terms="net", purchase_order="PO-2042"
    )
    until = now.date() + timedelta(days=30)
    made = [
        save_quotation(quotation_id=None, draft=shape, valid_until=until, now=now) for _ in range(5)
    ]
    for quote in made[1:]:
        send_quotation(quotation_id=quote.pk, now=now)
    decline_quotation(quotation_id=made[2].pk, by="Nils Berg", why="Too dear", now=now)
    accept_quotation(quotation_id=made[3].pk, by="Nils Berg", now=now)
    block_ordering(company_id=buyer.company_id, why="An invoice is late", now=now)
    accept_quotation(quotation_id=made[4].pk, by="Nils Berg", now=now)
    allow_ordering(company_id=buyer.company_id)
    today = now.astimezone(shop.web.zone).date()
    for units in (1, 5000):  # one is placed, one is short
        save_standing_order(
            standing_order_id=None,
            draft=shop.draft(
                (shop.shirt, units), customer_id=buyer.pk, purchase_order=f"PO-S{units}"
            ),
            prices=[Decimal("20")],
            schedule=Schedule(every=2, unit=StandingUnit.WEEKS, first_on=today),
            now=now,
        )
    place_standing_orders(now=now)


def links() -> list[str]:
    """The buyer's pages: a quote to answer, and one that became an order."""
    return [
        issue_quotation_link(quotation=quote, now=timezone.now())
        for state in ("sent", "converted")
        for quote in Quotation.objects.filter(state=state)[:1]
    ]


def pages(page) -> Iterator[tuple[str, str]]:
    company = Company.objects.earliest("pk")
    for name in (
        "company_detail",
        "company_edit",
        "credit_set",
        "company_block",
        "contact_add",
        "company_address_add",
    ):
        yield page(f"customers:{name}", company.pk)
    for quote in Quotation.objects.all():
        yield page("orders:quote_detail", quote.pk)
    draft = Quotation.objects.get(state="draft")
    yield page("orders:quote_edit", draft.pk)
    yield page("orders:quote_withdraw", draft.pk)
    for standing in StandingOrder.objects.all():
        yield page("orders:standing_detail", standing.pk)
    yield page("orders:standing_edit", StandingOrder.objects.earliest("pk").pk)
