"""Hundreds of orders are held at once, in a real browser: who is left out stands there before."""

import re

import pytest

from core import jobs
from core.rights import Role
from orders.drafts import WhenShort
from orders.models import Order
from orders.services import cancel_order, hold_order, place_orders, set_tags
from orders.states import HoldKind
from tests.cast import NOON, make_user

pytestmark = pytest.mark.django_db(transaction=True)
MANY = 240


def test_all_that_match_are_held_and_the_rest_is_named_before_and_after(shop, open_window):
    orders = place_orders(
        [shop.draft((shop.mug, 1), when_short=WhenShort.BACKORDER, tags=("recall",))] * MANY,
        now=NOON,
    )
    held = orders[7]
    hold_order(order_id=held.pk, kind=HoldKind.FRAUD, reason="Odd card", now=NOON)
    for order in orders[:3]:
        set_tags(order_id=order.pk, remove=["recall"], now=NOON)
    gone = orders[9]
    cancel_order(order_id=gone.pk, reason="Ordered twice", now=NOON)

    desk = open_window(make_user(Role.SALES, name="Sanna Sales"))
    desk.goto("/orders/?tag=recall")
    desk.check("thead [data-select-page]")
    desk.click(f"text=Select all {MANY - 3} matching")
    desk.click("[data-selection-bar] button:has-text('Hold')")
    desk.wait_for_selector("h1:has-text('Hold orders')")
    assert desk.inner_text("#leaves").split() == ["1", "will", "be", "left", "alone"]
    assert gone.number in desk.inner_text("section:has(#leaves)")
    desk.select_option("select[name=kind]", "fraud")
    desk.fill("input[name=reason]", "Recall of mugs")
    desk.click("main form button.btn--primary")
    desk.wait_for_url("**/jobs/*/")
    jobs.run_due()
    desk.reload()

    summary = desk.inner_text("main")
    assert re.search(rf"{MANY - 5} of {MANY - 3} done", summary)
    assert "is on hold for this already" in summary
    assert Order.objects.filter(open_holds=1).count() == MANY - 4
