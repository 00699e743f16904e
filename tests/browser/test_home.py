"""Home on a phone: the queue is what one sees first, the day's figures are one strip above it."""

import pytest
from django.utils import timezone

from orders.services import hold_order
from orders.states import HoldKind
from tests.browser.conftest import HAND

pytestmark = pytest.mark.django_db(transaction=True)


def test_on_a_phone_the_queue_begins_on_the_first_screen(shop, manager, open_window):
    shop.stock(shop.mug, 10)
    order = shop.order((shop.mug, 1))
    hold_order(order_id=order.pk, kind=HoldKind.ADDRESS, reason="Which street?", now=timezone.now())
    page = open_window(manager, size=HAND)
    page.goto("/")
    tiles = page.locator(".stats--strip > .stat")
    assert len({round(tile.bounding_box()["y"]) for tile in tiles.all()}) == 1  # one row
    item = page.locator(".queue__item").first.bounding_box()
    assert item["y"] + item["height"] < HAND["height"]
    assert page.evaluate("document.documentElement.scrollWidth") == HAND["width"]
    page.locator("a.stat:has-text('Fill rate')").focus()  # by keyboard the strip follows
    box = page.locator("a.stat:has-text('Fill rate')").bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= HAND["width"]
