"""Companies: who may order for them, on which terms, and what is refused."""

import uuid
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from core.errors import StaleEdit
from core.models import StoredFact
from core.rights import Role
from core.vat_ids import BadVatId, checked_vat_id
from customers.errors import BadCompany, BadCreditLimit, CompanyBlocked, CreditExceeded
from customers.models import Company, CompanyAddress, CreditAccount, Customer
from customers.services import (
    add_company_address,
    add_contact,
    allow_ordering,
    block_ordering,
    remove_contact,
    save_company,
    save_customer,
    set_credit,
)
from orders.errors import BadLine, PurchaseOrderMissing
from orders.models import Order
from tests.cast import NOON, make_company_buyer, make_customer, make_user

pytestmark = pytest.mark.django_db


def once() -> str:
    return str(uuid.uuid4())


def company(**more) -> Company:
    return save_company(company_id=None, values={"name": "Ferry Line AB", **more})


def facts(subject: Company) -> list[str]:
    rows = StoredFact.objects.filter(subject_type="company", subject_id=subject.pk)
    return list(rows.order_by("id").values_list("sentence", flat=True))


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("de 136 695 976", "DE136695976"),
        ("FR40-303265045", "FR40303265045"),
        ("CHE-107.787.577 IVA", "CHE107787577IVA"),
        ("EL094259216", "EL094259216"),
        ("GB980780684", "GB980780684"),
        ("US 12-3456789", "US123456789"),
        ("", ""),
    ],
)
def test_a_vat_id_is_kept_in_one_shape(typed, kept):
    assert checked_vat_id(typed) == kept


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("DE136695978", "check digits"),
        ("DE12", "is no VAT id of Germany"),
        ("136695976", "does not begin with a country"),
        ("ZZ123", "does not begin with a country"),
    ],
)
def test_a_wrong_vat_id_is_refused_with_what_is_wrong(typed, words):
    with pytest.raises(BadVatId, match=words):
        checked_vat_id(typed)


@given(st.text(max_size=30))
def test_whatever_is_typed_as_a_vat_id_is_kept_or_refused(text):
    try:
        assert checked_vat_id(checked_vat_id(text)) == checked_vat_id(text)
    except BadVatId as refusal:
        assert refusal.field == "vat_id"


def test_a_company_is_changed_by_who_saw_its_newest_state():
    made = company()
    version = StoredFact.objects.latest("id").pk
    save_company(company_id=made.pk, values={"needs_purchase_order": True}, version=version)
    assert facts(made) == ["Company added", "Changed: orders need a purchase-order number"]
    with pytest.raises(StaleEdit):
        save_company(company_id=made.pk, values={"name": "Other"}, version=version)


def test_a_contact_is_the_customer_with_the_address_or_a_new_one():
    made, ada = company(), make_customer()
    add_contact(
        company_id=made.pk, name="x", email="ADA@example.com", phone="", role="buyer", now=NOON
    )
    nils = add_contact(
        company_id=made.pk, name="Nils", email="n@f.example", phone="", role="accounts", now=NOON
    )
    ada.refresh_from_db()
    assert (ada.company, ada.company_role, nils.company_role) == (made, "buyer", "accounts")
    other = save_company(company_id=None, values={"name": "Other"})
    with pytest.raises(BadCompany, match="another company"):
        add_contact(company_id=other.pk, name="", email=ada.email, phone="", role="buyer", now=NOON)
    remove_contact(company_id=made.pk, customer_id=ada.pk)
    ada.refresh_from_db()
    assert (ada.company, ada.company_role) == (None, "")


def test_moving_a_customer_to_another_company_forgets_their_role():
    made = company()
    nils = add_contact(
        company_id=made.pk, name="Nils", email="n@f.example", phone="", role="buyer", now=NOON
    )
    nils = Customer.objects.get(pk=nils.pk)
    save_customer(customer=nils, values={"email": nils.email, "company": None}, now=NOON)
    assert Customer.objects.get(pk=nils.pk).company_role == ""


