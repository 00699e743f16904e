"""Promises in a real browser: holidays closed on the calendar, a day told at entry and on tracking."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from core.rights import Role
from orders.models import CarrierClosure, Order
from orders.selectors.country_days import country_days
from orders.services import issue_tracking_link
from tests.browser.conftest import HAND
from tests.cast import make_user

pytestmark = pytest.mark.django_db(transaction=True)


def next_holiday() -> date:
    today = timezone.localdate()
    return country_days("DE", today + timedelta(days=1), today + timedelta(days=400))[0][0]


def test_holidays_are_closed_on_the_calendar_and_one_is_opened_again(shop, open_window):
    admin = open_window(make_user(Role.ADMIN))
    day = next_holiday()
    admin.goto("/settings/")
    admin.click("main >> text=Promise calendar")
    admin.goto(f"/settings/promise-calendar/?month={day:%Y-%m}")
    admin.click("button:has-text('Close these days')")
    admin.wait_for_selector("text=/days? closed/")
    assert CarrierClosure.objects.filter(country="DE", day=day).exists()
    assert "Every carrier in Germany" in admin.inner_text("table:has(caption)")
    admin.select_option("#of", "country:DE")
    admin.click("form:has(#of) button")
    admin.wait_for_url("**of=country*")
    admin.locator("section:has(#closed) tr", has_text="Every carrier in Germany").first.get_by_text(
        "Open again"
    ).click()
    admin.wait_for_selector("text=Open again.")
    assert not CarrierClosure.objects.filter(country="DE", day=day).exists()


def test_a_day_is_told_while_an_order_is_entered_and_on_the_customers_page(shop, desk, open_window):
    shop.stock(shop.mug, 5)
    desk.goto("/orders/new/")
    desk.fill("#find_product", "MUG")
    desk.keyboard.press("Enter")
    desk.click("button:has-text('Add Mug')")
    desk.wait_for_selector("input[name=lines-0-quantity]")
    desk.fill("input[name=lines-0-unit_price]", "8.50")
    desk.get_by_label("Name", exact=False).first.fill("Ada Lindqvist")
    desk.get_by_label("E-mail", exact=False).first.fill("ada@example.com")
    for label, text in (("Street and number", "Kai 1"), ("Town", "Kiel")):
        desk.get_by_label(label, exact=False).first.fill(text)
    desk.select_option("select[name=country]", "DE")
    desk.select_option("select[name=service]", label="Standard")
    told = desk.wait_for_selector("section:has(#e-day) .strong time").get_attribute("datetime")
    desk.click("button:has-text('Place order')")
    desk.wait_for_selector("#promise-t")
    order = Order.objects.get()
    assert order.promised_on.isoformat() == told
    customer = open_window(java_script_enabled=False, size=HAND)
    customer.goto(issue_tracking_link(order=order, now=timezone.now()))
    assert "It arrives by" in customer.inner_text("main")
    assert customer.get_attribute("section:has(#arrives) time", "datetime") == told
