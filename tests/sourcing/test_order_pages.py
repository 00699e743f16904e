"""Where an order is sent from, on its pages and by the API."""

import uuid
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.rights import Role
from inventory.models import Location
from orders.models import SendingTerms
from tests.api.conftest import program  # noqa: F401  (a fixture)
from tests.cast import make_user
from tests.sourcing.test_placing import places_of, terms

pytestmark = pytest.mark.django_db


@pytest.fixture
def sales(client):
    client.force_login(make_user(Role.SALES))
    return client


@pytest.fixture
def order(shop):
    Location.objects.filter(pk=shop.warehouse.pk).update(
        latitude=Decimal(52), longitude=Decimal(13)
    )
    Location.objects.filter(pk=shop.store.pk).update(latitude=Decimal(48), longitude=Decimal(11))
    shop.stock(shop.mug, 5)
    shop.stock(shop.mug, 5, shop.store)
    terms(shop.warehouse, "2.00")
    terms(shop.store, "3.00")
    return shop.order((shop.mug, 2))


def test_the_order_page_fetches_the_decision_late(sales, order):
    page = sales.get(reverse("orders:order_detail", args=[order.pk])).content.decode()
    address = reverse("orders:order_sourcing", args=[order.pk])
    assert f'hx-get="{address}" hx-trigger="load"' in page
    part = sales.get(address, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    assert "Berlin sends all in one parcel for €2.00; Munich store would cost €1.00 more." in part
    assert "Parcel from Munich store, 500 g: €3.00" in part
    assert '<circle cx="' in part and "style=" not in part
    assert "<html" in sales.get(address).content.decode()


def test_an_order_without_decision_says_so(sales, shop):
    order = shop.order((shop.mug, 1), is_historical=True, takes_stock=False)
    page = sales.get(reverse("orders:order_sourcing", args=[order.pk])).content.decode()
    assert "No decision was taken here" in page


def test_the_decision_takes_the_same_queries_for_many_lines(sales, shop, order):
    for variant in (shop.shirt, shop.lamp):
        shop.stock(variant, 5)
    large = shop.order((shop.mug, 1), (shop.shirt, 1), (shop.lamp, 1))

    def queries(one) -> int:
        with CaptureQueriesContext(connection) as captured:
            sales.get(reverse("orders:order_sourcing", args=[one.pk]))
        return len(captured)

    queries(order)
    assert queries(order) == queries(large)


def test_it_is_decided_again_by_button(sales, shop, order):
    url = reverse("orders:sourcing_again", args=[order.pk])
    answer = sales.post(url, {"_once": str(uuid.uuid4())}, follow=True)
    assert "Nothing better was found" in answer.content.decode()
    SendingTerms.objects.filter(location=shop.store).update(per_parcel=1)
    sales.post(url, {"_once": str(uuid.uuid4())})
    assert places_of(order) == {"Munich store": 2}


def test_staff_choose_a_plan_or_a_location_with_a_reason(sales, shop, order):
    url = reverse("orders:sourcing_override", args=[order.pk])
    page = sales.get(url)
    assert "Munich store: 2 × MUG (€3.00)" in page.content.decode()
    version = page.context["form"].initial["version"]

    def send(**values):
        return sales.post(url, {"_once": str(uuid.uuid4()), "version": version, **values})

    assert list(send(reason="x").context["form"].errors) == ["plan"]
    assert list(send(plan="1").context["form"].errors) == ["reason"]
    assert send(plan="1", reason="Close to the customer").status_code == 302
    assert places_of(order) == {"Munich store": 2}
    assert send(plan="1", reason="Stale").status_code == 409
    version = sales.get(url).context["form"].initial["version"]
    line = order.lines.get()
    assert send(reason="Back", **{f"line-{line.pk}": shop.warehouse.pk}).status_code == 302
    assert places_of(order) == {"Berlin": 2}


def test_only_who_may_choose_locations_sees_the_form(client, order):
    client.force_login(make_user(Role.FINANCE))
    assert client.get(reverse("orders:sourcing_override", args=[order.pk])).status_code == 403


def test_programs_read_decisions_and_do_the_same(program, shop, order):  # noqa: F811
    tool = program()
    told = tool.get(f"/orders/{order.pk}/sourcing").json()["decisions"]
    assert [(one["cause"], [plan["cost_minor"] for plan in one["plans"]]) for one in told] == [
        ("placed", [200, 300])
    ]
    line = order.lines.get()
    body = {"lines": [{"line_id": line.pk, "location_id": shop.store.pk}], "reason": "Nearer"}
    assert tool.send(f"/orders/{order.pk}/sourcing/choose", body).status_code == 200
    assert places_of(order) == {"Munich store": 2}
    assert tool.send(f"/orders/{order.pk}/sourcing/again").status_code == 200
    assert places_of(order) == {"Berlin": 2}
    refused = tool.send(f"/orders/{order.pk}/sourcing/choose", {"plan": 2, "reason": "Nearer"})
    assert (refused.status_code, refused.json()["code"]) == (409, "cannot_source")