def test_bills_go_to_one_address():
    made = company()
    for city in ("Berlin", "Kiel"):
        add_company_address(company_id=made.pk, values={"city": city, "is_for_bills": True})
    assert [one.city for one in CompanyAddress.objects.filter(is_for_bills=True)] == ["Kiel"]


@pytest.mark.breaks_invariants  # nothing was ordered for what is taken here
def test_a_credit_limit_is_set_with_its_reason_and_never_below_what_is_taken():
    made = company()
    terms = {"company_id": made.pk, "currency": "EUR", "net_days": 30}
    account = set_credit(limit=Decimal(500), why="Good report", **terms)
    CreditAccount.objects.filter(pk=account.pk).update(exposure=300)
    set_credit(limit=Decimal(300), why="Late twice", **terms)
    assert facts(made)[-1] == "Credit limit 300.00 EUR, 30 days to pay: Late twice"
    assert StoredFact.objects.latest("id").changes == {"limit": ["500.0000", "300.00"]}
    with pytest.raises(BadCreditLimit, match=r"300\.00 EUR of it is taken"):
        set_credit(limit=Decimal("299.99"), why="Worse", **terms)


def test_nothing_is_ordered_for_a_blocked_company(shop):
    buyer = make_company_buyer()
    shop.stock(shop.mug, 5)
    block_ordering(company_id=buyer.company_id, why="Two invoices are late", now=NOON)
    with pytest.raises(CompanyBlocked, match="Two invoices are late"):
        shop.order((shop.mug, 1), customer_id=buyer.pk)
    kept = shop.order((shop.mug, 1), customer_id=buyer.pk, external_id="W-1")
    allow_ordering(company_id=buyer.company_id)
    assert [kept.company, shop.order((shop.mug, 1), customer_id=buyer.pk).company] == [
        buyer.company,
        buyer.company,
    ]


def test_an_order_names_the_number_that_its_company_asks_for(shop):
    buyer = make_company_buyer()
    shop.stock(shop.mug, 5)
    Company.objects.update(needs_purchase_order=True)
    with pytest.raises(PurchaseOrderMissing) as refusal:
        shop.order((shop.mug, 1), customer_id=buyer.pk)
    assert refusal.value.field == "purchase_order"
    order = shop.order((shop.mug, 1), customer_id=buyer.pk, purchase_order="PO-77")
    assert Order.objects.get(purchase_order="PO-77") == order


def test_companies_take_whole_packs_and_people_do_not_have_to(shop):
    buyer = make_company_buyer()
    shop.stock(shop.mug, 50)
    type(shop.mug).objects.filter(pk=shop.mug.pk).update(order_minimum=10, order_multiple=6)
    with pytest.raises(BadLine, match="12 is the next quantity that fits"):
        shop.order((shop.mug, 7), customer_id=buyer.pk)
    assert shop.order((shop.mug, 18), customer_id=buyer.pk).units == 18
    assert shop.order((shop.mug, 7), customer_id=make_customer().pk).units == 7


@given(st.integers(1, 500), st.integers(1, 60), st.integers(1, 60))
def test_the_next_quantity_offered_is_the_smallest_that_fits(quantity, minimum, multiple):
    from inventory.models import Variant

    variant = Variant(sku="X", order_minimum=minimum, order_multiple=multiple)
    offered = variant.next_pack(quantity)
    fitting = [n for n in range(quantity, offered + 1) if n >= minimum and n % multiple == 0]
    assert fitting == [offered]
    assert variant.pack_problem(offered) == ""


def test_exposure_stays_with_the_company_that_bought(shop):
    buyer = make_company_buyer(limit="100")
    shop.stock(shop.mug, 20)
    shop.order((shop.mug, 6), customer_id=buyer.pk, payment_terms="net")
    remove_contact(company_id=buyer.company_id, customer_id=buyer.pk)
    assert CreditAccount.objects.get().exposure == 60
    add_contact(
        company_id=buyer.company_id,
        name="",
        email=buyer.email,
        phone="",
        role="buyer",
        now=NOON,
    )
    with pytest.raises(CreditExceeded, match=r"only 40\.00 EUR of the credit limit of 100\.00"):
        shop.order((shop.mug, 5), customer_id=buyer.pk, payment_terms="net")


