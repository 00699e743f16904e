"""A quote in a real browser: entered, sent, accepted by its link without a script, and ordered."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from core.models import Message
from core.tasks import drain_all
from customers.services import add_contact, save_company
from orders.models import Order, Quotation
from tests.browser.conftest import HAND
from tests.browser.hands import badges

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_quote_is_sent_accepted_by_its_link_and_its_order_stands_on_both_pages(
    shop, desk, open_window, watch
):
    watch.expected += ("422",)
    shop.stock(shop.mug, 50)
    _know_the_buyer()
    quote = _offer(desk)
    drain_all()
    link = Message.objects.get(kind="quote_sent").variables["quote_url"]
    buyer = open_window(java_script_enabled=False, size=HAND)
    _accept(buyer, link)
    order = Order.objects.get()
    assert order.number in buyer.inner_text("main")
    assert (order.purchase_order, str(order.total)) == ("PO-2041", "102.0000")
    desk.goto(f"/quotes/{quote.pk}/")
    assert badges(desk) == ["Ordered"]
    desk.click(f"main >> text={order.number}")
    desk.wait_for_url(f"**/orders/{order.pk}/")
    assert "PO-2041" in desk.inner_text("main")
    assert quote.number in desk.inner_text("aside")


def _know_the_buyer() -> None:
    company = save_company(
        company_id=None, values={"name": "Ferry Line AB", "needs_purchase_order": True}
    )
    add_contact(
        company_id=company.pk,
        name="Nils Berg",
        email="nils@ferry.example",
        phone="",
        role="buyer",
        now=timezone.now(),
    )


def _offer(desk) -> Quotation:
    desk.goto("/quotes/")
    desk.click(".head__actions >> text=Create quote")
    desk.fill("#find_customer", "ferry")
    desk.keyboard.press("Enter")
    desk.click("button:has-text('Take Nils Berg')")
    desk.click("summary:has-text('Paste rows')")
    desk.fill("#pasted", "MUG\t12\t8,50\nNOPE\t1\n")
    desk.click("button:has-text('Look at the rows')")
    desk.wait_for_selector("text=It stays in the box")
    desk.click("button:has-text('Add the rows that fit')")
    desk.wait_for_selector("input[name=lines-0-quantity]")
    assert desk.input_value("#pasted") == "NOPE\t1"
    desk.fill("#pasted", "")
    for label, text in (("Street and number", "Kai 1"), ("Town", "Kiel")):
        desk.get_by_label(label, exact=False).first.fill(text)
    desk.select_option("select[name=country]", "DE")
    desk.wait_for_selector("dl.summary >> text=€102.00")
    desk.click("button:has-text('Save quote')")
    desk.wait_for_selector("h1:has-text('Q-')")
    assert badges(desk) == ["Draft"]
    desk.click("button:has-text('Send to buyer')")
    desk.wait_for_selector(".head__title .badge:has-text('Sent')")
    return Quotation.objects.get()


def _accept(buyer, link: str) -> None:
    buyer.goto(link)
    expect(buyer.locator("h1")).to_contain_text("Our offer to you")
    buyer.click("button:has-text('Accept and order')")
    expect(buyer.locator("main")).to_contain_text("orders under a purchase-order number")
    buyer.get_by_label("Your purchase-order number", exact=False).fill("PO-2041")
    buyer.click("button:has-text('Accept and order')")
    expect(buyer.locator("h1")).to_contain_text("your order is placed")
