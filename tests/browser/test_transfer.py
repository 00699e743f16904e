"""A transfer in a real browser: pasted at the desk, scanned in on a handheld, one unit missing."""

import pytest

from inventory.models import Transfer
from tests.browser.conftest import HAND, PASSWORD
from tests.browser.hands import badges, scan_and_read, sign_in_by_hand

pytestmark = pytest.mark.django_db(transaction=True)
MUG = "4006381333931"


def test_goods_are_sent_from_one_location_and_scanned_in_at_the_other(shop, manager, open_window):
    shop.stock(shop.mug, 5)
    desk = open_window()
    desk.goto("/stock/transfers/new/")
    sign_in_by_hand(desk, manager.email, PASSWORD)
    desk.wait_for_url("**/stock/transfers/new/")
    desk.select_option("[name=source]", label="Berlin")
    desk.select_option("[name=target]", label="Munich store")
    desk.fill("[name=lines]", "MUG\t3")
    desk.click("button:has-text('Plan transfer')")
    desk.wait_for_selector("h1:has-text('TR-')")
    desk.click("text=Send goods")
    desk.click("main button:has-text('Send goods')")
    desk.wait_for_selector(".badge:has-text('In transit')")
    assert badges(desk) == ["In transit"]

    transfer = Transfer.objects.get()
    hand = open_window(manager, size=HAND)
    hand.goto(f"/stock/transfers/{transfer.pk}/receive/")
    hand.wait_for_selector(".scan-input")
    assert scan_and_read(hand, MUG) == "MUG: 1 of 3"
    assert scan_and_read(hand, MUG) == "MUG: 2 of 3"
    assert "Nothing is known by" in scan_and_read(hand, "12345678")
    hand.click("button:has-text('Book in 2 units')")
    hand.wait_for_selector(".scan-line__qty:has-text('0 / 1')")
    hand.click("summary:has-text('Missing')")
    hand.click("button:has-text('Give up')")
    hand.wait_for_selector("text=nothing is on the way")

    transfer.refresh_from_db()
    level = shop.level(shop.mug, shop.store)
    assert (transfer.state, level.sellable, shop.level(shop.mug).sellable) == ("received", 2, 2)
