"""Settings of taxes and of what sending costs."""

from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from core.models import StoredFact
from core.rights import Role
from orders.models import ShippingRate, ShippingService, ShippingZone, TaxRate
from tests.cast import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(client) -> Client:
    client.force_login(make_user(Role.MANAGER))
    return client


@pytest.fixture
def zone(db) -> ShippingZone:
    service = ShippingService.objects.create(code="std", name="Standard parcel")
    return ShippingZone.objects.create(service=service, name="Alps", countries=["AT", "CH"])


def send(client: Client, page: str, *args: object, **values: object):
    return client.post(reverse(f"orders:{page}", args=args), {"version": "0"} | values)


def test_a_tax_rate_is_entered_in_percent_and_every_change_is_told(manager):
    made = send(manager, "tax_rate_new", country="DE", tax_class="reduced", name="VAT", percent="7")
    assert made.headers["Location"] == reverse("orders:tax_rate_list")
    rate = TaxRate.objects.get()
    assert rate.rate == Decimal("0.07")
    shown = manager.get(reverse("orders:tax_rate_edit", args=[rate.pk])).content.decode()
    assert 'value="7"' in shown
    version = StoredFact.objects.latest("pk").pk
    values = {"country": "DE", "tax_class": "reduced", "name": "VAT", "percent": "5.5"}
    assert (
        send(manager, "tax_rate_edit", rate.pk, **values | {"version": version}).status_code == 302
    )
    assert TaxRate.objects.get().percent == Decimal("5.5")
    assert StoredFact.objects.latest("pk").changes == {"rate in percent": ["7", "5.5"]}


def test_a_country_has_one_rate_for_a_class(manager):
    TaxRate.objects.create(country="DE", rate=Decimal("0.19"))
    again = send(
        manager, "tax_rate_new", country="DE", tax_class="standard", name="VAT", percent=16
    )
    assert again.status_code == 422
    assert "Germany has a rate for standard goods already" in again.content.decode()


def test_a_service_is_bought_from_a_carrier_that_is_set_up(manager):
    page = manager.get(reverse("orders:shipping_service_new")).content.decode()
    assert 'value="own"' in page
    made = send(
        manager,
        "shipping_service_new",
        name="Express",
        code="express",
        carrier="own",
        is_active="on",
    )
    assert made.status_code == 302
    assert ShippingService.objects.get().carrier == "own"
    refused = send(manager, "shipping_service_new", name="X", code="x", carrier="stagecoach")
    assert refused.status_code == 422


@pytest.mark.parametrize(
    ("countries", "sentence"),
    [
        ("AT, DE", "Austria: in zone Alps of Standard parcel already"),
        ("DE, QQ", "“QQ” is no country"),
        ("DE, *", "leave the rest out"),
        ("Germany", "Use the two letters of each country"),
    ],
)
def test_a_zone_refuses_what_it_cannot_mean(manager, zone, countries, sentence):
    refused = send(
        manager,
        "shipping_zone_new",
        service=zone.service_id,
        name="Other",
        countries=countries,
        transit_days=3,
    )
    assert refused.status_code == 422
    assert sentence in refused.content.decode()


def test_a_zone_takes_its_countries_in_any_hand(manager, zone):
    values = {"service": zone.service_id, "name": "North", "transit_days": 3}
    assert send(manager, "shipping_zone_new", countries=" se,dk ", **values).status_code == 302
    assert ShippingZone.objects.get(name="North").countries == ["DK", "SE"]
    again = send(manager, "shipping_zone_new", countries="NO", **values)
    assert "Standard parcel has a zone of this name already" in again.content.decode()


def test_a_rate_is_kept_once_by_zone_currency_and_weight(manager, zone):
    values = {"zone": zone.pk, "up_to_g": 1000, "currency": "eur", "amount": "4.90", "cost": "3"}
    assert send(manager, "shipping_rate_new", **values).status_code == 302
    assert ShippingRate.objects.get().currency == "EUR"
    again = send(manager, "shipping_rate_new", **values)
    assert "has a rate up to this weight in EUR already" in again.content.decode()
    yen = values | {"currency": "JPY", "amount": "4.90"}
    assert "JPY has 0 decimal places" in send(manager, "shipping_rate_new", **yen).content.decode()


@pytest.mark.parametrize("kind", ["tax_rate", "shipping_service", "shipping_zone", "shipping_rate"])
def test_an_empty_list_says_what_it_is_for_and_how_to_begin(manager, kind):
    page = manager.get(reverse(f"orders:{kind}_list")).content.decode()
    assert "Add the first" in page


@pytest.mark.parametrize(("rows", "queries"), [(1, 4), (30, 4)])
def test_the_rates_are_listed_with_the_same_queries(
    manager, zone, rows, queries, django_assert_num_queries
):
    ShippingRate.objects.bulk_create(
        ShippingRate(zone=zone, up_to_g=row, currency="EUR", amount=5, cost=3)
        for row in range(1, rows + 1)
    )
    manager.get(reverse("orders:shipping_rate_list"))
    with django_assert_num_queries(queries):
        page = manager.get(reverse("orders:shipping_rate_list")).content.decode()
    assert page.count('class="row-link"') == rows


def test_sales_may_not_change_what_things_cost(client):
    client.force_login(make_user(Role.SALES))
    assert client.get(reverse("orders:tax_rate_list")).status_code == 403
