"""A sourcing decision explained, overridden and re-sourced, in a real browser."""

from decimal import Decimal

import pytest
from playwright.sync_api import expect

from core.rights import Role
from inventory.models import Location
from orders.models import SendingTerms
from tests.cast import make_user, pay

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_decision_is_explained_overridden_and_taken_again(shop, open_window):
    for place, north, east, parcel in (
        (shop.warehouse, "52.5", "13.4", "2.00"),
        (shop.store, "48.1", "11.6", "3.00"),
    ):
        Location.objects.filter(pk=place.pk).update(
            latitude=Decimal(north), longitude=Decimal(east)
        )
        SendingTerms.objects.create(location=place, per_parcel=Decimal(parcel))
        shop.stock(shop.mug, 5, place)
    order = pay(shop.order((shop.mug, 2)))

    desk = open_window(make_user(Role.SALES, name="Sanna Sales"))
    desk.goto(f"/orders/{order.pk}/")
    desk.wait_for_selector("#sourcing table")
    card = "section:has(#sourcing)"
    assert "Berlin sends all in one parcel for €2.00" in desk.inner_text(card)
    assert "Munich store would cost €1.00 more" in desk.inner_text(card)
    assert desk.locator(f"{card} svg circle").count() == 2

    desk.click(f"{card} a:has-text('Choose location')")
    desk.check("input[name=plan][value='1']")
    desk.fill("input[name=reason]", "The customer lives next door")
    desk.click("main form button.btn--primary")
    desk.wait_for_selector("#sourcing table")
    assert "By choice: Munich store sends all in one parcel" in desk.inner_text(card)
    assert "The customer lives next door" in desk.inner_text(card)
    expect(desk.locator("#lines")).to_contain_text("2 set aside in Munich store")

    desk.click(f"{card} button:has-text('Decide again')")
    expect(desk.locator("#lines")).to_contain_text("2 set aside in Berlin")
    assert order.sourcing_decisions.count() == 3
