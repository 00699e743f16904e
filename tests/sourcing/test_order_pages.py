"""Where an order is sent from, on its pages and by the API."""

import uuid
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.rights import Role
from inventory.models import Location
from orders.models import Price, SendingTerms
from orders.selectors.sourcing import decisions_of, lines_sent, standing_of
from orders.services import resource_order
from orders.services.changing import Wanted, edit_order
from tests.api.conftest import program  # noqa: F401  (a fixture)
from tests.cast import NOON, make_user
from tests.orders.test_changing import added, quantity
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


@pytest.fixture
def grown(shop, order):
    """Two mugs from Berlin; then two more mugs, and a shirt that only Munich has."""
    for variant in (shop.mug, shop.shirt):
        Price.objects.create(variant=variant, currency="EUR", amount=Decimal(10))
    shop.stock(shop.shirt, 5, shop.store)
    edit_order(
        order_id=order.pk,
        wanted=Wanted(asked=[quantity(order.lines.get(), 4), added(shop.shirt, 1)]),
        now=NOON,
    )
    return order


def test_after_an_edit_the_page_tells_where_the_other_units_still_come_from(sales, shop, grown):
    mugs, _ = grown.lines.order_by("position")
    url = reverse("orders:order_sourcing", args=[grown.pk])
    newest, first = decisions_of(grown)
    assert (newest.cause, first.cause) == ("edited", "placed")
    standing = standing_of([newest, first], lines_sent(grown))
    assert [one.takes for one in standing][1] == ((mugs.position, shop.warehouse.pk, 2),)
    page = sales.get(url).content.decode()
    assert "Other units of the order still come from where it was decided before" in page
    assert page.count(": Berlin: 2 × MUG</summary>") == 1
    assert first.why in page and "Decided before" not in page


def test_a_decision_that_was_taken_anew_does_not_stand(sales, shop, grown, program):  # noqa: F811
    SendingTerms.objects.filter(location=shop.store).update(per_parcel=1)
    assert resource_order(order_id=grown.pk, now=NOON)
    told = program().get(f"/orders/{grown.pk}/sourcing").json()["decisions"]
    assert [(one["cause"], sum(take["units"] for take in one["stands"])) for one in told] == [
        ("re-sourced", 5), ("edited", 0), ("placed", 0),
    ]  # fmt: skip
    page = sales.get(reverse("orders:order_sourcing", args=[grown.pk])).content.decode()
    assert "still come from" not in page and "Decided before" in page


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