def test_a_company_is_made_and_run_by_its_pages(client):
    client.force_login(make_user(Role.MANAGER))
    form = {"_once": once(), "name": "Ferry Line AB", "vat_id": "DE136695978"}
    refused = client.post(reverse("customers:company_create"), form)
    assert "check digits" in refused.content.decode()
    made = client.post(reverse("customers:company_create"), {**form, "vat_id": "DE136695976"})
    ferry = Company.objects.get()
    assert made.url == reverse("customers:company_detail", args=[ferry.pk])
    steps = (
        ("contact_add", {"email": "n@f.example", "name": "Nils", "role": "buyer"}),
        ("company_address_add", {"line1": "Kaj 1", "city": "Malmö", "country": "SE"}),
        ("credit_set", {"currency": "eur", "limit": "500", "net_days": "14", "why": "New"}),
        ("company_block", {"why": "Owes us"}),
    )
    for name, values in steps:
        url = reverse(f"customers:{name}", args=[ferry.pk])
        assert client.get(url).status_code == 200
        assert client.post(url, {"_once": once(), **values}).status_code == 302
    nils = ferry.people.get()
    client.post(reverse("customers:contact_role", args=[ferry.pk, nils.pk]), {"role": "approver"})
    page = client.get(reverse("customers:company_detail", args=[ferry.pk])).content.decode()
    assert "Nothing can be ordered for Ferry Line AB" in page
    assert "Malmö" in page
    assert "€500.00" in page
    client.post(reverse("customers:company_allow", args=[ferry.pk]))
    ferry.refresh_from_db()
    nils.refresh_from_db()
    assert (ferry.blocked_at, nils.company_role) == (None, "approver")


def test_a_stale_edit_of_a_company_is_told(client):
    client.force_login(make_user(Role.MANAGER))
    made = company()
    url = reverse("customers:company_edit", args=[made.pk])
    answer = client.post(url, {"_once": once(), "name": "Other", "version": "0"})
    assert answer.status_code == 409


def test_sales_see_credit_and_do_not_set_it(client):
    client.force_login(make_user(Role.SALES))
    made = company()
    assert client.get(reverse("customers:company_detail", args=[made.pk])).status_code == 200
    for name in ("credit_set", "company_block"):
        assert client.get(reverse(f"customers:{name}", args=[made.pk])).status_code == 403


def queries(client, url: str) -> int:
    client.get(url)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


def test_the_pages_cost_the_same_for_one_and_thirty(client):
    client.force_login(make_user(Role.MANAGER))
    urls = [reverse("customers:company_list")]
    made = company()
    urls.append(reverse("customers:company_detail", args=[made.pk]))

    def fill(number: int) -> None:
        other = save_company(company_id=None, values={"name": f"Company {number}"})
        set_credit(company_id=other.pk, currency="EUR", limit=Decimal(5), net_days=5, why="New")
        add_contact(
            company_id=made.pk,
            name=f"P{number}",
            email=f"p{number}@f.example",
            phone="",
            role="buyer",
            now=NOON,
        )
        add_company_address(company_id=made.pk, values={"city": f"Town {number}"})

    fill(0)
    few = [queries(client, url) for url in urls]
    for number in range(1, 30):
        fill(number)
    assert [queries(client, url) for url in urls] == few


def test_companies_are_found_and_narrowed(client):
    client.force_login(make_user(Role.MANAGER))
    ferry, other = company(vat_id="DE136695976"), company(name="Nordlicht")
    block_ordering(company_id=other.pk, why="Late", now=NOON)
    url = reverse("customers:company_list")
    for query, found in (
        ({"q": "DE1366"}, [ferry]),
        ({"blocked": "yes"}, [other]),
        ({"q": "is:blocked"}, [other]),
        ({"near": "yes"}, []),
        ({"credit": "no"}, [ferry, other]),
    ):
        assert list(client.get(url, query).context["list"].rows) == found
