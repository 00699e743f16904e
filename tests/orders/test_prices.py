"""Prices of variants: shown on their page, set by those who may."""

from decimal import Decimal

import pytest
from django.urls import reverse

from core.models import StoredFact
from core.rights import Role
from orders.models import Price
from tests.cast import make_user

pytestmark = pytest.mark.django_db


def test_prices_are_set_shown_and_taken_away(as_manager, shop):
    url = reverse("orders:variant_prices", args=[shop.mug.pk])
    assert as_manager.post(url, {"price_EUR": "12.5"}).status_code == 302
    page = as_manager.get(reverse("inventory:variant_detail", args=[shop.mug.pk]))
    assert "€12.50" in page.content.decode()
    as_manager.post(url, {"price_EUR": ""})
    assert not Price.objects.exists()
    facts = StoredFact.objects.filter(name="orders.PricesChanged").order_by("pk")
    assert [fact.changes for fact in facts] == [
        {"EUR": ["none", "12.50"]},
        {"EUR": ["12.50", "none"]},
    ]


@pytest.mark.parametrize("amount", ["-1", "1.234", "much", "99999999999999"])
def test_a_price_that_is_none_is_refused(as_manager, shop, amount):
    url = reverse("orders:variant_prices", args=[shop.mug.pk])
    Price.objects.create(variant=shop.mug, currency="EUR", amount=Decimal("3"))
    assert as_manager.post(url, {"price_EUR": amount}).status_code == 422
    assert Price.objects.get().amount == Decimal("3")


def test_sales_see_prices_and_do_not_set_them(client, shop):
    client.force_login(make_user(Role.SALES))
    assert client.get(reverse("orders:variant_prices", args=[shop.mug.pk])).status_code == 403
    page = client.get(reverse("inventory:variant_detail", args=[shop.mug.pk]))
    assert "Prices" in page.content.decode()


def test_the_variant_s_page_leads_to_the_orders_that_hold_it(as_manager, shop):
    shop.stock(shop.mug, 5)
    order = shop.order((shop.mug, 3))
    page = as_manager.get(reverse("inventory:variant_detail", args=[shop.mug.pk]))
    (waiting,) = page.context["waiting"]
    assert (waiting.label, waiting.url) == (
        order.number,
        reverse("orders:order_detail", args=[order.pk]),
    )
