"""Something that goes with the lines is added to an order by keyboard, in a real browser."""

from decimal import Decimal

import pytest
from playwright.sync_api import expect

from core.rights import Role
from inventory.models import Category, Product
from orders.models import Order, Price, RecommendationTaken
from orders.services import place_orders, refresh_pairs
from tests.cast import NOON, make_user

pytestmark = pytest.mark.django_db(transaction=True)


def test_what_goes_with_a_mug_is_added_by_one_key_and_taken(shop, open_window):
    for variant in (shop.mug, shop.shirt, shop.lamp):
        shop.stock(variant, 50)
        Price.objects.create(variant=variant, currency="EUR", amount=Decimal(10))
    Product.objects.update(category=Category.objects.create(name="Home"))
    orders = place_orders(
        [shop.draft((shop.mug, 1), (shop.shirt, 1))] * 8 + [shop.draft((shop.lamp, 1))] * 8,
        now=NOON,
    )
    refresh_pairs(now=NOON)
    desk = open_window(make_user(Role.SALES, name="Sanna Sales"))
    desk.goto(f"/orders/new/?like={orders[-1].pk}")
    desk.fill("#find_product", "MUG")
    desk.press("#find_product", "Enter")
    desk.press("button[value='add-MUG']", "Enter")
    suggested = desk.locator("section[aria-labelledby=e-often]")
    suggested.get_by_text("8 of 8 orders with Mug had it, too.").wait_for()
    desk.evaluate("document.activeElement.blur()")
    desk.keyboard.press("b")
    added = desk.locator("input[name='lines-2-quantity']")
    expect(added).to_be_focused()
    desk.keyboard.press("Control+A")
    desk.keyboard.type("3")
    desk.press("button[value=place]", "Enter")
    desk.wait_for_selector("h1:has-text('SO-')")
    order = Order.objects.latest("pk")
    taken = {row.shown.variant.sku: row for row in RecommendationTaken.objects.filter(order=order)}
    # the mug, too, was suggested with the lamp, before somebody asked for it
    assert {sku: row.units for sku, row in taken.items()} == {"MUG": 1, "SHIRT-M": 3}
