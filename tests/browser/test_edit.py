"""Changing orders in a real browser: less to pay is owed back; two tabs do not overwrite each other."""

from decimal import Decimal

import pytest
from playwright.sync_api import Page

from orders.models import Order
from tests.cast import pay

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def order(shop) -> Order:
    shop.stock(shop.mug, 5)
    return pay(shop.order((shop.mug, 3, "9.95")))


def fill_units(page: Page, order: Order, units: int) -> None:
    """Type a quantity and wait until the page says what it comes to."""
    field = f"#id_line-{order.lines.get().pk}"
    page.fill(field, str(units))
    page.press(field, "Tab")
    page.wait_for_selector(f"text=3 → {units}")


def test_fewer_after_payment_leave_a_refund_due(order, desk):
    desk.goto(f"/orders/{order.pk}/")
    desk.keyboard.press("o")
    desk.wait_for_selector("h1:has-text('Edit order')")
    fill_units(desk, order, 2)
    beside = desk.inner_text("aside[aria-label='What it comes to']")
    assert "1 back on sale" in beside
    assert "9.95 EUR can be given back by bank transfer" in beside
    desk.fill("#id_reason", "Customer needs two only")
    desk.click("button:has-text('Apply changes')")
    desk.wait_for_selector("text=Change 1")
    assert "9.95 EUR has to be given back to the customer." in desk.inner_text(".blocker")
    desk.click("a[href$='/refund/']")
    desk.wait_for_selector("input[name=amount]")
    assert desk.input_value("input[name=amount]") == "9.95"
    order.refresh_from_db()
    assert (order.balance, order.refunded) == (Decimal("-9.95"), 0)


def test_of_two_tabs_the_second_is_told_what_the_first_did(order, desk, watch):
    watch.expected += ("409",)
    other = desk.context.new_page()
    for page, units in ((desk, 2), (other, 1)):
        page.goto(f"/orders/{order.pk}/edit/")
        fill_units(page, order, units)
        page.fill("#id_reason", f"To {units}")
    desk.click("button:has-text('Apply changes')")
    desk.wait_for_selector("text=Change 1")
    other.click("button:has-text('Apply changes')")
    other.wait_for_selector("text=This is different by now")
    assert "the order comes to 19.90 EUR" in other.inner_text("main")
    other.click("button:has-text('Apply changes')")
    other.wait_for_selector("text=Change 2")
    order.refresh_from_db()
    assert (order.units_open, order.balance) == (1, Decimal("-19.90"))
