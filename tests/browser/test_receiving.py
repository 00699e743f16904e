"""Receiving by scan in a real browser: goods arrive short, and the oldest order gets them first."""

import pytest

from core.rights import Role
from inventory.models import LocationAccess, PurchaseOrder
from orders.drafts import WhenShort
from tests.browser.conftest import HAND
from tests.browser.hands import badges, scan, scan_and_read
from tests.cast import make_user
from tests.inventory.buying import bought

pytestmark = pytest.mark.django_db(transaction=True)
MUG = "4006381333931"


def test_goods_are_scanned_posted_short_and_given_to_the_oldest_order(shop, open_window, desk):
    oldest, youngest = (shop.order((shop.mug, 2), when_short=WhenShort.BACKORDER) for _ in "ab")
    order = bought(shop, (shop.mug, 5, "2.00"), (shop.lamp, 1, "9.00"))
    receiver = make_user(Role.WAREHOUSE, name="Rolf Receiver")
    LocationAccess.objects.create(user=receiver, location=shop.warehouse)

    hand = open_window(receiver, size=HAND)
    hand.goto("/purchasing/receive/")
    scan(hand, order.number)
    hand.wait_for_selector("button:has-text('Start counting')")
    hand.fill("#dn", "DN 7")
    hand.click("button:has-text('Start counting')")
    hand.wait_for_selector("#scan")
    assert hand.inner_text("#scan-progress") == "0 / 6"
    assert "No item has the code" in scan_and_read(hand, "4711")
    assert "is not on" in scan_and_read(hand, "SHIRT-M")
    for counted in (1, 2, 3):
        assert f"MUG: {counted} counted." in scan_and_read(hand, MUG)
    assert hand.inner_text("#scan-progress") == "3 / 6"
    hand.click("text=Quantity, bin, condition")
    hand.fill("input[name=bin]", "A-07")
    hand.click("button:has-text('Save count')")
    hand.wait_for_selector(".scan-bin:has-text('A-07')")

    hand.click("text=Look it over and post")
    hand.wait_for_selector("text=2 short")
    hand.select_option("select[name^=reason-] >> nth=0", "short_shipped")
    hand.click("button:has-text('Post receipt')")
    hand.wait_for_selector(".head__title .badge:has-text('Posted')")
    who = hand.locator("section:has(#fills) li").all_inner_texts()
    assert [row.split()[0] for row in who] == [oldest.number, youngest.number]

    level = shop.level(shop.mug)
    assert (level.sellable, level.allocated, level.bin) == (3, 3, "A-07")
    assert PurchaseOrder.objects.get().state == "partly_received"
    desk.goto(f"/purchasing/orders/{order.pk}/")
    assert badges(desk)[0] == "Partly received"
    assert "not in the delivery" in desk.inner_text("main")
