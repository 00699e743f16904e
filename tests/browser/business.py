"""A company that buys on account, for the walk over all pages."""

from collections.abc import Iterator
from decimal import Decimal

from django.utils import timezone

from customers.models import Company
from customers.services import add_company_address, add_contact, save_company, set_credit
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
