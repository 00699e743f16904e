"""Stock runs low, in a real browser: suggested, ordered, sent, received short, the oldest served."""

import pytest

from core.rights import Role
from core.tasks import drain_all
from inventory.models import LocationAccess, PurchaseOrder
from orders.drafts import WhenShort
from tests.browser.conftest import HAND
from tests.browser.hands import badges, scan, scan_and_read
from tests.cast import make_user
from tests.inventory.planning import make_supplier, rule, supplied

pytestmark = pytest.mark.django_db(transaction=True)
MUG = "4006381333931"


def test_what_runs_low_is_bought_comes_short_and_goes_to_the_oldest_order(shop, desk, open_window):
    rule(shop.warehouse, shop.mug)
    supplied(shop.mug, supplier=make_supplier(email="sales@acme.example"), pack_size=2)
    oldest, youngest = (shop.order((shop.mug, 2), when_short=WhenShort.BACKORDER) for _ in "ab")

    desk.goto("/stock/replenishment/")
    desk.click("button:has-text('Plan now')")
    desk.wait_for_selector("tbody tr:has-text('MUG')")
    desk.click("text=Review and order")
    desk.wait_for_selector("h1:has-text('Review and order')")
    desk.fill("tbody td input", "4")
    desk.click("button:has-text('Make 1 draft')")
    desk.wait_for_url(lambda address: "review" not in address)
    order = PurchaseOrder.objects.get()
    desk.goto(f"/purchasing/orders/{order.pk}/")
    desk.click("button:has-text('Approve')")
    desk.click("a:has-text('Send')")
    desk.wait_for_url("**/send/")
    desk.click("main form button.btn--primary")
    desk.wait_for_selector(".head__title .badge:has-text('Sent')")
    drain_all()

    receiver = make_user(Role.WAREHOUSE, name="Rolf Receiver")
    LocationAccess.objects.create(user=receiver, location=shop.warehouse)
    hand = open_window(receiver, size=HAND)
    hand.goto("/purchasing/receive/")
    scan(hand, order.number)
    hand.wait_for_selector("button:has-text('Start counting')")
    hand.fill("#dn", "DN 9")
    hand.click("button:has-text('Start counting')")
    hand.wait_for_selector("#scan-progress")
    for counted in (1, 2, 3):
        assert f"MUG: {counted} counted." in scan_and_read(hand, MUG)
    hand.click("text=Look it over and post")
    hand.wait_for_selector("text=1 short")
    hand.select_option("select[name^=reason-] >> nth=0", "short_shipped")
    hand.click("button:has-text('Post receipt')")
    hand.wait_for_selector(".head__title .badge:has-text('Posted')")

    who = hand.locator("section:has(#fills) li").all_inner_texts()
    assert [row.split()[0] for row in who] == [oldest.number, youngest.number]
    waiting = [one.lines.get().demand.backordered for one in (oldest, youngest)]
    assert (waiting, shop.level(shop.mug).allocated) == ([0, 1], 3)
    desk.reload()
    assert badges(desk)[0] == "Partly received"
